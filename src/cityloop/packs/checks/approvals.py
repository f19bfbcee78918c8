"""The approval matrix: roles that exist and stand on the right side, no count without a row, none with two."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from cityloop.domain.approval import grants_with
from cityloop.domain.policy import ApprovalKind
from cityloop.packs.columns import APPROVALS, POSTS, ROLES
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row
from cityloop.packs.values import nearest

WITHOUT_LENGTH = frozenset({ApprovalKind.return_, ApprovalKind.misdispatch, ApprovalKind.void})
ENDLESS = 100  # beyond the highest count that a cell may hold


def approval_problems(pack: Pack) -> Iterator[Problem]:
    """Rows that nobody could follow, and requests that no row or more than one would answer."""
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in pack.rows(APPROVALS):
        by_kind[row.values["kind"]].append(row)
        yield from _row_problems(pack, row)
    for kind, rows in by_kind.items():
        if not pack.may_have(APPROVALS, kind):
            yield from _holes(pack, kind, rows)
        yield from _overlaps(pack, kind, rows)


def _row_problems(pack: Pack, row: Row) -> Iterator[Problem]:
    values, kind = row.values, ApprovalKind(row.values["kind"])
    roles = {each.values["id"]: each.values for each in pack.rows(ROLES)}
    permission = grants_with(kind)
    for role in values["approvers"]:
        if role not in roles and pack.may_have(ROLES, role):
            continue
        if role not in roles:
            yield _problem(pack, row, "approvers", f"role {role!r} is not in roles.csv", nearest(role, tuple(roles)))
        elif permission not in roles[role]["permissions"]:
            what = f"role {role} may not {permission}, so it cannot agree to {kind}"
            yield _problem(pack, row, "approvers", what, "name another role, or give this one the permission")
    first, last = _counts(values)
    if last < first:
        yield _problem(pack, row, "count_to", f"the row counts from {first} to {last}", "put the two the right way round")
    if kind in WITHOUT_LENGTH and values.get("up_to_value"):
        yield _problem(pack, row, "up_to_value", f"{kind} has no length", "leave the cell empty")
    held = {each.values["role"] for each in pack.rows(POSTS)}
    if pack.head.city and held and not held & set(values["approvers"]) and POSTS.file not in pack.unread:
        what = f"no post in the city is {' or '.join(values['approvers'])}"
        yield _problem(pack, row, "approvers", what, "add a post, or name a role that somebody holds")


def _holes(pack: Pack, kind: str, rows: list[Row]) -> Iterator[Problem]:
    """From the first request to the last that is had, each has a row."""
    spans = sorted((_counts(row.values), place) for place, row in enumerate(rows))
    reached = 0
    for (first, last), place in spans:
        if first > reached + 1:
            what = f"no row of {kind} answers request no. {reached + 1}"
            yield _problem(pack, rows[place], "count_from", what, f"begin at {reached + 1}, or add a row")
        reached = max(reached, last)


def _overlaps(pack: Pack, kind: str, rows: list[Row]) -> Iterator[Problem]:
    """Two rows that hold for the same length and the same count."""
    for place, row in enumerate(rows):
        for other in rows[:place]:
            (first, last), (begins, ends) = _counts(row.values), _counts(other.values)
            if first <= ends and begins <= last and _length(row.values) == _length(other.values):
                what = f"{kind} no. {max(first, begins)} of that length is answered on line {other.line}, too"
                yield _problem(pack, row, "count_from", what, "let only one row answer it")


def _counts(values: dict[str, Any]) -> tuple[int, int]:
    return values["count_from"], values.get("count_to") or ENDLESS


def _length(values: dict[str, Any]) -> tuple[int, str] | None:
    longest = values.get("up_to_value")
    return (longest, values.get("up_to_unit", "")) if longest else None


def _problem(pack: Pack, row: Row, column: str, what: str, remedy: str) -> Problem:
    return pack.problem(APPROVALS, row, column, what, remedy)
