"""Observations sealed in segments: what each file holds, which it replaces, which was erased."""

from datetime import datetime
from typing import ClassVar

from cityloop.domain.facts.fact import Fact
from cityloop.domain.ids import FileDigest


class SegmentFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a segment: a file of observations, of one period and one shelf of streams."""

    SUBJECT: ClassVar[str] = "telemetry"
    KEY: ClassVar[str] = "segment"

    segment: str  # `period.shelf.number`, e.g. 2026-03-06.0.17


class SegmentHeld(SegmentFact, frozen=True, kw_only=True):
    """What a segment holds. Units: bytes; rows are observations, in a thinned segment hours."""

    period: str  # a day, or a month of the past, in UTC: 2026-03-06, 2026-03
    shelf: int  # 4,096 streams whose numbers follow each other
    place: int  # in the order in which they came: of two that hold the same moment, the one with the higher place says it
    digest: FileDigest
    size_bytes: int
    rows: int
    streams: int
    first_at: datetime
    last_at: datetime
    replaces: tuple[str, ...] = ()  # segments whose bytes are gone now


class SegmentSealed(SegmentHeld, frozen=True, kw_only=True):
    """Observations lie in a file of columns from now on, as they came."""


class SegmentsThinned(SegmentHeld, frozen=True, kw_only=True):
    """Of old observations only count, mean, least and most of each hour are kept; the bytes of the rest are gone."""

    observations: int  # that the hours stand for


class SegmentErased(SegmentFact, frozen=True, kw_only=True):
    """A segment's bytes are gone: it was kept as long as the pack says, or its file was lost and is given up."""

    why: str  # retention, lost
