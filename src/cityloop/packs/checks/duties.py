"""The duty table: every rule is answered, every answer names a unit that is there, everywhere."""

import re
from collections.abc import Iterator
from typing import Any

from cityloop.domain.codes import minor_of
from cityloop.domain.policy import Level, LimitUnit
from cityloop.packs.checks.people import streets_of
from cityloop.packs.columns import AREAS, CLASSES, POSTS, ROLES, RULES, SCHEMES, UNITS
from cityloop.packs.decision import OUTPUTS, DutyRow, literal
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Duties, Pack
from cityloop.packs.values import Wrong, major_of, nearest, read_class

QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
HOURS = ((3, False), (10, True))  # a night off, a day at work


def duty_problems(pack: Pack) -> Iterator[Problem]:
    """What would make dispatch fail, or send it to nobody."""
    duties = pack.duties
    if duties is None:
        return
    for row in duties.rows:
        yield from _condition_problems(pack, duties, row)
        yield from _answer_problems(pack, duties, row)
    if pack.head.city:
        yield from _unanswered(pack, duties)


def _condition_problems(pack: Pack, duties: Duties, row: DutyRow) -> Iterator[Problem]:
    """Classes, levels and areas that a condition names and nothing has."""
    schemes = tuple(key[0] for key in pack.tables[SCHEMES.file])
    known = {key[0]: each.values["name"] for key, each in pack.tables[CLASSES.file].items()}
    majors = tuple({major_of(key) for key in known})
    areas = [key[0] for key in pack.tables[AREAS.file]]
    for field, expression in row.asks.items():
        for said in (found[1] or found[2] or "" for found in QUOTED.finditer(expression)):
            what = remedy = ""
            if field in ("class", "fine") and said not in known and not pack.may_have(CLASSES, said):
                try:
                    what = f"class {read_class(said, schemes, known)} is not in {CLASSES.file}"
                    remedy = nearest(said, tuple(known)) if len(known) < 20 else "correct it, or add the class"
                except Wrong as error:
                    what, remedy = error.what, error.remedy
            elif field == "major" and said not in majors and CLASSES.file not in pack.unread:
                what, remedy = f"no class has the major class {said!r}", nearest(said, majors)
            elif field == "level" and said not in tuple(Level):
                what, remedy = f"level {said!r} is unknown", nearest(said, tuple(Level))
            elif field == "area" and areas and not any(code.startswith(said) for code in areas):
                what, remedy = f"no area begins with {said!r}", "correct it, or add the area"
            if what:
                yield duties.problem(row, f"row {row.id}: {what}", remedy)


def _answer_problems(pack: Pack, duties: Duties, row: DutyRow) -> Iterator[Problem]:
    """Kinds, levels and limits of an answer, and sources that cannot be read."""
    says = {field: literal(expression) for field, expression in row.says.items()}
    kinds = {each.values["kind"] for each in pack.rows(UNITS)}
    for field in (each for each in OUTPUTS if each.startswith("source.")):
        if not isinstance(says.get(field), str) or not says[field]:
            yield duties.problem(row, f"row {row.id}: {field} is no text", f"fill it in, in quotes: {OUTPUTS[field]}")
    if says["level"] not in tuple(Level):
        yield duties.problem(row, f"row {row.id}: level {says['level']!r} is unknown", nearest("", tuple(Level)))
    yield from _limit_problems(duties, row, says)
    if not kinds or UNITS.file in pack.unread:
        return
    assist = says.get("assist")
    if not isinstance(assist, list) and row.says.get("assist"):
        yield duties.problem(row, f"row {row.id}: assist is no list", 'write ["kind", "kind"], or leave it empty')
        assist = []
    for kind in (says["unit_kind"], *(assist or [])):
        if kind not in kinds:
            what = f"row {row.id}: no unit has the kind {kind!r}"
            yield duties.problem(row, what, f"{nearest(str(kind), tuple(sorted(kinds)))}; or add a unit to units.csv")
    if says["unit_kind"] in kinds and says["level"] in tuple(Level):
        yield from _nowhere(pack, duties, row, says["unit_kind"], says["level"])


def _limit_problems(duties: Duties, row: DutyRow, says: dict[str, Any]) -> Iterator[Problem]:
    value, unit = says.get("limit.value"), says.get("limit.unit")
    said = row.says.get("limit.value") or row.says.get("limit.unit")
    if not said:
        return
    if not isinstance(value, int | float) or value < 1 or value != int(value):
        yield duties.problem(row, f"row {row.id}: limit.value {value!r} is no whole number", "write 1 or more")
    if unit not in tuple(LimitUnit):
        what = f"row {row.id}: limit unit {unit!r} is unknown"
        yield duties.problem(row, what, nearest(str(unit), tuple(LimitUnit)))


def _nowhere(pack: Pack, duties: Duties, row: DutyRow, kind: str, level: str) -> Iterator[Problem]:
    """Areas where no unit of the kind stands at the level, and units with nobody to act."""
    roles = {each.values["id"] for each in pack.rows(ROLES) if "case.handle" in each.values["permissions"]}
    handled = {each.values["unit"] for each in pack.rows(POSTS) if each.values["role"] in roles}
    units = [each.values for each in pack.rows(UNITS) if each.values["kind"] == kind and each.values["level"] == level]
    served = tuple(each.get("area", "") for each in units)
    bare = [code for code in streets_of(pack) if not code.startswith(served)]
    if bare or not served:
        more = f" and {len(bare) - 1} more" if len(bare) > 1 else ""
        where = f" in {bare[0]}{more}" if served else ""
        what = f"row {row.id}: no unit of kind {kind} stands at level {level}{where}"
        yield duties.problem(row, what, "add a unit for it to units.csv, or correct the level")
    idle = [each["id"] for each in units if each["id"] not in handled]
    if idle and pack.tables[POSTS.file] and POSTS.file not in pack.unread:
        what = f"row {row.id}: unit {idle[0]} must act and has no post that may handle"
        yield duties.problem(row, what, "add a post with a role that holds case.handle")


def _unanswered(pack: Pack, duties: Duties) -> Iterator[Problem]:
    """Rules whose class no row answers, asked in each district, by each level, by night and by day."""
    schemes = pack.head.top.get("schemes")
    first = {code[:6]: code for code in reversed(streets_of(pack))} or {"": ""}
    done: set[str] = set()
    for row in pack.rows(RULES):
        key = row.values["class"]
        if key in done or (schemes and key.split("/")[0] not in schemes.value):
            continue
        done.add(key)
        for given in _questions(key, tuple(first.values())):
            if not duties.table.decide(given):
                when = "on a working day" if given["workday"] else "on a day off"
                what = (
                    f"no duty row answers for class {key} at level {given['level']}, "
                    f"{given['hour']} o'clock {when}, in {given['area'] or 'any area'}"
                )
                yield pack.problem(RULES, row, "class", what, f"add a row to {duties.layer}/duties.jdm.json")
                break


def _questions(key: str, places: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for level in Level:
        for hour, workday in HOURS:
            for area in places:
                yield {
                    "major": major_of(key),
                    "class": minor_of(key),
                    "fine": key if minor_of(key) != key else "",
                    "level": str(level),
                    "area": area,
                    "hour": hour,
                    "workday": workday,
                    "load": 0,
                }
