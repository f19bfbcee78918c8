"""What each cell of the matrix should answer, computed slowly from the declared table and the bare rows.

Nothing here asks the product's guards, seats or scopes: only what the pack gives a role, and what a row says.
"""

from typing import Any

from cityloop.http.who_may import Need
from tests.matrix.city import Someone

CENTRES = {"case.dispatch", "case.accept", "figures.read"}  # who has one of these is no mere pair of hands


OF_A_SESSION = ("/v1/me/", "/v1/sessions/current", "/sign-out")  # another system has a key and no session


def lets_in(need: Need, who: Someone) -> int:
    """0 where the caller may call this at all; else the status of the refusal."""
    if need.public:
        return 0
    if who.account is None:
        return 401
    if "{key}" in need.path and not who.by_key:
        return 401  # the path must carry a key, and a session's token is none
    if need.path.startswith(OF_A_SESSION) and need.name != "GET /v1/me/proof" and who.by_key:
        return 401
    if not need.any_of:
        return 0
    for permission in need.any_of:
        if permission.value in who.holds:
            return 0
    return 403


def in_area(area: str | None, cell: str | None) -> bool:
    """Whether an area holds a cell, digit by digit; no area is everywhere."""
    if area is None:
        return True
    if cell is None or len(cell) < len(area):
        return False
    return all(cell[i] == area[i] for i in range(len(area)))


def sees_case(who: Someone, case: Any) -> bool:
    """Whether somebody may know of a case."""
    if "case.read" not in who.holds:
        return False
    if is_guest(who, case) or case.unit == who.unit:
        return True
    if "case.handle" in who.holds and not CENTRES & who.holds:
        return False  # hands of a unit see what is their unit's, and nothing else
    return in_area(who.area, case.cell) or (case.post is not None and case.post == who.post)


def is_guest(who: Someone, case: Any) -> bool:
    """Whether their unit helps with the case, or was whistled to it."""
    return who.unit in [name for name in (case.guests or "").split("|") if name]


def may_case(who: Someone, case: Any, permission: str) -> bool:
    """Whether somebody may do this deed to a case."""
    if permission not in who.holds or not sees_case(who, case):
        return False
    if permission == "case.handle":
        return case.unit == who.unit
    if permission in ("case.assist", "case.report_in"):
        return is_guest(who, case)
    if permission == "case.dispatch":
        return (who.area or "") == (case.level_area or "")
    if permission == "case.approve_work":
        if "case.handle" in who.holds:
            return case.unit == who.unit
        if "case.dispatch" in who.holds:
            return (who.area or "") == (case.level_area or "")
    return True


def sees_report(who: Someone, report: Any) -> bool:
    """Whether somebody may read a report: `report` is its row, with that of its case or None in `case`."""
    if "report.read" not in who.holds:
        return False
    if report.case is None:
        return who.area is None
    return sees_case(who, report.case)


def may_reveal(who: Someone, report: Any) -> bool:
    """Whether somebody may learn who reported: never who commands or handles."""
    hands = {"case.handle", "case.dispatch", "case.approve_work"}
    return sees_report(who, report) and "person.reveal" in who.holds and not hands & who.holds


def sees_order(who: Someone, order: Any, permission: str) -> bool:
    """Whether somebody may know of a work order: by the place of its case."""
    return permission in who.holds and in_area(who.area, order.cell)


def watches(who: Someone, post: Any, permission: str) -> bool:
    """Whether somebody watches or plans a post's people: a unit its own, others those of their area."""
    if permission not in who.holds:
        return False
    return post.unit == who.unit if "case.handle" in who.holds else in_area(who.area, post.area)
