"""Facts heard in the transaction that told them: once, in the order of their subject, and by nobody again."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.journal_world import (
    FILING,
    UNDERSTAND,
    count,
    delivery_of,
    facts_of,
    open_case,
    receive,
    understand,
    writer_of,
)

from cityloop.domain.facts import CaseOpened, PersonRevealed, ReportReceived, ReportUnderstood, Told
from cityloop.journal import Handler


class Listener:
    """A handler that remembers what it heard of committed transactions."""

    def __init__(self, name: str, *kinds: type, does=lambda tx, told: None):
        self.heard: list[tuple[str, int]] = []
        self.fails: set[tuple[str, int]] = set()
        self.handler = Handler(name=name, on=dict.fromkeys(kinds, (self.hear,)))
        self.does = does

    def hear(self, tx, told: Told) -> None:
        if (told.subject, told.no) in self.fails:
            raise ValueError("cannot")
        self.does(tx, told)
        self.heard.append((told.subject, told.no))

    def committed(self) -> list[tuple[str, int]]:
        """What it heard, the first time of each: a transaction that was undone is heard again."""
        return list(dict.fromkeys(self.heard))


def in_order(heard: list[tuple[str, int]]) -> bool:
    last: dict[str, int] = {}
    for subject, no in heard:
        if no < last.get(subject, 0):
            return False
        last[subject] = no
    return True


def reveal(report: str):
    return lambda tx: tx.emit(PersonRevealed(report_id=report, by="a", reason="call_back", at=tx.now))


def test_the_way_of_a_report_takes_one_transaction_and_is_not_delivered_again(places):
    database = places.open()
    writer = writer_of(database)
    for _ in range(5):
        writer.change(receive)
    delivery = delivery_of(writer)

    look, first, *_ = delivery.turns()
    assert look() + first() == 10  # five understood, and each of these heard by filing at once
    assert count(database, "case_file") == 5
    assert delivery.drain() == 0

    fresh = delivery_of(writer)  # begun anew under its old name: it has every shard, and knows but the tables
    assert fresh.drain() == 0
    assert count(database, "case_file") == 5
    with database.reading() as tx:
        assert fresh.behind(tx) == 0


def test_a_handler_that_comes_later_hears_what_was_heard_before_it_came(places):
    """A stage that a newer program brings begins at the beginning; what others heard at once, it has not heard."""
    database = places.open()
    writer = writer_of(database)
    writer.change(receive)
    look, first, *_ = delivery_of(writer).turns()
    assert look() + first() > 0
    assert count(database, "heard") > 0

    late = Listener("late", ReportReceived, ReportUnderstood, CaseOpened)
    delivery = delivery_of(writer, UNDERSTAND, FILING, late.handler)  # under its old name: another would share the shards
    delivery.drain()
    assert [no for _, no in late.heard] == [1, 2, 1]
    assert count(database, "case_file") == 1


def test_runs_are_dropped_once_every_cursor_has_passed_them(places):
    database = places.open()
    writer = writer_of(database)
    delivery = delivery_of(writer)
    for _ in range(3):
        writer.change(receive)
        delivery.step()
    assert count(database, "heard") > 0
    writer.change(receive)
    delivery.drain()
    delivery.drain()
    assert count(database, "heard") == 0


def test_a_subject_with_an_earlier_fact_that_waits_is_not_heard_out_of_turn(places):
    """What understand tells of a report must not reach a listener before the fact that it has not heard yet."""
    database = places.open()
    writer = writer_of(database)
    report = writer.change(receive)
    late = Listener("late", PersonRevealed, ReportUnderstood)
    quick = Listener("quick", ReportReceived, does=understand)
    writer.change(reveal(report))
    delivery = delivery_of(writer, quick.handler, late.handler)
    delivery.drain()

    assert [no for _, no in late.committed()] == [2, 3]
    assert Counter(late.heard) == Counter(set(late.heard))


def test_one_that_hears_the_same_fact_hears_it_first(places):
    database = places.open()
    writer = writer_of(database)
    writer.change(receive)
    quick = Listener("quick", ReportReceived, does=understand)
    other = Listener("other", ReportReceived, ReportUnderstood)
    delivery = delivery_of(writer, quick.handler, other.handler)
    delivery.drain()
    assert [no for _, no in other.heard] == [1, 2]


def test_a_listener_that_fails_does_not_undo_what_went_before(places):
    database = places.open()
    writer = writer_of(database)
    bad, good = writer.change(receive), writer.change(receive)
    filing = Listener("filing", ReportUnderstood, does=open_case)
    filing.fails.add((f"report/{bad}", 2))
    delivery = delivery_of(writer, Listener("understand", ReportReceived, does=understand).handler, filing.handler)
    delivery.drain()
    kinds = Counter(kind for *_, kind in facts_of(database))
    assert kinds["ReportUnderstood"] == 2
    assert kinds["CaseOpened"] == 1
    assert count(database, "held") == 1
    assert filing.committed() == [(f"report/{good}", 2)]


@pytest.mark.parametrize("seed", range(3))
def test_however_it_is_cut_each_listener_hears_each_fact_in_order(places, seed):
    """Reports come in, are revealed, and handled in turns of any order; two handlers want everything."""

    @settings(max_examples=12, deadline=None, derandomize=False)
    @given(st.lists(st.sampled_from(["receive", "reveal", "look", "one", "two", "three", "retry"]), min_size=3, max_size=25))
    def run(deeds: list[str]) -> None:
        run.number = getattr(run, "number", 0) + 1
        database = places.open(f"cut{seed}x{run.number}{places.engine}")
        writer = writer_of(database)
        one = Listener("one", ReportReceived, does=understand)
        two = Listener("two", ReportUnderstood, PersonRevealed, does=lambda tx, told: None)
        three = Listener("three", ReportReceived, ReportUnderstood, PersonRevealed, CaseOpened)
        two.does = lambda tx, told: open_case(tx, told) if isinstance(told.fact, ReportUnderstood) else None
        delivery = delivery_of(writer, one.handler, two.handler, three.handler)
        turns = dict(zip(("look", "one", "two", "three"), delivery.turns(), strict=True))
        reports: list[str] = []
        for deed in deeds:
            if deed == "receive":
                reports.append(writer.change(receive))
            elif deed == "reveal" and reports:
                writer.change(reveal(reports[-1]))
            elif deed == "retry":
                delivery.retry()
            elif deed in turns:
                turns[deed]()
        delivery.drain()
        told = [(subject, no, kind) for _, subject, no, kind in facts_of(database)]
        for each in (one, two, three):
            wanted = {(subject, no) for subject, no, kind in told if kind in {k.__name__ for k in each.handler.on}}
            assert Counter(each.heard) == Counter(wanted)
            assert in_order(each.heard)

    run()
