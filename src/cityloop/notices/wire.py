"""The wire: one POST to an address that somebody else chose, safely. Follows no redirect, reads no body, never raises."""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from cityloop.journal.spans import Span, no_span
from cityloop.notices.model import Answer, HttpParcel

CONNECT_S, ANSWER_S = 5.0, 10.0
ANSWER_BYTES = 64 * 1024  # of an answer that are read at most, so that the connection may be used again
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Forbidden(httpcore.ConnectError):
    """The name leads to an address inside; whoever chose it may not make us call there."""


def networks(said: str) -> tuple[Network, ...]:
    """The networks in a list like `10.0.0.0/8 127.0.0.1`.

    >>> [str(each) for each in networks("10.0.0.0/8, 127.0.0.1")]
    ['10.0.0.0/8', '127.0.0.1/32']
    """
    return tuple(ipaddress.ip_network(each) for each in said.replace(",", " ").split())


def is_outside(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is one of the open internet, or of a network that the operator allows.

    >>> [is_outside(each) for each in ("93.184.216.34", "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1")]
    [True, False, False, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    if any(inner.version == each.version and inner in each for each in allowed):
        return True
    return inner.is_global and found.is_global and not inner.is_multicast


class _Backend(httpcore.NetworkBackend):
    """Connects to the very address that was looked at: a name cannot change its mind in between."""

    def __init__(self, allowed: Sequence[Network] | None):
        self._allowed = allowed
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the name that may be called."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = [str(each[4][0]) for each in found]
        if self._allowed is not None:
            addresses = [each for each in addresses if is_outside(each, self._allowed)]
        if not addresses:
            raise Forbidden(f"{host} lies inside")
        return self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)


class Wire:
    """Sends parcels. `allowed` None trusts every address: only for one that the operator chose."""

    def __init__(self, allowed: Sequence[Network] | None = (), *, answer_s: float = ANSWER_S):
        self._pool = httpcore.ConnectionPool(network_backend=_Backend(allowed), max_connections=64, retries=0)
        self.span: Span = no_span
        self._timeout = {"connect": CONNECT_S, "read": answer_s, "write": answer_s, "pool": answer_s}

    def post(self, parcel: HttpParcel) -> Answer:
        """Send one, and give what came back."""
        with self.span("outgoing call", host=parcel.url.split("/")[2][:100] if parcel.url.count("/") > 1 else ""):
            return self._posted(parcel)

    def _posted(self, parcel: HttpParcel) -> Answer:
        headers = [(name.encode(), value.encode()) for name, value in parcel.headers.items()]
        try:
            with self._pool.stream(
                "POST", parcel.url, headers=headers, content=parcel.body, extensions={"timeout": self._timeout}
            ) as response:
                read = 0
                for chunk in response.iter_stream():
                    read += len(chunk)
                    if read > ANSWER_BYTES:
                        break
                return Answer(status=response.status, after_s=_after(response.headers))
        except Forbidden:
            return Answer(status=0, error="address_inside")
        except httpcore.TimeoutException:
            return Answer(status=0, error="timeout")
        except httpcore.ConnectError:
            return Answer(status=0, error="no_connection")
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return Answer(status=0, error="broken_off")
        except (httpcore.UnsupportedProtocol, ValueError, OSError):
            return Answer(status=0, error="bad_address")

    def close(self) -> None:
        """Let the connections go."""
        self._pool.close()


def _after(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    for name, value in headers:
        if name.lower() == b"retry-after" and value.isdigit():
            return int(value[:6])
    return None
