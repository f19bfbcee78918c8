"""A period of a city whose numbers are made by known hands, to see whether they are found and nobody else is.

Four units make their numbers, each in one way; all the others are honest, and differ from one another and by class:

- `maker-again` says of a quarter of its work that it is done, and it is there again within three days;
- `maker-own` has its own people bring easy cases, and finishes them at once: an eighth of its rows;
- `maker-hands` has three hands give a third of its ratings, all good;
- `maker-clock` says of nine in ten that would be late that they were done in the last moments.

The odds of honest units differ by up to twice: each has a factor between 0.71 and 1.41 of what its classes have.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec.structs import replace

from cityloop.stages.evaluate.rules.gaming import Done, Kind, Rating

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
MAKERS = {
    Kind.reopened: "maker-again",
    Kind.own_easy: "maker-own",
    Kind.one_source: "maker-hands",
    Kind.just_before: "maker-clock",
}
MADE = {Kind.reopened: 0.25, Kind.own_easy: 0.125, Kind.one_source: 0.35, Kind.just_before: 0.9}  # of the rows where it can
CLASSES = {"0101": 0.02, "0203": 0.05, "0305": 0.09, "0410": 0.14}  # how often it is there again
EVENLY = 2**0.5
RATED = 0.5  # of the cases
DAYS = 28
HONEST = tuple(f"unit-{n:02d}" for n in range(12))


def period(seed: int, *, made: bool = True, each: int = 400) -> tuple[list[Done], list[Rating]]:
    """The finished work and the ratings of a period; `made` False: the makers are honest, too."""
    random = Random(seed)
    done, ratings = [], []
    for unit in (*HONEST, *MAKERS.values()):
        factor = EVENLY ** random.uniform(-1, 1)
        for n in range(round(each * random.uniform(0.5, 1.5))):
            row = _honest(random, f"{unit}-{n:04d}", unit, factor)
            row = _made(random, row) if made else row
            done.append(row)
            ratings += _rated(random, row, factor, made)
    return done, ratings


def _honest(random: Random, case: str, unit: str, factor: float) -> Done:
    """A piece of honest work: most in good time, some late, some of it there again, some of it brought by one's own."""
    class_key = random.choice(tuple(CLASSES))
    closed = BEGIN + timedelta(minutes=random.randrange(DAYS * 24 * 60))
    again = _by_odds(random, CLASSES[class_key], factor)
    after = timedelta(hours=random.uniform(1, 72)) if again else timedelta(hours=random.uniform(80, 900))
    own = _by_odds(random, 0.08, factor)
    took = random.uniform(0, 0.05) if _by_odds(random, 0.1, factor) else random.betavariate(2, 2) * 1.4
    if 0.80 <= took <= 1:  # hurrying before a deadline is honest, too
        took = random.uniform(0.95, 1) if _by_odds(random, 0.3, factor) else random.uniform(0.80, 0.9499)
    seen = again or random.random() < 0.1
    return Done(
        case=case, unit=unit, class_key=class_key, took=took, closed_at=closed, again_at=closed + after if seen else None,
        own=own,
    )  # fmt: skip


def _made(random: Random, row: Done) -> Done:
    """What becomes of a row in the hands of those who make their numbers."""
    if row.unit == MAKERS[Kind.reopened] and random.random() < MADE[Kind.reopened] and row.closed_at:
        again = row.closed_at + timedelta(hours=random.uniform(2, 60))
        return replace(row, again_at=again)
    if row.unit == MAKERS[Kind.own_easy] and random.random() < MADE[Kind.own_easy]:
        return replace(row, took=random.uniform(0, 0.03), again_at=None, own=True)
    late = row.took is not None and row.took > 1
    if row.unit == MAKERS[Kind.just_before] and late and random.random() < MADE[Kind.just_before]:
        return replace(row, took=random.uniform(0.96, 1))
    return row


def _rated(random: Random, row: Done, factor: float, made: bool) -> Iterator[Rating]:
    """Some say what they think; a few residents of a place speak often, and of one unit."""
    if random.random() > RATED or row.closed_at is None:
        return
    at = row.closed_at + timedelta(hours=random.uniform(1, 48))
    often = _by_odds(random, 0.06, factor)
    source = f"{row.unit}-neighbour-{random.randrange(4)}" if often else f"hand-{random.getrandbits(60):x}"
    content = random.random() < 0.8
    if made and row.unit == MAKERS[Kind.one_source] and random.random() < MADE[Kind.one_source]:
        source, content = f"bought-{random.randrange(3)}", True
    yield Rating(case=row.case, unit=row.unit, way=random.choice(("link", "phone")), content=content, source=source, at=at)


def _by_odds(random: Random, share: float, factor: float) -> bool:
    odds = share / (1 - share) * factor
    return random.random() < odds / (1 + odds)
