"""A model made by a process of its own: the server goes on answering, and nothing waits for it."""

import subprocess
from collections.abc import Mapping, Sequence

from cityloop.teaching.model import TrainingRuns


class Trainer:
    """Starts `cityloop learn train` beside the server; one at a time.

    Shape: `command` and `environment` of that process, without who asks and why.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]):
        self.command, self.environment = tuple(command), dict(environment)
        self._running: subprocess.Popen[bytes] | None = None

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

    def close(self) -> None:
        """End it with the server; what it made so far is thrown away."""
        if self._running is not None and self.runs:
            self._running.terminate()
            self._running.wait(10)
