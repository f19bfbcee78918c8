"""What a handler could not handle: tried again a part at a time, and by an operator all of it at once."""

from contextlib import closing

import pytest
from tests.engines import Clock, Places
from tests.laws.journal_world import count, delivery_of, facts_of, receive, understand, writer_of

from cityloop.db import open_database
from cityloop.domain.facts import ReportReceived
from cityloop.journal import Delivery, Handler, Writer, deliver
from cityloop.journal.held import (
    TRIES_MAX,
    HeldRow,
    NotHeld,
    held_add,
    held_due,
    held_list,
    held_retry_parked,
    held_subjects,
)

WHY = "the cursor's own trouble"


class Desk:
    """A journal whose one handler fails as long as it is told to, each report by a fault of its own or by the one of all."""

    def __init__(self, places: Places, clock: Clock):
        self.writer: Writer = writer_of(places.open(clock=clock))
        self.clock = clock
        self.faults: dict[str, Exception] = {}
        self.tried: list[str] = []
        self.delivery: Delivery = delivery_of(self.writer, Handler(name="understand", on={ReportReceived: (self.hear,)}))

    def hear(self, tx, told) -> None:
        self.tried.append(told.fact.report_id)
        if fault := self.faults.get(told.fact.report_id):
            raise fault
        understand(tx, told)

    def receive(self, many: int, fault: Exception) -> list[str]:
        found = [self.writer.change(receive) for _ in range(many)]
        self.faults |= dict.fromkeys(found, fault)
        return found

    def park_all(self) -> None:
        for _ in range(TRIES_MAX + 1):
            self.delivery.drain()
            self.clock.forward(seconds=600)

    def understood(self) -> int:
        return [kind for *_, kind in facts_of(self.writer.database)].count("ReportUnderstood")


@pytest.fixture
def desk(places: Places, clock: Clock) -> Desk:
    return Desk(places, clock)


def test_what_failed_is_tried_a_part_at_a_time(desk):
    """Whoever asks for something meanwhile waits for a few of them, not for all; with each round it is some others' turn."""
    part = desk.delivery.followings[0].calm
    all_of_them = desk.receive(part * 2 + 1, ValueError())
    desk.delivery.drain()
    desk.clock.forward(seconds=600)
    desk.tried.clear()
    assert desk.delivery.retry() == part
    assert len(desk.tried) == part
    desk.faults.clear()
    desk.delivery.drain()
    assert desk.understood() == part + 1, "those that just failed have a pause"
    desk.clock.forward(seconds=600)
    desk.delivery.drain()
    assert desk.understood() == len(all_of_them)
    assert count(desk.writer.database, "held") == 0


def test_a_cursor_that_cannot_be_moved_says_why(desk, monkeypatch):
    """Nobody told a fact that could be held for it: the fault goes to whoever runs the delivery, as it is."""
    monkeypatch.setattr(deliver, "LAZY", 0)
    desk.delivery.drain()
    desk.writer.change(receive)
    desk.delivery.followings[0].types = "'CaseOpened'"  # of no interest: only the place moves on

    def fails(*given) -> None:
        raise ValueError(WHY)

    monkeypatch.setattr(deliver, "_cursors_move", fails)
    with pytest.raises(ValueError, match=WHY):
        desk.delivery.step()


def test_all_that_is_parked_is_tried_again_at_once_or_what_failed_alike(desk):
    mended, unmended = desk.receive(3, KeyError()), desk.receive(2, ValueError())
    desk.park_all()
    database = desk.writer.database
    with database.reading() as tx:
        assert [row.parked for row in held_list(tx)] == [1] * 5
    for each in mended:
        del desk.faults[each]
    assert desk.writer.change(lambda tx: held_retry_parked(tx, "understand", "KeyError")) == 3
    desk.delivery.drain()
    assert desk.understood() == 3
    with database.reading() as tx:
        assert [(row.parked, row.error) for row in held_list(tx)] == [(1, "ValueError")] * len(unmended)
    desk.faults.clear()
    assert desk.writer.change(lambda tx: held_retry_parked(tx, "understand")) == 2
    desk.delivery.drain()
    assert desk.understood() == 5
    assert count(database, "held") == 0
    with pytest.raises(NotHeld):
        desk.writer.change(lambda tx: held_retry_parked(tx, "understand"))


def test_facts_of_other_shards_are_others_to_try(desk):
    """However many of them lie before ours."""
    rows = [HeldRow("understand", seq, shard, f"report/{seq}", "x", 1, None, 0, "") for seq, shard in ((1, 2), (2, 2), (3, 7), (4, 7))]
    for row in rows:
        desk.writer.change(lambda tx, row=row: held_add(tx, row))
    with desk.writer.database.reading() as tx:
        assert [row.seq for row in held_due(tx, "understand", {7}, 1)] == [3]
        assert held_due(tx, "understand", set(), 1) == []


def test_what_is_due_is_found_without_walking_through_what_is_parked(tmp_path):
    with closing(open_database(str(tmp_path / "city.db"), "c")) as database, database.reading() as tx:
        asked: list[str] = []
        plain = tx.engine.fetch

        def fetch(sql, params):
            asked.append(" ".join(row[3] for row in plain(f"EXPLAIN QUERY PLAN {sql}", params)[1]))
            return plain(sql, params)

        tx.engine.fetch = fetch
        held_due(tx, "understand", {1}, 5)
        held_subjects(tx, "understand")
    due, subjects = asked
    assert "held_due" in due
    assert "held_subject" in due
    assert "held_subject" in subjects
