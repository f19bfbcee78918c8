"""No case number is given twice: not by two processes, not after a change that was undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from cityloop.db import Tx
from cityloop.journal import Journal, Writer
from cityloop.stages.filing.store import number_next, numbers_expect

DAY = date(2026, 3, 2)
ROUNDS = 25


class Undone(Exception):
    """A change that fails on purpose."""


def draws(writer: Writer, seed: int) -> list[int]:
    """Numbers of one process, some of its changes undone."""
    kept = []
    for round in range(ROUNDS):
        count, expected, fails = (round * seed) % 4 + 1, (round + seed) % 6, round % 5 == seed % 5

        def use_case(tx: Tx, count: int = count, expected: int = expected, fails: bool = fails) -> list[int]:
            numbers_expect(tx, expected)
            found = [number_next(tx, DAY) for _ in range(count)]
            if fails:
                raise Undone
            return found

        try:
            kept += writer.whole(use_case)
        except Undone:
            continue
    return kept


def test_two_processes_never_give_the_same_number(places):
    """Two writers at once on one city; a third of the changes is undone."""
    writers = [Writer(places.open("twins"), Journal({})) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        found = [number for kept in pool.map(draws, writers, (1, 2)) for number in kept]
    for writer in writers:
        writer.close()
    assert len(found) == len(set(found)) > ROUNDS


def test_numbers_of_one_change_cost_one_statement(places):
    """As many as were expected come at once; only what goes beyond asks again."""
    writer = Writer(places.open(), Journal({}))
    asked = []

    def use_case(tx: Tx) -> list[int]:
        fetch = tx.engine.fetch
        tx.engine.fetch = lambda sql, params: (asked.append(sql), fetch(sql, params))[1]  # type: ignore[method-assign]
        try:
            numbers_expect(tx, 64)
            return [number_next(tx, DAY) for _ in range(65)]
        finally:
            del tx.engine.fetch

    assert writer.whole(use_case) == list(range(1, 66))
    assert len(asked) == 2
    writer.close()


def test_each_day_counts_by_itself(places):
    writer = Writer(places.open(), Journal({}))
    assert writer.whole(lambda tx: [number_next(tx, date(2026, 3, day)) for day in (1, 2, 2)]) == [1, 1, 2]
    writer.close()
