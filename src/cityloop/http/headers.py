"""What every answer says to the browser that reads it: run nothing, frame nothing, tell nobody. A page may say more."""

from collections.abc import Iterable

Header = tuple[bytes, bytes]
PERMISSIONS = ", ".join(
    [f"{each}=(self)" for each in ("camera", "geolocation", "microphone")]
    + [f"{each}=()" for each in (
        "accelerometer", "autoplay", "browsing-topics", "display-capture", "gyroscope", "magnetometer", "midi", "payment",
        "publickey-credentials-get", "usb", "xr-spatial-tracking",
    )]
)  # fmt: skip
SAFE: tuple[Header, ...] = (
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),  # whoever answers with what may be kept says so
)
OPEN: tuple[Header, ...] = (
    *(pair for pair in SAFE if pair[0] != b"cross-origin-resource-policy"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
)
PAGE: tuple[Header, ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
    *(pair for pair in SAFE if pair[0] != b"content-security-policy"),
)
PAGES_OF_THE_FRAMEWORK = ("/docs",)  # they come without a policy of their own
OPEN_DATA = ("/open311/", "/sta/", "/evidence/")  # what pages of other sites may read; without a session, as `*` lets none along


def headers_for(path: str, method: str, *, strict_transport_s: int = 0) -> tuple[Header, ...]:
    """The headers of an answer. `strict_transport_s` says for how long browsers shall ask over TLS only; 0 says nothing."""
    base = OPEN if method in ("GET", "HEAD") and path.startswith(OPEN_DATA) else SAFE
    if path.startswith(PAGES_OF_THE_FRAMEWORK):
        base = PAGE
    if not strict_transport_s:
        return base
    return (*base, (b"strict-transport-security", b"max-age=%d; includeSubDomains" % strict_transport_s))


def with_safe(said: Iterable[Header], safe: Iterable[Header]) -> list[Header]:
    """The headers of an answer, and of the safe ones those of which it says nothing itself.

    >>> with_safe([(b"Referrer-Policy", b"no-referrer")], [(b"referrer-policy", b"same-origin"), (b"x-content-type-options", b"nosniff")])
    [(b'Referrer-Policy', b'no-referrer'), (b'x-content-type-options', b'nosniff')]
    """
    found = list(said)
    names = {name.lower() for name, _ in found}
    found.extend(pair for pair in safe if pair[0] not in names)
    return found
