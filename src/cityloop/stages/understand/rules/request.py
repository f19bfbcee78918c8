"""The kind of request 诉求类型: what somebody wants who reports, by words of the pack."""

from bisect import bisect_right
from math import exp
from operator import add

from msgspec import Struct

from cityloop.domain.facts import RequestProposal
from cityloop.domain.policy import Policy, RequestKind
from cityloop.stages.understand.rules.words import plain

USUAL, USUAL_WEIGHT = RequestKind.complain, 2.5  # who says nothing of it complains
BEFORE = dict.fromkeys(RequestKind, 0.0) | {USUAL: USUAL_WEIGHT}  # any word is heard
TENTHS = 10  # weights of the pack are tenths of a logit
REASONS_MAX = 3
CHARS_MIN = 4  # of what can be read; shorter texts say nothing of it

# Share that the weights give -> share of such lines that were right; straight lines between. Drawn from the tuned half of
# tests/unit/understand/private_lines.tsv, each fifth weighed on the others; the held half is told by bench/understand/request.py.
CALIBRATION: tuple[tuple[float, int], ...] = (
    (0.00, 0), (0.45, 450_000), (0.65, 730_000), (0.72, 860_000), (0.95, 900_000), (0.986, 940_000), (0.998, 980_000), (1.00, 985_000),
)  # fmt: skip


class Cue(Struct, frozen=True):
    """A word of the pack that speaks for one kind. Shape: `form` as it is compared."""

    form: str
    word: str
    kind: RequestKind
    weight: float


class CueIndex(Struct, frozen=True):
    """The cues by their first two characters; those of one apart."""

    heads: frozenset[str]
    pairs: dict[str, tuple[Cue, ...]]
    single: tuple[Cue, ...]


def request_of(text: str, policy: Policy) -> RequestProposal | None:
    """What the text wants, with its confidence and the words that say so; None where it says too little, or the pack has no words."""
    if not policy.request_words:
        return None
    said = plain(text)
    cues = _cues_in(said, _index(policy))
    if not cues and sum((char.isascii() and char.isalpha()) or "\u4e00" <= char <= "\u9fff" for char in said[:40]) < CHARS_MIN:
        return None
    sums = dict(BEFORE)
    for cue in cues:
        sums[cue.kind] += cue.weight
    best = max(sums, key=sums.__getitem__)
    share = 1 / sum(exp(each - sums[best]) for each in sums.values())
    own = sorted((cue for cue in cues if cue.kind is best), key=lambda cue: -cue.weight)
    reasons = tuple([f"request_word:{cue.word}" for cue in own[:REASONS_MAX]]) or ("request_usual",)
    return RequestProposal(kind=best, confidence_ppm=_calibrated(share), reasons=reasons)


def _calibrated(share: float) -> int:
    """Units: ppm."""
    place = bisect_right(CALIBRATION, (share, 1_000_000)) - 1
    if place + 1 >= len(CALIBRATION):
        return CALIBRATION[-1][1]
    (x1, y1), (x2, y2) = CALIBRATION[place], CALIBRATION[place + 1]
    return round(y1 + (y2 - y1) * (share - x1) / (x2 - x1))


def _cues_in(said: str, index: CueIndex) -> list[Cue]:
    """Each cue that stands in the text, once."""
    found = [cue for head in sorted(index.heads.intersection(map(add, said, said[1:]))) for cue in index.pairs[head] if len(cue.form) == 2 or cue.form in said]
    return found + [cue for cue in index.single if cue.form in said]


def _index(policy: Policy) -> CueIndex:
    """Made once; a policy is frozen."""
    known = policy.__dict__.get("_cue_index")
    if known is None:
        cues = [
            Cue(plain(each.word), each.word, each.request_kind, each.weight / TENTHS) for each in policy.request_words
        ]
        pairs: dict[str, list[Cue]] = {}
        for cue in cues:
            if len(cue.form) > 1:
                pairs.setdefault(cue.form[:2], []).append(cue)
        single = tuple(cue for cue in cues if len(cue.form) == 1)
        known = policy.__dict__["_cue_index"] = CueIndex(
            frozenset(pairs), {head: tuple(each) for head, each in pairs.items()}, single
        )
    return known
