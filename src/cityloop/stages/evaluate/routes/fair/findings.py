"""HTTP of numbers that look made: shown to the supervisor, judged by a person."""

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any

from litestar import Response, get, post
from msgspec import Struct

from cityloop.cases.notes import KEEP_DAYS
from cityloop.domain.ids import CaseId, FileDigest, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Policy, Words
from cityloop.files import FileMissing, FileStore
from cityloop.files.looks import look_of
from cityloop.http import Door, needs
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Period, PeriodWrong, Span
from cityloop.stages.evaluate.model.fair import FindingReason, FindingRow
from cityloop.stages.evaluate.routes.asking import FirstDay, LastDay
from cityloop.stages.evaluate.routes.scoring import span_asked
from cityloop.stages.evaluate.rules.gaming import LEVEL, ODDS, Finding, Kind
from cityloop.stages.evaluate.service import fair as service
from cityloop.stages.evaluate.store.fair.looked import judged_in

NO_STORE = {"Cache-Control": "no-store"}
DAYS_MAX = 100
GUARDS = [needs(Permission.gaming_judge)]


class JudgementView(Struct, kw_only=True):
    """What a person said of a finding."""

    confirmed: bool
    reason: FindingReason
    judged_at: datetime
    note: Annotated[str, Personal("to show what was found out", keep_days=KEEP_DAYS)] | None


class FindingView(Struct, kw_only=True):
    """What looks made. `expected`: what the peers' rate at the same work gives; `p`: put right for all that were looked at."""

    id: str
    kind: Kind
    unit: UnitId
    unit_name: Words
    observed: int
    of: int
    expected: float
    p: float
    cases: list[CaseId]
    judged: JudgementView | None


class FindingsView(Struct, kw_only=True):
    """What was found in a period. `level`: the chance that the look names anybody whose odds are at most `odds` times the peers'."""

    first_day: date
    last_day: date
    level: float
    odds: float
    findings: list[FindingView]


class FindingJudgement(Struct, kw_only=True):
    """Whether it was made, and a code of `finding.reason.*`."""

    confirmed: bool
    reason: str
    words: Annotated[str, Personal("to show what was found out", keep_days=KEEP_DAYS)] = ""


@get("/v1/findings", guards=GUARDS)
async def get_findings(
    door: Door, first_day: FirstDay = None, last_day: LastDay = None, period: Period | None = None, on: date | None = None
) -> Response[FindingsView]:
    """What looks as if numbers were made, in at most 100 days: evidence for a person, nothing follows by itself."""
    span = _span(door, first_day, last_day, period, on)
    every = await door.read(lambda tx: service.found_in(tx, span, policy=door.policy, look_of=_looks(door)))
    return await _told(door, span, every)


@post("/v1/findings/{finding_id:str}/judge", status_code=201, guards=GUARDS)
async def post_finding(
    finding_id: str, data: FindingJudgement, door: Door, first_day: FirstDay = None, last_day: LastDay = None
) -> Response[FindingsView]:
    """Say whether what looked made was made."""
    span = _span(door, first_day, last_day)
    every = await door.read(lambda tx: service.found_in(tx, span, policy=door.policy, look_of=_looks(door)))
    found = service.finding_called(every, finding_id, span)
    units = [seat.unit for seat in door.caller.seats]
    await door.change(
        lambda tx: service.judge_finding(
            tx, found, span, confirmed=data.confirmed, reason=data.reason, words=data.words, by=door.caller.account,
            units=units, policy=door.policy, now=tx.now,
        )
    )  # fmt: skip
    return await _told(door, span, every)


def _span(
    door: Door, first_day: date | None, last_day: date | None, period: Period | None = None, on: date | None = None
) -> Span:
    span = span_asked(door, first_day, last_day, period, on)
    if rules.day_count(span) > DAYS_MAX:
        raise PeriodWrong(f"{rules.day_count(span)} days are looked at no more; ask for {DAYS_MAX} at most.")
    return span


async def _told(door: Door, span: Span, every: tuple[Finding, ...]) -> Response[FindingsView]:
    """What was found, with what people said of it by now."""

    def ask(tx: Any) -> FindingsView:
        judged = {each.id: each for each in judged_in(tx, str(span.first_day), str(span.last_day))}
        return FindingsView(
            first_day=span.first_day, last_day=span.last_day, level=LEVEL, odds=ODDS,
            findings=[_view(tx, each, span, judged.get(service.id_of(each, span)), door.policy) for each in every],
        )  # fmt: skip

    return Response(await door.read(ask), headers=NO_STORE)


def _view(tx: Any, found: Finding, span: Span, row: FindingRow | None, policy: Policy) -> FindingView:
    unit = policy.unit_by_id.get(UnitId(found.object))
    return FindingView(
        id=service.id_of(found, span), kind=found.kind, unit=UnitId(found.object), unit_name=unit.name if unit else {},
        observed=found.observed, of=found.of, expected=found.expected, p=found.p, cases=[CaseId(each) for each in found.items],
        judged=row and JudgementView(
            confirmed=row.confirmed, reason=row.reason, judged_at=row.judged_at, note=service.words_of(tx, row.note)
        ),
    )  # fmt: skip


def _looks(door: Door) -> service.LookOf:
    files: FileStore = door.request.app.state.parts.files
    return lambda digest: _look(files, digest)


@lru_cache(50_000)
def _look(files: FileStore, digest: str) -> int | None:
    """What a shown photo looks like; by its digest, which stands for its bytes."""
    try:
        return look_of(files.get(FileDigest(digest)))
    except FileMissing:
        return None


ROUTES = [get_findings, post_finding]
