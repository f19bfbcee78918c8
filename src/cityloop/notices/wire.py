"""The wire: one POST to an address that somebody else chose, safely. Follows no redirect, wants no body, never raises, ends in time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

import httpcore

from cityloop.http.outward import Backend, Forbidden, Network, NotListed
from cityloop.http.timely import over_within
from cityloop.journal.spans import Span, no_span
from cityloop.notices.model import Answer, HttpParcel

CONNECT_S, ANSWER_S = 5.0, 10.0  # to be connected; for all of a call
ASKED_BYTES = 256 * 1024  # of an answer that is wanted
REST_BYTES, REST_S = 64 * 1024, 0.5  # of an answer whose status is all we want: what follows it, so that the connection may be used again


class Wire:
    """Sends parcels. `allowed` None trusts every address: only for one that the operator chose. `only`: the hosts that may be called."""

    def __init__(self, allowed: Sequence[Network] | None = (), *, only: frozenset[str] = frozenset(), answer_s: float = ANSWER_S):
        self._pool = httpcore.ConnectionPool(network_backend=Backend(allowed, only=only), max_connections=64, retries=0)
        self.span: Span = no_span
        self.is_cut: Callable[[], bool] = lambda: False  # in a drill
        self._answer_s = answer_s
        self._timeout = {"connect": CONNECT_S, "read": answer_s, "write": answer_s, "pool": answer_s}

    def post(self, parcel: HttpParcel) -> Answer:
        """Send one, and give what came back."""
        with self.span("outgoing call", host=parcel.url.split("/")[2][:100] if parcel.url.count("/") > 1 else ""):
            return self._posted(parcel)

    def _posted(self, parcel: HttpParcel) -> Answer:
        if self.is_cut():
            return Answer(status=0, error="no_connection")
        headers = [(name.encode(), value.encode()) for name, value in parcel.headers.items()]
        try:
            with over_within(self._answer_s), self._pool.stream(
                "POST", parcel.url, headers=headers, content=parcel.body, extensions={"timeout": self._timeout}
            ) as response:
                _pass_over(response)
                return Answer(status=response.status, after_s=_after(response.headers))
        except Forbidden as why:
            return Answer(status=0, error=_shut(why))
        except httpcore.TimeoutException:
            return Answer(status=0, error="timeout")
        except httpcore.ConnectError:
            return Answer(status=0, error="no_connection")
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return Answer(status=0, error="broken_off")
        except (httpcore.UnsupportedProtocol, ValueError, OSError):
            return Answer(status=0, error="bad_address")

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, bytes, str]:
        """One request whose answer is wanted: status, body and error. 0 where nothing came, or too much did.

        Follows no redirect, like `post`.
        """
        if self.is_cut():
            return 0, b"", "no_connection"
        named = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            with over_within(self._answer_s), self._pool.stream(
                method, url, headers=named, content=body, extensions={"timeout": self._timeout}
            ) as response:
                read = b""
                for chunk in response.iter_stream():
                    read += chunk
                    if len(read) > ASKED_BYTES:
                        return 0, b"", "too_large"
                return response.status, read, ""
        except Forbidden as why:
            return 0, b"", _shut(why)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError, OSError) as error:
            return 0, b"", type(error).__name__

    def close(self) -> None:
        """Let the connections go."""
        self._pool.close()


def _pass_over(response: httpcore.Response) -> None:
    """Read what follows the status, as far as it is short and there at once: else the connection is closed."""
    read = 0
    with over_within(REST_S), suppress(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        for chunk in response.iter_stream():
            read += len(chunk)
            if read > REST_BYTES:
                return


def _shut(why: Forbidden) -> str:
    return "host_not_listed" if isinstance(why, NotListed) else "address_inside"


def _after(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    for name, value in headers:
        if name.lower() == b"retry-after" and value.isdigit():
            return int(value[:6])
    return None
