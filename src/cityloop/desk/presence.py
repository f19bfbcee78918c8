"""Who else looks at a case now, and what they are about to do; kept for a minute, and no fact."""

from datetime import datetime, timedelta

from cityloop.cases import scope
from cityloop.db import Tx
from cityloop.desk import store
from cityloop.desk.model import Presence
from cityloop.domain.ids import AccountId, CaseId
from cityloop.http import Caller

FRESH = timedelta(seconds=45)  # who looks says so every 20 s
DEED_CHARS_MAX = 40


def look(tx: Tx, caller: Caller, case_id: CaseId, *, deed: str | None, now: datetime) -> CaseId:
    """Note that the caller looks at a case, and forget who looked long ago.

    Refuses with `CaseUnknown`.
    """
    scope.case_seen(tx, caller, case_id)
    assert caller.account, "the guard lets nobody through"
    store.presence_sweep(tx, now - FRESH)
    before = tx.get("presence", Presence, case_id, caller.account)
    since = before.since if before else now
    tx.put(
        "presence",
        Presence(
            case_id=case_id, account=caller.account, since=since, seen_at=now, deed=(deed or "")[:DEED_CHARS_MAX] or None
        ),
    )  # fmt: skip
    return case_id


def leave(tx: Tx, account: AccountId, case_id: CaseId) -> CaseId:
    """Note that somebody looks away."""
    store.presence_drop(tx, case_id, account)
    return case_id


def others(tx: Tx, caller: Caller, case_id: CaseId, *, now: datetime) -> list[Presence]:
    """Who else looks at it now, who came first first."""
    return [each for each in store.presence_list(tx, case_id, now - FRESH) if each.account != caller.account]
