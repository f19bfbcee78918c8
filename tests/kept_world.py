"""Commands on a city in a folder."""

from pathlib import Path

from typer.testing import CliRunner

from cityloop.cli import root
from cityloop.domain.errors import CityloopError


def call(home: Path, *words: str) -> tuple[int, str]:
    """A command on a city: exit code and what was said; a refusal by its code."""
    done = CliRunner().invoke(root.app, list(words), env={"CITYLOOP_HOME": str(home)})
    if isinstance(done.exception, CityloopError):
        return 1, f"{done.exception.code}: {done.exception.detail}"
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output
