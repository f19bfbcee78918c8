"""A model made by a process of its own: the server goes on answering, and nothing waits for it."""

import subprocess
from collections.abc import Mapping, Sequence

from cityloop.teaching.model import TrainingRuns

REST_S, REST_MAX_S = 60.0, 86_400.0  # after one that failed nothing is begun for twice as long as before, a day at most


class TrainingFailed(Exception):
    """No model came of it; the log of that process says why."""


class Trainer:
    """Starts `cityloop learn train` beside the server; one at a time.

    Shape: `command` and `environment` of that process, without who asks and why.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]):
        self.command, self.environment = tuple(command), dict(environment)
        self._running: subprocess.Popen[bytes] | None = None
        self._failed, self._rests_until = 0, 0.0

    @property
    def runs(self) -> bool:
        """Whether one that was started here is still at it."""
        return self._running is not None and self._running.poll() is None

    def start(self, *, actor: str, why: str) -> None:
        """Begin. Refuses with `TrainingRuns`."""
        if self.runs:
            raise TrainingRuns("A model is being made; look again in a minute.")
        self._running = subprocess.Popen(
            [*self.command, "--actor", actor, "--why", why], env=self.environment, stdin=subprocess.DEVNULL
        )

    def heed(self, now: float) -> None:
        """See how the last one ended. Raises `TrainingFailed` for as long as nothing is to be begun after one that failed.

        Units: `now` in seconds of a clock that only goes on.
        """
        code = self._running.poll() if self._running else None
        if code is not None:
            self._running = None
            self._failed = self._failed + 1 if code else 0
            self._rests_until = now + min(REST_MAX_S, REST_S * 2.0**self._failed)
        if self._failed and now < self._rests_until:
            raise TrainingFailed(f"Of {self._failed} trainings in turn none made a model; the next begins in {self._rests_until - now:.0f} s.")

    def close(self) -> None:
        """End it with the server; what it made so far is thrown away."""
        if self._running is not None and self.runs:
            self._running.terminate()
            self._running.wait(10)
