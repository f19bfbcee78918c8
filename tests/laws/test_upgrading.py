"""An upgrade goes forward on a year of data, and can be taken back: whole until the first fact of a new kind is told."""

import shutil
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

import pytest
from tests.engines import Places
from tests.laws.journal_world import ALL, count, delivery_of, facts_of, receive, writer_of

from cityloop.db import Database, open_database, tables
from cityloop.domain.facts import FACTS, Fact, ReportUnderstood
from cityloop.domain.facts.upcast import UPCAST
from cityloop.journal import Journal, Writer, emit
from cityloop.journal.replay import differences, replay
from cityloop.journal.tlog import Peaks, leaves_of
from cityloop.keeping import Chest, Follower, restore
from cityloop.keeping.keys import secret_of
from cityloop.keeping.model import SchemaUnknown
from cityloop.keeping.upgrading import before_upgrade, upgrade_folder

DAYS = 365
OLD = Journal(ALL)


class StreetNamed(Fact, frozen=True, kw_only=True):
    """A kind of fact that only the next version knows."""

    VERSION: ClassVar[int] = 1
    street_id: str

    @property
    def subject(self) -> str:
        return f"street/{self.street_id}"


NEW = Journal({**ALL, StreetNamed: lambda tx, told: None})
NEXT = """-- The next version: a column more, and a table.

ALTER TABLE report ADD COLUMN street {text};

-- kind: derived
CREATE TABLE street (
  city {text} NOT NULL,
  id {text} NOT NULL,
  PRIMARY KEY (city, id)
);
"""


@pytest.fixture
def upgrade(monkeypatch, tmp_path):
    """`upgrade()` turns this program into the next version, `downgrade()` back: a migration, a new fact, a raised version."""

    def forward() -> None:
        folder = tmp_path / "migrations"
        if not folder.exists():
            shutil.copytree(tables.MIGRATIONS, folder)
            (folder / "9990_next.sql").write_text(NEXT)
        monkeypatch.setattr(tables, "MIGRATIONS", folder)
        after = tables.tables_after(tables.migration_files())
        monkeypatch.setitem(tables.TABLES, "street", after["street"])
        monkeypatch.setitem(tables.TABLES, "report", after["report"])
        monkeypatch.setattr("cityloop.keeping.standing.FACTS", {**FACTS, "StreetNamed": StreetNamed})
        monkeypatch.setitem(emit._decoders, "StreetNamed", emit.msgspec.json.Decoder(StreetNamed).decode)
        monkeypatch.setattr(emit, "FACTS", MappingProxyType({**FACTS, "StreetNamed": StreetNamed}))
        monkeypatch.setitem(UPCAST, ("ReportUnderstood", ReportUnderstood.VERSION), lambda fact: dict(sorted(fact.items())))
        monkeypatch.setattr(ReportUnderstood, "VERSION", ReportUnderstood.VERSION + 1)

    forward.back = monkeypatch.undo
    return forward


def lived(database: Database, clock, days: int, every: int = 5) -> Writer:
    """So many days, with a report every few of them."""
    writer = writer_of(database)
    for day in range(days):
        if day % every == 0:
            writer.change(receive)
            delivery_of(writer).step()
        clock.forward(days=1)
    return writer


def leaves(database: Database) -> str:
    peaks = Peaks()
    with database.reading() as tx:
        peaks.add(leaves_of([row.salt + row.body for row in tx.all("SELECT salt, body FROM fact WHERE city = :city ORDER BY seq")]))
    return peaks.root.hex()


@pytest.fixture
def year(target_places: Places, clock):
    """A year of one report in five days, in a database of its own: its tables will be changed."""
    database = target_places.open(clock=clock)
    clock.now -= timedelta(days=DAYS)
    lived(database, clock, DAYS)
    return database


def test_a_year_goes_forward_one_version_and_back(year, clock, tmp_path, upgrade):
    home = tmp_path / "home"
    home.mkdir()
    before, root = facts_of(year), leaves(year)
    assert len(before) > 200
    ship = Chest.at(tmp_path / "ship", secret_of(home), begin=True)
    Follower(year, home, ship).round()

    upgrade()
    assert before_upgrade(year, home).size == len(before)
    year.migrate()
    assert before_upgrade(year, home) is None
    assert (facts_of(year), leaves(year)) == (before, root)  # no byte of the past was touched
    target = open_database(str(tmp_path / "new.db"), year.city)
    replay(year, target, NEW)
    assert differences(year, target)[1] == ()  # old facts, raised by upcasters
    target.close()

    writer = Writer(year, NEW)
    kept = [writer.change(receive) for _ in range(3)]  # facts that the old version knows
    clock.forward(days=1)
    told_old = len(facts_of(year))
    writer.change(lambda tx: tx.emit(StreetNamed(street_id="s1", at=tx.now), first=True))
    clock.forward(days=1)
    writer.change(receive)
    Follower(year, home, ship).round()

    upgrade.back()
    old = Chest.at(tmp_path / "ship", secret_of(home))
    with pytest.raises(SchemaUnknown, match="9990_next"):
        restore(old, tmp_path / "refused", str(tmp_path / "refused" / "city.db"), journal=OLD)
    found = restore(old, tmp_path / "back", str(tmp_path / "back" / "city.db"), journal=OLD, back=True)
    assert (found.size, found.unknown) == (told_old, 2)  # the unknown fact and what came after it are told as left out
    back = open_database(str(tmp_path / "back" / "city.db"), year.city)
    assert facts_of(back) == [*before, *facts_of(year)[len(before) : told_old]]
    assert count(back, "vault") >= len(kept)
    aside = open_database(str(tmp_path / "aside.db"), year.city)
    replay(back, aside, OLD)
    assert differences(back, aside)[1] == ()
    delivery_of(writer_of(back)).drain()
    kinds = [kind for *_, kind in facts_of(back)]
    assert kinds.count("ReportUnderstood") == kinds.count("ReportReceived")
    back.close()
    aside.close()


def test_the_automatic_backup_is_a_way_back_by_itself(year, tmp_path, upgrade):
    home = tmp_path / "home"
    home.mkdir()
    before = facts_of(year)
    upgrade()
    before_upgrade(year, home)
    year.migrate()
    upgrade.back()
    chest = Chest.at(upgrade_folder(home), secret_of(home))
    restore(chest, tmp_path / "back", str(tmp_path / "back" / "city.db"), journal=OLD)
    back = open_database(str(tmp_path / "back" / "city.db"), year.city)
    assert facts_of(back) == before
    back.close()


def test_a_fact_of_a_newer_version_of_a_known_kind_is_where_it_ends(year, clock, tmp_path, upgrade):
    home = tmp_path / "home"
    home.mkdir()
    ship = Chest.at(tmp_path / "ship", secret_of(home), begin=True)
    follower = Follower(year, home, ship)
    follower.round()
    upgrade()
    year.migrate()
    writer = Writer(year, NEW)
    writer.change(receive)
    clock.forward(days=1)
    delivery_of(writer).drain()  # tells ReportUnderstood of the next version
    follower.round()
    upgrade.back()
    found = restore(ship, tmp_path / "back", str(tmp_path / "back" / "city.db"), journal=OLD, back=True)
    assert found.unknown == 2
    assert found.size == found.newest - 2


def test_where_nothing_changes_nothing_is_backed_up(year, tmp_path):
    assert before_upgrade(year, tmp_path / "home") is None
    assert not (tmp_path / "home").exists()
