"""What need not stay goes, in small batches, and says so; what must stay stays."""

from datetime import datetime, timedelta

import pytest
from msgspec import Struct
from tests.laws.journal_world import writer_of

from cityloop.files import FileStore
from cityloop.journal import ErasedList, vault_keep
from cityloop.keeping.retaining import KINDS, held, may_forget, retain, retain_some
from cityloop.packs import check, format_problems
from cityloop.packs.settings import AUDIT_DAYS_LEAST


class Terms(Struct, kw_only=True):
    keep_words_days: int = 0
    keep_contact_days: int = 0
    keep_photo_days: int = 0
    audit_days: int = 365
    track_days: int = 30
    telemetry_keep_days: int = 0


@pytest.fixture
def town(places, tmp_path, clock):
    database = places.open(clock=clock)
    writer = writer_of(database)
    erased, files = ErasedList(tmp_path / "erased.txt"), FileStore(tmp_path / "files")

    class Town:
        def keep(self, kind: str, days: int = 1000) -> str:
            return writer.whole(lambda tx: vault_keep(tx, kind, f"report/{tx.new_id()}", b'{"text":"words"}', keep_days=days).id)

        def sweep(self, **terms) -> int:
            return retain(writer, Terms(**terms), erased=erased, files=files)

        def left(self) -> set[str]:
            with database.reading() as tx:
                return {row[0] for row in tx.tuples("SELECT id FROM vault WHERE city = :city")}

    found = Town()
    found.database, found.writer, found.clock, found.erased, found.files = database, writer, clock, erased, files
    return found


def test_a_city_shortens_terms_and_lengthens_none(town):
    kept = {kind: [] for kind in ("said", "contact", "photo", "person")}
    moments = []
    for _ in range(8):
        moments.append(town.clock.now)
        for kind, ids in kept.items():
            ids.append(town.keep(kind, days=60))
        town.clock.forward(days=10)
    now = town.clock.now
    terms = {"said": 35, "contact": 15, "photo": 500, "person": 500}
    wanted = {
        id for kind, ids in kept.items() for id, at in zip(ids, moments, strict=True)
        if now - at < timedelta(days=min(60, terms[kind]))
    }  # fmt: skip
    gone = town.sweep(keep_words_days=35, keep_contact_days=15, keep_photo_days=500)
    assert town.left() == wanted
    assert gone == 32 - len(wanted)
    assert len(town.erased.ids()) == gone
    assert town.sweep(keep_words_days=35, keep_contact_days=15, keep_photo_days=500) == 0


def test_what_is_shown_is_what_goes(town):
    for kind in ("said", "said", "contact"):
        town.keep(kind)
        town.clock.forward(days=20)
    terms = Terms(keep_words_days=50)
    due = {each.what: each.due for each in held(town.database, terms, town.clock.now)}
    assert (due["said"], due["contact"], due["the journal"]) == (1, 0, 0)
    assert town.sweep(keep_words_days=50) == 1


def test_it_goes_in_batches_and_each_says_so(town, monkeypatch):
    monkeypatch.setattr("cityloop.people.erasure.SWEEP_MANY", 3)
    for _ in range(7):
        town.keep("said", days=5)
    town.clock.forward(days=6)
    batches = []
    while any(done := retain_some(town.writer, Terms(), erased=town.erased, files=town.files)):
        batches.append(done.pieces)
    assert batches == [3, 3, 1]
    with town.database.reading() as tx:
        assert tx.value("SELECT count(*) FROM fact WHERE city = :city AND type = 'Erased'") == 3


def test_records_of_what_was_sent_stay_as_long_as_the_city_says(town):
    def put(tx, key, ended):
        tx.run(
            "INSERT INTO outbox (city, key, report_id, says, put_at, next_at, tries, ended_at) VALUES (:city, :key, 'r', 's', :at, :at, 1, :ended)",
            key=key, at=tx.now, ended=ended,
        )  # fmt: skip

    town.writer.whole(lambda tx: (put(tx, "sent", tx.now), put(tx, "waits", None)))
    town.clock.forward(days=AUDIT_DAYS_LEAST - 1)
    assert town.sweep(audit_days=AUDIT_DAYS_LEAST) == 0
    town.clock.forward(days=2)
    assert town.sweep(audit_days=AUDIT_DAYS_LEAST) == 1
    with town.database.reading() as tx:
        assert tx.tuples("SELECT key FROM outbox WHERE city = :city") == [("waits",)]


def test_a_pack_that_keeps_records_for_less_than_six_months_is_refused(tmp_path):
    pack = tmp_path / "short"
    pack.mkdir()
    (pack / "pack.toml").write_text('id = "short"\nversion = "1"\nover = "base"\n[name]\nzh = "短"\nen = "Short"\n[settings]\naudit_days = 90\n')
    said = format_problems(check(pack))
    assert "audit_days" in said
    assert "180" in said


def test_every_kind_that_a_group_names_is_kept_somewhere(repo_kinds):
    assert {kind for kinds in KINDS.values() for kind in kinds} <= repo_kinds


@pytest.fixture
def repo_kinds():
    """Every word that a room names a kind of vault item by."""
    import re
    from pathlib import Path

    import cityloop

    text = "".join(path.read_text(encoding="utf-8") for path in Path(cityloop.__file__).parent.rglob("*.py") if path.parent.name != "keeping")
    return set(re.findall(r'"([a-z_]+)"', text))




@pytest.mark.parametrize(
    ("now", "last", "may"),
    [
        ("2026-03-05 02:00", "2026-03-04 02:30", True),  # the next night
        ("2026-03-05 02:00", "2026-03-05 01:00", False),  # the same night
        ("2026-03-05 14:00", "2026-03-04 02:00", False),  # by day
        ("2026-03-06 14:00", "2026-03-04 13:00", True),  # the nights went by
    ],
)
def test_an_index_is_written_anew_at_night(now, last, may):
    assert may_forget(datetime.fromisoformat(now), datetime.fromisoformat(last)) is may


def test_no_index_is_written_anew_where_no_words_went(town, monkeypatch):
    """Old keys of requests go all the time; what a search holds has nothing to do with them."""
    asked = []
    monkeypatch.setattr("cityloop.keeping.retaining.forget_words", asked.append)
    town.writer.whole(
        lambda tx: tx.run("INSERT INTO idempotency (city, caller, key, body_digest, result, at) VALUES (:city, 'c', 'k', 'd', 'r', :at)", at=tx.now)
    )
    town.clock.forward(days=31)
    assert (town.sweep(), asked) == (1, [])
    town.keep("said", days=1)
    town.clock.forward(days=2)
    assert (town.sweep(), len(asked)) == (1, 1)
