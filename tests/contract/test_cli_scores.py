"""`cityloop scores`: what was published is counted again from the journal alone."""

from datetime import timedelta

import pytest
from tests.contract.test_cli import change, home, played, run, value

from cityloop import app as city_app
from cityloop.domain.calendar import calendar_in
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.service.fair import fair_sheet, publish_scores

__all__ = ["home", "played", "run"]  # its fixtures: a city with a small week in it


@pytest.fixture
def sheet(home):
    """The days of the city up to yesterday, published; gives the sheet's id."""
    parts = city_app.join(city_app.Settings(home=str(home)))
    try:
        policy = parts.book.in_force()
        calendar = calendar_in(policy)
        now = parts.database.clock()
        last = now.astimezone(calendar.zone).date() - timedelta(days=1)
        span = rules.span_of(last - timedelta(days=6), last, calendar)
        with parts.database.reading() as tx:
            draft = fair_sheet(tx, "department", span, policy=policy, now=now)
        return parts.writer.change(
            lambda tx: publish_scores(tx, draft, notice_days=7, reason=None, by="nobody", policy=policy, now=now)
        )
    finally:
        parts.close()


def test_what_was_published_is_what_the_journal_gives(run, home, sheet):
    code, said = run("scores", "list")
    assert code == 0
    assert sheet in said
    code, said = run("scores", "check")
    assert code == 0, said
    seq = value(home, "SELECT seq FROM score_sheet")
    assert f"Equal: {seq:,} facts of the journal alone" in said
    assert run("scores", "check", sheet)[0] == 0
    assert run("scores", "check", "department.none")[1].startswith("evaluate.published_unknown")


def test_a_number_that_the_journal_does_not_give_is_found(run, home, sheet):
    """Somebody changes what was published, behind the program's back."""
    change(home, """UPDATE score_sheet SET scores = replace(scores, '"cases":', '"cases":1')""")
    code, said = run("scores", "check", sheet)
    assert code == 1
    assert "differ from what the journal says" in said


def test_before_anything_was_published(run):
    assert run("scores", "list")[1].strip() == "Nothing was published yet."
