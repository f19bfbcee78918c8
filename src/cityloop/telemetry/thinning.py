"""How long observations are kept as they came, how long as hours, and that what is past is gone.

Old observations of a shelf become count, mean, least and most of each hour; a segment all of whose moments are older than the
city keeps anything is erased. What comes late for an hour that was thinned already is counted into it at the next round.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
from msgspec import Struct

from cityloop.domain.calendar import epoch_us
from cityloop.domain.facts.telemetry import SegmentErased, SegmentFact, SegmentSealed, SegmentsThinned
from cityloop.telemetry import asking, columns
from cityloop.telemetry.batch import batch_of
from cityloop.telemetry.model import DAY_US, HOUR_US, Segment, is_over
from cityloop.telemetry.segments import Round, Segments

NOTHING = batch_of([], [], [])
MEMORY = "1GB"
SEAL_BYTES = 32 << 20
SEAL_EVERY = timedelta(hours=1)


class Keeping(Struct, frozen=True, kw_only=True):
    """What the pack says. Units: days; 0 is for ever."""

    hourly_after_days: int = 0
    keep_days: int = 0


def thin(segments: Segments, keeping: Keeping, now: datetime) -> int:
    """Thin the oldest of one shelf, or erase what is past; gives how many segments went. Again until it gives 0."""
    made = thinning(segments, keeping, now)
    segments.tell(made)
    segments.settle(made)
    return len(made.gone)


def thinning(segments: Segments, keeping: Keeping, now: datetime) -> Round:
    """The first step of a round: files of hours are made and on the disk."""
    segments.start()
    today = epoch_us(now) // DAY_US
    there, given = segments.known()
    if keeping.keep_days and (gone := [each for each in there if each.last_us < (today - keeping.keep_days) * DAY_US]):
        names = tuple(each.id for each in gone)
        segments.write_note(names)
        return Round(facts=tuple(SegmentErased(at=now, segment=each, why="retention") for each in names), gone=names)
    if not keeping.hourly_after_days:
        return Round()
    due = [each for each in there if not each.thinned and is_over(each.period, today - keeping.hourly_after_days)]
    if not due:
        return Round()
    first = min(due, key=lambda each: (each.shelf, each.first_us))
    return _thinned(segments, first, there, given, now)


def _thinned(segments: Segments, first: Segment, there: Sequence[Segment], given: int, now: datetime) -> Round:
    """One period of a shelf as hours. What of its segments lies beyond it stays as it came, in a segment of its own."""
    end = first.period_us[1]
    raw = [each for each in there if each.shelf == first.shelf and not each.thinned and each.first_us < end]
    low = min(each.first_us for each in raw) // HOUR_US * HOUR_US
    hours = [each for each in there if each.shelf == first.shelf and each.thinned and each.first_us < end and each.last_us >= low]
    gone = tuple(each.id for each in [*raw, *hours])
    beyond = [each for each in raw if each.last_us >= end]
    names = [f"{first.period}.{first.shelf}.{given + 1}", *(f"{each.period}.{each.shelf}.{given + 2 + no}" for no, each in enumerate(beyond))]
    segments.write_note([*names, *gone])
    with duckdb.connect(config={"memory_limit": MEMORY, "autoinstall_known_extensions": False}) as duck:
        said = asking.Said(sources=asking.sources_of([*raw, *hours], NOTHING, segments.path), wanted=None, since=-(2**62), until=end)
        table = duck.sql(asking.means(said, HOUR_US, 0)).to_arrow_table().cast(columns.THIN)
        if late := [each for each in hours if each.last_us >= end]:  # hours of a longer period that this one lies in
            after = asking.Said(sources=asking.sources_of(late, NOTHING, segments.path), wanted=None, since=end, until=2**62)
            rest = duck.sql(asking.means(after, HOUR_US, 0)).to_arrow_table().cast(columns.THIN)
            table = pa.concat_tables([table, rest]).sort_by([("stream", "ascending"), ("at", "ascending")])
        place = max(each.place for each in raw)
        facts: list[SegmentFact] = []
        for no, each in enumerate(beyond):
            only = asking.Said(sources=asking.sources_of([each], NOTHING, segments.path), wanted=None, since=end, until=2**62)
            kept = duck.sql(f"{asking.observations(only)[0]} ORDER BY stream, {asking.AT}, track").to_arrow_table().cast(columns.RAW)
            facts.append(SegmentSealed(at=now, place=each.place, **segments.written([kept], columns.RAW, each.period, each.shelf, given + 2 + no)))
    held = segments.written([table], columns.THIN, first.period, first.shelf, given + 1)
    count = int(sum(table["count"].to_pylist()))
    return Round(facts=(SegmentsThinned(at=now, place=place, **held, replaces=gone, observations=count), *facts), gone=gone)


class Keeper:
    """Decides what is due: to seal what waits, to make one segment of many, to thin or erase what is old."""

    def __init__(self, segments: Segments, waiting: Callable[[], int]):
        self.segments = segments
        self._waiting = waiting  # bytes that are written ahead and not sealed
        self._sealed_at: datetime | None = None

    def due(self, keeping: Keeping, now: datetime) -> Round:
        """The first step of the next round; an empty one where nothing is due."""
        self._sealed_at = self._sealed_at or now
        waiting = self._waiting()
        if waiting >= SEAL_BYTES or (waiting and now - self._sealed_at >= SEAL_EVERY):
            self._sealed_at = now
            return self.segments.sealing(now)
        made = self.segments.merging(now)
        return made if made.facts else thinning(self.segments, keeping, now)
