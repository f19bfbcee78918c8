"""An OpenAI-compatible endpoint that the operator chose: one POST, whole within its time, of an answer that is not too long."""

from collections.abc import Callable
from time import monotonic
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

from cityloop.http.calling import Calling

ANSWER_BYTES_MAX = 64 * 1024


class NoAnswer(Exception):
    """It hung, it failed (no connection, or another status than 200), or it said far too much. Never reaches a caller."""

    def __init__(self, why: Literal["hung", "failed", "too_long"]):
        super().__init__(why)
        self.why = why


class Endpoint:
    """An address up to its /v1, e.g. https://host/v1 or one of the operator's own machines. `is_cut`: a drill took it away."""

    def __init__(self, url: str, key: str = "", *, seconds: float, is_cut: Callable[[], bool] = lambda: False):
        self._url = url.rstrip("/")
        self._seconds, self._is_cut = seconds, is_cut
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        transport = Calling(urlsplit(url).hostname or "")
        self._client = httpx.Client(headers=headers, timeout=seconds, follow_redirects=False, trust_env=False, transport=transport)

    def post(self, path: str, **body: Any) -> bytes:
        """The answer's bytes. `body` is httpx's: `content` with `headers`, or `data` with `files`. Raises `NoAnswer`."""
        if self._is_cut():
            raise NoAnswer("failed")
        ends, found = monotonic() + self._seconds, bytearray()
        try:
            with self._client.stream("POST", f"{self._url}/{path}", **body) as response:
                if response.status_code != 200:
                    raise NoAnswer("failed")
                for chunk in response.iter_raw():
                    found += chunk
                    if len(found) > ANSWER_BYTES_MAX:
                        raise NoAnswer("too_long")
                    if monotonic() > ends:  # one that sends a byte now and then hangs, too
                        raise NoAnswer("hung")
        except httpx.TimeoutException as error:
            raise NoAnswer("hung") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise NoAnswer("failed") from error
        return bytes(found)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()
