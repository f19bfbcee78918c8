"""HTTP of causes: what is found in a period, with the names of what it speaks of."""

from datetime import datetime
from typing import Any

from litestar import Response, get
from msgspec import Struct

from cityloop.domain.ids import ClassKey, RuleCode
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Limit, Policy, Words
from cityloop.http import Door, needs
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import By, PeriodWrong, Span
from cityloop.stages.evaluate.model.why import Tries
from cityloop.stages.evaluate.routes.asking import ASKED
from cityloop.stages.evaluate.service.why import Why, why_in
from cityloop.stages.evaluate.store import Asked, head_of

DAYS_MAX = 400


class RuleLimit(Struct, frozen=True, kw_only=True):
    """A rule of a class, when it is filed by it, and its limit: another one may be tried."""

    rule: RuleCode
    condition: Words
    limit: Limit


class WhyView(Struct, frozen=True, kw_only=True):
    """What was found in the journal's first `seq` facts, as of a moment; what its classes, units and areas are called, by their
    codes; `limits` where one may be tried.
    """

    span: Span
    as_of: datetime
    seq: int
    why: Why
    classes: dict[str, Words]
    units: dict[str, Words]
    areas: dict[str, Words]
    limits: dict[str, list[RuleLimit]]


@get("/v1/why", guards=[needs(Permission.figures_read)], dependencies=ASKED)
async def get_why(door: Door, asked: Asked) -> Response[WhyView]:
    """Hot spots, what comes back, what grows, what goes together and what follows, in at most 400 days; each with its doubt."""
    if rules.day_count(asked.span) > DAYS_MAX:
        raise PeriodWrong(f"{rules.day_count(asked.span)} days are too many to look for causes; ask for {DAYS_MAX} at most.")
    policy = door.policy
    seq, why = await door.read(lambda tx: (head_of(tx, began=False).seq, why_in(tx, asked, policy=policy)))
    return Response(view_of(why, asked, seq, policy))


def view_of(why: Why, asked: Asked, seq: int, policy: Policy) -> WhyView:
    """What was found, with names."""
    classes: set[str] = set()
    units: set[str] = set()
    areas: set[str] = set()
    for each in why.found:
        said = dict(each.finding.condition)
        classes |= {each.finding.class_key or "", said.get("class", "")}
        units |= {said.get("unit", ""), (each.proposal and each.proposal.unit) or ""}
        areas.add(said.get("street", ""))
    for again in (*why.places, *why.units, *why.classes):
        classes |= {again.class_key, again.group}
        units.add(again.group)
    classes |= {each.class_key for each in why.rising} | {key for each in why.follows for key in (each.first, each.then)}
    classes |= {key for each in why.wanderings for key, _ in each.classes}
    units |= {unit for each in why.wanderings for unit in (each.a, each.b)}
    return WhyView(
        span=asked.span, as_of=asked.now, seq=seq, why=why, classes=_names(By.problem_class, classes, policy), units=_names(By.unit, units, policy),
        areas=_names(By.street, areas, policy), limits=_limits(why, policy),
    )  # fmt: skip


def _limits(why: Why, policy: Policy) -> dict[str, list[RuleLimit]]:
    tried = {each.proposal.class_key for each in why.found if each.proposal and each.proposal.tries is Tries.limit}
    return {
        key: [RuleLimit(rule=each.code, condition=each.file_condition, limit=each.limit) for each in policy.rules_of_class.get(ClassKey(key), ())]
        for key in sorted(key for key in tried if key)
    }  # fmt: skip


def _names(by: By, codes: set[str], policy: Policy) -> dict[str, Words]:
    return {code: name for code in sorted(codes) if code and (name := rules.name_of(by, code, policy))}


ROUTES: list[Any] = [get_why]
