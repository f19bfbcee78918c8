"""The case file 案卷: a case on paper, numbered, from the report to the call-back, with its facts, their hashes and where to check them."""

from collections.abc import Sequence
from datetime import datetime

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.cases.callbacks import Callback, callback_list_of
from cityloop.db import Tx
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.journal.prove import origin_of
from cityloop.journal.seal import checkpoint_last
from cityloop.journal.tlog import entry, leaf_hash, parse_checkpoint
from cityloop.pages.screen import page
from cityloop.pages.sheet import Sheet, sheet_of, teller_for
from cityloop.pages.story import story_rows
from cityloop.pages.things import qr_svg


class Leaf(Struct, frozen=True, kw_only=True):
    """A fact as the log holds it: its place, and the hash under which it stands there."""

    id: str
    index: int
    hash: str


class Sealed(Struct, frozen=True, kw_only=True):
    """The newest signed head over the case's last fact: of which log, how many facts, which root. None: not sealed yet."""

    origin: str
    size: int
    root: str


class CaseFile(Struct, frozen=True, kw_only=True):
    """All that stands on the paper."""

    sheet: Sheet
    callbacks: list[Callback]
    leaves: dict[int, Leaf]  # by seq; empty for who may not read facts
    sealed: Sealed | None
    printed_at: datetime
    address: str
    qr: str


@get("/cases/{case_id:str}/file", include_in_schema=False, guards=[needs(Permission.case_read)])
async def get_file(case_id: CaseId, request: Request, door: Door) -> Response[bytes]:
    """The case file, to be printed on A4."""
    base = str(door.policy.settings.public_url or request.base_url).rstrip("/")
    address = f"{base}/evidence/{case_id}"

    def ask(tx: Tx) -> CaseFile:
        sheet = sheet_of(tx, door.caller, case_id, policy=door.policy, now=door.now)
        leaves, sealed = _leaves(tx, sheet) if sheet.story is not None else ({}, None)
        return CaseFile(
            sheet=sheet, callbacks=callback_list_of(tx, case_id), leaves=leaves, sealed=sealed, printed_at=door.now,
            address=address, qr=qr_svg(address),
        )  # fmt: skip

    file = await door.read(ask)
    tell = teller_for(request, door.policy, file.sheet)
    return page(door, "file.html", tell=tell, file=file, sheet=file.sheet, sections=sections_of(file))


def sections_of(file: CaseFile) -> Sequence[str]:
    """The parts of the file that have something to say, in the order of the way; they are numbered so."""
    view = file.sheet.view
    there = {
        "report": True,
        "filing": bool(view.rule or view.filed_at or view.refused_for),
        "dispatch": bool(view.duties or view.dispatched_at or view.unit),
        "handling": any(each.kind in ("handle", "assist") for each in view.tasks),
        "approvals": bool(view.approvals),
        "inspection": any(each.kind in ("inspect", "verify") for each in view.tasks),
        "callback": bool(file.callbacks or view.verdicts),
        "evidence": file.sheet.story is not None,
    }
    return [name for name, is_there in there.items() if is_there]


def _leaves(tx: Tx, sheet: Sheet) -> tuple[dict[int, Leaf], Sealed | None]:
    rows = story_rows(tx, sheet.view.id)
    ids = {told.seq: told.id for told in sheet.story or ()}
    leaves = {}
    for row in rows:
        log = origin_of(tx, row.seq)
        alg = log.alg_used
        hashed = leaf_hash(entry(row.salt, row.body, alg=alg), alg=alg)
        leaves[row.seq] = Leaf(id=ids[row.seq], index=row.seq - log.first_seq, hash=hashed.hex())
    log = origin_of(tx, rows[-1].seq)
    head = checkpoint_last(tx, log.no)
    if head is None or head.size <= rows[-1].seq - log.first_seq:
        return leaves, None
    root = parse_checkpoint(head.note.rpartition("\n\n")[0] + "\n").root
    return leaves, Sealed(origin=log.name, size=head.size, root=root.hex())


ROUTES = [get_file]
