"""The switchboard of a drill: which ports are cut on purpose, for all processes of this machine, and until when at the latest.

A cut ends by itself at its moment, whoever drills or dies. Nothing is cut unless a drill has begun.
"""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from cityloop.domain.errors import Invalid, Refused

FAULTS = ("database", "model", "broker", "vendor", "network")
PORTS = frozenset(FAULTS) - {"network"}  # the network of a phone is cut at the phone
SECONDS_MAX = 600
LOOK_EVERY_S = 0.2


class FaultUnknown(Invalid):
    """No such part can be taken away."""

    code = "drill.fault_unknown"


class NotInDrill(Refused):
    """Parts are taken away only while a drill is on."""

    code = "drill.not_on"


class _Board(Struct, frozen=True, kw_only=True):
    """What lies in the file. `until` in seconds since 1970."""

    drill: str = ""
    cuts: Mapping[str, float] = {}
    drill_until: float = 0.0


class Cuts:
    """Which ports are cut. Asked at every transaction: where nothing is cut it costs a look into an empty table."""

    def __init__(self, home: Path, clock: Callable[[], float] = time.time):
        self._path = home / "operate" / "cuts.json"
        self._clock = clock
        self._until: dict[str, float] = {}
        self._board = _Board()
        self._stamp = 0

    def is_cut(self, what: str) -> bool:
        """Whether this port must behave as if what lies behind it were gone."""
        until = self._until.get(what)
        return until is not None and self._clock() < until

    def is_on(self) -> bool:
        """Whether a drill is on."""
        return bool(self._board.drill) and self._clock() < self._board.drill_until

    def refresh(self) -> None:
        """Look whether another process has cut or given back something."""
        try:
            stamp = self._path.stat().st_mtime_ns
        except OSError:
            stamp = 0
        if stamp == self._stamp:
            return
        self._stamp = stamp
        self._board = self._read()
        self._until = dict(self._board.cuts)

    def begin(self, drill: str, most_s: float) -> None:
        """A drill begins; it is over after `most_s` at the latest."""
        self._write(_Board(drill=drill, drill_until=self._clock() + most_s))

    def cut(self, drill: str, what: str, seconds: float) -> None:
        """Take a port away for so long.

        Refuses with `FaultUnknown` or `NotInDrill`.
        """
        if what not in PORTS or not 0 < seconds <= SECONDS_MAX:
            raise FaultUnknown(f"{what[:40]} for {seconds:g} s cannot be taken away; choose one of {', '.join(sorted(PORTS))}, up to {SECONDS_MAX} s.")
        if not self.is_on() or self._board.drill != drill:
            raise NotInDrill("No such drill is on; begin one first.")
        cuts = {**self._board.cuts, what: self._clock() + seconds}
        self._write(_Board(drill=drill, cuts=cuts, drill_until=self._board.drill_until))

    def end(self) -> None:
        """Give everything back."""
        self._path.unlink(missing_ok=True)
        self._board, self._until, self._stamp = _Board(), {}, 0

    def _read(self) -> _Board:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Board)
        except (OSError, msgspec.MsgspecError):
            return _Board()

    def _write(self, board: _Board) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(f".{os.getpid()}.new")
        new.write_bytes(msgspec.json.encode(board))
        os.replace(new, self._path)
        self.refresh()
