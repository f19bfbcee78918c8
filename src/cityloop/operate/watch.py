"""Whoever watches this city: what it looks at, and how the numbers of several processes come together."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct, field

from cityloop.db import Database, Tx
from cityloop.db.tables import migration_files
from cityloop.domain.errors import Unavailable
from cityloop.domain.policy import Policy
from cityloop.journal.held import held_list
from cityloop.operate import counts, machine
from cityloop.operate.alerts import Firing, Judge, rules
from cityloop.operate.deeds import Deed, Parked, Seen, deeds_for, value
from cityloop.operate.machine import Lag
from cityloop.operate.meter import Requests, Sample
from cityloop.operate.risks import EXPR, Standing, Standings
from cityloop.operate.status import Memory, Part, parts_of
from cityloop.operate.turns import Turns
from cityloop.operate.use import Use

LOOK_EVERY_S = 15.0
LIVES_S = 60.0  # a process that has not written for so long is gone
LOOKED = "looked.json"
Gauge = Callable[[], float]


class Looked(Struct, frozen=True, kw_only=True):
    """What the process that judges wrote down for the others. `at` in seconds since 1970."""

    at: float
    firing: list[Firing]
    standings: list[Standing]


class State(Struct, frozen=True, kw_only=True):
    """What the operator's room shows."""

    deeds: list[Deed]
    firing: list[Firing]
    standings: list[Standing]
    processes: int
    looked_at: float | None
    backup_at: datetime | None


class Watch(Struct, kw_only=True):
    """What is looked at. `gauges`: what `app` knows of parts that lie above this room, by the name of their family."""

    home: Path
    database: Database
    behind: Callable[[Tx], dict[str, int]]
    model_trouble: Callable[[], str]
    gauges: Mapping[str, Gauge]
    certificate: str = ""
    version: str = ""
    pack: Callable[[], str] = lambda: ""
    requests: Requests = field(default_factory=Requests)
    use: Use | None = None  # where a server runs
    lag: Lag = field(default_factory=Lag)
    turns: Turns = field(default_factory=Turns)
    judge: Judge = field(default_factory=lambda: Judge(also=EXPR.values()))
    standings: Standings = field(default_factory=Standings)
    memory: Memory = field(default_factory=Memory)
    policy: Callable[[], Policy] = lambda: _none()
    has_hotline: bool = False
    is_drill: Callable[[], bool] = lambda: False
    stopping: bool = False

    @property
    def folder(self) -> Path:
        """Where the processes of this machine tell each other."""
        return self.home / "operate"

    # what is so

    def own(self) -> list[Sample]:
        """What this process knows of itself; blocks, as it asks whether it is ready."""
        found = [*self.requests.samples(), *self.turns.samples(), *machine.of_process()]
        found += [Sample(name, (), float(gauge())) for name, gauge in self.gauges.items()]
        found.append(Sample("cityloop_loop_lag_seconds", (), self.lag.worst_s))
        found.append(Sample("cityloop_model_paused", (), float(bool(self.model_trouble()))))
        found.append(Sample("cityloop_ready", (), float(not self.not_ready())))
        me = str(os.getpid())
        return [Sample(each.name, (*each.labels, ("process", me)), each.value) for each in found]

    def all(self) -> list[Sample]:
        """What all processes know of themselves, and what the tables say; blocks. Where the database is gone, what is left."""
        found = [*self.own(), *self._others(), *machine.of_disk(self.home)]
        version = (("pack", self.pack()[:12]), ("version", self.version))
        found.append(Sample("cityloop_info", version, 1.0))
        try:
            with self.database.reading() as tx:
                found += counts.of_city(tx, self.behind)
                found += self._kept(tx)
        except (Unavailable, *self.database.engine.broken):
            pass
        found += [Sample("cityloop_alert_firing", (("alert", each.name),), 1.0) for each in self.firing() if not each.waits]
        return found

    def _kept(self, tx: Tx) -> Iterator[Sample]:
        last = machine.backup_last(self.home)
        since = last.at if last else counts.fact_at(tx, 1)
        if since:
            yield Sample("cityloop_backup_age_seconds", (), max(0.0, (tx.now - since).total_seconds()))
        if ends := machine.certificate_ends(self.certificate):
            yield Sample("cityloop_certificate_seconds", (), (ends - tx.now).total_seconds())

    def not_ready(self) -> dict[str, str]:
        """Which part keeps this process from taking requests; asks the database."""
        found = {}
        if self.stopping:
            found["process"] = "stops"
        try:
            with self.database.reading() as tx:
                done = {row.name for row in tx.all("SELECT name FROM migration")}
            if {path.stem for path in migration_files()} - done:  # what a newer version added does not stop this one (ADR 31)
                found["migrations"] = "missing"
        except (Unavailable, *self.database.engine.broken):
            found["database"] = "gone"
        if not self.pack():
            found["pack"] = "missing"
        return found

    # several processes

    def write_own(self) -> None:
        """Let the other processes of this machine know what this one counts."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / f"{os.getpid()}.counts", msgspec.msgpack.encode(self.own()))

    def forget_own(self) -> None:
        """This process stops."""
        (self.folder / f"{os.getpid()}.counts").unlink(missing_ok=True)

    def _others(self) -> Iterator[Sample]:
        for path in self.folder.glob("*.counts"):
            try:
                if path.stem == str(os.getpid()) or path.stat().st_mtime < time.time() - LIVES_S:
                    continue
                rows = msgspec.msgpack.decode(path.read_bytes(), type=list[tuple[str, list[tuple[str, str]], float]])
            except (OSError, msgspec.MsgspecError):
                continue
            yield from (Sample(name, tuple(labels), value) for name, labels, value in rows)

    # what follows

    def look(self, now: float | None = None) -> Looked:
        """Judge the alerts and the risks, and write down what holds for the other processes; blocks."""
        now = time.time() if now is None else now
        firing = self.judge.look(now, self.all())
        standings = self.standings.look(now, self.policy().platform_risks, self.judge.value_of)
        found = Looked(at=time.time(), firing=firing, standings=standings)
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / LOOKED, msgspec.json.encode(found))
        return found

    def looked(self) -> Looked | None:
        """What held when somebody looked last; None where nobody looks."""
        try:
            found = msgspec.json.decode((self.folder / LOOKED).read_bytes(), type=Looked)
        except (OSError, msgspec.MsgspecError):
            return None
        return found if found.at > time.time() - 10 * LOOK_EVERY_S else None

    def firing(self) -> Sequence[Firing]:
        """The alerts that held then."""
        found = self.looked()
        return found.firing if found else []

    def parts(self) -> list[Part]:
        """How each part of the service is, and since when; blocks."""
        told = [Sample(name, (), float(gauge())) for name, gauge in self.gauges.items()]
        path = self.folder / "status.json"
        before = self.memory.kept()
        if before == b"[]" and path.is_file():
            self.memory.load(path.read_bytes())
        found = self.memory.seen(parts_of(told, self.firing(), self.not_ready(), hotline=self.has_hotline))
        if (after := self.memory.kept()) != before:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(path, after)
        return found

    def state(self) -> State:
        """What is so, and what should be done; blocks."""
        samples, looked, last = self.all(), self.looked(), machine.backup_last(self.home)
        size = value(samples, "cityloop_disk_size_bytes") or 1.0
        is_full = (value(samples, "cityloop_disk_free_bytes") or 0.0) / size < 0.2
        with self.database.reading() as tx:
            held = [each for each in held_list(tx) if each.parked]
        parked = [Parked(handler=each.handler, seq=each.seq, fact_id=each.fact_id, error=each.error) for each in held]
        deeds = deeds_for(
            Seen(
                samples=samples, firing=looked.firing if looked else [], rules={each.name: each for each in rules()},
                missing=self.not_ready(), parked=parked, large=machine.large_in(self.home) if is_full else (), has_backup=last is not None,
            )
        )  # fmt: skip
        return State(
            deeds=deeds, firing=looked.firing if looked else [], standings=looked.standings if looked else [],
            processes=sum(each.name == "cityloop_ready" for each in samples), looked_at=looked.at if looked else None,
            backup_at=last.at if last else None,
        )  # fmt: skip


def _none() -> Policy:
    raise AssertionError("who watches is given the policy in force")


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all."""
    new = path.with_suffix(f".{os.getpid()}.new")
    new.write_bytes(body)
    os.replace(new, path)
