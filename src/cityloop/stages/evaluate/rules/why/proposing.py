"""What might be changed, for what was found. A proposal is for people: nothing follows from it by itself."""

from collections import Counter
from collections.abc import Mapping

from cityloop.stages.evaluate.model.why import Finding, Remedy, Tries, What


def proposal_for(finding: Finding, units: Mapping[str, str]) -> Remedy | None:
    """What a finding speaks for, or nothing: one unit where cases wander, another remedy where they come back, a patrol
    where and when they happen, a look at the devices of one vendor, hands or another limit where they are late. `units`: who was answerable in the end,
    by case.
    """
    said = dict(finding.condition)
    class_key, area, unit = finding.class_key or said.get("class"), said.get("street"), said.get("unit")
    about = {"class_key": class_key, "area": area, "unit": unit}
    if any(each.explains for each in finding.confounders):
        return Remedy(code="look_closer", **about)
    match finding.what:
        case What.wandered:
            about["unit"] = unit or last_unit(finding, units)
            return Remedy(code="one_unit", table="duties", tries=Tries.unit if class_key else None, **about)
        case What.back:
            return Remedy(code="mend_the_cause", table="rules", **about)
        case What.late:
            return Remedy(code="hands_or_limit", table="rules", tries=Tries.limit if class_key else None, **about)
        case What.redone:
            return Remedy(code="closing_condition", table="rules", **about)
    if "vendor" in said:
        return Remedy(code="look_at_devices", **about)
    return Remedy(code="patrol_ahead" if "weather" in said else "patrol_then", **about) if area or finding.by_day else None


def last_unit(finding: Finding, units: Mapping[str, str]) -> str | None:
    """The unit that most of a finding's cases came to in the end; of several the first by its id.

    Nobody where none of them has one.
    """
    many = Counter(unit for each in finding.cases if (unit := units.get(each)))
    return min(many, key=lambda unit: (-many[unit], unit), default=None)
