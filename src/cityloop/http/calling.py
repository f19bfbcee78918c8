"""An HTTP client for a host that the installation named: it may lie inside; whoever it sends us on to may not."""

import httpcore
import httpx

from cityloop.http.outward import Backend


class Calling(httpx.BaseTransport):
    """The transport of such a client. Every connection goes to an address that was looked at, also after a redirect."""

    def __init__(self, named: str) -> None:
        """`named` is the host's name, as the settings or the command say it."""
        self._pool = httpcore.ConnectionPool(network_backend=Backend((), named=frozenset({named})), max_connections=16, retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one. Raises what httpx raises."""
        asked = httpcore.Request(
            request.method, str(request.url), headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        try:
            answer = self._pool.handle_request(asked)
        except httpcore.TimeoutException as error:
            raise httpx.ReadTimeout(str(error), request=request) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise httpx.ConnectError(str(error), request=request) from error
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer, request), extensions=answer.extensions)

    def close(self) -> None:
        """Let the connections go."""
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response, request: httpx.Request) -> None:
        self._answer, self._request = answer, request

    def __iter__(self):
        try:
            yield from self._answer.iter_stream()
        except httpcore.TimeoutException as error:
            raise httpx.ReadTimeout(str(error), request=self._request) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise httpx.ReadError(str(error), request=self._request) from error

    def close(self) -> None:
        self._answer.close()
