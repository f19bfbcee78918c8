"""Whoever watches this city: what it looks at, and how the numbers of several processes come together."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, field

from cityloop.db import Database, Tx
from cityloop.db.tables import migration_files
from cityloop.domain.errors import Unavailable
from cityloop.operate import counts, machine
from cityloop.operate.alerts import Firing, Judge
from cityloop.operate.machine import Lag
from cityloop.operate.meter import Requests, Sample

LOOK_EVERY_S = 15.0
LIVES_S = 60.0  # a process that has not written for so long is gone
Gauge = Callable[[], float]


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
    lag: Lag = field(default_factory=Lag)
    judge: Judge = field(default_factory=Judge)
    stopping: bool = False

    @property
    def folder(self) -> Path:
        """Where the processes of this machine tell each other."""
        return self.home / "operate"

    # what is so

    def own(self) -> list[Sample]:
        """What this process knows of itself; blocks, as it asks whether it is ready."""
        found = [*self.requests.samples(), *machine.of_process()]
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
            ours = {path.stem for path in migration_files()}
            if ours - done:
                found["migrations"] = "missing"
            elif done - ours:
                found["migrations"] = "newer"
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

    # alerts

    def look(self) -> list[Firing]:
        """Judge the alerts, and write down what holds for the other processes; blocks."""
        found = self.judge.look(time.time(), self.all())
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / "alerts.json", msgspec.json.encode(found))
        return found

    def firing(self) -> Sequence[Firing]:
        """What held when somebody looked last."""
        try:
            path = self.folder / "alerts.json"
            if path.stat().st_mtime < time.time() - 10 * LOOK_EVERY_S:
                return []
            return msgspec.json.decode(path.read_bytes(), type=list[Firing])
        except (OSError, msgspec.MsgspecError):
            return []


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all."""
    new = path.with_suffix(f".{os.getpid()}.new")
    new.write_bytes(body)
    os.replace(new, path)
