"""The power goes, under load: what was not synced is dropped or torn, and what was acknowledged is there."""

import random
import shutil
import tempfile
from pathlib import Path

from msgspec import Struct, field

from bench.faults.cluster import OwnPostgres
from bench.faults.machine import Cut, Machine
from bench.faults.town import Town

ACKS_MAX = 60
MORE_S = 0.05
PLANTED = {"FAULTS_UNSYNCED": "1"}


class Losses(Struct, kw_only=True):
    """What a run of power losses came to."""

    engine: str
    losses: int = 0
    acknowledged: int = 0
    lost: int = 0
    wrong: list[str] = []
    cut: Cut = field(default_factory=Cut)

    @property
    def sound(self) -> bool:
        return not (self.lost or self.wrong)


class PowerRig:
    """A city on one engine, all of it on a machine whose power is cut. `unsynced` plants the fault that must be seen."""

    def __init__(self, engine: str, seed: int, *, unsynced: bool = False):
        self.chance = random.Random(seed)
        self.found = Losses(engine=engine)
        self.folder = Path(tempfile.mkdtemp(prefix="cityloop-power-"))
        self.folder.chmod(0o755)
        self.machine = Machine(self.folder / "machine")
        self.cluster: OwnPostgres | None = None
        try:
            if engine == "postgres":
                options = "-c shared_buffers=16MB -c max_wal_size=32MB -c bgwriter_delay=50ms" + (" -c fsync=off" if unsynced else "")
                (self.machine.root / "pg").mkdir()
                self.cluster = OwnPostgres(self.machine.root / "pg" / "data", options=options)
                self._cluster_dies()
                self.cluster.environment = self.machine.environment()
            home = self.machine.root / "home"
            home.mkdir()
            self.town = Town(
                home, self.cluster.url if self.cluster else "", seed=seed, entry="bench.faults.often",
                environment=self.machine.environment() | (PLANTED if unsynced else {}),
            )  # fmt: skip
            self._cluster_starts()
            self.town.begin()
        except BaseException:
            self.forget()
            raise

    def lose_once(self) -> None:
        """Load, then no power; then what is there."""
        town = self.town
        town.start()
        town.load(1 + self.chance.randrange(ACKS_MAX), self.chance.uniform(0, MORE_S), at_end=self._power_goes)
        cut = self.machine.cut_power(self.chance)
        for name in Cut.__struct_fields__:
            setattr(self.found.cut, name, getattr(self.found.cut, name) + getattr(cut, name))
        self.found.losses += 1
        self.found.acknowledged = town.told.count
        try:
            self._cluster_starts()
            self.found.lost = town.lost()
        except Exception as error:  # nothing can be read: all is lost
            self.found.lost = town.told.count
            town.told.wrong.append(f"{type(error).__name__}: {str(error)[:300]}")
        self.found.wrong = sorted(set(town.told.wrong))

    def finish(self) -> Losses:
        """Let everything be handled, and compare it with a replay."""
        if self.found.sound:
            self.found.wrong = [*self.town.settled(), *self.town.told.wrong]
        return self.found

    def forget(self) -> None:
        if self.cluster:
            self.cluster.forget()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _power_goes(self) -> None:
        self.town.stop(hard=True)
        if self.cluster:
            self._cluster_dies()

    def _cluster_dies(self) -> None:
        self.cluster.kill()
        self.cluster.forget_pid()

    def _cluster_starts(self) -> None:
        if self.cluster:
            self.cluster.start()


def run(engine: str, losses: int, *, seed: int = 1, unsynced: bool = False) -> Losses:
    """Cut the power so many times over one city's data."""
    rig = PowerRig(engine, seed, unsynced=unsynced)
    try:
        for _ in range(losses):
            rig.lose_once()
            if not rig.found.sound:
                break
        return rig.finish()
    finally:
        rig.forget()
