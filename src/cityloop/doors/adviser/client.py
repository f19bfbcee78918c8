"""The way to whoever gives second looks: chat completions of an OpenAI-compatible endpoint."""

from collections.abc import Callable

from cityloop.doors.adviser.model import Outcome, Unusable
from cityloop.http import endpoint

JSON = {"Content-Type": "application/json"}
OUTCOMES = {"hung": Outcome.hung, "failed": Outcome.failed, "too_long": Outcome.garbage}


class Endpoint:
    """An address that the operator chose, up to its /v1."""

    def __init__(self, url: str, key: str = "", *, seconds: float = 8.0, is_cut: Callable[[], bool] = lambda: False):
        self._way = endpoint.Endpoint(url, key, seconds=seconds, is_cut=is_cut)

    def ask(self, body: bytes) -> bytes:
        """The answer's bytes. Raises `Unusable`."""
        try:
            return self._way.post("chat/completions", content=body, headers=JSON)
        except endpoint.NoAnswer as error:
            raise Unusable(OUTCOMES[error.why]) from error

    def close(self) -> None:
        """Let the connections go."""
        self._way.close()
