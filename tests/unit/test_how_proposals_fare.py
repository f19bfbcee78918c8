"""What joining and dispatch show of themselves, by what people did with what they proposed."""

from datetime import UTC, datetime

import pytest

from cityloop.cases import Joined
from cityloop.teaching.model import Outcome
from cityloop.teaching.rules import dispatch_outcome, joining_outcome, outcomes_told

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HERE = {"channel": "app", "area": "east"}


@pytest.mark.parametrize(
    ("joined", "of_case", "right", "alone", "proposed"),
    [
        (Joined.asked, {}, None, False, True),  # nobody has decided
        (Joined.asked, {"is_first": True, "is_accepted": True}, False, False, True),  # a problem of its own
        (Joined.asked, {"is_accepted": True}, None, False, True),
        (Joined.alone, {}, None, True, True),
        (Joined.alone, {"is_over": True}, True, True, True),  # it stood
        (Joined.parted, {}, False, True, True),
        (Joined.same, {}, True, False, True),
        (Joined.other, {}, False, False, True),
        (Joined.missed, {}, False, False, False),
    ],
)
def test_what_became_of_a_report_that_may_be_part_of_another_case(joined, of_case, right, alone, proposed):
    found = joining_outcome(joined, **HERE, **({"is_first": False, "is_accepted": False, "is_over": False} | of_case))
    assert (found.right, found.alone, found.proposed) == (right, alone, proposed)


@pytest.mark.parametrize(
    ("given", "is_alone", "outcome", "right"),
    [
        ("roads", False, None, True),
        ("water", False, None, False),  # a person chose another
        ("roads", True, None, None),
        ("roads", True, "finished", True),
        ("roads", True, "misdispatched", False),
        ("roads", True, "reassigned", False),
        ("roads", True, "returned", None),  # nothing was there, or the weather: no word on the unit
    ],
)
def test_what_became_of_a_unit_that_was_proposed(given, is_alone, outcome, right):
    found = dispatch_outcome("roads", given, **HERE, is_alone=is_alone, outcome=outcome)
    assert (found.right, found.alone) == (right, is_alone)


def test_the_figures_count_people_and_what_stood_apart():
    """What nobody has judged counts among the reports and in no share; what was missed is wrong and overrules nothing."""
    outcomes = [
        *[Outcome(**HERE, right=True) for _ in range(6)], *[Outcome(**HERE, right=False) for _ in range(2)],
        Outcome(**HERE, right=False, proposed=False), Outcome(**HERE, right=None),
        *[Outcome(**HERE, alone=True, right=True) for _ in range(9)], Outcome(**HERE, alone=True, right=False), Outcome(**HERE, alone=True, right=None),
    ]  # fmt: skip
    told = outcomes_told("joining", outcomes, NOW)
    assert (told.reports, told.alone, told.cases, told.right, told.overridden) == (21, 11, 9, 6, 2)
    assert (told.tested, told.undone) == (10, 1)
    assert [(each.by, each.group, each.cases, each.wrong) for each in told.groups] == [("area", "east", 18, 3), ("channel", "app", 18, 3)]


def test_a_district_where_more_is_undone_is_found():
    """Twice as many as elsewhere, over so many that chance does not deal it."""
    worse = [Outcome(channel="app", area="west", alone=True, right=number % 4 != 0) for number in range(200)]
    even = [Outcome(channel="app", area="east", alone=True, right=number % 12 != 0) for number in range(600)]
    assert {each.group for each in outcomes_told("dispatch", [*worse, *even], NOW).groups if each.claimed} == {"west", "east"}
    assert not [each for each in outcomes_told("dispatch", even, NOW).groups if each.claimed]
