"""The code by which a reporter finds their report again: how it is read, and how a wrong one is refused."""

from cityloop.domain.errors import NotFound

CODE_CHARS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
CODE_LENGTH = 12  # 60 bits: nobody guesses one
_LOOKALIKES = str.maketrans("OIL", "011", " -")


class TrackingUnknown(NotFound):
    """No report answers to this code."""

    code = "intake.tracking_unknown"


def code_read(given: str) -> str | None:
    """The code that somebody typed: small letters, hyphens, blanks and lookalikes are put right; None if it is none.

    >>> code_read("zk4o-1l2i-ab3d"), code_read("hello")
    ('ZK401121AB3D', None)
    """
    code = given[:40].upper().translate(_LOOKALIKES)
    return code if len(code) == CODE_LENGTH and not code.strip(CODE_CHARS) else None
