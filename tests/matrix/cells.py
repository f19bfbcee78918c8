"""The cells of the matrix: an endpoint, somebody, a row; what it should answer, and whether it did."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from cityloop.http.who_may import Need
from cityloop.http.who_may import Rows as Whose
from tests.matrix import oracle
from tests.matrix.city import Someone
from tests.matrix.kinds import HIDDEN, IN, NOT_YOURS, kind_of
from tests.matrix.knock import Answer
from tests.matrix.rows import ID, Rows

NO = "no"
LOOKS = frozenset({"GET /v1/duty/positions", "GET /v1/screens/duty"})  # that somebody looked where people are is a fact
STALE = 999_999  # a version that no row has
OVER = frozenset({"approval.over", "lifecycle.move_forbidden"})
OTHERS = frozenset({"people.bad_key", "needs_sign_in", "not_allowed"})  # codes of a shut door


class Cell(Struct, frozen=True, kw_only=True):
    """One try. `expect`: let in, refused at the door, not there for them, or seen and another's deed."""

    need: Need
    who: Someone
    path: str
    expect: str
    status: int = 0  # of a refusal at the door
    no: int | None = None  # the version of the row

    def __str__(self) -> str:
        return f"{self.need.method} {self.path} as {self.who.name}"


def cells_of(need: Need, who: Someone, rows: Rows, turn: int) -> Iterator[Cell]:
    """The cells of an endpoint for somebody: one refusal at the door, or one row of each verdict."""
    status, kind = oracle.lets_in(need, who), kind_of(need)
    if status or kind is None:
        own_key = {"key": who.token or "none"}
        yield Cell(need=need, who=who, path=filled(need.path, own_key), expect=NO if status else IN, status=status)
        return
    found: dict[str, list[Any]] = {}
    for row in kind.rows(rows):
        found.setdefault(kind.verdict(need, who, row, rows), []).append(row)
    for expect, those in found.items():
        row = those[turn % len(those)]
        no = next((each.no for each in (row, getattr(row, "case", None)) if hasattr(each, "no")), None)
        yield Cell(need=need, who=who, path=filled(need.path, kind.params(row)), expect=expect, no=no)


def filled(path: str, values: dict[str, str]) -> str:
    """A path with its parameters; one that nobody knows is `none`."""
    return "/".join(values.get(part[1:-1], "none") if part.startswith("{") else part for part in path.split("/")) or "/"


def wrong_with(cell: Cell, answer: Answer) -> str | None:
    """What is wrong with an answer; nothing where it is what the oracle expects."""
    if cell.expect == IN:
        if answer.changed:  # it got as far as the commit, and was taken back
            return "a question changed something" if cell.need.method == "GET" and cell.need.name not in LOOKS else None
        if answer.status >= 500:
            return "a fault"
        if answer.code in OTHERS and not cell.path.endswith(WITH_A_PASSWORD):
            return "shut out, and may come in"
        return None
    if answer.changed:
        return "something was changed"
    if cell.expect == NOT_YOURS and answer.code in OVER:
        return None  # they see it, and what is over nobody does any more
    wanted = {NO: cell.status, HIDDEN: 404, NOT_YOURS: 403}[cell.expect]
    return None if answer.status == wanted else f"not {wanted}"


WITH_A_PASSWORD = ("/v1/sessions", "/sign-in")


def leaked(cell: Cell, answer: Answer, rows: Rows) -> list[str]:
    """Ids of cases, reports and orders in an answer that the caller may not know of."""
    if cell.need.public or cell.need.rows not in SCOPED or answer.status >= 400:
        return []
    found = {match.decode() for match in ID.findall(answer.body)} - set(cell.path.split("/"))
    seen = [case for case in rows.cases if oracle.sees_case(cell.who, case)]
    found -= {id for case in seen for id in (case.near_case, case.recurs, case.merged_into)}  # an id alone, of what theirs follows
    hidden = [id for id in found if (case := rows.case_by_id.get(id)) and not knows_case(cell, case)]
    return hidden + [
        id for id in found
        if (report := rows.report_by_id.get(id)) and not (report.case is None and cell.who.area is None)
        and not (report.case and knows_case(cell, report.case))
    ]  # fmt: skip


SCOPED = frozenset({Whose.case, Whose.report, Whose.area, Whose.unit, Whose.own})


def knows_case(cell: Cell, case: Any) -> bool:
    """Whether the caller may know that there is this case: they see it, it lies where they read figures, or their unit had a task."""
    who = cell.who
    if oracle.sees_case(who, case):
        return True
    reads = {"figures.read", "order.read", "survey.manage"} & who.holds
    return bool(reads) and oracle.in_area(who.area, case.cell)
