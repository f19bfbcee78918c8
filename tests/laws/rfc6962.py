"""RFC 6962 §2.1 written out as it stands there: slow, plain, and the measure of the fast tree."""

from functools import cache
from hashlib import sha256

from hypothesis import strategies as st

SIZE_MAX = 66_600  # beyond 65536: a third level of tiles
DATA = [n.to_bytes(4, "big") for n in range(SIZE_MAX)]


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@cache
def mth(low: int, high: int) -> bytes:
    """MTH(D[low:high]); remembered, so that it ends before noon."""
    if high == low:
        return sha256(b"").digest()
    if high - low == 1:
        return sha256(b"\x00" + DATA[low]).digest()
    k = split(high - low)
    return sha256(b"\x01" + mth(low, low + k) + mth(low + k, high)).digest()


def audit_path(m: int, low: int, high: int) -> list[bytes]:
    """PATH(m, D[low:high])."""
    n = high - low
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return [*audit_path(m, low, low + k), mth(low + k, high)]
    return [*audit_path(m - k, low + k, high), mth(low, low + k)]


def consistency(m: int, n: int) -> list[bytes]:
    """PROOF(m, D[n])."""
    return subproof(m, 0, n, True)


def subproof(m: int, low: int, high: int, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[low:high], known)."""
    n = high - low
    if m == n:
        return [] if known else [mth(low, high)]
    k = split(n)
    if m <= k:
        return [*subproof(m, low, low + k, known), mth(low + k, high)]
    return [*subproof(m - k, low + k, high, False), mth(low, low + k)]


def near(border: int) -> st.SearchStrategy[int]:
    return st.integers(-3, 3).map(lambda step: border + step)


# trees to try: small ones, those at the borders of tiles, any
sizes = st.one_of(
    st.integers(1, 600),
    st.integers(1, SIZE_MAX // 256).flatmap(lambda tile: near(tile * 256)),
    near(65_536),
    near(65_536 + 256),
    st.integers(1, SIZE_MAX),
)
