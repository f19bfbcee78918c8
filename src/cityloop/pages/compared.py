"""Photos of a case before and after the work, held beside each other: a hint with reasons for who inspects, never a verdict."""

from itertools import product
from typing import Any

import msgspec
from litestar import Request, Response, get
from msgspec import Struct

from cityloop.cases import TaskKind, report_get, scope, task_list_of
from cityloop.db import Tx
from cityloop.domain.facts import PhotoRef
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.files import FileMissing, FileStore
from cityloop.files.compare import Compared, compare
from cityloop.http import Door, needs
from cityloop.pages.asked import PhotoView
from cityloop.pages.screen import language_of
from cityloop.pages.telling import Teller

EACH = 2  # photos of a side that are held against each other: four pairs at most
_photos = msgspec.json.Decoder(list[PhotoRef]).decode


class ComparedView(Struct, frozen=True, kw_only=True):
    """The pair that fits best. `place`: same, other, unclear; `change`: changed, unchanged, unclear; in words too, with why."""

    before: PhotoView
    after: PhotoView
    place: str
    change: str
    says: list[str]
    why: list[str]


class ComparedPhotos(Struct, frozen=True, kw_only=True):
    """What the photos say; none where one side has no photo, or the reader may not see them."""

    pair: ComparedView | None


def photos_of(tx: Tx, case_id: CaseId, report_id: str) -> tuple[list[PhotoRef], list[PhotoRef]]:
    """Photos of the report on which the case stands, and of the last finished work."""
    done = [each for each in task_list_of(tx, case_id) if each.kind in (TaskKind.handle, TaskKind.clear) and each.outcome == "finished"]
    after = _photos(done[-1].photos) if done else []
    return _photos(report_get(tx, report_id).photos)[:EACH], after[:EACH]


def best_pair(files: FileStore, before: list[PhotoRef], after: list[PhotoRef]) -> tuple[PhotoRef, PhotoRef, Compared] | None:
    """The two that are most alike. CPU only."""
    found = []
    for first, second in product(before, after):
        try:
            found.append((first, second, compare(files.get(first.shown), files.get(second.shown))))
        except FileMissing:  # erased meanwhile
            continue
    return max(found, key=lambda each: each[2].likeness_ppm, default=None)


@get("/v1/cases/{case_id:str}/compared", guards=[needs(Permission.case_read)])
async def get_compared(case_id: CaseId, request: Request, door: Door) -> Response[ComparedPhotos]:
    """Before and after: whether they show the same place, and whether it changed. A hint; who inspects looks and decides."""

    def ask(tx: Tx) -> tuple[list[PhotoRef], list[PhotoRef]]:
        case = scope.case_for(tx, door.caller, case_id)
        return photos_of(tx, case.id, case.report_id) if scope.reads(door.caller, case) else ([], [])

    before, after = await door.read(ask)
    files: Any = request.app.state.parts.files
    found = await door.aside(lambda: best_pair(files, before, after))
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    return Response(ComparedPhotos(pair=_view(*found, tell) if found else None), headers={"Cache-Control": "no-store"})


def _view(before: PhotoRef, after: PhotoRef, found: Compared, tell: Teller) -> ComparedView:
    shown = [PhotoView(shown=f"/v1/files/{each.shown}", thumb=f"/v1/files/{each.thumb}") for each in (before, after)]
    why = []
    for each in found.why:
        code, _, number = each.partition(":")
        why.append(tell.word(f"compared.why.{code}", n=number))
    says = [tell.word(f"compared.place.{found.place}")]
    if found.place == "same":
        says.append(tell.word(f"compared.change.{found.change}"))
    return ComparedView(before=shown[0], after=shown[1], place=found.place, change=found.change, says=says, why=why)


ROUTES = [get_compared]
