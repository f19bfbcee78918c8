"""What handling decides, as tables."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cityloop.domain.calendar import calendar_in
from cityloop.domain.policy import Limit, LimitUnit
from cityloop.domain.time import due_at
from cityloop.packs import load
from cityloop.stages.handle import rules
from cityloop.stages.handle.model import PART_MAX, ProofMissing, ReasonUnknown, Running, TooManyPhotos

PACKS = Path(__file__).parents[2] / "packs"
FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)  # 16:00 there


@pytest.mark.parametrize(
    ("photos", "note", "error"),
    [
        (1, "", None),
        (9, "", None),
        (0, "已清运并冲洗路面", None),
        (0, "done, all", None),
        (0, "", ProofMissing),
        (0, "done all", ProofMissing),
        (0, "  a b c d  ", ProofMissing),
        (10, "", TooManyPhotos),
    ],
)
def test_what_proves_that_work_is_done(photos, note, error):
    if error is None:
        rules.proof_enough(photos, note, 9)
    else:
        with pytest.raises(error):
            rules.proof_enough(photos, note, 9)


def test_the_due_moment_is_in_time():
    assert [rules.is_overdue(FRIDAY + timedelta(microseconds=us), FRIDAY) for us in (-1, 0, 1)] == [False, False, True]


def test_reasons_are_those_with_words():
    assert rules.return_reason("not_found") == "not_found"
    with pytest.raises(ReasonUnknown):
        rules.return_reason("")


def running(count: int) -> list[Running]:
    """Tasks given on a Friday afternoon, due on Monday morning."""
    limit = Limit(value=4, unit=LimitUnit.work_hour)
    due = due_at(FRIDAY, limit, calendar_in(load(PACKS / "mini")))
    return [Running(id=f"t{i}", case_id=f"c{i}", start=FRIDAY, due_at=due, limit=limit) for i in range(count)]


def test_the_same_calendar_moves_nothing():
    assert rules.dues_moved(running(3), calendar_in(load(PACKS / "mini")), FRIDAY) == []


@pytest.mark.parametrize(
    ("count", "moved", "more"), [(1, 1, False), (PART_MAX, PART_MAX, False), (PART_MAX + 1, PART_MAX, True)]
)
def test_a_part_says_whether_more_wait(count, moved, more):
    found = rules.dues_moved(running(count), calendar_in(load(PACKS / "mini_holiday")), FRIDAY)
    assert len(found) == moved
    assert (found[-1].why == "calendar_more") is more
    assert {each.why for each in found[:-1]} <= {"calendar"}
