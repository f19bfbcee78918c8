"""HTTP of causes: what is found in a period, with the names of what it speaks of."""

from typing import Any

from litestar import Response, get
from msgspec import Struct

from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Words
from cityloop.http import Door, needs
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import By, PeriodWrong, Span
from cityloop.stages.evaluate.routes.asking import ASKED
from cityloop.stages.evaluate.service.why import Why, why_in
from cityloop.stages.evaluate.store import Asked

DAYS_MAX = 400


class WhyView(Struct, frozen=True, kw_only=True):
    """What was found, and what its classes, units and areas are called, by their codes."""

    span: Span
    why: Why
    classes: dict[str, Words]
    units: dict[str, Words]
    areas: dict[str, Words]


@get("/v1/why", guards=[needs(Permission.figures_read)], dependencies=ASKED)
async def get_why(door: Door, asked: Asked) -> Response[WhyView]:
    """Hot spots, what comes back, what grows, what goes together and what follows, in at most 400 days; each with its doubt."""
    if rules.day_count(asked.span) > DAYS_MAX:
        raise PeriodWrong(f"{rules.day_count(asked.span)} days are too many to look for causes; ask for {DAYS_MAX} at most.")
    policy = door.policy
    why = await door.read(lambda tx: why_in(tx, asked, policy=policy))
    return Response(view_of(why, asked.span, policy))


def view_of(why: Why, span: Span, policy: Policy) -> WhyView:
    """What was found, with names."""
    classes: set[str] = set()
    units: set[str] = set()
    areas: set[str] = set()
    for each in why.found:
        said = dict(each.finding.condition)
        classes |= {each.finding.class_key or "", said.get("class", "")}
        units.add(said.get("unit", ""))
        areas.add(said.get("street", ""))
    for again in (*why.places, *why.units, *why.classes):
        classes |= {again.class_key, again.group}
        units.add(again.group)
    classes |= {each.class_key for each in why.rising} | {key for each in why.follows for key in (each.first, each.then)}
    classes |= {key for each in why.wanderings for key, _ in each.classes}
    units |= {unit for each in why.wanderings for unit in (each.a, each.b)}
    return WhyView(
        span=span, why=why, classes=_names(By.problem_class, classes, policy), units=_names(By.unit, units, policy),
        areas=_names(By.street, areas, policy),
    )  # fmt: skip


def _names(by: By, codes: set[str], policy: Policy) -> dict[str, Words]:
    return {code: name for code in sorted(codes) if code and (name := rules.name_of(by, code, policy))}


ROUTES: list[Any] = [get_why]
