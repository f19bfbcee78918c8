"""Facts are dense, in commit order, and numbered one by one in their subject, whoever writes."""

import threading

import pytest
from tests.laws.journal_world import count, delivery_of, facts_of, receive, writer_of

from cityloop.cases import report_get
from cityloop.db import Tx
from cityloop.domain.errors import Refused
from cityloop.domain.facts import PersonRevealed
from cityloop.journal.commit import Once, OtherBody, _Unit


def dense_and_ordered(facts: list[tuple[int, str, int, str]]) -> bool:
    numbers: dict[str, int] = {}
    for place, (seq, subject, number, _) in enumerate(facts, 1):
        if seq != place or number != numbers.get(subject, 0) + 1:
            return False
        numbers[subject] = number
    return True


def test_seq_and_subject_numbers_are_dense_while_several_write_the_same_subjects(places):
    city = "concurrent" + places.engine
    first = places.open(city)
    reports = [writer_of(first).change(receive) for _ in range(5)]

    def reveal(writer, turn: int) -> None:
        for step in range(30):
            report = reports[(turn + step * 3) % 5]
            other = reports[(turn + step * 7 + 1) % 5]

            def use_case(tx: Tx, pair=(report, other)) -> None:
                for each in pair:
                    tx.emit(PersonRevealed(report_id=each, by="a", reason="call_back", at=tx.now))

            writer.change(use_case)

    threads = [threading.Thread(target=reveal, args=(writer_of(places.open(city)), turn)) for turn in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    facts = facts_of(first)
    assert len(facts) == 5 + 3 * 30 * 2
    assert dense_and_ordered(facts)


def test_a_reader_that_follows_seq_misses_nothing_while_others_commit(places):
    city = "follow" + places.engine
    first = places.open(city)
    writers = [writer_of(places.open(city)) for _ in range(3)]
    threads = [threading.Thread(target=lambda w=w: [w.change(receive) for _ in range(40)]) for w in writers]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    while any(thread.is_alive() for thread in threads) or len(seen) < 120:
        with first.reading() as tx:
            after = seen[-1] if seen else 0
            seen += [
                row.seq
                for row in tx.all("SELECT seq FROM fact WHERE city = :city AND seq > :after ORDER BY seq", after=after)
            ]
    assert seen == list(range(1, 121))


def test_a_unit_that_fails_leaves_nothing_and_its_neighbours_are_kept(places):
    database = places.open()
    writer = writer_of(database)

    def refused_before_writing(tx: Tx) -> str:
        raise Refused("No.")

    def refused_after_writing(tx: Tx) -> str:
        receive(tx)
        raise Refused("No, too late.")

    units = [
        _Unit(use_case=each, actor="a")
        for each in (receive, refused_before_writing, receive, refused_after_writing, receive)
    ]
    writer._run(units)

    assert [unit.error is None for unit in units] == [True, False, True, False, True]
    assert count(database, "report") == count(database, "vault") == len(facts_of(database)) == 3
    assert dense_and_ordered(facts_of(database))


def test_an_idempotency_key_does_a_thing_once_also_within_one_batch_and_in_another_process(places):
    city = "once" + places.engine
    database = places.open(city)
    writer = writer_of(database)
    once = Once(caller="anonymous", key="k1", body_digest="d1")
    units = [_Unit(use_case=receive, actor="a", once=once) for _ in range(3)]
    writer._run(units)
    again = writer_of(places.open(city)).change(receive, once=once)

    assert {unit.result for unit in units} == {again}
    assert count(database, "report") == 1
    with pytest.raises(OtherBody):
        writer.change(receive, once=Once(caller="anonymous", key="k1", body_digest="d2"))
    assert writer.change(receive, once=Once(caller="somebody else", key="k1", body_digest="d2")) != again


def test_a_derived_table_is_closed_to_everything_but_apply(places):
    database = places.open()
    writer = writer_of(database)
    report = writer.change(receive)
    with pytest.raises(AssertionError, match="derived"):
        writer.change(lambda tx: tx.run("UPDATE report SET channel = 'x' WHERE city = :city"))
    with database.reading() as tx:
        row = report_get(tx, report)
    with pytest.raises(AssertionError, match="derived"):
        writer.change(lambda tx: tx.put("report", row))


def test_delivery_acts_in_the_order_of_each_subject(places):
    database = places.open()
    writer = writer_of(database)
    for _ in range(30):
        writer.change(receive)
    delivery = delivery_of(writer)
    assert delivery.drain() == 60
    assert delivery.drain() == 0
    facts = facts_of(database)
    assert dense_and_ordered(facts)
    assert [kind for *_, kind in facts].count("CaseOpened") == 30
