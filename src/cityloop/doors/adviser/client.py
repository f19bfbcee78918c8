"""The way to an OpenAI-compatible endpoint: one POST, whole within its time, of an answer that is not too long."""

from time import monotonic
from urllib.parse import urlsplit

import httpx

from cityloop.doors.adviser.model import Outcome, Unusable
from cityloop.http.calling import Calling

ANSWER_BYTES_MAX = 64 * 1024


class Endpoint:
    """An address that the operator chose, e.g. https://host/v1 or one of their own machines."""

    def __init__(self, url: str, key: str = "", *, seconds: float = 8.0):
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._seconds = seconds
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        transport = Calling(urlsplit(url).hostname or "")
        self._client = httpx.Client(headers=headers, timeout=seconds, follow_redirects=False, trust_env=False, transport=transport)

    def ask(self, body: bytes) -> bytes:
        """The answer's bytes. Raises `Unusable`."""
        ends, found = monotonic() + self._seconds, bytearray()
        try:
            with self._client.stream("POST", self._url, content=body) as response:
                if response.status_code != 200:
                    raise Unusable(Outcome.failed)
                for chunk in response.iter_raw():
                    found += chunk
                    if len(found) > ANSWER_BYTES_MAX:
                        raise Unusable(Outcome.garbage)
                    if monotonic() > ends:  # one that sends a byte now and then hangs, too
                        raise Unusable(Outcome.hung)
        except httpx.TimeoutException as error:
            raise Unusable(Outcome.hung) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise Unusable(Outcome.failed) from error
        return bytes(found)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()
