"""What is shipped every few seconds and what is backed up whole each night lie in one folder, and a city comes back to the last fact."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.laws.backed_town import SECRET, City, each_once
from tests.laws.journal_world import receive

from cityloop.journal import erase, vault_ids
from cityloop.journal.replay import differences
from cityloop.keeping import Chest, Follower
from cityloop.keeping.restoring import all_erased, goes_on
from cityloop.keeping.thinning import Stay, thin


@pytest.fixture
def town(places, tmp_path):
    return City(places, tmp_path)


def test_what_is_shipped_goes_on_from_a_full_backup_that_another_made(town):
    """The one of each night lies in the same folder, and a restore begins with it; of two in a day the later one stays."""
    town.live("rfrbrfrf")
    names = town.chest.point_names()
    assert town.chest.point(names[-1]).base == [name for name in names if name.endswith("_full")][-1]
    town.restored("newest")
    assert town.last.size == town.size
    town.restored("before", to_seq=town.size - 1)
    assert town.last.size == town.size - 1
    thin(town.chest, Stay(daily=1, weekly=0, monthly=0))
    town.live("rf")
    town.restored("thinned")
    assert town.last.size == town.size


def test_what_was_told_between_the_last_shipping_and_a_full_backup_can_be_asked_for(town):
    """By its number, and by its moment; what another past told is no part of it."""
    town.live("rfrrrbrrb")
    for seq in range(1, town.size + 1):
        database, _ = town.restored(f"at{seq}", to_seq=seq)
        assert town.last.size == seq
        assert differences(database, town.tables_at(seq, f"replayed{seq}"))[1] == ()
        each_once(database)
        database.close()
    with town.database.reading() as tx:
        moment = tx.value("SELECT recorded_at FROM fact WHERE city = :city AND seq = 3")
    town.restored("then", to_moment=moment)
    assert town.last.size == 3

    first, second = [town.chest.point(name) for name in town.chest.point_names() if name.endswith("_full")][:2]
    assert goes_on(town.chest, first, second)
    assert not goes_on(town.chest, replace(first, leaf="00"), second)


def test_what_was_shipped_on_from_an_older_full_backup_comes_back_and_stays(town):
    """By a program that did not look for a newer one."""
    town.live("rfrb")
    newer = town.chest.point(town.chest.point_names()[-1])
    town.chest.drop(newer.name)
    town.live("rf")
    town.chest.add(newer)
    for name in ("newest", "thinned"):
        database, _ = town.restored(name)
        assert town.last.size == town.size
        assert differences(database, town.tables_at(town.size, f"{name}_replayed"))[1] == ()
        database.close()
        thin(town.chest, Stay(daily=1, weekly=0, monthly=0))


def test_a_full_backup_is_made_anew_when_it_is_old_whoever_made_it(town):
    follower = Follower(town.database, town.home, town.chest, full_after=timedelta(0))
    town.live("rbr")
    assert follower.round().kind == "full"
    town.live("r")
    assert Follower(town.database, town.home, town.chest).round().kind == "shipped"


def test_of_what_was_erased_only_the_newest_is_shipped_and_all_comes_back(town, monkeypatch):
    town.writer.whole(lambda tx: tx.run("INSERT INTO erased (city, id, at) VALUES (:city, 'long-ago', '2020-01-01T00:00:00.000000Z')"))
    town.live("rbr")
    asked: list[str] = []
    engine = type(town.database.engine)
    plain = engine.fetch
    monkeypatch.setattr(engine, "fetch", lambda self, sql, params: asked.append(sql) or plain(self, sql, params))
    town.live("frf")
    assert sum(sql.startswith("SELECT id FROM erased") for sql in asked) == 1  # at first: nothing was erased since
    report = town.writer.change(receive)
    with town.database.reading() as tx:
        ids = vault_ids(tx, f"report/{report}")
    town.writer.change(lambda tx: erase(tx, ids, reason="asked"))
    town.live("f")
    last = town.chest.point(town.chest.point_names()[-1])
    assert [chunk.rows for chunk in last.tables["erased"]] == [1]
    assert all_erased(town.chest) == {"long-ago", *ids}
    town.live("rf")
    for name, to in (("newest", {}), ("between", {"to_seq": town.size - 1})):
        database, _ = town.restored(name, **to)
        assert {row[0] for row in database.engine.fetch("SELECT id FROM erased WHERE city = :city", {"city": database.city})[1]} == {"long-ago", *ids}
        database.close()


def test_a_piece_that_another_process_took_away_is_written_again(town):
    """Who ships keeps in mind what lies in the folder, and the backup of the night sweeps it."""
    name, _ = town.chest.put(b"a table")
    Chest.at(town.folder / "backup", SECRET).remove({name})
    with town.chest.alone():
        assert town.chest.put(b"a table")[1] > 0
    assert town.chest.get(name) == b"a table"
