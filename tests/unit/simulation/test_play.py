"""Simulated days: the same seed plays the same days, every door is used, everything says that it is simulated."""

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import pytest
from msgspec.structs import replace

from cityloop.app import Settings, join, open_city
from cityloop.db import tx as db_tx
from cityloop.domain.facts import AreaLeft, Channel, ReportReceived, ShiftEnded, ShiftStarted
from cityloop.journal import told_from
from cityloop.simulation import WEEK, NotSimulated, PlayClock, play
from cityloop.simulation.play import sittings
from cityloop.simulation.reports import Route

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
    "KnowledgePublished",
    "KnowledgeFlagged",
    "InquiryAnswered",
}


def week(folder, *, reports=60, seed=1):
    """The facts of a week in a city of its own, and what its days came to.

    Ids are counted instead of drawn: whom the city asks and inspects by lot follows from them.
    """
    clock, drawn = PlayClock(datetime(2026, 3, 6, 9, 0, tzinfo=UTC)), count(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db_tx, "new_id", lambda at: f"{db_tx.id_from(at)[:19]}8000-{next(drawn):012x}")
        parts = join(Settings(home=str(folder)), clock=clock)
        try:
            open_city(parts)
            played = play(parts, clock, reports=reports, seed=seed, password="anything at all", until=END)
            with parts.database.reading() as tx:
                rows = tx.all("SELECT seq, body FROM fact WHERE city = :city ORDER BY seq")
            return [told_from(parts.database.city, row.seq, row.body) for row in rows], played
        finally:
            parts.close()


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    return week(tmp_path_factory.mktemp("city") / "home", reports=150)


@pytest.fixture(scope="module")
def told(both):
    return both[0]


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
    assert outline(week(tmp_path / "again", reports=150)[0]) == outline(told)


def test_another_seed_plays_another_week(tmp_path):
    assert outline(week(tmp_path / "other", reports=30, seed=2)[0]) != outline(week(tmp_path / "one", reports=30)[0])


def test_reports_come_by_every_door(both):
    told, played = both
    assert set(played.routes) == set(Route)
    assert sum(played.routes.values()) == played.reports == 150
    channels = {each.fact.channel for each in told if isinstance(each.fact, ReportReceived)}
    wanted = {Channel.app, Channel.text, Channel.collector, Channel.counter, Channel.hotline, Channel.partner}
    assert channels == wanted
    names = {type(each.fact).__name__ for each in told}
    assert names >= {
        "SelfHandlingReported",
        "CaseSelfHandled",
        "WorkOrderReceived",
        "WorkOrderSigned",
        "WorkOrderReplied",
    }
    assert played.hotline_heard > 0


def test_who_is_planned_signs_on_and_their_phones_say_where_they_are(told):
    """On the last two days; whose hours are over has signed off, and somebody strays from the day's grid."""
    shifts = [each.fact for each in told if isinstance(each.fact, ShiftStarted)]
    ended = {each.fact.shift_id for each in told if isinstance(each.fact, ShiftEnded)}
    assert len(shifts) > 50
    assert all(END - timedelta(days=2) <= each.at and each.planned_from <= each.at < each.planned_to for each in shifts)
    assert {each.shift_id for each in shifts if each.planned_to < END - timedelta(hours=2)} <= ended
    assert not {each.shift_id for each in shifts if each.planned_to > END} & ended
    assert any(isinstance(each.fact, AreaLeft) for each in told)


def test_people_are_mostly_able_to_do_what_they_put_down(both):
    _, played = both
    refused = sum(sum(each.values()) for each in played.deeds.values()) - played.done
    assert played.done > 500
    assert refused < played.done / 8


def test_reports_come_by_day_and_all_come():
    moments = sittings(datetime(2026, 3, 6, 10, 0, tzinfo=UTC), WEEK, 2_000, Random(3), "Asia/Shanghai")
    assert sum(count for _, count in moments) == 2_000
    by_night = sum(count for moment, count in moments if (moment.hour + 8) % 24 < 5)
    assert by_night < 200


def test_nothing_is_made_up_in_a_real_city(tmp_path, monkeypatch):
    clock = PlayClock()
    parts = join(Settings(home=str(tmp_path / "home")), clock=clock)
    try:
        open_city(parts)

        real = replace(parts.book.in_force(), simulated=False)
        monkeypatch.setattr(parts.book, "_now", real)
        with pytest.raises(NotSimulated):
            play(parts, clock, reports=1, seed=1, password="anything at all")
        with parts.database.reading() as tx:
            assert not tx.value("SELECT count(*) FROM fact WHERE city = :city AND type = :t", t=ReportReceived.__name__)
    finally:
        parts.close()
