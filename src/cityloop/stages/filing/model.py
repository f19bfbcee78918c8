"""What filing speaks of, and how it says no."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid, Refused
from cityloop.domain.ids import CellCode
from cityloop.domain.policy import Level

FIRST_DESK = Level.city  # the desk that gets a filed case first
CERTAIN_PPM = 1_000_000  # a person decided


class RefusalReason(StrEnum):
    """Why a report is not taken up: what its reporter is told. Words: `filing.reason.*`."""

    not_found = "not_found"  # nothing of the kind was seen on site
    below_condition = "below_condition"  # it does not meet the filing condition
    not_ours = "not_ours"  # another authority answers for it
    outside = "outside"  # it lies outside the city
    private_matter = "private_matter"  # a dispute between private people
    unclear = "unclear"  # place or matter could not be made out
    settled = "settled"  # it was put right before anybody came
    repeated = "repeated"  # the same thing by the same reporter
    not_serious = "not_serious"  # a test, an advertisement, an insult


class CompletionReason(StrEnum):
    """What the acceptor shall complete. Words: `completion.reason.*`."""

    class_doubtful = "class_doubtful"
    place_vague = "place_vague"
    words_lacking = "words_lacking"
    photos_lacking = "photos_lacking"
    known_already = "known_already"  # it may be part of another case


class PartReason(StrEnum):
    """Why a report is taken out of a case again. Words: `part.reason.*`."""

    other_place = "other_place"
    other_problem = "other_problem"
    reporter_says = "reporter_says"  # its sender says that the case is not theirs
    slip = "slip"  # the wrong case was named


class PlaceAsked(Struct, frozen=True, kw_only=True):
    """Where it really is: a point, or a cell where the point must not be known."""

    lon: float | None = None
    lat: float | None = None
    cell: CellCode | None = None


class ProblemUnknown(Refused):
    """Nobody has said yet what the case is about."""

    code = "filing.problem_unknown"


class RuleUnknown(Invalid):
    """The class has no such rule."""

    code = "filing.rule_unknown"


class CellUnknown(Invalid):
    """The city has no such cell, or none there."""

    code = "filing.cell_unknown"


class ReasonUnknown(Invalid):
    """No reason that a reporter could be told."""

    code = "filing.reason_unknown"


class NoPostCovers(Refused):
    """No collector's post covers the place."""

    code = "filing.no_post_covers"


class PostUnable(Invalid):
    """That post may not verify there."""

    code = "filing.post_unable"


class VerifyFirst(Refused):
    """The rule asks that somebody looks on site before filing."""

    code = "filing.verify_first"


class JoinWrong(Refused):
    """The report cannot become part of that case."""

    code = "filing.join_wrong"


class PartWrong(Refused):
    """The report cannot leave that case."""

    code = "filing.part_wrong"
