"""What stands written in the photos of a report: a sign, a door plate, a notice. Read when somebody asks, kept nowhere."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from msgspec import Struct

from cityloop.cases import report_get, scope
from cityloop.db import Tx
from cityloop.domain.facts import PhotoRef
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.permission import Permission
from cityloop.domain.private import for_work
from cityloop.files import FileMissing, FileStore
from cityloop.files.reading import PhotoReader, photo_reader, read_photo
from cityloop.http import Door, needs

PHOTOS_MAX = 4
_photos = msgspec.json.Decoder(list[PhotoRef]).decode


class PhotoText(Struct, frozen=True, kw_only=True):
    """The lines of each photo. `is_able`: whether this installation can read; names and numbers of people are masked."""

    is_able: bool
    photos: list[list[str]]


@get("/v1/cases/{case_id:str}/reports/{report_id:str}/photo-text", guards=[needs(Permission.report_read)])
async def get_photo_text(case_id: CaseId, report_id: ReportId, request: Request, door: Door) -> Response[PhotoText]:
    """The text that can be read in the photos of one of the case's reports."""
    quiet = {"Cache-Control": "no-store"}

    def ask(tx: Tx) -> list[PhotoRef]:
        case = scope.case_for(tx, door.caller, case_id, Permission.report_read)
        report = report_get(tx, report_id)
        return _photos(report.photos)[:PHOTOS_MAX] if report.case_id == case.id else []

    photos = await door.read(ask)
    reader = await door.aside(photo_reader)
    if reader is None:
        return Response(PhotoText(is_able=False, photos=[]), headers=quiet)
    files: Any = request.app.state.parts.files
    found = await door.aside(lambda: [_lines(files, each, reader) for each in photos])
    return Response(PhotoText(is_able=True, photos=found), headers=quiet)


def _lines(files: FileStore, photo: PhotoRef, reader: PhotoReader) -> list[str]:
    try:
        return [for_work(line.text) for line in read_photo(files.get(photo.shown), reader)]
    except FileMissing:  # erased meanwhile
        return []


ROUTES = [get_photo_text]
