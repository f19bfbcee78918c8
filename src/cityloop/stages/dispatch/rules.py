"""Pure decisions of dispatch."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec.structs import replace

from cityloop.domain.calendar import WorkCalendar, calendar_in
from cityloop.domain.clock import Clock, left_s, paused, resumed
from cityloop.domain.codes import class_parts, minor_of
from cityloop.domain.facts import Duty, LevelMove, Resumed, RuleKept, StageKept, Where
from cityloop.domain.ids import AreaCode, ClassKey, UnitId
from cityloop.domain.policy import Level, Limit, LimitUnit, Policy, Unit
from cityloop.stages.dispatch.model import Asked, Desk, LevelWrong, NoUnitAnswers, Returned

DOWN = {Level.city: Level.district, Level.district: Level.street}
UP = {below: above for above, below in DOWN.items()}
CERTAIN_PPM = 990_000


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
    rows = _rows(asked, policy, load=0)
    duties = _duties(rows, asked, policy)
    if duties and (load := load_of(duties[0].unit)):
        duties = _duties(_rows(asked, policy, load=load), asked, policy, f"load:{load}")
    return duties


def confidence_of(duties: tuple[Duty, ...], where: Where, case_ppm: int) -> int:
    """How sure a dispatch without a person would be. Units: parts per million.

    Rows that name different units share the certainty; an unknown place leaves none; the class bounds it.
    """
    if not duties or where.cell is None:
        return 0
    return min(case_ppm, CERTAIN_PPM // len({duty.unit for duty in duties}))


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
    running = resumed(paused(clock, last.at), now, calendar)
    goes_on = Resumed(
        task_id=last.task_id, start=running.start, pauses=running.pauses, left_s=left_s(running, now, calendar)
    )
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
