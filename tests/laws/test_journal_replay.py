"""Replay equals: on each engine and across them, after erasures too."""


import pytest
from tests.engines import Places
from tests.laws.journal_world import ALL, count, delivery_of, receive, writer_of

from cityloop.journal import ErasedList, Gone, Journal, erase, vault_ids, vault_open
from cityloop.journal.replay import differences, replay


def test_replay_gives_the_same_tables_on_each_engine_and_across_them(places, target_places):
    source = places.open()
    writer = writer_of(source)
    reports = [writer.change(receive) for _ in range(12)]
    delivery_of(writer).drain()
    writer.change(lambda tx: erase(tx, vault_ids(tx, f"report/{reports[3]}"), reason="asked"))

    target = target_places.open(source.city, name="replayed")
    facts = replay(source, target, Journal(ALL))
    rows, found = differences(source, target)
    assert facts == 37
    assert rows >= 24
    assert found == ()


def test_a_derived_table_that_was_touched_by_hand_is_found(places, tmp_path, postgres_url):
    source = places.open()
    writer = writer_of(source)
    for _ in range(3):
        writer.change(receive)
    source.engine.execute("UPDATE report SET channel = 'hand' WHERE city = :city", {"city": source.city})
    target = Places("sqlite", tmp_path, postgres_url).open(source.city, name="replayed")
    replay(source, target, Journal(ALL))
    _, found = differences(source, target)
    assert [(each.table, each.here[3], each.replayed[3]) for each in found] == [("report", "hand", "app")] * 3
    target.close()


def test_erased_data_are_gone_and_stay_gone_after_a_restore(places, tmp_path):
    database = places.open()
    writer = writer_of(database)
    report = writer.change(receive)
    with database.reading() as tx:
        ids = vault_ids(tx, f"report/{report}")
        row = vault_open(tx, ids[0])
    kept = ErasedList(tmp_path / "erased.txt")
    kept.add(ids)
    writer.change(lambda tx: erase(tx, ids, reason="asked"))
    with database.reading() as tx, pytest.raises(Gone):
        vault_open(tx, ids[0])

    writer.whole(lambda tx: tx.add("vault", row))  # a restore brings it back
    writer.whole(kept.again)
    assert count(database, "vault") == 0


def test_what_was_cut_off_at_the_end_of_the_list_swallows_nothing(tmp_path):
    """The machine lost its power while ids were written down."""
    kept = ErasedList(tmp_path / "erased.txt")
    kept.path.write_text("one\ntw")
    kept.add(["three"])
    kept.add(["four"])
    assert kept.path.read_text() == "one\ntw\nthree\nfour\n"


def test_what_was_erased_since_the_list_was_gone_through_is_looked_for_and_another_list_whole(places, tmp_path):
    database = places.open()
    writer = writer_of(database)
    first, second = [writer.change(receive) for _ in range(2)]
    with database.reading() as tx:
        one, other = vault_ids(tx, f"report/{first}"), vault_ids(tx, f"report/{second}")
        row = vault_open(tx, one[0])
    kept = ErasedList(tmp_path / "erased.txt")
    for ids, left in ((one, 1), (other, 0)):
        kept.add(ids)
        writer.whole(kept.again)
        assert count(database, "vault") == left

    writer.whole(lambda tx: tx.add("vault", row))
    kept.path.write_text(f"another\n{one[0]}\n")  # of the same city, and shorter: the keys came back from a copy
    writer.whole(kept.again)
    assert count(database, "vault") == 0
