"""The last value of every stream, at hand: columns in memory, made again from the log when a process starts."""

import os
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from cityloop.telemetry.batch import Batch
from cityloop.telemetry.log import START, Position, follow, logs_in

NEVER = np.iinfo(np.int64).min  # the moment of a stream that has not spoken


class Last(NamedTuple):
    """What streams said last. Shape: columns of one length. `at` is `NEVER` where a stream has not spoken."""

    at: NDArray[np.int64]
    value: NDArray[np.float64]


class Latest:
    """Last values by the streams' numbers. What is older than what is known changes nothing; of one moment the later stays."""

    def __init__(self) -> None:
        self._at = np.full(1024, NEVER)
        self._value = np.full(1024, np.nan)

    def see(self, batch: Batch) -> None:
        """Take notice of observations."""
        if not batch.size:
            return
        if (most := int(batch.stream.max())) >= len(self._at):
            more = max(most + 1, 2 * len(self._at)) - len(self._at)
            self._at = np.concatenate([self._at, np.full(more, NEVER)])
            self._value = np.concatenate([self._value, np.full(more, np.nan)])
        stream, at, value = batch.stream, batch.at, batch.value
        if (at[1:] < at[:-1]).any():
            order = np.argsort(at, kind="stable")
            stream, at, value = stream[order], at[order], value[order]
        new = at >= self._at[stream]
        if not new.all():
            stream, at, value = stream[new], at[new], value[new]
        self._at[stream] = at  # of one stream the last assignment stays, and it is the latest
        self._value[stream] = value

    def of(self, numbers: NDArray) -> Last:
        """What these streams said last."""
        known = numbers < len(self._at)
        at, value = np.full(len(numbers), NEVER), np.full(len(numbers), np.nan)
        at[known], value[known] = self._at[numbers[known]], self._value[numbers[known]]
        return Last(at, value)


class _Saved(msgspec.Struct):
    after: dict[str, Position]
    at: bytes
    value: bytes


class LatestBook:
    """The last values of all logs under a folder, kept up with them. Saved now and then, so that a start reads little."""

    def __init__(self, root: Path, saved: Path):
        self.root, self.saved = root, saved
        self.latest = Latest()
        self._after: dict[str, Position] = {}
        self.saved_to: dict[str, Position] = {}  # what stands before these places need not be read at the next start
        self._turn = Lock()
        self._load()

    def refresh(self) -> int:
        """Read what is new; how many observations that were."""
        with self._turn:
            count, has_rolled = 0, False
            for folder in logs_in(self.root):
                before = self._after.get(folder.name, START)
                for after, batch in follow(folder, before):
                    self.latest.see(batch)
                    self._after[folder.name] = after
                    count += batch.size
                has_rolled |= self._after.get(folder.name, START).file > before.file
            if has_rolled:
                self._save()
            return count

    def of(self, numbers: NDArray) -> Last:
        """What these streams said last, whatever was answered until now."""
        self.refresh()
        with self._turn:
            return self.latest.of(numbers)

    def see(self, batch: Batch) -> None:
        """Take notice of what is in no log, e.g. of history that was brought in sealed."""
        with self._turn:
            self.latest.see(batch)

    def _save(self) -> None:
        latest = self.latest
        data = msgspec.msgpack.encode(_Saved(self._after, latest._at.tobytes(), latest._value.tobytes()))
        part = self.saved.with_suffix(".part")
        self.saved.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, self.saved)
        self.saved_to = dict(self._after)

    def _load(self) -> None:
        try:
            kept = msgspec.msgpack.decode(self.saved.read_bytes(), type=_Saved)
        except (FileNotFoundError, msgspec.MsgspecError):
            return
        self._after, self.saved_to = kept.after, dict(kept.after)
        self.latest._at = np.frombuffer(kept.at, np.int64).copy()
        self.latest._value = np.frombuffer(kept.value, np.float64).copy()
