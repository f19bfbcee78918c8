"""识: what it is, where it is, whether it is known already. One decision, with reasons."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact
from cityloop.domain.facts.intake import Channel
from cityloop.domain.ids import AreaCode, CaseId, CellCode, ClassKey, ComponentCode, ReportId, RuleCode
from cityloop.domain.policy import RequestKind


class Where(Struct, frozen=True, kw_only=True):
    """A place in the city. A class marked `private_place` carries the cell only: lon and lat stay None."""

    cell: CellCode | None = None
    community: AreaCode | None = None
    street: AreaCode | None = None
    district: AreaCode | None = None
    lon: float | None = None
    lat: float | None = None
    component: ComponentCode | None = None
    spot: int | None = None  # the H3 cell (resolution 9, about 200 m) as an integer: the portable spatial key


class Proposal(Struct, frozen=True, kw_only=True):
    """A class and rule with calibrated confidence and its reasons (codes and pack words, never the text)."""

    class_key: ClassKey
    rule: RuleCode
    confidence_ppm: int
    reasons: tuple[str, ...]


class Join(Struct, frozen=True, kw_only=True):
    """An open case that this report may be another sight of, with its reasons: codes and numbers, never the text."""

    case_id: CaseId
    distance_m: int
    confidence_ppm: int
    reasons: tuple[str, ...] = ()
    other_class: ClassKey | None = None  # the case's, where it is not the report's: such a join is only ever proposed


def join_of(joins: Iterable[Join]) -> Join | None:
    """The surest of the report's own class, which need not be the first: the first of a burst comes before its neighbours."""
    return max((join for join in joins if join.other_class is None), key=lambda join: join.confidence_ppm, default=None)


class SaidPlace(Struct, frozen=True, kw_only=True):
    """A place that the reporter's words name, as codes: a proposal, never the place itself.

    Units: degrees (WGS 84); `reach_m` how far from the point it may be; `apart_m` from the report's own point, if it has one.
    """

    kind: str  # area, road, crossing, landmark, address, cell, component
    code: str  # a road, road+road, road/number, a landmark, landmark/building, an area, a thing
    lon: float
    lat: float
    reach_m: int
    score_ppm: int
    apart_m: int | None = None


class RequestProposal(Struct, frozen=True, kw_only=True):
    """What is wanted, with calibrated confidence and its reasons (codes and pack words, never the text)."""

    kind: RequestKind
    confidence_ppm: int
    reasons: tuple[str, ...]


class Twice(StrEnum):
    """What is the same in several reports."""

    photo = "photo"  # the same bytes
    text = "text"  # the same words, whatever stands between them
    caller = "caller"  # the same number


class Copied(Struct, frozen=True, kw_only=True):
    """What of a report stood in earlier ones too: in how many, counted to `COPIES_COUNTED`, and from how many hands, this one's
    with them."""

    what: Twice
    reports: int
    people: int
    last: tuple[ReportId, ...]  # the newest first, at most three


CHECKED = "checked:"  # begins a why: a person is asked though the machine is sure


class ReportUnderstood(Fact, frozen=True, kw_only=True):
    """The report's class, place, urgency and relatives are proposed, or decided where that is safe."""

    SUBJECT: ClassVar[str] = "report"
    KEY: ClassVar[str] = "report_id"
    VERSION: ClassVar[int] = 4  # 1 knew no kind of request; 2 one case to join; 3 no copies

    report_id: ReportId
    channel: Channel
    proposals: tuple[Proposal, ...]  # best first, at most three; none: a person must look
    where: Where
    urgency: int = 0
    joins: tuple[Join, ...] = ()  # the likeliest first, at most three
    recurs: CaseId | None = None  # the last closed case of the class here
    alone: bool = False  # confidence reached the pack's level: nobody need look
    why: tuple[str, ...] = ()  # what kept the machine from deciding, as codes
    places: tuple[SaidPlace, ...] = ()  # what the words name: without a point, or far from it
    model: str
    simulated: bool = False
    request: RequestProposal | None = None  # None: the text says too little
    copied: tuple[Copied, ...] = ()  # text, photo

    @property
    def join(self) -> Join | None:
        """The surest of the report's own class: what may be joined, or must be looked at."""
        return join_of(self.joins)
