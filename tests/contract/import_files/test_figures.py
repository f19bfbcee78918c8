"""Figures over imported histories: what the file tells is counted where it belongs, what it does not tell is no zero."""

from datetime import UTC, date, datetime

import pytest
from tests.import_world import MAPPING, write_csv

from cityloop.stages.evaluate.model import By
from cityloop.stages.evaluate.service import asked_from, figures

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
FULL = {"came_in": "2026-01-05 08:00", "accepted": "2026-01-05 08:10", "filed": "2026-01-05 08:20", "sent": "2026-01-05 09:00",
        "done": "2026-01-05 11:00", "closed": "2026-01-05 15:00", "deadline": "2026-01-06 18:00", "unit": "cleaning"}  # fmt: skip
ROWS = [
    {**FULL, "no": "1"},
    {**FULL, "no": "2", "done": "2026-01-07 09:00", "closed": "2026-01-07 10:00"},  # late
    {"no": "3", "came_in": "2026-01-05 08:00", "closed": "2026-01-06 08:00", "deadline": "2026-01-06 18:00", "unit": "cleaning"},
    {"no": "4", "came_in": "2026-01-05 08:00", "closed": "2026-01-06 08:00", "unit": "cleaning"},  # no deadline
    {"no": "5", "came_in": "2026-01-05 08:00", "state": "closed", "unit": "cleaning"},  # nobody knows when
    {"no": "6", "came_in": "2026-01-05 08:00", "state": "refused", "closed": "2026-01-05 12:00"},
    {"no": "7", "came_in": "2026-01-05 08:00", "class": "0113", "unit": "cleaning", "deadline": "2026-01-09 18:00"},  # open
]  # fmt: skip

# metric -> above and below the line
EXPECTED = {
    "reported": (7, None),
    "opened": (7, None),
    "filed": (2, None),
    "refused": (1, None),
    "filing_rate": (2, 3),  # 1 and 2 were filed, 6 was not; of the others it is not told
    "filed_on_time": (0, 0),  # another system's limits of filing are unknown
    "dispatched": (2, None),
    "dispatched_on_time": (0, 0),
    "due_to_handle": (3, None),  # 1, 2, and 7, whose work runs on here
    "handled": (2, None),
    "handled_on_time": (1, 3),
    "overdue_open": (1, None),
    "handling_elapsed_min": (120 + 2880, 2),  # of those whose dispatch is told
    "closed": (4, None),  # not 5: nobody knows when
    "due_to_close": (4, None),  # 4 and 5 had no deadline
    "closing_rate": (3, 4),
    "closed_on_time": (2, 4),  # 1 and 3
    "open_now": (1, None),
}


@pytest.fixture
def counted(town, tmp_path):
    """The figures of January, by metric."""
    tally = town.bring(write_csv(tmp_path / "old.csv", ROWS), MAPPING)
    assert (tally.added, tally.bad) == (7, 0)
    policy = town.book.in_force()
    asked = asked_from(By.all, JANUARY, policy=policy, now=datetime(2026, 2, 1, tzinfo=UTC))
    with town.database.reading() as tx:
        answer = figures(tx, asked, policy=policy)
    return {each.metric: (each.numerator, each.denominator) for each in answer.whole.figures}


def test_imported_histories_are_counted_by_what_is_told(counted):
    """A rate whose step is unknown leaves the case out, above the line and below."""
    assert {name: counted[name] for name in EXPECTED} == EXPECTED
