"""`cityloop restart`: renew a running server without refusing anybody."""

import os
import signal
import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cityloop.app import Settings, settings_from
from cityloop.cli.say import console
from cityloop.cli.supervise import Kept, kept_file
from cityloop.domain.errors import NotFound, Unavailable

LOOK_S = 0.1


class NotRunning(NotFound):
    """No server of this city runs on this machine."""

    code = "cli.not_running"


class NotRenewed(Unavailable):
    """The server goes on as it was."""

    code = "cli.not_renewed"


def restart(
    seconds: Annotated[float, typer.Option(min=1, help="How long to wait until all processes are renewed.")] = 600.0,
) -> None:
    """Renew the running server, one process after the other, and wait until all are. Nobody is refused meanwhile.

    Example: cityloop restart
    """
    settings = settings_from()
    before = running(settings)
    os.kill(before.pid, signal.SIGHUP)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(LOOK_S)
        now = _kept(settings)
        if now and now.rolls > before.rolls:
            console.print(f"Renewed: {len(now.processes)} processes.")
            return
        if now and now.failed:
            raise NotRenewed(f"Renewing stopped: {now.failed}.")
    raise NotRenewed(f"Not all processes are renewed after {seconds:.0f} s; look into the log, it may still come.")


def running(settings: Settings) -> Kept:
    """The server that runs.

    Refuses with `NotRunning`.
    """
    kept = _kept(settings)
    if kept is None or not Path(f"/proc/{kept.pid}").exists():
        raise NotRunning(f"No server of this city runs here; start it with `cityloop up`, or set CITYLOOP_HOME (now {settings.home}).")
    return kept


def _kept(settings: Settings) -> Kept | None:
    try:
        return msgspec.json.decode(kept_file(settings).read_bytes(), type=Kept)
    except FileNotFoundError:
        return None
