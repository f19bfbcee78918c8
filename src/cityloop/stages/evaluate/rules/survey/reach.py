"""Whose objects, whose forms: who manages a task, who fills in a table, and where an object lies."""

from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy, SurveyForm
from cityloop.stages.evaluate.model.survey import TaskAsked, TaskWrong

VISIT = "survey.visit"
OBJECTS_MAX, FORMS_MAX = 200, 12


def area_of(object: str, policy: Policy) -> AreaCode | None:
    """Where an object lies: a unit in the area that it serves, an area in itself; None: the whole city."""
    unit = policy.unit_by_id.get(object)  # type: ignore[call-overload]
    return unit.area if unit else AreaCode(object)


def is_within(seat_area: str | None, object: str, policy: Policy) -> bool:
    """Whether a seat's area holds an object."""
    return seat_area is None or (area_of(object, policy) or "").startswith(seat_area)


def answers_for(unit: str, object: str, policy: Policy) -> bool:
    """Whether posts of a unit fill in the tables of an object: the unit itself, or the one that serves exactly that area."""
    own = policy.unit_by_id.get(unit)  # type: ignore[call-overload]
    return unit == object or (own is not None and own.area == object)


def form_of(code: str, policy: Policy) -> SurveyForm:
    """The form as the pack has it now.

    Refuses with `TaskWrong`.
    """
    found = policy.survey_by_code.get(code)
    if found is None:
        known = ", ".join(policy.survey_by_code) or "none"
        raise TaskWrong(f"The pack has no form {code[:40]!r}; its forms are {known}.", field="forms")
    return found


def task_checked(asked: TaskAsked, policy: Policy) -> list[SurveyForm]:
    """The forms of a task that can be.

    Refuses with `TaskWrong`.
    """
    if not asked.first_day <= asked.last_day:
        raise TaskWrong(f"{asked.first_day} to {asked.last_day} is no period; give a first and a last day.", field="first_day")
    if not 1 <= len(asked.forms) <= FORMS_MAX or not 1 <= len(asked.objects) <= OBJECTS_MAX:
        raise TaskWrong(f"Choose 1 to {FORMS_MAX} forms and 1 to {OBJECTS_MAX} objects.", field="objects")
    for each in asked.objects:
        if each not in policy.unit_by_id and each not in policy.area_by_code:
            raise TaskWrong(f"{each[:40]!r} is neither a unit nor an area of the city; choose one that is.", field="objects")
    for post in asked.visitors:
        seat = policy.post_by_id.get(post)
        if seat is None or VISIT not in policy.role_by_id[seat.role].permissions:
            raise TaskWrong(f"{post[:40]!r} is no post that makes visits; choose one with {VISIT}.", field="visitors")
    found = [form_of(code, policy) for code in dict.fromkeys(asked.forms)]
    if any(each.places for each in found) != bool(asked.visitors):
        what = "Nobody makes the visits" if not asked.visitors else "Nothing is visited"
        raise TaskWrong(f"{what}; name visitors exactly where a form is a site visit.", field="visitors")
    return found
