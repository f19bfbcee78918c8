"""HTTP of calling back: the seat's list, tries and verdicts; and cases that are done again."""

from datetime import date, datetime, timedelta
from typing import Annotated

import msgspec
from litestar import Response, get, post
from msgspec import Struct

from cityloop.cases import case_get, scope
from cityloop.cases.callbacks import callback_get
from cityloop.cases.notes import KEEP_DAYS, Note
from cityloop.cases.reach import reach_of
from cityloop.cases.reveal import masked_contact
from cityloop.db import Row, Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import Way
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Policy, Words
from cityloop.domain.private import for_work
from cityloop.domain.verdict_rates import Rate, called_back, redone, satisfied, solved
from cityloop.domain.words import say
from cityloop.http import Caller, Door, Page, needs, page_limit
from cityloop.http.door import etag
from cityloop.http.lists import keys_of, mark_of
from cityloop.journal.vault import VaultRow
from cityloop.stages.inspect import rules, store
from cityloop.stages.inspect.model import CallbackUnknown, CodeUnknown, DaysWrong
from cityloop.stages.inspect.service import judge_called, redo_case, try_callback

NO_STORE = {"Cache-Control": "no-store"}
DAYS_MAX = 400
_note = msgspec.json.Decoder(Note).decode


class Question(Struct, kw_only=True):
    """A line of the script, in each language of the city."""

    code: str
    words: Words


class CallbackLine(Struct, kw_only=True):
    """A reporter to be asked. The contact is masked; revealing it needs a reason, and is a fact."""

    id: str
    report: ReportId
    case: CaseId
    number: str | None
    class_key: str | None
    street: str | None
    way: str
    asked_at: datetime
    due_at: datetime
    next_at: datetime
    until: datetime
    is_late: bool
    tries: int
    last_try: str | None
    contact: Annotated[dict[str, str], Personal("call back", keep_days=365)]
    simulated: bool


class CallbackPage(Struct, kw_only=True):
    """A page of call-backs, with what is asked."""

    items: list[CallbackLine]
    next: str | None
    script: str
    questions: list[Question]


class TryAsked(Struct, kw_only=True):
    """How a call ended: no_answer, busy, later, refused, wrong_number."""

    outcome: str


class VerdictAsked(Struct, kw_only=True):
    """What the reporter said; `way` phone or counter."""

    solved: str
    satisfied: str
    reasons: list[str] = []
    words: Annotated[str, Personal("to see what is not in order", keep_days=KEEP_DAYS)] = ""
    way: str = "phone"


class CallbackStep(Struct, kw_only=True):
    """Where the call-back stands now."""

    id: str
    tries: int
    next_at: datetime
    ended_at: datetime | None
    outcome: str | None


class RedoAsked(Struct, kw_only=True):
    """Why the case is taken up again: not_solved, partly_solved, not_satisfied, seen_again, ordered."""

    reason: str


class RedoStep(Struct, kw_only=True):
    """Where the case stands now."""

    id: CaseId
    state: State
    unit: str | None
    due_at: datetime | None
    redos: int


class WaitingVerdict(Struct, kw_only=True):
    """A verdict that is not content and stands unanswered."""

    report: ReportId
    case: CaseId
    case_no: int
    number: str | None
    state: State
    class_key: str | None
    unit: str | None
    solved: str
    satisfied: str
    reasons: list[str]
    words: Annotated[str, Personal("to see what is not in order", keep_days=KEEP_DAYS)] | None
    at: datetime
    redos: int
    why_not_redo: str | None  # the code of what speaks against taking it up again; None: it may be
    simulated: bool


class VerdictRates(Struct, kw_only=True):
    """What a period came to. Each number counts by the moment of its fact, so a period that is over stays as it was."""

    first_day: date
    last_day: date
    called_back: Rate
    solved: Rate
    satisfied: Rate
    redone: Rate


@get("/v1/callbacks", guards=[needs(Permission.case_call_back)])
async def get_callbacks(door: Door, after: str | None = None, limit: int = 50) -> Response[CallbackPage]:
    """Whom to call back, what is due first at the head; never about work of one's own unit."""
    mark = _mark(after)
    count = page_limit(limit)
    caller, policy, now = _asking(door.caller), door.policy, door.now

    def ask(tx: Tx) -> CallbackPage:
        units = sorted(_units(door.caller))
        rows = store.callback_list_running(tx, reach_of(caller), without_units=units, after=mark, limit=count + 1)
        lines = [_line(tx, caller, row, now) for row in rows[:count]]
        last = rows[count - 1] if len(rows) > count else None
        questions = [
            Question(code=code, words={each: say(code, each, policy.words) for each in policy.settings.languages})
            for code in rules.SCRIPT
        ]
        return CallbackPage(
            items=lines, next=mark_of(last.due_at, last.id) if last else None, script=rules.script_of(policy),
            questions=questions,
        )  # fmt: skip

    return Response(await door.read(ask), headers=NO_STORE)


@post("/v1/callbacks/{id:str}/try", status_code=201, guards=[needs(Permission.case_call_back)])
async def post_try(id: str, data: TryAsked, door: Door) -> Response[CallbackStep]:
    """Write down a call that brought no verdict; the list says when to call again."""

    def use_case(tx: Tx) -> str:
        _callback_for(tx, door.caller, id)
        return try_callback(
            tx, id, outcome=data.outcome, by=door.caller.account or "", units=_units(door.caller), policy=door.policy,
            now=tx.now,
        )  # fmt: skip

    await door.change(use_case)
    return await _step(door, id)


@post("/v1/callbacks/{id:str}/verdict", status_code=201, guards=[needs(Permission.case_call_back)])
async def post_verdict(id: str, data: VerdictAsked, door: Door) -> Response[CallbackStep]:
    """Write down what the reporter said."""
    given = rules.verdict_of(data.solved, data.satisfied, data.reasons)
    if data.way not in (Way.phone, Way.counter):
        raise CodeUnknown(f"{data.way[:20]!r} is no way in which a seat asks; choose phone or counter.")

    def use_case(tx: Tx) -> str:
        _callback_for(tx, door.caller, id)
        return judge_called(
            tx, id, given, words=data.words, way=Way(data.way), by=door.caller.account or "", units=_units(door.caller),
            policy=door.policy, now=tx.now,
        )  # fmt: skip

    await door.change(use_case)
    return await _step(door, id)


@get("/v1/verdicts/waiting", guards=[needs(Permission.case_call_back)])
async def get_waiting(door: Door, after: str | None = None, limit: int = 50) -> Response[Page[WaitingVerdict]]:
    """Reporters who are not content and whom nobody has answered yet: do it again, or reply."""
    mark, count, policy, now = _mark(after), page_limit(limit), door.policy, door.now

    def ask(tx: Tx) -> Page[WaitingVerdict]:
        rows = store.verdict_list_waiting(tx, reach_of(_asking(door.caller)), after=mark, limit=count + 1)
        last = rows[count - 1] if len(rows) > count else None
        items = [_waiting(tx, row, policy, now) for row in rows[:count]]
        return Page(items=items, next=mark_of(last.at, last.report_id) if last else None)

    return Response(await door.read(ask), headers=NO_STORE)


@get("/v1/verdicts/rates", guards=[needs(Permission.figures_read)])
async def get_rates(door: Door, first_day: date, last_day: date) -> VerdictRates:
    """回访率, 解决率, 满意率, 重办率 of a period, in the areas of the caller's seats."""
    if not first_day <= last_day or last_day - first_day > timedelta(days=DAYS_MAX):
        raise DaysWrong(f"{first_day} to {last_day} is no period; give a first and a last day, {DAYS_MAX} at most.")
    zone, settings = calendar_in(door.policy).zone, door.policy.settings
    since, until = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first_day, last_day + timedelta(1)))
    seats = door.caller.seats_with(Permission.figures_read)
    areas = None if any(seat.area is None for seat in seats) else sorted({seat.area for seat in seats if seat.area})
    found = await door.read(lambda tx: store.tallies_of(tx, since, until, areas))
    return VerdictRates(
        first_day=first_day, last_day=last_day, called_back=called_back(found.in_time, found.owed),
        solved=solved(found.solved, settings.partly_ppm), satisfied=satisfied(found.satisfied, settings.mostly_ppm),
        redone=redone(found.redone, found.closed),
    )  # fmt: skip


@post("/v1/cases/{case_id:str}/redo", status_code=201, guards=[needs(Permission.case_close)])
async def post_redo(case_id: CaseId, data: RedoAsked, door: Door) -> Response[RedoStep]:
    """Take a closed case up again, within the days after closing."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_close)
        return redo_case(
            tx, case_id, reason=data.reason, by=door.caller.account or "", policy=door.policy, now=tx.now
        )  # fmt: skip

    await door.change(use_case, of=f"case/{case_id}")
    case = await door.read(lambda tx: case_get(tx, case_id), short=True)
    view = RedoStep(id=case.id, state=case.state, unit=case.unit, due_at=case.clock_due, redos=case.redos or 0)
    return Response(view, status_code=201, headers=etag(case.no))


def _asking(caller: Caller) -> Caller:
    """The caller in the seats that call back."""
    return msgspec.structs.replace(caller, seats=caller.seats_with(Permission.case_call_back))


def _units(caller: Caller) -> set[str]:
    return {seat.unit for seat in caller.seats}


def _mark(after: str | None) -> tuple[str, str] | None:
    if after is None:
        return None
    first, second = keys_of(after, 2)
    return str(first), str(second)


def _callback_for(tx: Tx, caller: Caller, id: str) -> None:
    """That a seat which calls back reaches the case.

    Refuses with `CallbackUnknown`.
    """
    callback = callback_get(tx, id)
    case = case_get(tx, callback.case_id) if callback else None
    if case is None or not any(scope.may(seat, case, Permission.case_call_back) for seat in caller.seats):
        raise CallbackUnknown(f"There is no call-back {id[:40]}; take it from the list.")


def _line(tx: Tx, caller: Caller, row: Row, now: datetime) -> CallbackLine:
    due = datetime.fromisoformat(row.due_at)
    return CallbackLine(
        id=row.id, report=row.report_id, case=row.case_id, number=row.number, class_key=row.class_key, street=row.street,
        way=row.way, asked_at=datetime.fromisoformat(row.asked_at), due_at=due,
        next_at=datetime.fromisoformat(row.next_at), until=datetime.fromisoformat(row.until), is_late=now > due,
        tries=row.tries, last_try=row.last_try,
        contact=masked_contact(tx, row.contact) if caller.may(Permission.person_reveal) else {},
        simulated=bool(row.simulated),
    )  # fmt: skip


def _waiting(tx: Tx, row: Row, policy: Policy, now: datetime) -> WaitingVerdict:
    kept = tx.get("vault", VaultRow, row.words) if row.words else None
    closed_at = datetime.fromisoformat(row.closed_at) if row.closed_at else None
    return WaitingVerdict(
        report=row.report_id, case=row.case_id, case_no=row.no, number=row.number, state=State(row.state),
        class_key=row.class_key, unit=row.unit, solved=row.solved, satisfied=row.satisfied,
        reasons=msgspec.json.decode(row.reasons, type=list[str]), words=for_work(_note(kept.bytes).text) if kept else None,
        at=datetime.fromisoformat(row.at), redos=row.redos or 0,
        why_not_redo=rules.why_no_redo(State(row.state), closed_at, row.redos or 0, now, policy),
        simulated=bool(row.simulated),
    )  # fmt: skip


async def _step(door: Door, id: str) -> Response[CallbackStep]:
    now = await door.read(lambda tx: callback_get(tx, id), short=True)
    assert now, f"call-back {id} was just changed"
    view = CallbackStep(id=id, tries=now.tries, next_at=now.next_at, ended_at=now.ended_at, outcome=now.outcome)
    return Response(view, status_code=201, headers=NO_STORE)


ROUTES = [get_callbacks, post_try, post_verdict, get_waiting, get_rates, post_redo]
