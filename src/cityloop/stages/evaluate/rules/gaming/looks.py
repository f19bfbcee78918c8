"""What is a hit of which kind: the rows of a period as they are looked at."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from cityloop.stages.evaluate.rules.gaming.looking import Kind, Look

AGAIN = timedelta(hours=72)  # so soon after it was closed, it was not put right
EASY = 0.05  # of the limit: done before anybody could have come
BEFORE = 0.95  # of the limit: from here on it is just before the deadline
NEAR = 0.80  # of the limit: of what was finished from here on, late or not, the last moments have their share


class Done(Struct, frozen=True, kw_only=True):
    """A piece of work that was finished, as far as it is looked at. `took`: the share of its limit that it took."""

    case: str
    unit: str
    class_key: str
    took: float | None
    closed_at: datetime | None = None
    again_at: datetime | None = None  # when it was there again, at the same place, or was taken up again
    own: bool | None = None  # its first report came from the unit's own people; None: from nobody of the staff


class Rating(Struct, frozen=True, kw_only=True):
    """What somebody said of a case. `source`: tells only whether two came from the same; "" is unknown."""

    case: str
    unit: str
    way: str
    content: bool
    source: str
    at: datetime


def looks_of(done: Iterable[Done], ratings: Iterable[Rating] = ()) -> Iterator[Look]:
    """Every row of a period that says something to one of the kinds."""
    for each in done:
        if each.closed_at is not None:
            again = each.again_at is not None and each.again_at - each.closed_at <= AGAIN
            yield _look(Kind.reopened, each, again)
        if each.took is not None:
            yield _look(Kind.own_easy, each, each.own is True and each.took <= EASY)
            if each.took >= NEAR:
                yield _look(Kind.just_before, each, BEFORE <= each.took <= 1)
    yield from _by_source(ratings)


def _look(kind: Kind, done: Done, hit: bool) -> Look:
    return Look(kind=kind, object=done.unit, work=done.class_key, hit=hit, item=done.case)


def _by_source(ratings: Iterable[Rating]) -> Iterator[Look]:
    """A good rating from a hand that rated the unit before in the period is a hit; the first of each hand never is."""
    seen: set[tuple[str, str]] = set()
    for each in sorted(ratings, key=lambda rating: (rating.at, rating.case)):
        if not each.source:
            continue
        hand = (each.unit, each.source)
        yield Look(
            kind=Kind.one_source, object=each.unit, work=each.way, hit=each.content and hand in seen, item=each.case
        )  # fmt: skip
        seen.add(hand)
