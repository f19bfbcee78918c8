"""What understand speaks of."""

from msgspec import Struct

from cityloop.domain.facts import Proposal
from cityloop.domain.ids import ClassKey

MODEL = "words/1"


class Scored(Struct, frozen=True, kw_only=True):
    """A class with the evidence that the text gives for it.

    Shape: `near` is the text around the words that were found, `near_words` the Latin words around those.
    """

    class_key: ClassKey
    score: float
    reasons: tuple[str, ...]
    near: str = ""
    near_words: str = ""


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether the proposal is taken without a person, and what kept it from that."""

    alone: bool
    why: tuple[str, ...]


class Guess(Struct, frozen=True, kw_only=True):
    """What a report is about: proposals, the best first, and the urgency of the first."""

    proposals: tuple[Proposal, ...] = ()
    urgency: int = 0
