"""Codes as pure values: which step a code belongs to, how one on paper is written."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

STEP_S, DIGITS, AROUND = 30, 6, 1  # a clock may be half a minute off, as RFC 6238 5.2 says
SECRET_BYTES = 20  # RFC 4226 4: 160 bits
RECOVERY_CODES, RECOVERY_CHARS = 10, 16
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"  # Crockford's: nothing that looks like something else


def secret_drawn() -> bytes:
    """A fresh secret. Draw it before the transaction."""
    return secrets.token_bytes(SECRET_BYTES)


def in_base32(secret: bytes) -> str:
    """A secret as people type it into an application."""
    from base64 import b32encode

    return b32encode(secret).decode().rstrip("=")


def step_of(moment: datetime) -> int:
    """The number of a moment's half minute."""
    return int(moment.timestamp()) // STEP_S


def code_at(secret: bytes, step: int) -> str:
    """The code of a half minute.

    Source: RFC 6238, by pyotp.
    """
    from pyotp import TOTP

    return TOTP(in_base32(secret), digits=DIGITS, interval=STEP_S).generate_otp(step)


def matching_step(secret: bytes, code: str, now: datetime, *, after: int) -> int | None:
    """The step that a code belongs to, of those around now that are later than the last one used; None for none.

    Every candidate is compared, each in the same time.
    """
    plain = plain_code(code)
    here, found = step_of(now), None
    for step in range(here - AROUND, here + AROUND + 1):
        if secrets.compare_digest(code_at(secret, step), plain) and step > after and found is None:
            found = step
    return found


def plain_code(code: str) -> str:
    """A code without what people write between its parts.

    >>> plain_code(" 123 456 "), plain_code("abcd-efgh-jkmn-0o1l")
    ('123456', 'ABCDEFGHJKMN0011')
    """
    said = "".join(char for char in code.upper() if char.isascii() and char.isalnum())
    return said if said.isdigit() else said.translate(str.maketrans("OIL", "011"))


def is_recovery(code: str) -> bool:
    """Whether it has the form of a code on paper."""
    return len(plain_code(code)) == RECOVERY_CHARS


def recovery_drawn() -> tuple[str, ...]:
    """Ten codes for paper, 80 bits each. Draw them before the transaction, and show them once."""
    return tuple("".join(secrets.choice(LETTERS) for _ in range(RECOVERY_CHARS)) for _ in range(RECOVERY_CODES))


def recovery_shown(codes: Sequence[str]) -> list[str]:
    """Codes as they are read and typed.

    >>> recovery_shown(["ABCDEFGHJKMN0123"])
    ['ABCD-EFGH-JKMN-0123']
    """
    return ["-".join(code[start : start + 4] for start in range(0, RECOVERY_CHARS, 4)) for code in codes]


def recovery_digest(account: str, code: str) -> str:
    """What is kept of a code on paper."""
    return sha256(f"{account} {plain_code(code)}".encode()).hexdigest()


def address_for(secret: bytes, *, name: str, city: str) -> str:
    """The otpauth address that applications read from a QR code."""
    from pyotp import TOTP

    return TOTP(in_base32(secret), digits=DIGITS, interval=STEP_S).provisioning_uri(name=name, issuer_name=city)
