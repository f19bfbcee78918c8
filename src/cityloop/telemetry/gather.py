"""Group commit at the edge: what many requests bring while the disk is busy goes to it together."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from cityloop.telemetry.batch import Batch, joined
from cityloop.telemetry.log import Log, Position

Row = tuple[int, int, float, int]  # stream, moment, value, track: one observation costs no columns of its own
FRAME_ROWS = 200_000


class Gather:
    """Appends for whoever waits in the server's loop; the disk is waited for in a thread."""

    def __init__(self, log: Log):
        self.log = log
        self._waiting: list[tuple[Batch | Row, asyncio.Future[Position]]] = []
        self._is_busy = False
        self._thread = ThreadPoolExecutor(1, "telemetry")

    def append(self, what: Batch | Row) -> "asyncio.Future[Position]":
        """The place after it, once it is on the disk; in the order of the calls.

        Refuses with `NotKept`.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Position] = loop.create_future()
        self._waiting.append((what, future))
        if not self._is_busy:
            self._is_busy = True
            if isinstance(what, Batch):
                self._send(loop)  # each turn of a busy loop is long, and a batch need not wait for company
            else:
                loop.call_soon(self._send, loop)
        return future

    def close(self) -> None:
        """Let the thread go, once what runs has ended."""
        self._thread.shutdown()

    def _send(self, loop: asyncio.AbstractEventLoop) -> None:
        taken, self._waiting = self._waiting, []
        futures = [future for _, future in taken]
        writing = self._thread.submit(self._write, [what for what, _ in taken])
        # told from the thread itself: by way of a future of its own the loop would hear two turns later
        writing.add_done_callback(lambda done: loop.call_soon_threadsafe(self._answer, loop, futures, done))

    def _write(self, what: Sequence[Batch | Row]) -> Position:
        return self.log.append_all(frames_of(what))

    def _answer(self, loop: asyncio.AbstractEventLoop, futures: Sequence[asyncio.Future[Position]], done: Future[Position]) -> None:
        error = done.exception()
        for each in futures:
            if not each.done():
                if error:
                    each.set_exception(error)
                else:
                    each.set_result(done.result())
        if self._waiting:
            self._send(loop)
        else:
            self._is_busy = False


def frames_of(what: Sequence[Batch | Row]) -> list[Batch]:
    """The same as few batches, in its order: rows that follow each other become one."""
    found: list[Batch] = []
    rows: list[Row] = []
    for each in what:
        if isinstance(each, Batch):
            if rows:
                found.append(_batch_of_rows(rows))
                rows = []
            found.append(each)
        else:
            rows.append(each)
    if rows:
        found.append(_batch_of_rows(rows))
    if len(found) > 1 and sum(each.size for each in found) <= FRAME_ROWS:
        return [joined(found)]
    return found


def _batch_of_rows(rows: Sequence[Row]) -> Batch:
    stream, at, value, track = zip(*rows, strict=True)
    return Batch(np.array(stream, np.int32), np.array(at, np.int64), np.array(value, np.float64), np.array(track, np.int64))
