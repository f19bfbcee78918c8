"""Observations are sealed: each in one file whose digest is a fact; whatever dies between two steps, nothing is lost and nothing twice."""

from datetime import timedelta

import pytest
from tests.engines import Places
from tests.telemetry_world import NOW, Telemetry

from cityloop.domain.calendar import epoch_us
from cityloop.domain.facts import SegmentErased, SegmentSealed, SegmentsThinned
from cityloop.journal import story
from cityloop.journal.replay import differences, replay
from cityloop.telemetry import columns, thinning
from cityloop.telemetry.columns import digest_of
from cityloop.telemetry.model import DAY_US, SegmentLost
from cityloop.telemetry.segments import Segments, faults_of
from cityloop.telemetry.thinning import LOOK_AGAIN_AFTER, Keeper, Keeping, thin

TODAY = epoch_us(NOW) // DAY_US * DAY_US
MIN = 60_000_000


class Died(BaseException):
    """The process was killed here."""


@pytest.fixture
def telemetry(places: Places, tmp_path) -> Telemetry:
    """A town that only listens, on each engine."""
    return Telemetry(places.open(), tmp_path / "segments")


def a_day(stream: int = 1, day: int = 0) -> list[tuple]:
    """Every ten minutes a value."""
    return [(stream, TODAY - day * DAY_US + no * 10 * MIN, float(no)) for no in range(144)]


def facts_of(town: Telemetry, kind: type) -> list:
    with town.database.reading() as tx:
        subjects = [f"telemetry/{row.id}" for row in tx.all("SELECT id FROM segment WHERE city = :city ORDER BY id")]
        return [told.fact for subject in subjects for told in story(tx, subject) if isinstance(told.fact, kind)]


def files(town: Telemetry) -> set[str]:
    return {path.stem for path in town.segments.folder.rglob("*.parquet")}


def test_a_sealed_file_is_a_fact(telemetry):
    """Its digest, count and span are told; the log may forget, and the history says the same as before."""
    telemetry.say(a_day())
    telemetry.say([(1, TODAY, 99.0), (5000, TODAY - DAY_US, 1.0)], log="b")
    before = telemetry.points()

    assert telemetry.segments.seal(NOW) == 145

    facts = facts_of(telemetry, SegmentSealed)
    assert sorted((fact.period, fact.shelf, fact.rows, fact.streams) for fact in facts) == [("2026-03-19", 1, 1, 1), ("2026-03-20", 0, 144, 1)]
    assert all(digest_of(telemetry.segments.path(fact.segment)) == fact.digest for fact in facts)
    assert telemetry.points() == before == telemetry.truth


def test_late_data_of_a_past_day_goes_to_a_further_segment_of_it(telemetry):
    """And what it says of the same moment counts; when the day is over, one segment of both is made."""
    telemetry.say(a_day(day=3))
    telemetry.segments.seal(NOW)
    telemetry.say([(1, TODAY - 3 * DAY_US, -7.0)])
    telemetry.segments.seal(NOW)

    assert sorted(files(telemetry)) == ["2026-03-17.0.1", "2026-03-17.0.2"]
    assert telemetry.points() == telemetry.truth
    assert telemetry.segments.merge(NOW) == 2
    assert files(telemetry) == {"2026-03-17.0.3"}
    assert telemetry.points() == telemetry.truth


def test_what_is_merged_in_several_row_groups_is_told(telemetry, monkeypatch):
    """A merged file is longer than a row group wherever there is much to merge: its rows and streams are counted over all of them."""
    monkeypatch.setattr(columns, "GROUP_ROWS", 100)
    for stream in (1, 2, 3):
        telemetry.say(a_day(stream, day=1))
        telemetry.segments.seal(NOW)
    before = telemetry.points()

    assert telemetry.segments.merge(NOW) == 3

    assert [(fact.rows, fact.streams) for fact in facts_of(telemetry, SegmentSealed)][-1] == (432, 3)
    assert telemetry.points() == before == telemetry.truth


STEPS = ("write_columns", "tell before", "tell after", "settle")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("deed", ["seal", "merge", "thin"])
def test_killed_at_any_step_nothing_is_lost_and_nothing_twice(telemetry, monkeypatch, step, deed):
    """The next process clears away what was not told, and does it again."""
    telemetry.say(a_day(day=3))
    telemetry.segments.seal(NOW)
    telemetry.say([*a_day(day=3)[:9], (2, TODAY - 3 * DAY_US, 5.0)])
    if deed != "seal":
        telemetry.segments.seal(NOW)
    keeping = Keeping(hourly_after_days=1)
    do = {"seal": lambda: telemetry.segments.seal(NOW), "merge": lambda: telemetry.segments.merge(NOW), "thin": lambda: thin(telemetry.segments, keeping, NOW)}[deed]
    means = [column.tolist() for column in telemetry.history.means(None, 0, 2**60, 3_600_000_000)]

    with monkeypatch.context() as dying:
        die_at(dying, telemetry.segments, step)
        with pytest.raises(Died):
            do()

    telemetry.segments = Segments(telemetry.segments.folder, telemetry.writer, lambda: telemetry.logs)
    assert [column.tolist() for column in telemetry.history.means(None, 0, 2**60, 3_600_000_000)] == means
    telemetry.segments.start()
    assert files(telemetry) == {each.id for each in telemetry.segments.known()[0]}
    do()
    assert [column.tolist() for column in telemetry.history.means(None, 0, 2**60, 3_600_000_000)] == means
    assert files(telemetry) == {each.id for each in telemetry.segments.known()[0]}
    assert list(faults_of(telemetry.segments)) == []
    if deed != "thin":
        assert telemetry.points() == telemetry.truth


def die_at(monkeypatch, segments: Segments, step: str) -> None:
    """Kill the process at a step of a round."""

    def die(*_: object) -> None:
        raise Died

    if step == "write_columns":  # the file is there under its name, and nobody heard of it
        real = Segments.written

        def written(self, *given):
            real(self, *given)
            raise Died

        monkeypatch.setattr(Segments, "written", written)
    elif step == "tell before":
        monkeypatch.setattr(Segments, "tell", die)
    elif step == "tell after":
        real_tell = Segments.tell

        def tell(self, made):
            real_tell(self, made)
            raise Died

        monkeypatch.setattr(Segments, "tell", tell)
    else:
        monkeypatch.setattr(Segments, "settle", die)


def test_a_damaged_or_missing_file_is_found(telemetry):
    """And a question that needs it is refused in words, rather than answered with less."""
    telemetry.say(a_day() + a_day(day=2))
    telemetry.segments.seal(NOW)
    one, other = sorted(files(telemetry))
    path = telemetry.segments.path(one)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 1
    path.write_bytes(raw)
    telemetry.segments.path(other).unlink()

    assert dict(faults_of(telemetry.segments)) == {one: "damaged", other: "missing"}
    with pytest.raises(SegmentLost, match="cityloop check"):
        telemetry.points()


def all_due(town: Telemetry, keeper: Keeper, keeping: Keeping, now=NOW) -> None:
    """Whatever is due, round after round, as a server does it."""
    while (made := keeper.due(keeping, now)).facts:
        town.segments.tell(made)
        town.segments.settle(made)


@pytest.mark.parametrize("fault", ["missing", "damaged"])
@pytest.mark.parametrize("deed", ["merge", "thin"])
def test_a_lost_file_stops_only_what_needs_it(telemetry, deed, fault):
    """The other shelf is merged or thinned, what is past its term is erased, and it is told; brought back, the file is as any other."""
    for part in (0, 1):
        telemetry.say(a_day(1, day=3)[part::2] + a_day(5000, day=3)[part::2] + a_day(9000, day=90)[part::2])
        telemetry.segments.seal(NOW)
    keeper, keeping = Keeper(telemetry.segments, lambda: 0), Keeping(keep_days=60, hourly_after_days=1 if deed == "thin" else 0)
    if deed == "thin":
        while telemetry.segments.merge(NOW):
            pass
    lost = next(each.id for each in telemetry.segments.known()[0] if each.shelf == 0)
    path = telemetry.segments.path(lost)
    raw = path.read_bytes()
    if fault == "missing":
        path.unlink()
    else:
        path.write_bytes(raw[: len(raw) // 2])

    with pytest.raises(SegmentLost, match=lost):
        all_due(telemetry, keeper, keeping)

    there = telemetry.segments.known()[0]
    assert [each.thinned for each in there if each.shelf == 1] == [deed == "thin"]
    assert [each for each in there if each.shelf == 2] == []
    assert lost in {each.id for each in there}
    assert {path.stem for path in telemetry.segments.folder.rglob("*.part")} == set()

    path.write_bytes(raw)
    all_due(telemetry, keeper, keeping, NOW + LOOK_AGAIN_AFTER)
    assert [(each.shelf, each.thinned) for each in telemetry.segments.known()[0]] == [(0, deed == "thin"), (1, deed == "thin")]


def test_a_lost_file_that_is_past_its_term_is_erased(telemetry):
    telemetry.say(a_day(day=90)[::2])
    telemetry.segments.seal(NOW)
    telemetry.say(a_day(day=90)[1::2])
    telemetry.segments.seal(NOW)
    telemetry.segments.path(telemetry.segments.known()[0][0].id).unlink()
    all_due(telemetry, Keeper(telemetry.segments, lambda: 0), Keeping(keep_days=60))
    assert telemetry.segments.known()[0] == []
    assert files(telemetry) == set()


def test_what_is_past_goes_some_at_a_time(telemetry, monkeypatch):
    """A term that is set after years would else be one long transaction."""
    monkeypatch.setattr(thinning, "ERASE_MAX", 2)
    telemetry.say([(shelf * 4096, TODAY - 90 * DAY_US, 1.0) for shelf in range(5)])
    telemetry.segments.seal(NOW)
    assert [thin(telemetry.segments, Keeping(keep_days=60), NOW) for _ in range(4)] == [2, 2, 1, 0]


def test_a_lost_file_can_be_given_up(telemetry):
    """Then what waited for it goes on without; the fact says why."""
    for part in range(3):
        telemetry.say(a_day(1, day=3)[part::3])
        telemetry.segments.seal(NOW)
    lost = telemetry.segments.known()[0][0].id
    telemetry.segments.path(lost).write_bytes(b"")
    telemetry.segments.give_up([lost], NOW)
    all_due(telemetry, Keeper(telemetry.segments, lambda: 0), Keeping())
    assert [each.row_count for each in telemetry.segments.known()[0]] == [96]
    assert not telemetry.segments.path(lost).exists()
    with telemetry.database.reading() as tx:
        assert [getattr(told.fact, "why", "") for told in story(tx, f"telemetry/{lost}")] == ["", "lost"]


def test_old_observations_become_hours_and_then_nothing(telemetry):
    """What the pack says to thin is thinned, what it says to erase is gone: from the tables, from the history, from the disk."""
    telemetry.say(a_day(day=2) + a_day(day=20) + a_day(day=90))
    telemetry.segments.seal(NOW)
    keeping = Keeping(hourly_after_days=10, keep_days=60)
    raw = {each.digest for each in telemetry.segments.known()[0] if each.last_us < TODAY - 10 * DAY_US}

    while thin(telemetry.segments, keeping, NOW):
        pass

    [thinned] = facts_of(telemetry, SegmentsThinned)
    assert (thinned.period, thinned.rows, thinned.observations) == ("2026-02-28", 24, 144)
    found = telemetry.history.points([1], 0, 2**60, 1000)
    assert found.at.min() == TODAY - 20 * DAY_US
    assert found.count.tolist() == [6] * 24 + [1] * 144
    assert found.value[:2].tolist() == [2.5, 8.5]
    assert found.least[1] == 6.0
    assert found.most[1] == 11.0
    assert not raw & {digest_of(path) for path in telemetry.segments.folder.rglob("*") if path.is_file()}
    with telemetry.database.reading() as tx:
        assert [type(told.fact) for told in story(tx, "telemetry/2025-12.0.1")] == [SegmentSealed, SegmentErased]


def test_the_table_of_segments_comes_again_from_the_facts(telemetry, target_places):
    """Sealed, merged, thinned and erased: replayed into empty tables, row for row the same."""
    telemetry.say(a_day(day=2) + a_day(day=20) + a_day(day=90))
    telemetry.segments.seal(NOW)
    telemetry.say(a_day(day=2)[:5])
    telemetry.segments.seal(NOW)
    telemetry.segments.merge(NOW)
    while thin(telemetry.segments, Keeping(hourly_after_days=10, keep_days=60), NOW):
        pass
    assert len(telemetry.segments.known()[0]) == 2
    other = target_places.open(telemetry.database.city, name="again")
    replay(telemetry.database, other, telemetry.writer.journal)
    assert differences(telemetry.database, other)[1] == ()


def test_what_came_between_two_files_of_a_day_stays_the_last_word(telemetry):
    """A day's files are made one only where no other file says the same moments later than the first and earlier than the last."""
    at = TODAY - 2 * DAY_US
    telemetry.say([(1, at, 1.0), (1, at + MIN, 1.0)])
    telemetry.segments.seal(NOW)  # of the day
    later = NOW + timedelta(days=35)  # long past now: what comes is sealed with its month
    telemetry.say([(1, at, 2.0)])
    telemetry.segments.seal(later)
    telemetry.say([(1, at + 2 * MIN, 3.0)])
    telemetry.segments.seal(NOW)  # by a clock that was put back: of the day again
    assert sorted(each.period for each in telemetry.segments.known()[0]) == ["2026-03", "2026-03-18", "2026-03-18"]
    while telemetry.segments.merge(NOW + timedelta(days=1)):
        pass
    assert telemetry.points() == telemetry.truth
    while telemetry.segments.merge(NOW + timedelta(days=90)):
        pass
    assert telemetry.points() == telemetry.truth
    assert len(telemetry.segments.known()[0]) == 1
