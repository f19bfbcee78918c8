"""What other systems told of a case, for those who work on it."""

from datetime import datetime
from typing import Annotated

from litestar import Response, get
from msgspec import Struct

from cityloop.cases.scope import case_for, reads
from cityloop.db import Tx
from cityloop.domain.ids import AccountId, CaseId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.private import for_work
from cityloop.doors.open311 import store
from cityloop.doors.open311.model import KEEP_DAYS, TOLD
from cityloop.doors.open311.service import fields_in
from cityloop.http import Door, needs


class UpdateView(Struct, frozen=True, kw_only=True):
    """An update as it was told. No text: it was erased, or the caller may not read reports."""

    id: str
    their_id: str
    status: str
    updated_at: datetime
    told_at: datetime
    text: Annotated[str, Personal(TOLD, keep_days=KEEP_DAYS)] | None
    by: AccountId | None


@get("/v1/cases/{case_id:str}/updates", guards=[needs(Permission.case_read)])
async def get_case_updates(case_id: CaseId, door: Door) -> Response[list[UpdateView]]:
    """What other systems told of a case, the first first; at most a thousand."""

    def ask(tx: Tx) -> list[UpdateView]:
        case = case_for(tx, door.caller, case_id)
        rows = store.update_list_of(tx, case.id)
        may_read = reads(door.caller, case)
        texts = store.vault_texts(tx, [row.words for row in rows]) if may_read else {}
        return [
            UpdateView(
                id=row.id, their_id=row.their_id, status=row.status, updated_at=row.updated_at, told_at=row.told_at,
                text=_read((fields_in(texts.get(row.words or "")) or {}).get("description")), by=row.by,
            )
            for row in rows
        ]  # fmt: skip

    return Response(await door.read(ask), headers={"Cache-Control": "no-store"})


def _read(text: str | None) -> str | None:
    return for_work(text) if text else None


ROUTES = [get_case_updates]
