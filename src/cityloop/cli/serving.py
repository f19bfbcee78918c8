"""The server of one process, and how it is renewed where no supervisor stands above it.

The same process runs the program as it lies on the disk now, with the door in its hand; who comes meanwhile waits at the door.
"""

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable

from cityloop.app import HOW, Ending, Parts, create_app, environment_with, read_beside
from cityloop.cli.supervise import Child, Kept, kept_file, say_ready, write_kept
from cityloop.simulation.senses import talking

ALONE = "-"  # before how often this process was renewed, where others have the pipe of their supervisor


def serve(parts: Parts, door: socket.socket, *, grace_s: float, on_ready: Callable[[], None] | None = None, rolls: int = 0) -> None:
    """Serve until told to end. Without `on_ready` nobody stands above us: then SIGHUP renews this process; it does not return.

    In a made-up city devices talk.
    """
    made_up = parts.book.in_force().simulated
    app = create_app(parts, around=[read_beside, talking] if made_up else [read_beside])
    alone = on_ready is None
    keep = door.dup() if alone else None
    door.set_inheritable(False)  # whoever is started beside us does not stand at it

    def here() -> None:
        write_kept(parts.settings, Kept(os.getpid(), [Child("all", os.getpid(), 0.0)], rolls))
        say_ready()

    server = Ending(
        app, drain_s=parts.settings.drain_s, is_polite=not alone, on_ready=on_ready or here,
        how=HOW | {"timeout_graceful_shutdown": grace_s},
    )  # fmt: skip
    again = _Renewal(server) if alone and not sys.stdin.isatty() else None  # a terminal that closes says the same, and means: end
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how one stops it
        server.run(sockets=[door])
    if again and again.told and keep:
        parts.close()
        keep.set_inheritable(True)
        command = [sys.executable, "-m", "cityloop.cli.one", parts.settings.role, str(keep.fileno()), f"{ALONE}{rolls + 1}", str(grace_s)]
        os.execve(sys.executable, command, environment_with(parts.settings))
    if alone:
        kept_file(parts.settings).unlink(missing_ok=True)


class _Renewal:
    """SIGHUP: end politely, and remember that we are to come again."""

    def __init__(self, server: Ending):
        self.told = False
        self._server = server
        signal.signal(signal.SIGHUP, self._hear)

    def _hear(self, number: int, frame: object) -> None:
        self.told = self._server.is_polite = self._server.should_exit = True
