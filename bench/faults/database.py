"""The database goes away under load and comes back; a standby takes over: nobody restarts the city, nothing acknowledged is lost."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faults.cluster import OwnPostgres
from bench.faults.outcome import Outcome
from bench.faults.town import Town, status_of

ACKS = 12
GONE_S = 1.5
STEADY = "-c synchronous_standby_names=standby -c synchronous_commit=on"


@contextmanager
def folder() -> Iterator[Path]:
    found = Path(tempfile.mkdtemp(prefix="cityloop-fault-"))
    found.chmod(0o755)
    try:
        yield found
    finally:
        shutil.rmtree(found, ignore_errors=True)


def gone(seed: int, tries: int, *, gone_s: float = GONE_S) -> Outcome:
    """Its server is killed, for a while nobody has it, then it is started again."""
    found = Outcome()
    cluster = OwnPostgres()
    with folder() as home:
        town = Town(home / "home", cluster.url, seed=seed)
        try:
            town.begin()
            town.start()
            for _ in range(tries):
                town.load(ACKS)
                cluster.kill()
                town.load(1_000_000, stuck_s=gone_s)
                reads = status_of(town, "/health")
                cluster.start()
                town.load(ACKS)
                found.tries += 1
                found.wrong += [f"while the database was gone a reader was answered {reads}"] * (reads != 503)
            found.wrong += town.unexpected({503})
            town.stop()
            found.acknowledged, found.lost = town.told.count, town.lost()
            found.wrong += town.settled() + town.told.wrong
        finally:
            town.stop(hard=True)
            cluster.forget()
    return found


def failover(seed: int, tries: int, *, asynchronous: bool = False) -> Outcome:
    """The primary dies under load for good, and its standby is promoted. Our server finds it by itself."""
    found = Outcome()
    for number in range(tries):
        with folder() as home:
            _fail_over_once(found, home, seed + number, asynchronous)
    return found


def _fail_over_once(found: Outcome, home: Path, seed: int, asynchronous: bool) -> None:
    primary = OwnPostgres(options="-c wal_level=replica -c max_wal_senders=4")
    standby = None
    town = None
    try:
        standby = OwnPostgres(standby_of=primary)
        if not asynchronous:
            primary.set(synchronous_standby_names="standby", synchronous_commit="on")
        both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/{primary.name}?target_session_attrs=read-write"
        town = Town(home / "home", both, seed=seed)
        town.begin()
        town.start()
        town.load(ACKS)
        if asynchronous:
            standby.stop_streaming()
        town.load(ACKS, at_end=primary.kill)
        began = time.monotonic()
        standby.promote()
        town.load(ACKS)
        found.notes.append(f"acknowledged again {time.monotonic() - began:.1f} s after the promotion began")
        found.wrong += town.unexpected({503})
        town.stop()
        town.database = standby.url
        found.tries += 1
        found.acknowledged += town.told.count
        lost = town.lost()
        if asynchronous:
            found.notes.append(f"{lost} acknowledged and lost with an asynchronous standby that was behind")
        else:
            found.lost += lost
            found.wrong += town.settled() + town.told.wrong
    finally:
        if town:
            town.stop(hard=True)
        for each in (standby, primary):
            if each:
                with contextlib.suppress(Exception):
                    each.forget()
