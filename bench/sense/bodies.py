"""Lines of observations, made once; each round of all streams gets a later moment in their place."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from bench.load import http
from bench.sense.city import STREAMS, stream_name

ROWS = 5_000  # of one request
MARK = b"2026-01-01T00:00:00.000Z"
LINES = {"Content-Type": "application/x-ndjson"}


def templates(seed: int = 7) -> list[bytes]:
    """One body for each so many streams; together all streams speak once. Values go up and down about 60."""
    drawn = random.Random(seed)
    rows = [b'{"stream":"%s","at":"%s","value":%.1f}\n' % (stream_name(n).encode(), MARK, drawn.gauss(60, 5)) for n in range(STREAMS)]
    return [b"".join(rows[start : start + ROWS]) for start in range(0, STREAMS, ROWS)]


def moments(count: int, every_s: float = 1.0) -> Iterator[datetime]:
    """Moments that end now. Whoever sends more goes on with the same ones: what is older than what a stream said is not judged."""
    last = datetime.now(UTC)
    for number in range(count):
        yield last - timedelta(seconds=(count - 1 - number) * every_s)


def written(at: datetime) -> bytes:
    """A moment as these lines say it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3].encode() + b"Z"


def requests(told: Iterable[datetime], keys: list[str]) -> Iterator[bytes]:
    """Requests of all streams, a round for each moment, by the partners in turn."""
    bodies = templates()
    number = 0
    for at in told:
        for body in bodies:
            headers = LINES | {"Authorization": f"Bearer {keys[number % len(keys)]}"}
            number += 1
            yield http("POST", "/v1/observations", body.replace(MARK, written(at)), headers)
