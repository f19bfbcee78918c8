"""Pure decisions of dispatch."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from cityloop.domain.calendar import WorkCalendar, calendar_in
from cityloop.domain.clock import Clock, left_s, resumed, standing
from cityloop.domain.codes import class_parts, minor_of
from cityloop.domain.facts import Duty, LevelMove, Resumed, RuleKept, StageKept, SupervisionLevel, Where
from cityloop.domain.ids import AreaCode, ClassKey, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Level, Limit, LimitUnit, OutsideSystem, Policy, Settings, Unit
from cityloop.stages.dispatch.model import (
    Asked,
    Decision,
    Desk,
    LevelReason,
    LevelWrong,
    NoUnitAnswers,
    NumberWrong,
    ReasonUnknown,
    ReassignReason,
    Returned,
    SuperviseReason,
    SystemUnknown,
    TransferBackReason,
    TransferReason,
    UrgeReason,
)

DOWN = {Level.city: Level.district, Level.district: Level.street}
UP = {below: above for above, below in DOWN.items()}
CERTAIN_PPM = 990_000
ANSWERS_MAX = 20_000  # of the duty table, kept at hand
DEVICE_OWNER = "device_owner"  # a reason: it is their device that is ill
RETURNED_BY = "returned_by:"  # a reason: the unit that sent the case back does not get it again by itself
_NUMBER = re.compile(r"[0-9A-Za-z#/._-]{0,40}")
R = TypeVar("R", bound=StrEnum)


def asked_of(class_key: ClassKey, where: Where, level: Level, limit: Limit, *, policy: Policy, now: datetime) -> Asked:
    """The question to the duty table, on the city's clock."""
    calendar = calendar_in(policy)
    local = now.astimezone(calendar.zone)
    is_workday = bool(calendar.windows(local.date()))
    return Asked(class_key=class_key, where=where, level=level, limit=limit, hour=local.hour, is_workday=is_workday)


def duties_for(asked: Asked, *, policy: Policy, load_of: Callable[[UnitId], int]) -> tuple[Duty, ...]:
    """The units that answer, the best first; none where the table is silent.

    The load that the table sees is that of the unit which would answer if nobody had work.
    """
    duties = _answer(asked, policy, 0)
    if duties and (load := load_of(duties[0].unit)):
        duties = _answer(asked, policy, load)
    return duties


def owned(duties: tuple[Duty, ...], owner: UnitId | None, asked: Asked) -> tuple[Duty, ...]:
    """The duty of the owner of a device that is ill, where there is one: nobody else mends it; else those of the table."""
    if owner is None:
        return duties
    return (Duty(unit=owner, level=asked.level, limit=asked.limit, why=(DEVICE_OWNER,)),)


def confidence_of(duties: tuple[Duty, ...], where: Where, case_ppm: int) -> int:
    """How sure a dispatch without a person would be. Units: parts per million.

    Rows that name different units share the certainty; an unknown place leaves none; the class bounds it.
    """
    if not duties or where.cell is None:
        return 0
    return min(case_ppm, CERTAIN_PPM // len({duty.unit for duty in duties}))


def decision_for(
    asked: Asked, case_ppm: int, *, policy: Policy, load_of: Callable[[UnitId], int], without: UnitId | None = None,
    owner: UnitId | None = None,
) -> Decision:  # fmt: skip
    """Who answers, and whether the machine may make them answerable alone. `without`: the unit that sent it back; `owner`: of
    the device that is ill, where the case is about one.
    """
    found = owned(duties_for(asked, policy=policy, load_of=load_of), None if owner == without else owner, asked)
    duties = tuple(duty for duty in found if duty.unit != without)
    sure_ppm = confidence_of(duties, asked.where, case_ppm)
    why_not = [f"{RETURNED_BY}{without}"] if without else []
    if asked.where.cell is None:
        why_not.append("place_unknown")
    if not duties:
        why_not.append("no_unit_answers")
    elif sure_ppm < policy.settings.level_dispatch_ppm:
        why_not.append(f"confidence:{sure_ppm}<{policy.settings.level_dispatch_ppm}")
    return Decision(duties=duties, confidence_ppm=sure_ppm, why_not=tuple(why_not))


def first_duty(duties: tuple[Duty, ...], class_name: str, where: Where) -> Duty:
    """The best duty.

    Refuses with `NoUnitAnswers`.
    """
    if not duties:
        place = f"cell {where.cell}" if where.cell else "a place that is not known"
        raise NoUnitAnswers(f"No unit answers for {class_name} in {place}; add a row to duties.jdm.json, or a unit.")
    return duties[0]


def resumed_for(
    unit: UnitId, last: Returned, clock: Clock, *, now: datetime, calendar: WorkCalendar
) -> tuple[Resumed, datetime] | None:
    """The clock of the task that was sent back last, going on for the same unit, and its due moment; None for another.

    Source: standards.md 1.9: a return pauses the clock; the same unit gets what was left, another one the whole limit.
    """
    if unit != last.unit:
        return None
    running = resumed(standing(clock, last.at), now, calendar)  # one that was asked for has stood since the asking
    goes_on = Resumed(
        task_id=last.task_id, start=running.start, pauses=running.pauses, extensions=running.extensions,
        left_s=left_s(running, now, calendar),
    )  # fmt: skip
    return goes_on, running.due


def stages_for(duty: Duty, kept: RuleKept, reached: int) -> tuple[Duty, tuple[StageKept, ...], int]:
    """The duty with the limit of the step that begins, all steps, and which of them; none where the rule has none or the
    duty has a limit of its own. Steps that another unit reached stay reached.
    """
    if not kept.stages or duty.limit != kept.limit:
        return duty, (), 0
    return replace(duty, limit=kept.stages[reached].limit), kept.stages, reached


def desk_after(move: LevelMove, level: Level, came_from: Level | None, where: Where) -> Desk:
    """The desk that holds the case after a move.

    Refuses with `LevelWrong`.
    """
    goal = DOWN.get(level) if move is LevelMove.down else UP.get(level) if move is LevelMove.up else came_from
    if goal is None:
        raise LevelWrong(f"The {level} desk has nobody to send it {move} to; dispatch it, or choose another way.")
    if goal is Level.city:
        return Desk(level=goal, area=None)
    area = where.district if goal is Level.district else where.street
    if area is None:
        raise LevelWrong(f"The case has no known {goal}, so no {goal} desk can take it; put its place right first.")
    return Desk(level=goal, area=area)


def unit_for(kind: str, level: Level, where: Where, units: tuple[Unit, ...]) -> Unit | None:
    """The unit of a kind whose area holds the place; the smallest area wins, then the smallest id."""
    chain: dict[AreaCode | None, int] = {None: 0}
    for depth, area in enumerate((where.district, where.street, where.community), 1):
        if area:
            chain[area] = depth
    able = [unit for unit in units if unit.kind == kind and unit.area in chain]
    at_level = [unit for unit in able if unit.level is level] or able
    return min(at_level, key=lambda unit: (-chain[unit.area], unit.id), default=None)


def level_reason(reason: str) -> LevelReason:
    """The reason, if a case can go to another desk for it.

    Refuses with `ReasonUnknown`.
    """
    return _reason(reason, LevelReason)


def reassign_reason(reason: str) -> ReassignReason:
    """The reason, if another unit can be made answerable for it.

    Refuses with `ReasonUnknown`.
    """
    return _reason(reason, ReassignReason)


def urge_reason(reason: str) -> UrgeReason:
    """The reason, if a unit can be reminded for it.

    Refuses with `ReasonUnknown`.
    """
    return _reason(reason, UrgeReason)


def supervise_reason(reason: str) -> SuperviseReason:
    """The reason, if a unit can be supervised for it, or asked again.

    Refuses with `ReasonUnknown`.
    """
    return _reason(reason, SuperviseReason)


def transfer_reason(reason: str) -> TransferReason:
    """The reason, if a case can be given to another system for it.

    Refuses with `ReasonUnknown`.
    """
    return _reason(reason, TransferReason)


def transfer_back_reason(reason: str) -> TransferBackReason:
    """The reason, if another system can send a case back for it.

    Refuses with `ReasonUnknown`.
    """
    return _reason(reason, TransferBackReason)


def system_known(system: str, systems: Sequence[OutsideSystem]) -> None:
    """Whether the pack has the system.

    Refuses with `SystemUnknown`.
    """
    if system not in {each.id for each in systems}:
        able = ", ".join(each.id for each in systems) or "none: add one to systems.csv"
        raise SystemUnknown(f"There is no system {system[:40]!r}; choose one of: {able}.")


def their_number(given: str) -> str:
    """Another system's number: letters, digits and a few signs, so that it can be nobody's name or words.

    Refuses with `NumberWrong`.
    """
    number = given.strip()
    if not _NUMBER.fullmatch(number):
        raise NumberWrong(f"{number[:40]!r} is no number; write letters, digits, - / . _ and # only, at most 40.")
    return number


def system_of(why: str) -> str:
    """The system that a transfer's task names; `why` is JSON."""
    return next(each.partition(":")[2] for each in msgspec.json.decode(why, type=list[str]) if each.startswith("system:"))


def answer_limit(level: SupervisionLevel, settings: Settings) -> Limit:
    """By when a supervision of this level is answered."""
    return {
        SupervisionLevel.ordinary: settings.supervise_ordinary_limit,
        SupervisionLevel.important: settings.supervise_important_limit,
        SupervisionLevel.urgent: settings.supervise_urgent_limit,
    }[level]


def order_number(form: str, local: datetime, seq: int) -> str:
    """The number of an order in the city's own format.

    >>> order_number("督办〔{year}〕{seq}号", datetime(2026, 3, 6), 7)
    '督办〔2026〕7号'
    """
    return form.format(year=f"{local:%Y}", date=f"{local:%Y%m%d}", seq=seq)


def day_begins(now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the city's day."""
    return datetime.combine(now.astimezone(zone).date(), time(0), zone)


def day_after(now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the city's next day."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(0), zone)


def is_to_notice(state: State, due: datetime, day: datetime) -> bool:
    """Whether a unit is told that its deadline passed: on the day after, and as long as the work is not finished."""
    return state in (State.to_sign, State.handling) and due < day


def _reason(reason: str, reasons: type[R]) -> R:
    if reason not in tuple(reasons):
        raise ReasonUnknown(f"{reason[:40]!r} is no reason of ours; choose one of: {', '.join(reasons)}.")
    return reasons(reason)


def _answer(asked: Asked, policy: Policy, load: int) -> tuple[Duty, ...]:
    """What the table says to a question, which is kept with the policy: it always says the same."""
    kept: dict[tuple, tuple[Duty, ...]] = policy.__dict__.setdefault("_answers", {})
    where = asked.where
    key = (
        asked.class_key, where.community, where.street, where.district, asked.level, asked.limit, asked.hour,
        asked.is_workday, load,
    )  # fmt: skip
    found = kept.get(key)
    if found is None:
        if len(kept) >= ANSWERS_MAX:
            kept.clear()
        why = (f"load:{load}",) if load else ()
        found = kept[key] = _duties(_rows(asked, policy, load=load), asked, policy, *why)
    return found


def _rows(asked: Asked, policy: Policy, *, load: int) -> list[Mapping]:
    parts = class_parts(asked.class_key)
    return policy.duties.decide(
        {
            "major": f"{parts.scheme}/{parts.kind}/{parts.code[:2]}",
            "class": (minor := minor_of(asked.class_key)),
            "fine": asked.class_key if asked.class_key != minor else "",
            "level": asked.level.value,
            "area": asked.where.community or "",
            "hour": asked.hour,
            "workday": asked.is_workday,
            "load": load,
        }
    )


def _duties(rows: list[Mapping], asked: Asked, policy: Policy, *why: str) -> tuple[Duty, ...]:
    found: dict[UnitId, Duty] = {}
    for row in rows:
        level = Level(row["level"])
        lead = unit_for(row["unit_kind"], level, asked.where, policy.units)
        if lead is None or lead.id in found:
            continue
        helpers = [unit_for(kind, level, asked.where, policy.units) for kind in row.get("assist") or ()]
        given = row.get("limit") or {}
        limit = Limit(value=int(given["value"]), unit=LimitUnit(given["unit"])) if given.get("value") else asked.limit
        source = row["source"]
        found[lead.id] = Duty(
            unit=lead.id,
            assist=tuple(unit.id for unit in helpers if unit and unit.id != lead.id),
            level=level,
            limit=limit,
            why=(f"row:{row['row']}", f"source:{source['document']} {source['clause']} {source['date']}", *why),
        )
    return tuple(found.values())
