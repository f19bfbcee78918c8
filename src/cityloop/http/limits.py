"""How often a caller may come: a bucket of tokens for each key, refilled as time goes by."""

from msgspec import Struct

from cityloop.domain.errors import TooOften

BUCKETS_MAX = 10_000


class Pace(Struct, frozen=True, kw_only=True):
    """So many requests a minute on the average, and so many at once."""

    per_min: int
    burst: int


class Bucket(Struct, frozen=True):
    """What a caller has left, and when that was counted. Units: requests; seconds."""

    tokens: float
    at: float


class CameTooOften(TooOften):
    """More requests than the key may make."""

    code = "rate.too_often"


def taken(bucket: Bucket | None, pace: Pace, now: float, share: int = 1) -> tuple[Bucket, float]:
    """The bucket after one request, and how long to wait before it is let in: 0 lets it in, and takes a token.

    `share` is how many processes divide the pace among them. A clock that goes back refills nothing.

    >>> taken(None, Pace(per_min=60, burst=1), 0.0)
    (Bucket(tokens=0.0, at=0.0), 0.0)
    >>> taken(Bucket(0.25, 0.0), Pace(per_min=60, burst=1), 0.25)
    (Bucket(tokens=0.5, at=0.25), 0.5)
    """
    per_s, most = pace.per_min / 60 / share, max(1.0, pace.burst / share)
    before = bucket or Bucket(most, now)
    tokens = min(most, before.tokens + max(0.0, now - before.at) * per_s)
    if tokens >= 1.0:
        return Bucket(tokens - 1.0, now), 0.0
    return Bucket(tokens, now), (1.0 - tokens) / per_s


class Buckets:
    """The buckets of this process. One that nobody took from for long is full, so it need not be kept."""

    def __init__(self, share: int = 1):
        self.share = share
        self._all: dict[str, Bucket] = {}

    def take(self, key: str, pace: Pace, now: float) -> None:
        """Let one request of a key in.

        Refuses with `CameTooOften`, which says after how many seconds to come again.
        """
        bucket, wait_s = taken(self._all.get(key), pace, now, self.share)
        if key not in self._all and len(self._all) >= BUCKETS_MAX:
            self._forget(now)
        self._all[key] = bucket
        if wait_s:
            after = max(1, -int(-wait_s // 1))
            raise CameTooOften(
                f"You may come {pace.per_min} times a minute, {pace.burst} at once; come again in {after} s.",
                retry_after_s=after,
            )

    def count(self, key: str, pace: Pace, now: float) -> None:
        """Take from a bucket without refusing: what it counts has happened."""
        if key not in self._all and len(self._all) >= BUCKETS_MAX:
            self._forget(now)
        self._all[key], _ = taken(self._all.get(key), pace, now, self.share)

    def is_empty(self, key: str, pace: Pace, now: float) -> bool:
        """Whether nothing is left for a key; takes nothing."""
        bucket = self._all.get(key)
        return bucket is not None and taken(bucket, pace, now, self.share)[1] > 0

    def _forget(self, now: float) -> None:
        """Drop what was not asked for in the last minute; where that is nothing, the oldest half."""
        by_age = sorted(self._all, key=lambda key: self._all[key].at)
        old = [key for key in by_age if now - self._all[key].at > 60] or by_age[: len(by_age) // 2]
        for key in old:
            del self._all[key]
