"""Which shard a stream belongs to: streams that a rule looks at together lie in one."""

from collections.abc import Iterator
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cityloop.stages.sense.rules.kernel import Plan
from cityloop.telemetry import Batch


def shards_of(plan: Plan, count: int) -> NDArray[np.int32]:
    """The shard of each stream, by its number. Streams of one site, and neighbours that are compared, share a shard.

    A stream that nothing binds to others goes by its own number, so that it stays where it is when others come.
    """
    first = np.arange(plan.size)

    def root(stream: int) -> int:
        while first[stream] != stream:
            first[stream] = first[first[stream]]
            stream = int(first[stream])
        return stream

    def bind(one: int, other: int) -> None:
        low, high = sorted((root(one), root(other)))
        first[high] = low

    for group in plan.sites:
        for stream in group.streams[1:]:
            bind(group.streams[0], stream)
    for stream, others in zip(plan.families["near"].stream.tolist(), plan.near.tolist(), strict=True):
        for other in others:
            if other:
                bind(stream, other)
    return np.array([crc32(b"%d" % root(stream)) % count for stream in range(plan.size)], np.int32)


def divided(batch: Batch, shards: NDArray[np.int32], rows_max: int) -> Iterator[tuple[int, Batch]]:
    """The batch by shards, in pieces of so many rows at most; in each the order in which they came.

    Streams that the plan does not know are judged by nobody, and go nowhere.
    """
    known = (batch.stream >= 0) & (batch.stream < len(shards))
    batch = batch if known.all() else batch.at_rows(known)
    of = shards[batch.stream]
    order = np.argsort(of, kind="stable")
    ends = np.flatnonzero(np.diff(of[order])) + 1
    for rows in np.split(order, ends):
        for start in range(0, len(rows), rows_max):
            piece = rows[start : start + rows_max]
            yield int(of[piece[0]]), batch.at_rows(piece)
