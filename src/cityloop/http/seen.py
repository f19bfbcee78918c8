"""What the headers of a request say of it, as far as the edge asks: one look, before anything is decided."""

from collections.abc import Sequence

from msgspec import Struct

from cityloop.http.outward import Network, plain, within


class Seen(Struct):
    """What the headers of a request say, as far as the edge asks."""

    host: str = ""
    kind: str = ""
    length: int = -1
    chunked: bool = False
    known: bool = False
    for_whom: str = ""
    scheme: str = ""
    size: int = 0

    @property
    def brings(self) -> bool:
        """Whether a body comes with it."""
        return self.chunked or self.length > 0


def seen_in(headers: Sequence[tuple[bytes, bytes]], session_cookies: tuple[bytes, ...] = (b"cityloop_session=",)) -> Seen:
    """One look at the headers."""
    seen = Seen()
    for name, value in headers:
        seen.size += len(name) + len(value) + 4
        if name == b"host":
            seen.host = value.decode("latin-1")
        elif name == b"content-length":
            seen.length = int(value) if value.isdigit() else -1
        elif name == b"content-type":
            seen.kind = value[:100].decode("latin-1").lower()
        elif name == b"transfer-encoding":
            seen.chunked = True
        elif name == b"authorization" or name == b"x-api-key":
            seen.known = True
        elif name == b"cookie":
            seen.known = seen.known or any(each in value for each in session_cookies)
        elif name == b"x-forwarded-for":
            seen.for_whom = f"{seen.for_whom}, {value.decode('latin-1')}" if seen.for_whom else value.decode("latin-1")
        elif name == b"x-forwarded-proto":
            seen.scheme = value.decode("latin-1").strip().lower()
    return seen


def behind(said: str, proxies: Sequence[Network]) -> str | None:
    """The address that a chain of proxies speaks for: the last one that is no proxy of ours. Others before it may be made up.

    >>> from cityloop.http.outward import networks
    >>> behind("6.6.6.6, 203.0.113.7, 10.0.0.2", networks("10.0.0.0/8"))
    '203.0.113.7'
    """
    for each in reversed([part.strip() for part in said.split(",")][-20:]):
        try:
            found = plain(each)
        except ValueError:
            return None
        if not within(found, proxies):
            return str(found)
    return None


def name_in(host: str) -> str:
    """The name in a Host header, without its port.

    >>> name_in("City.Example:8000"), name_in("[::1]:8000"), name_in("city.example.")
    ('city.example', '[::1]', 'city.example')
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.strip().rstrip(".").lower()
