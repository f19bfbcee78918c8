"""Whatever a target answers, and whenever we die: it gets every fact, the facts of a subject in their order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places

from cityloop.app import apply_of_all
from cityloop.db import Tx
from cityloop.domain.facts import HeldSkipped, LogContinued, Told
from cityloop.doors.webhooks.model import StopReason
from cityloop.journal import Journal, Writer
from cityloop.notices import Answer, Outbox, Parcel, log_size, outbox, rules
from cityloop.notices.model import HeldParcel
from cityloop.notices.outbox import try_again
from cityloop.notices.store import held_due, held_list, held_subjects, place_of

# what happens next: a fact of one of three subjects; a round with these answers; a round that dies; time goes by
steps = st.one_of(
    st.tuples(st.just("fact"), st.integers(0, 2)),
    st.tuples(st.just("round"), st.lists(st.sampled_from([200, 200, 200, 503, 0, 422, 429]), max_size=6)),
    st.tuples(st.just("die"), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([1, 61, 4_000])),
)


class Script:
    """A target that answers by a list, then takes all."""

    ends, types = False, ("HeldSkipped",)

    def __init__(self, name: str, begins_after: int):
        self.name, self.begins_after = name, begins_after
        self.answers: list[int] = []
        self.fails_on: set[tuple[str, int]] = set()  # subject and number of what it never takes, and breaks on each time
        self.got: list[tuple[str, int]] = []  # subject and number of what it took

    def parcel(self, tx: Tx, told: Told) -> Parcel:
        return Parcel(key=told.id, subject=told.subject, seq=told.seq)

    def send(self, parcel: Parcel) -> Answer:
        message = (parcel.subject, int(parcel.key.rpartition("#")[2]))
        status = self.answers.pop(0) if self.answers else 200
        if message in self.fails_on:
            status = 500
        if status == 200:
            self.got.append(message)
        return Answer(status=status)

    def gave_up(self, tx: Tx, why: str) -> None:
        raise AssertionError("it is never given up")


class Desk:
    """A journal, a clock, and an outbox that may be made anew."""

    def __init__(self, places: Places):
        self.clock = Clock()
        self.writer = Writer(places.open(clock=self.clock), Journal(apply_of_all()))
        self.target: Script
        self.runs = 0

    def begin(self) -> None:
        with self.writer.database.reading() as tx:
            self.target = Script(f"t{self.runs}", log_size(tx))
        self.runs += 1
        self.outbox = Outbox(self.writer, lambda tx: [self.target])

    def fact(self, which: int) -> None:
        handler = f"h{self.runs}.{which}"
        told = HeldSkipped(handler=handler, fact_id="x", reason="x", at=self.clock.now)
        self.writer.change(lambda tx: tx.emit(told))
        other = LogContinued(origin=f"o{self.runs}.{which}", old_origin="", old_size=0, old_root="", at=self.clock.now)
        self.writer.change(lambda tx: tx.emit(other))  # what it does not ask for

    def retry_all(self) -> None:
        def again(tx: Tx) -> None:
            for row in held_list(tx, 1000):
                if row.target == self.target.name:
                    try_again(tx, row.target, row.seq)

        self.writer.change(again)


@pytest.fixture
def desk(places: Places, monkeypatch) -> Iterator[Desk]:
    monkeypatch.setattr(outbox, "ROUND", 2)
    found = Desk(places)
    yield found
    found.writer.close()


def run(desk: Desk, script: list, fails_on: Iterable[tuple[int, int]] = ()) -> dict[str, int]:
    """Play a script; gives how many facts each subject has. `fails_on`: of which subject the target never takes which fact."""
    desk.begin()
    desk.target.fails_on = {(f"handler/h{desk.runs}.{which}", no) for which, no in fails_on}
    told: dict[str, int] = defaultdict(int)
    for what, how in script:
        if what == "fact":
            desk.fact(how)
            told[f"handler/h{desk.runs}.{how}"] += 1
        elif what == "round":
            desk.target.answers = list(how)
            desk.outbox.step()
        elif what == "die":
            for load in desk.outbox._look():
                desk.outbox._send(load)
            desk.outbox = Outbox(desk.writer, lambda tx: [desk.target])
        else:
            desk.clock.forward(seconds=how)
    desk.target.answers = []
    be_up(desk)
    return told


def be_up(desk: Desk) -> None:
    """At last it is up, and an operator retries what was parked."""
    for _ in range(60):
        desk.clock.forward(days=1)
        desk.retry_all()
        desk.outbox.step()


def firsts(desk: Desk) -> dict[str, list[int]]:
    """The numbers of each subject in the order in which the target took them first."""
    first: dict[str, list[int]] = defaultdict(list)
    for subject, no in desk.target.got:
        if no not in first[subject]:
            first[subject].append(no)
    return dict(first)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.lists(steps, max_size=25))
@example([("fact", 0), ("round", [422]), ("fact", 0), ("round", []), ("wait", 61), ("round", [])])
@example([("fact", 0), ("fact", 0), ("fact", 1), ("round", [422]), ("wait", 61), ("round", [503]), ("fact", 0), ("round", [])])
@example([("fact", 0)] * 7 + [("round", [])])
def test_every_fact_reaches_the_target_and_each_subject_in_order(desk, script):
    told = run(desk, script)
    assert firsts(desk) == {subject: list(range(1, most + 1)) for subject, most in told.items()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.lists(steps, max_size=15), st.sets(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=2))
@example([("fact", 0), ("fact", 1)], {(0, 1)})
@example([("fact", 0), ("fact", 1), ("fact", 2)], {(0, 1), (1, 1)})
@example([("fact", 0)] * 5 + [("fact", 1)] * 2, {(0, 2)})
def test_a_message_that_is_never_taken_holds_up_its_own_subject_alone(desk, script, fails_on):
    """The target breaks on it each time. All else arrives; and once it takes that one, too, what waited behind it, in order."""
    told = run(desk, script, fails_on)
    ends = {subject: min([no for which, no in desk.target.fails_on if which == subject], default=most + 1) for subject, most in told.items()}
    assert firsts(desk) == {subject: list(range(1, min(most + 1, ends[subject]))) for subject, most in told.items() if ends[subject] > 1}
    desk.target.fails_on = set()
    be_up(desk)
    assert firsts(desk) == {subject: list(range(1, most + 1)) for subject, most in told.items()}


def test_a_message_that_is_known_to_fail_delays_no_later_one(desk):
    """It was held as others were taken: when it fails again, alone, the target is not taken to be down."""
    run(desk, [])
    desk.target.fails_on = {(f"handler/h{desk.runs}.0", 1)}
    for which in (0, 1):
        desk.fact(which)
    for _ in range(16):  # it is tried again, and in vain
        desk.outbox.step()
        desk.clock.forward(seconds=601)
    assert [subject.rpartition(".")[2] for subject, _ in desk.target.got] == ["1"]
    desk.fact(2)
    desk.outbox.step()
    assert [subject.rpartition(".")[2] for subject, _ in desk.target.got] == ["1", "2"]


def test_a_target_that_takes_nothing_at_all_is_given_up(desk, monkeypatch):
    """After so many refusals in a row; each that it takes begins the row anew, and so does whoever has it told again."""
    monkeypatch.setattr(rules, "REFUSED_MAX", 4)
    run(desk, [])
    gave_up: list[str] = []
    desk.target.ends = True
    monkeypatch.setattr(desk.target, "gave_up", lambda tx, why: gave_up.append(why))
    answers = [401, 404, 422, 200, 401, 401, 401]
    for each, status in enumerate(answers):
        desk.target.answers = [status]
        desk.fact(each)
        desk.outbox.step()
    assert gave_up == []
    desk.target.answers = [401]
    desk.fact(7)
    desk.outbox.step()
    assert [StopReason(each) for each in gave_up] == [StopReason.refuses_all]
    desk.target.answers = [401]
    desk.fact(8)
    desk.outbox.step()
    assert len(gave_up) == 1


def test_what_is_held_is_found_by_what_is_asked(places):
    """However much is parked: a round asks for what is due, and for the subjects of which it has something to tell."""
    writer = Writer(places.open(), Journal(apply_of_all()))
    rows = [("a", 1, 1), ("b", 2, 0), ("b", 3, 0), ("c", 4, 1), ("d", 5, 0)]
    for subject, seq, parked in rows:
        held = HeldParcel(target="t", seq=seq, subject=subject, fact_id=f"{subject}#1", parked=parked)
        writer.change(lambda tx, held=held: tx.put("outbox_held", held))
    plans: list[str] = []
    with writer.database.reading() as tx:
        if places.engine == "sqlite":  # which tells how it finds them
            tx.all = explained(tx, plans)
        assert held_subjects(tx, "t", {"a", "b", "x"}) == {"a", "b"}
        assert held_subjects(tx, "t", set()) == set()
        assert [each.seq for each in held_due(tx, "t", 10)] == [2, 5]
    writer.close()
    assert all("outbox_held_subject (city=? AND target=? AND subject=?" in each for each in plans), plans
    assert ["outbox_held_due" in each for each in plans] == [False, True][: len(plans)], plans


def explained(tx: Tx, plans: list[str]):
    """Reads that also say by which index they find what they read."""
    plain = tx.all

    def read(sql: str, **params):
        plans.append(" ".join(row.detail for row in plain(f"EXPLAIN QUERY PLAN {sql}", **params)))
        return plain(sql, **params)

    return read


def test_a_message_that_fails_alone_for_days_delays_the_next_by_half_an_hour_at_most(desk):
    """There was no other to try, so the target seems to be down; but it is told for as long as it takes, and what comes has a deadline."""
    run(desk, [])
    desk.target.fails_on = {(f"handler/h{desk.runs}.0", 1)}
    desk.fact(0)
    for _ in range(20):
        desk.clock.forward(days=1)
        desk.outbox.step()
    desk.fact(1)
    desk.clock.forward(minutes=31)
    desk.outbox.step()
    assert [subject.rpartition(".")[2] for subject, _ in desk.target.got] == ["1"]


def test_a_target_that_is_down_is_asked_for_little(desk, monkeypatch):
    """However many messages wait: some of different subjects at the most, then it is left alone, and none of them is held for it."""
    run(desk, [])
    asked: list[Parcel] = []
    monkeypatch.setattr(desk.target, "send", lambda parcel: asked.append(parcel) or Answer(status=503))
    for which in range(8):
        desk.fact(which)
    for _ in range(6):
        desk.outbox.step()
        desk.clock.forward(days=1)
    assert len(asked) == 3 * 1 + 3 * 3
    with desk.writer.database.reading() as tx:
        assert held_list(tx, 10) == []
        assert place_of(tx, desk.target.name).tries == 6


def test_without_a_death_and_with_a_target_that_is_up_nothing_goes_twice(desk):
    run(desk, [("fact", 0), ("fact", 1), ("round", []), ("fact", 0), ("round", []), ("round", [])])
    assert len(desk.target.got) == len(set(desk.target.got)) == 3
