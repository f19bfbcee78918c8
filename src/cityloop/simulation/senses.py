"""While a made-up city runs: its devices say what they observe, every half minute, through the same way in as real ones."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from litestar import Litestar
from numpy.typing import NDArray

from cityloop.app import Parts
from cityloop.domain.errors import CityloopError
from cityloop.domain.sensing import LifeState
from cityloop.simulation import values
from cityloop.simulation.devices import AT_ONCE, KINDS, made_up, register_made_up
from cityloop.simulation.values import DAY, HOUR, Happening
from cityloop.stages.sense.model import Named, Register

log = structlog.get_logger("cityloop.simulation")
EVERY_S = 30.0
HAPPENINGS_AN_HOUR = 3
BACK_DAYS_MAX = 60  # how much of what was missed is told
STEP_S = 2_400.0  # of what is more than a day old
SOURCE = "simulation"


class Talker(NamedTuple):
    """A stream that talks."""

    name: str
    device: str
    kind: str
    key: str
    every_s: float
    phase_s: float


def registered(parts: Parts) -> int:
    """Register the made-up devices where the city is made up and has none; gives how many were."""
    policy = parts.book.in_force()
    if not policy.simulated or parts.register.refresh().things:
        return 0
    devices = made_up(policy, datetime.now(UTC))
    for start in range(0, len(devices), AT_ONCE):
        some = devices[start : start + AT_ONCE]
        parts.writer.change(partial(register_made_up, devices=some, policy=policy), actor="machine:simulation")
    parts.register.refresh()
    return len(devices)


class Talk:
    """What the devices of a register say between two moments. `anchor`: when the city began. Units: seconds since 1970."""

    def __init__(self, register: Register, anchor: float, shift_s: float):
        self.anchor, self.shift_s = anchor, shift_s
        self.talkers = list(_talkers(register))
        self._every = np.array([each.every_s for each in self.talkers])
        self._phase = np.array([each.phase_s for each in self.talkers])
        kinds = {each.device: each.kind for each in self.talkers}
        self.ill = {name: ill for name, kind in kinds.items() if (ill := values.illness(kind, name, anchor))}
        self._of_kind: dict[str, list[str]] = {}
        for name, kind in kinds.items():
            if name not in self.ill:
                self._of_kind.setdefault(kind, []).append(name)

    def between(self, begins: float, ends: float, *, every_s: float = 0) -> Named:
        """Everything that is said in [begins, ends), in its order; with `every_s` no stream much oftener than that."""
        first = np.ceil((begins - self._phase) / self._every)
        speaks = np.flatnonzero(first * self._every + self._phase < ends)
        happens = self.happenings(begins, ends)
        names: list[NDArray] = []
        moments: list[NDArray] = []
        told: list[NDArray] = []
        for number in speaks:
            each = self.talkers[number]
            usual = np.arange(first[number] * each.every_s + each.phase_s, ends, each.every_s)
            at = usual[:: max(1, int(every_s // each.every_s))]
            sent, said = self._said(each, at, happens.get(each.device, []))
            names.append(np.full(int(sent.sum()), number))
            moments.append(at[sent])
            told.append(said[sent])
        if not names:
            return Named([], [], [])
        number, at, value = np.concatenate(names), np.concatenate(moments), np.concatenate(told)
        order = np.argsort(at, kind="stable")
        micros = np.round(at[order] * 1e6).astype(np.int64)
        return Named([self.talkers[each].name for each in number[order]], micros.tolist(), np.round(value[order], 4).tolist())

    def happenings(self, begins: float, ends: float) -> dict[str, list[Happening]]:
        """What happens at which device; drawn for each hour, and not before the last hours before the city began."""
        found: dict[str, list[Happening]] = {}
        first = max(begins - 13 * HOUR, self.anchor - 2 * HOUR)
        for hour in range(int(first // HOUR), int(ends // HOUR) + 1):
            for turn in range(HAPPENINGS_AN_HOUR):
                kind = KINDS[int(values.lot("kind", hour, turn) * len(KINDS))].kind
                devices = self._of_kind.get(kind)
                if devices:
                    device = devices[int(values.lot("device", hour, turn) * len(devices))]
                    begun = (hour + values.lot("minute", hour, turn)) * HOUR
                    lasts = values.LASTS_H.get(kind, 1.0 + 2 * values.lot("lasts", hour, turn)) * HOUR
                    found.setdefault(device, []).append(Happening(begun, lasts))
        return found

    def _said(self, each: Talker, at: NDArray, happens: list[Happening]) -> tuple[NDArray[np.bool_], NDArray]:
        if each.key == "battery":
            said = values.battery(each.device, at)
        else:
            said = values.said(each.kind, each.key, each.device, at, self.shift_s)
            said = values.with_happenings(each.kind, each.key, happens, at, said)
        ill = self.ill.get(each.device)
        return values.as_ill(*ill, each.key, at, said) if ill else (np.ones(at.shape, bool), said)


def _talkers(register: Register) -> Iterator[Talker]:
    for stream in register.streams.values():
        thing = register.things[stream.thing]
        if thing.simulated and thing.state is not LifeState.retired and not stream.is_closed and stream.every_s:
            name = f"{thing.key}/{stream.key}"
            phase = values.lot("phase", name) * stream.every_s
            yield Talker(name, thing.key, thing.kind, stream.key, stream.every_s, phase)


class Memory:
    """Until when the devices have spoken, and when the city began: two numbers in a file of the home."""

    def __init__(self, home: Path):
        self.file = home / "simulated.moments"

    def read(self, now: float) -> tuple[float, float]:
        """The anchor, and until when everything was told; of a new city a day before now."""
        try:
            anchor, until = (float(each) for each in self.file.read_text().split())
        except (OSError, ValueError):
            return now, now - DAY
        return anchor, min(now, max(until, now - BACK_DAYS_MAX * DAY))

    def write(self, anchor: float, until: float) -> None:
        """Keep both."""
        self.file.write_text(f"{anchor} {until}")


def catch_up(parts: Parts) -> int:
    """Tell what was missed while nobody ran the city, before anything is judged; gives how many observations that were.

    What is more than a day old is told in longer steps, though in none that would make a device seem silent.
    """
    memory, now = Memory(Path(parts.settings.home)), time.time()
    anchor, until = memory.read(now)
    if not parts.book.in_force().simulated:
        return 0
    talk, kept = Talk(parts.register.now(), anchor, _shift(parts)), 0
    if not talk.talkers:
        return 0
    for begins, ends, every_s in ((until, min(now - DAY, now), STEP_S), (max(until, now - DAY), now, 0.0)):
        while begins < ends:
            piece = min(ends, begins + DAY)
            kept += parts.sensing.take(talk.between(begins, piece, every_s=every_s), source=SOURCE, now=datetime.now(UTC)).kept
            begins = piece
    memory.write(anchor, now)
    return kept


async def talk_on(parts: Parts) -> None:
    """Let the made-up devices talk as time goes by, until the server stops; by one process of the city."""
    name = f"{parts.database.city}/simulated"
    while not await parts.writer.alone(lambda: parts.database.ready().alone(name)):
        await asyncio.sleep(EVERY_S)
    memory = Memory(Path(parts.settings.home))
    anchor, until = memory.read(time.time())
    version, talk = -1, None
    while True:
        await asyncio.sleep(EVERY_S)
        register, now = parts.register.now(), time.time()
        if talk is None or register.version != version:
            talk, version = Talk(register, anchor, _shift(parts)), register.version
        try:
            named = await asyncio.to_thread(talk.between, until, now) if talk.talkers else Named([], [], [])
            if named.keys:
                await parts.sensing.taken(named, source=SOURCE, now=datetime.now(UTC))
            until = now
            memory.write(anchor, until)
        except (CityloopError, OSError):
            log.exception("the made-up devices stumbled; they go on soon")


def _shift(parts: Parts) -> float:
    """How far the city's clock is ahead of UTC."""
    away = datetime.now(ZoneInfo(parts.book.in_force().week.zone)).utcoffset()
    return away.total_seconds() if away else 0.0


@contextlib.asynccontextmanager
async def talking(app: Litestar) -> AsyncIterator[None]:
    """While the server runs, the made-up devices talk."""
    task = asyncio.create_task(talk_on(app.state.parts))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

