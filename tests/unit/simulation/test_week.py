"""The simulated week: the same seed plays the same week, everything says that it is simulated."""

from datetime import UTC, datetime
from random import Random

import pytest
from msgspec.structs import replace

from cityloop.app import Settings, join, open_city
from cityloop.domain.facts import ReportReceived
from cityloop.journal import told_from
from cityloop.simulation import WeekClock, play_week
from cityloop.simulation.week import NotSimulated, sittings

END = datetime(2026, 3, 13, 10, 0, tzinfo=UTC)
ALWAYS = {
    "CaseFiled",
    "CaseDispatched",
    "TaskSigned",
    "TaskReturned",
    "TaskFinished",
    "CaseInspected",
    "CaseReworked",
    "CaseClosed",
    "CallbackAsked",
    "VerdictGiven",
}


def week(folder, *, reports=60, seed=1):
    """The facts of a week in a city of its own: type, subject's kind, moment, actor's kind."""
    clock = WeekClock(datetime(2026, 3, 6, 9, 0, tzinfo=UTC))
    parts = join(Settings(home=str(folder)), clock=clock)
    try:
        open_city(parts)
        play_week(parts, clock, reports=reports, seed=seed, password="anything at all", until=END)
        with parts.database.reading() as tx:
            rows = tx.all("SELECT seq, body FROM fact WHERE city = :city ORDER BY seq")
        return [told_from(parts.database.city, row.seq, row.body) for row in rows]
    finally:
        parts.close()


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return week(tmp_path_factory.mktemp("city") / "home")


def outline(told):
    return [(type(each.fact).__name__, each.fact.at, each.actor.partition(":")[0]) for each in told]


def test_a_week_has_everything_that_happens_to_cases(told):
    assert {type(each.fact).__name__ for each in told} >= ALWAYS


def test_every_report_and_case_says_that_it_is_simulated(told):
    marked = [each.fact.simulated for each in told if hasattr(each.fact, "simulated")]
    assert len(marked) > 100
    assert all(marked)


def test_the_week_lies_in_its_week(told):
    assert all(datetime(2026, 3, 6, 9, 0, tzinfo=UTC) <= each.fact.at <= END for each in told)


def test_the_same_seed_plays_the_same_week(told, tmp_path):
    assert outline(week(tmp_path / "again")) == outline(told)


def test_another_seed_plays_another_week(told, tmp_path):
    assert outline(week(tmp_path / "other", seed=2)) != outline(told)


def test_reports_come_by_day_and_all_come():
    moments = sittings(END, 2_000, Random(3), "Asia/Shanghai")
    assert sum(count for _, count in moments) == 2_000
    by_night = sum(count for moment, count in moments if (moment.hour + 8) % 24 < 5)
    assert by_night < 200


def test_nothing_is_made_up_in_a_real_city(tmp_path, monkeypatch):
    clock = WeekClock()
    parts = join(Settings(home=str(tmp_path / "home")), clock=clock)
    try:
        open_city(parts)

        real = replace(parts.book.in_force(), simulated=False)
        monkeypatch.setattr(parts.book, "_now", real)
        with pytest.raises(NotSimulated):
            play_week(parts, clock, reports=1, seed=1, password="anything at all")
        with parts.database.reading() as tx:
            assert not tx.value("SELECT count(*) FROM fact WHERE city = :city AND type = :t", t=ReportReceived.__name__)
    finally:
        parts.close()
