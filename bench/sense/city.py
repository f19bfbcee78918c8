"""The city of the benchmark: many devices, partners with keys, a rule book of eight rules for each stream."""

from pathlib import Path

from bench.city import points
from bench.staff import hire, let_in
from cityloop.app import Settings, join, open_city
from cityloop.people.keys import key_drawn
from cityloop.stages.sense.service.register import StreamAsked, ThingAsked, register_things

THINGS, STREAMS_EACH = 6_250, 8
STREAMS = THINGS * STREAMS_EACH
KEYS = 8


def stream_name(number: int) -> str:
    """The outside name of a stream. `number` from 0."""
    return f"bench-{number // STREAMS_EACH:05d}/s{number % STREAMS_EACH}"


def made(home: Path, pack: str) -> list[str]:
    """A city of 50 thousand streams; gives the keys by which partners send."""
    parts = join(Settings(city="bench", home=str(home), pack=pack))
    open_city(parts)
    policy = parts.book.in_force()
    where = points(policy, 7)
    asked = [
        ThingAsked(
            key=f"bench-{number:05d}", **dict(zip(("lon", "lat"), where(), strict=True)),
            streams=tuple(StreamAsked(key=f"s{each}", property="laeq", unit="dB[SPL]", every_s=60) for each in range(STREAMS_EACH)),
        )
        for number in range(THINGS)
    ]  # fmt: skip
    for start in range(0, THINGS, 500):
        parts.writer.change(lambda tx, some=asked[start : start + 500]: register_things(tx, some, policy=policy))
    keys = [key_drawn() for _ in range(KEYS)]
    let_in(parts.writer, policy, keys)
    hire(parts.writer, parts.book)
    parts.close()
    return keys
