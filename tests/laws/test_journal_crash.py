"""Power may be lost between any two statements: whatever was acknowledged is there, and nothing acts twice."""

import pytest
from tests.laws.journal_world import count, delivery_of, facts_of, receive, understand, writer_of

from cityloop.db import CommitFailed
from cityloop.domain.facts import PersonRevealed, ReportReceived
from cityloop.journal import Handler

STATEMENTS = ("begin", "fetch", "fetch_keys", "heads", "execute", "write", "commit")


class PowerLost(BaseException):
    """The process is gone: nothing catches this."""


class Failing:
    """An engine that dies before its n-th statement; what was not committed is rolled back, as a database does."""

    def __init__(self, engine, dies_at: int):
        self._engine = engine
        self.left = dies_at

    def __getattr__(self, name: str):
        real = getattr(self._engine, name)
        if name not in STATEMENTS:
            return real

        def counted(*args, **kwargs):
            if self.left == 0:
                self._engine.rollback()
                raise PowerLost
            self.left -= 1
            return real(*args, **kwargs)

        return counted


def bury(database, alive) -> None:
    """The dead process's connection is gone, and with it its leases."""
    if database.on_postgres:
        alive.close()
    database.engine = alive
    database.ready()


def test_a_handler_that_dies_between_any_two_statements_acts_once(places, clock):
    died = 0
    for dies_at in range(200):
        database = places.open(clock=clock)
        writer = writer_of(database)
        for _ in range(3):
            writer.change(receive)
        database.engine, alive = Failing(database.engine, dies_at), database.engine
        try:
            delivery_of(writer).drain()
        except PowerLost:
            died += 1
        ended = database.engine.left > 0
        bury(database, alive)
        clock.forward(seconds=10)
        delivery_of(writer_of(database), process="two").drain()

        kinds = [kind for *_, kind in facts_of(database)]
        assert [kinds.count(each) for each in ("ReportReceived", "ReportUnderstood", "CaseOpened")] == [3, 3, 3], (
            dies_at
        )
        assert count(database, "case_file") == 3
        database.close()
        if ended:
            break
    assert died > 15


def test_a_change_that_dies_between_any_two_statements_is_whole_or_not_there(places):
    database = places.open()
    kept = 0
    for dies_at in range(50):
        writer = writer_of(database)
        database.engine, alive = Failing(database.engine, dies_at), database.engine
        acknowledged = True
        try:
            writer.change(receive)
        except PowerLost:
            acknowledged = False
        ended = database.engine.left > 0
        database.engine = alive
        kept += acknowledged
        assert count(database, "report") == count(database, "vault") == len(facts_of(database)) == kept
        if ended:
            break
    assert kept


def test_a_commit_that_fails_is_told_to_everybody_in_it_and_nothing_is_kept(places, monkeypatch):
    database = places.open()
    writer = writer_of(database)
    error = database.engine.broken[0]("the disk is full")

    def fails() -> None:
        raise error

    monkeypatch.setattr(database.engine, "commit", fails)
    with pytest.raises(CommitFailed):
        writer.change(receive)
    monkeypatch.undo()
    assert facts_of(database) == []
    writer.change(receive)
    assert len(facts_of(database)) == 1


def test_a_fact_that_fails_is_held_its_subject_waits_and_the_rest_go_on(places, clock):
    database = places.open(clock=clock)
    writer = writer_of(database)
    bad = writer.change(receive)
    good = writer.change(receive)
    fails = {"on": True}

    def stumbles(tx, told) -> None:
        if told.fact.report_id == bad and fails["on"]:
            raise ValueError("cannot")
        if isinstance(told.fact, ReportReceived):
            understand(tx, told)

    handler = Handler(name="understand", on={ReportReceived: (stumbles,), PersonRevealed: (stumbles,)})
    delivery = delivery_of(writer, handler)
    delivery.drain()
    writer.change(lambda tx: tx.emit(PersonRevealed(report_id=bad, by="a", reason="call_back", at=tx.now)))
    delivery.drain()

    assert [(kind, subject) for _, subject, _, kind in facts_of(database) if kind == "ReportUnderstood"] == [
        ("ReportUnderstood", f"report/{good}")
    ]
    assert count(database, "held") == 2  # the fact, and the later one that waits behind it

    clock.forward(seconds=600)
    fails["on"] = False
    delivery.drain()
    assert count(database, "held") == 0
    assert count(database, "fact") == 5


def test_a_fact_that_keeps_failing_is_parked_and_an_operator_lets_it_pass(places, clock):
    from cityloop.journal.held import TRIES_MAX, held_list, held_skip

    database = places.open(clock=clock)
    writer = writer_of(database)
    report = writer.change(receive)

    def never(tx, told) -> None:
        raise ValueError("cannot")

    delivery = delivery_of(writer, Handler(name="understand", on={ReportReceived: (never,)}))
    for _ in range(TRIES_MAX + 2):
        delivery.drain()
        clock.forward(seconds=600)
    with database.reading() as tx:
        (held,) = held_list(tx)
    assert (held.parked, held.tries, held.error, held.subject) == (1, TRIES_MAX, "ValueError", f"report/{report}")

    writer.change(lambda tx: held_skip(tx, "understand", held.seq, "broken by hand"), actor="account:op")
    assert count(database, "held") == 0
    assert facts_of(database)[-1][3] == "HeldSkipped"


def test_two_processes_share_the_work_and_no_fact_is_handled_twice(places):
    if places.engine == "sqlite":
        pytest.skip("one process writes an embedded database")
    city = "shared" + places.engine
    database = places.open(city)
    one, two = writer_of(database), writer_of(places.open(city))
    deliveries = [delivery_of(one, process="one"), delivery_of(two, process="two")]
    for delivery in (*deliveries, *deliveries):  # both say that they live; then each gives back half
        delivery.leases._next = 0
        delivery.step()
    for _ in range(60):
        one.change(receive)
    handled = [0, 0]
    for _ in range(400):
        for place, delivery in enumerate(deliveries):
            handled[place] += delivery.step()
        if count(database, "case_file") == 60:
            break
    assert sum(handled) == 120
    assert min(handled) > 0
    kinds = [kind for *_, kind in facts_of(database)]
    assert kinds.count("CaseOpened") == kinds.count("ReportUnderstood") == 60


def test_nothing_counts_as_waiting_once_every_process_has_read_it(places):
    city = "idle" + places.engine
    database = places.open(city)
    writers = [writer_of(database), *([writer_of(places.open(city))] if places.engine == "postgres" else [])]
    deliveries = [delivery_of(writer, process=str(number)) for number, writer in enumerate(writers)]
    for _ in range(2):
        for delivery in deliveries:
            delivery.leases._next = 0
            delivery.step()
    for _ in range(20):
        writers[0].change(receive)
    for _ in range(6):
        for delivery in deliveries:
            delivery.step()
            delivery.retry()
    with database.reading() as tx:
        assert deliveries[0].behind(tx) == 0
    assert count(database, "case_file") == 20
