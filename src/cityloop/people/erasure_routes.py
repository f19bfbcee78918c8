"""HTTP of erasing personal data on request."""

from functools import partial
from typing import Any

from litestar import post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import ReportId, VaultId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.identity import stepped_up
from cityloop.journal import story
from cityloop.people.erasure import Erasure, delete_files, erase_asked, forget_words


class ErasureAsked(Struct, kw_only=True):
    """What to erase: all of a report, or single pieces by id; and why.

    Reasons: asked_by_person, sent_by_mistake, ordered, not_needed.
    """

    report: ReportId | None = None
    ids: tuple[VaultId, ...] = ()
    reason: str


class ErasureView(Struct, kw_only=True):
    """What was erased. Its ids name nothing any more."""

    id: str
    ids: tuple[VaultId, ...]
    reason: str


READERS_MS = 200  # the server stands still meanwhile


@post("/v1/erasures", status_code=201, guards=[needs(Permission.operate), stepped_up])
async def post_erasure(data: ErasureAsked, door: Door) -> ErasureView:
    """Erase personal data for good, with its files. This cannot be undone, also not from a backup."""
    parts: Any = door.request.app.state.parts
    subjects = [f"report/{data.report}"] if data.report else []
    done: list[Erasure] = []

    def use_case(tx: Tx) -> str:
        erasure = erase_asked(tx, subjects=subjects, ids=data.ids, reason=data.reason, erased=parts.erased)
        done[:] = [erasure]  # the last run is the one that was kept
        return erasure.id

    erasure_id = await door.change(use_case)
    if done:
        files = done[0].files
        await door.aside(lambda: delete_files(parts.writer, files, files=parts.files))
        await parts.writer.alone(partial(forget_words, parts.writer, wait_ms=READERS_MS))
    fact = (await door.read(lambda tx: story(tx, f"erasure/{erasure_id}")))[0].fact
    return ErasureView(id=erasure_id, ids=fact.ids, reason=fact.reason)


ROUTES = [post_erasure]
