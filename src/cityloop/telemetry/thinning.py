"""How long observations are kept as they came, how long as hours, and that what is past is gone.

Old observations of a shelf become count, mean, least and most of each hour; a segment all of whose moments are older than the
city keeps anything is erased, also where its file is lost. What comes late for an hour that was thinned already is counted into it
at the next round.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

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
LOOK_AGAIN_AFTER = timedelta(minutes=10)  # for files that were lost
ERASE_MAX = 200  # segments in one transaction


class Keeping(Struct, frozen=True, kw_only=True):
    """What the pack says. Units: days; 0 is for ever."""

    hourly_after_days: int = 0
    keep_days: int = 0


def thin(segments: Segments, keeping: Keeping, now: datetime) -> int:
    """Erase some of what is past, or thin the oldest of one shelf; gives how many segments went. Again until it gives 0."""
    segments.start()
    made = erasing(segments, keeping, now)
    made = made if made.facts else thinning(segments, keeping, now)
    segments.tell(made)
    segments.settle(made)
    return len(made.gone)


def erasing(segments: Segments, keeping: Keeping, now: datetime) -> Round:
    """The first step of a round that erases: what is past goes, whether its file can be read or not."""
    past = (epoch_us(now) // DAY_US - keeping.keep_days) * DAY_US
    gone = [each.id for each in segments.known()[0] if each.last_us < past][:ERASE_MAX] if keeping.keep_days else []
    if not gone:
        return Round()
    segments.write_note(gone)
    return Round(facts=tuple(SegmentErased(at=now, segment=each, why="retention") for each in gone), gone=tuple(gone))


def thinning(segments: Segments, keeping: Keeping, now: datetime) -> Round:
    """The first step of a round that thins: files of hours are made and on the disk."""
    if not keeping.hourly_after_days:
        return Round()
    there, given = segments.known()
    today = epoch_us(now) // DAY_US
    due = sorted((each for each in there if not each.thinned and is_over(each.period, today - keeping.hourly_after_days)), key=_in_turn)
    for first in {(each.shelf, each.period): each for each in due}.values():
        raw = [each for each in there if each.shelf == first.shelf and not each.thinned and each.first_us < first.period_us[1]]
        low = min(each.first_us for each in raw) // HOUR_US * HOUR_US
        hours = [each for each in there if each.shelf == first.shelf and each.thinned and each.first_us < first.period_us[1] and each.last_us >= low]
        made = segments.tried([*raw, *hours], partial(_thinned, segments, first, raw, hours, given, now))
        if made.facts:
            return made
    return Round()


def _in_turn(segment: Segment) -> tuple[int, int]:
    return segment.shelf, segment.first_us


def _thinned(segments: Segments, first: Segment, raw: Sequence[Segment], hours: Sequence[Segment], given: int, now: datetime) -> Round:
    """The period of one, and all of its shelf before, as hours. What of it lies beyond stays as it came, in segments of their own."""
    end = first.period_us[1]
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
    """Decides what is due: to seal what waits, to erase what is past, to make one segment of many, to thin what is old."""

    def __init__(self, segments: Segments, waiting: Callable[[], int]):
        self.segments = segments
        self._waiting = waiting  # bytes that are written ahead and not sealed
        self._sealed_at: datetime | None = None
        self._looked_at: datetime | None = None

    def due(self, keeping: Keeping, now: datetime) -> Round:
        """The first step of the next round; an empty one where nothing is due.

        Refuses with `SegmentLost` where nothing is due but what needs a file that is lost; it looks for it again after a while.
        """
        self._sealed_at = self._sealed_at or now
        waiting = self._waiting()
        if waiting >= SEAL_BYTES or (waiting and now - self._sealed_at >= SEAL_EVERY):
            self._sealed_at = now
            return self.segments.sealing(now)
        if self._looked_at is None or now - self._looked_at >= LOOK_AGAIN_AFTER:
            self._looked_at = now
            self.segments.lost.clear()
        self.segments.start()
        made = erasing(self.segments, keeping, now)
        made = made if made.facts else self.segments.merging(now)
        made = made if made.facts else thinning(self.segments, keeping, now)
        for error in () if made.facts else self.segments.lost.values():
            raise error
        return made
