"""What handling decides, as tables."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import DueMoved
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Limit, LimitUnit
from cityloop.domain.time import due_at
from cityloop.packs import load
from cityloop.stages.handle import rules
from cityloop.stages.handle.model import ProofMissing, ReasonUnknown, Running, TooManyPhotos

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


LIMIT = Limit(value=4, unit=LimitUnit.work_hour)
KEPT = msgspec.json.encode(LIMIT).decode()
MINI, HOLIDAY = (load(PACKS / name) for name in ("mini", "mini_holiday"))
DUE = due_at(FRIDAY, LIMIT, calendar_in(MINI))  # Monday morning
EVERY = dict.fromkeys(Running.__struct_fields__)


def running(state: str, **more) -> Running:
    """A case in a state, every limit of which is four working hours from Friday afternoon."""
    known = {
        "accept_due": DUE, "accept_limit": KEPT, "dispatch_due": DUE, "dispatch_limit": KEPT, "clock_since": FRIDAY,
        "task_id": "t", "task_start": FRIDAY, "task_given_at": FRIDAY, "task_due": DUE, "task_limit": KEPT,
        "task_sign_due": DUE, "task_sign_limit": KEPT,
    }  # fmt: skip
    return Running(**EVERY | {"id": "c", "state": State(state), "received_at": FRIDAY} | known | more)


@pytest.mark.parametrize(
    ("state", "measures"),
    [
        ("reported", ["accept"]),
        ("to_file", ["accept"]),
        ("verifying", ["accept", "verify"]),
        ("to_dispatch", ["dispatch"]),
        ("to_sign", ["sign", "handle"]),
        ("handling", ["handle"]),
        ("inspecting", ["inspect"]),
        ("handled", []),
        ("to_close", []),
        ("closed", []),
    ],
)
def test_what_runs_in_a_state_moves_with_the_calendar(state, measures):
    case = running(state)
    moved = rules.dues_moved(case, settings=HOLIDAY.settings, calendar=calendar_in(HOLIDAY), now=FRIDAY)
    assert [each.measures for each in moved] == measures
    assert {each.due_at - DUE for each in moved} <= {timedelta(days=1)}
    assert rules.dues_moved(case, settings=MINI.settings, calendar=calendar_in(MINI), now=FRIDAY) == []


def test_a_limit_that_no_fact_carries_is_the_packs():
    case = running("reported", accept_limit=None)
    assert [each.limit for each in rules.limits_running(case, MINI.settings)] == [MINI.settings.accept_limit]


@pytest.mark.parametrize(("count", "more"), [(0, True), (1, False), (3, True)])
def test_the_last_of_a_part_says_whether_more_wait(count, more):
    fact = DueMoved(case_id="c", due_at=DUE, at=FRIDAY, why="calendar")
    found = rules.marked([fact] * count, more=more)
    assert [each.why for each in found] == ["calendar"] * (count - more) + ["calendar_more"] * (more and count > 0)
