"""What one process changes, another sees within a second; and what one lets go, another takes at once. On each engine."""

import secrets
import shutil

import pytest
from tests.engines import Places
from tests.house.conftest import REPO
from tests.people_world import World

from cityloop.app import Settings, join, open_city
from cityloop.db import open_database
from cityloop.db.open import SchemaNewer
from cityloop.journal import Writer
from cityloop.journal.emit import Journal
from cityloop.journal.lease import SHARDS, Leases
from cityloop.people import caller


@pytest.fixture
def two(places: Places, tmp_path):
    """Two processes of one city."""
    city = f"c{secrets.token_hex(6)}"
    settings = Settings(city=city, home=str(tmp_path), database=places.url() if places.engine == "postgres" else "")
    both = join(settings), join(settings)
    for each in both:
        open_city(each)
    yield both
    for each in both:
        each.close()


def test_a_pack_adopted_by_one_is_in_force_in_the_other(two, tmp_path):
    """Each process asks once a second for the digest in force, and for the bytes of one it does not know."""
    here, there = two
    shutil.copytree(REPO / "packs", tmp_path / "packs")
    words = tmp_path / "packs/demo/pack.toml"
    words.write_text(words.read_text() + "\n# another version\n")
    adopted = here.book.adopt(tmp_path / "packs/demo", actor="machine:test")
    assert there.book.in_force().digest != adopted.digest
    there.book.refresh()
    assert there.book.in_force().digest == adopted.digest
    assert there.writer.pack == adopted.digest


def test_a_session_ended_in_one_is_over_in_the_other(places, tmp_path):
    """Each process asks for the version of seats and sessions when it last asked a second ago; in between it does not."""
    city = f"c{secrets.token_hex(6)}"
    here, there = (World(places.open(city), tmp_path) for _ in range(2))
    seated = here.signed_in("gao", "duty-leader-1")
    same = there.client()
    same.cookies, same.headers = seated.cookies, seated.headers
    known = caller._known_of(there.database)
    known.asked_at = float("-inf")
    assert same.get("/v1/me").status_code == 200
    assert seated.delete("/v1/sessions/current").status_code == 204
    assert seated.get("/v1/me").status_code == 401
    known.asked_at -= caller.ASK_VERSION_S  # a second has gone
    assert same.get("/v1/me").status_code == 401
    here.close()
    there.close()


def test_shards_that_one_leaves_another_takes_at_once(places):
    """Who ends says so: the others need not miss them for five seconds first."""
    city = f"c{secrets.token_hex(6)}"
    first, second = (Leases(Writer(places.open(city), Journal({})), name) for name in ("a/1", "b/1"))
    first.renew()
    assert len(first.held) == SHARDS
    second.renew()
    first._next = 0.0
    first.renew()
    second._next = 0.0
    second.renew()
    held = (len(first.held), len(second.held))
    assert held == ((SHARDS, SHARDS) if places.engine == "sqlite" else (SHARDS // 2, SHARDS // 2))
    first.leave()
    assert first.held == set()
    second._next = 0.0
    second.renew()
    assert len(second.held) == SHARDS


def test_a_version_does_not_touch_tables_that_a_newer_one_changed(places):
    """It cannot know what they mean; its words say what to start instead."""
    database = places.open(name="newer")
    database.engine.execute("INSERT INTO migration (name) VALUES ('9999_later')", {})
    try:
        with pytest.raises(SchemaNewer, match=r"9999_later.*start the newer version"):
            open_database(places.url("newer"), "c1")
    finally:
        database.engine.execute("DELETE FROM migration WHERE name = '9999_later'", {})
