"""Which row of the approval matrix answers a request, as a table of cases."""

from datetime import UTC, datetime, timedelta

import pytest

from cityloop.domain.approval import (
    DENIALS,
    EFFECT,
    REASONS,
    NotInPack,
    TooLong,
    TooOften,
    asks_with,
    grants_with,
    row_for,
)
from cityloop.domain.lifecycle import MOVE_OF
from cityloop.domain.permission import COMMAND, SUPERVISION
from cityloop.domain.policy import ApprovalKind, ApprovalRow, Limit, LimitUnit, Source

NOW = datetime(2026, 3, 6, tzinfo=UTC)
HOUR, DAY = LimitUnit.urgent_hour, LimitUnit.urgent_day


def row(name: str, count_from: int, count_to: int | None, up_to: Limit | None, kind: str = "extension") -> ApprovalRow:
    return ApprovalRow(
        kind=ApprovalKind(kind), count_from=count_from, count_to=count_to, up_to=up_to, steps=(name,),
        decide_limit=Limit(value=1, unit=HOUR), source=Source(document="a", clause="b", date="2026"),
    )  # fmt: skip


ROWS = (
    row("week", 1, 1, Limit(value=7, unit=DAY)), row("hours", 1, 2, Limit(value=30, unit=HOUR)),
    row("day", 1, 1, Limit(value=1, unit=DAY)), row("any", 3, None, None), row("back", 1, None, None, "return"),
)  # fmt: skip


def end_of(limit: Limit) -> datetime:
    return NOW + timedelta(hours=limit.value * (24 if limit.unit is DAY else 1))


@pytest.mark.parametrize(
    ("nth", "hours", "answers"),
    [(1, 1, "day"), (1, 24, "day"), (1, 25, "hours"), (1, 30, "hours"), (1, 31, "week"), (1, 168, "week"),
     (2, 24, "hours"), (3, 1, "any"), (99, 9_999, "any")],
)  # fmt: skip
def test_the_shortest_row_that_holds_it_answers(nth, hours, answers):
    found = row_for(ROWS, ApprovalKind.extension, nth, NOW + timedelta(hours=hours), end_of)
    assert found.steps == (answers,)


@pytest.mark.parametrize(("nth", "hours", "error"), [(1, 169, TooLong), (2, 31, TooLong)])
def test_what_no_row_holds_is_too_long(nth, hours, error):
    with pytest.raises(error, match="ask for less"):
        row_for(ROWS, ApprovalKind.extension, nth, NOW + timedelta(hours=hours), end_of)


def test_what_no_row_counts_is_too_often():
    with pytest.raises(TooOften, match="2 times at most"):
        row_for(ROWS[:3], ApprovalKind.extension, 3, NOW, end_of)


def test_what_the_pack_has_not():
    with pytest.raises(NotInPack):
        row_for(ROWS, ApprovalKind.void, 1, None, end_of)
    assert row_for(ROWS, ApprovalKind.return_, 7, None, end_of).steps == ("back",)


def test_every_kind_has_reasons_and_an_effect_that_is_a_move():
    assert set(REASONS) == set(EFFECT) == set(ApprovalKind)
    assert all(EFFECT[kind] in MOVE_OF and REASONS[kind] for kind in ApprovalKind)
    assert not set(DENIALS) & {reason for reasons in REASONS.values() for reason in reasons}


def test_who_asks_and_who_decides_stand_on_one_side():
    """监督与指挥分离: neither centre decides what is the other's."""
    for kind in ApprovalKind:
        side = COMMAND if asks_with(kind) in COMMAND else SUPERVISION
        assert {asks_with(kind), grants_with(kind)} <= side
