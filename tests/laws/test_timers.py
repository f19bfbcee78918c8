"""What is due is done once: late where nobody was awake, never twice, and whatever fails is tried again in sight."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import Clock
from tests.laws.journal_world import count, facts_of, receive, writer_of
from tests.laws.test_journal_crash import Failing, PowerLost, bury

from cityloop.db import Database, Tx
from cityloop.domain.facts import PersonRevealed
from cityloop.journal import Timer, Timers, timer_drop, timer_set

KIND = "reveal"
MINUTE = timedelta(minutes=1)


def reveal(tx: Tx, timer: Timer) -> None:
    tx.emit(PersonRevealed(report_id=timer.subject.partition("/")[2], by="a", reason="call_back", at=tx.now))


def set_for(report: str, minutes: float):
    return lambda tx: timer_set(tx, KIND, f"report/{report}", tx.now + minutes * MINUTE)


def deeds(database: Database) -> list[str]:
    return [subject.partition("/")[2] for _, subject, _, kind in facts_of(database) if kind == "PersonRevealed"]


@pytest.fixture
def town(places, clock):
    database = places.open(clock=clock)
    return database, writer_of(database)


def test_a_timer_does_nothing_before_its_moment_and_acts_once_at_it(town, clock):
    database, writer = town
    report = writer.change(receive)
    writer.change(set_for(report, 30))
    timers = Timers(writer, {KIND: reveal})

    clock.forward(minutes=29)
    assert timers.fire() == 0
    clock.forward(minutes=1)
    assert timers.fire() == 1
    assert timers.fire() == 0
    assert deeds(database) == [report]


def test_a_server_that_was_down_at_the_moment_catches_up_in_order(town, clock):
    database, writer = town
    reports = [writer.change(receive) for _ in range(150)]
    for place, report in enumerate(reports):
        writer.change(set_for(report, 150 - place))
    clock.forward(days=3)
    timers = Timers(writer_of(database), {KIND: reveal})  # another process, which knows only the table
    while timers.fire():
        pass
    assert deeds(database) == reports[::-1]
    assert count(database, "timer") == 0


def test_two_processes_that_look_at_the_same_moment_act_once(town, clock):
    database, writer = town
    report = writer.change(receive)
    writer.change(set_for(report, 1))
    clock.forward(minutes=2)
    one, two = Timers(writer, {KIND: reveal}), Timers(writer, {KIND: reveal})
    with database.reading() as tx:
        read_before = one._due(tx)
    assert two.fire() == 1
    assert writer.whole(lambda tx: one._do(tx, read_before)) == 0
    assert deeds(database) == [report]


def test_a_timer_that_was_set_anew_acts_at_its_new_moment_only(town, clock):
    database, writer = town
    report = writer.change(receive)
    writer.change(set_for(report, 1))
    writer.change(set_for(report, 60))
    timers = Timers(writer, {KIND: reveal})
    clock.forward(minutes=2)
    assert timers.fire() == 0
    clock.forward(minutes=60)
    assert timers.fire() == 1
    writer.change(set_for(report, 1))
    writer.change(lambda tx: timer_drop(tx, KIND, f"report/{report}"))
    clock.forward(minutes=2)
    assert timers.fire() == 0
    assert deeds(database) == [report]


def test_one_that_fails_leaves_the_others_and_is_tried_again_with_growing_pauses(town, clock):
    database, writer = town
    bad, good = writer.change(receive), writer.change(receive)
    for report in (bad, good):
        writer.change(set_for(report, 1))
    broken = [True]

    def react(tx: Tx, timer: Timer) -> None:
        reveal(tx, timer)
        if broken and timer.subject.endswith(bad):
            raise ValueError("cannot")

    timers = Timers(writer, {KIND: react})
    clock.forward(minutes=2)
    assert timers.fire() == 1
    assert timers.fire() == 0  # it pauses
    with database.reading() as tx:
        assert tx.one("SELECT tries, error FROM timer WHERE city = :city") == (1, "ValueError")
    clock.forward(seconds=1)
    assert timers.fire() == 0
    clock.forward(seconds=1)
    assert timers.fire() == 0  # the second pause is longer
    broken.clear()
    clock.forward(seconds=1)
    assert timers.fire() == 1
    assert sorted(deeds(database)) == sorted([bad, good])


def test_a_kind_that_this_program_does_not_know_waits_for_one_that_does(town, clock):
    database, writer = town
    report = writer.change(receive)
    writer.change(set_for(report, 1))
    clock.forward(minutes=2)
    assert Timers(writer, {}).fire() == 0
    assert Timers(writer, {KIND: reveal}).fire() == 1
    assert deeds(database) == [report]


def test_a_process_that_dies_between_any_two_statements_leaves_the_deed_for_the_next(places, clock):
    died = 0
    for dies_at in range(60):
        database = places.open(clock=clock)
        writer = writer_of(database)
        for report in [writer.change(receive) for _ in range(3)]:
            writer.change(set_for(report, 1))
        clock.forward(minutes=2)
        database.engine, alive = Failing(database.engine, dies_at), database.engine
        try:
            Timers(writer, {KIND: reveal}).fire()
        except PowerLost:
            died += 1
        ended = database.engine.left > 0
        bury(database, alive)
        Timers(writer_of(database), {KIND: reveal}).fire()
        assert len(set(deeds(database))) == len(deeds(database)) == 3, dies_at
        database.close()
        if ended:
            break
    assert died > 4


STEPS = st.tuples(st.sampled_from(["set", "drop", "wait", "fire"]), st.integers(0, 2), st.integers(1, 9))


def test_it_acts_as_the_plain_list_of_moments_says(places):
    """A slow oracle: a dict of moments, looked through at each firing."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(STEPS, max_size=30))
    def run(steps: list[tuple[str, int, int]]) -> None:
        clock = Clock()
        database = places.open(clock=clock, name=f"timers{(number := getattr(run, 'number', 0) + 1)}")
        run.number = number
        writer = writer_of(database)
        reports = [writer.change(receive) for _ in range(3)]
        timers = Timers(writer, {KIND: reveal})
        moments: dict[str, datetime] = {}
        wanted: list[str] = []
        for step, which, minutes in steps:
            report = reports[which]
            if step == "set":
                writer.change(set_for(report, minutes))
                moments[report] = clock.now + minutes * MINUTE
            elif step == "drop":
                writer.change(lambda tx, report=report: timer_drop(tx, KIND, f"report/{report}"))
                moments.pop(report, None)
            elif step == "wait":
                clock.forward(minutes=minutes)
            else:
                timers.fire()
                for _, report in sorted((at, each) for each, at in moments.items() if at <= clock.now):
                    wanted.append(report)
                    del moments[report]
        assert deeds(database) == wanted

    run()
