"""How an old case stands here, whether it was in time, and what its file leaves untold."""

from datetime import UTC, datetime, timedelta

import pytest

from cityloop.domain.facts import Origin, Untold, Where
from cityloop.domain.lifecycle import IMPORTED, State
from cityloop.doors.files.model import Row, Words
from cityloop.doors.files.rules import STATES, digest_of, on_time, state_of, untold_of

T = datetime(2026, 3, 6, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = "gbt30428_2_2013/event/0113"


def row(**told) -> Row:
    origin = Origin(source="old", key="1", digest="", file="", line=2)
    return Row(line=2, origin=origin, opened_at=T, words=Words(text="a hole"), channel="partner", **told)


@pytest.mark.parametrize(
    ("due", "closed", "as_of", "timely"),
    [
        (None, None, T, True),
        (None, T, T, True),
        (T, T, T + HOUR, True),  # the deadline itself
        (T, T + timedelta(microseconds=1), T, False),
        (T, None, T, True),  # open, measured at the export
        (T, None, T + HOUR, False),
        (T + HOUR, T, T + 9 * HOUR, True),  # closed in time, exported later
    ],
)
def test_in_time_is_no_deadline_or_closed_by_it(due, closed, as_of, timely):
    assert on_time(due, closed, as_of) is timely


@pytest.mark.parametrize(
    ("told", "knows_rule", "state", "why"),
    [
        ({"closed_at": T}, False, "closed", ()),
        ({"state": State.closed}, False, "closed", ()),
        ({"state": State.not_accepted}, True, "not_accepted", ()),
        ({}, True, "reported", ("import_no_class",)),
        ({"class_key": KEY}, False, "reported", ("import_no_class",)),
        ({"class_key": KEY}, True, "to_dispatch", ("import_no_unit",)),
        ({"class_key": KEY, "unit": "roads"}, True, "to_dispatch", ("import_no_deadline",)),
        ({"class_key": KEY, "unit": "roads", "due_at": T}, True, "handling", ()),
        ({"class_key": KEY, "unit": "roads", "due_at": T, "state": State.to_dispatch}, True, "to_dispatch", ()),
        ({"class_key": KEY, "unit": "roads", "due_at": T, "state": State.reported}, True, "reported", ()),
        ({"class_key": KEY, "unit": "roads", "state": State.handling}, True, "to_dispatch", ("import_no_deadline",)),
    ],
)
def test_an_old_case_stands_where_it_can_go_on(told, knows_rule, state, why):
    assert state_of(row(**told), knows_rule=knows_rule) == (state, why)
    assert state in IMPORTED


def test_every_state_that_a_file_may_name_is_one_that_can_be_imported():
    assert {state for state in STATES.values() if state} == set(IMPORTED)


@pytest.mark.parametrize(
    ("told", "state", "untold"),
    [
        ({}, State.reported, ()),
        ({}, State.to_dispatch, ("accepted", "filed")),
        ({"filed_at": T}, State.handling, ("accepted", "dispatched")),
        ({"closed_at": T}, State.closed, ("accepted", "filed", "dispatched", "handled")),
        ({}, State.not_accepted, ("closed",)),
        (dict.fromkeys(("accepted_at", "filed_at", "dispatched_at", "handled_at", "closed_at"), T), State.closed, ()),
    ],
)
def test_steps_that_must_have_happened_and_are_not_told_are_unknown(told, state, untold):
    assert untold_of(row(**told), state) == tuple(Untold(each) for each in untold)


def test_a_digest_tells_what_changed_and_nothing_of_a_person():
    """Erased words must not be guessed from it; a new grid is no news; what the city counts by is."""
    plain = digest_of(row())
    assert digest_of(row(where=Where(cell="990201001001001", lon=1.0, lat=2.0))) == plain
    assert (
        digest_of(Row(**{**{n: getattr(row(), n) for n in Row.__struct_fields__}, "words": Words(text="x", phone="1")}))
        == plain
    )
    assert digest_of(Row(**{**{n: getattr(row(), n) for n in Row.__struct_fields__}, "line": 9})) == plain
    assert len({plain, digest_of(row(closed_at=T)), digest_of(row(unit="roads")), digest_of(row(due_at=T))}) == 4
