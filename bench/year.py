"""A year of a small city in some minutes: days are played, and all that a server does again and again has its turn many times a day.

What wears out with the count of its turns, and not with their load, shows here and nowhere else. QUICK=1 plays sixty days;
CITYLOOP_YEAR_DAYS says how many, CITYLOOP_YEAR_REPORTS how many reports a day.
"""

import asyncio
import json
import os
import shutil
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.machine import rss_mb, say
from cityloop.app import Parts, Settings, join, observing, retaining, rounds, running
from cityloop.cli import demo
from cityloop.simulation.clock import PlayClock
from cityloop.simulation.play import play
from cityloop.simulation.senses import SOURCE, Talk, registered
from cityloop.stages.sense.model import Named

QUICK = os.environ.get("QUICK") == "1"
DAYS = int(os.environ.get("CITYLOOP_YEAR_DAYS", "60" if QUICK else "400"))
REPORTS = int(os.environ.get("CITYLOOP_YEAR_REPORTS", "4"))
QUARTERS = 4
NOT_HERE = {"follow", "tell", "hear"}  # the playing delivers and tells; nobody calls from outside
figures: dict[str, float] = {}


class Turns:
    """The works of a server, each of which has a turn when it is told to."""

    def __init__(self) -> None:
        self.works: dict[str, Callable[[], Awaitable[object]]] = {}
        self.done: Counter[str] = Counter()
        self.failed: dict[str, list[str]] = {}
        self.took: Counter[str] = Counter()  # seconds

    async def again(self, parts: Parts, name: str, work: Callable[[], Awaitable[object]], every_s: float) -> None:
        """In place of what waits by the clock: remember the work, and stay."""
        self.works[name] = work
        await asyncio.Event().wait()

    async def one_each(self) -> None:
        """A turn of every work; a fault is kept, and it goes on."""
        for name, work in list(self.works.items()):
            began = time.perf_counter()
            try:
                await work()
                self.done[name] += 1
            except Exception:
                self.failed.setdefault(name, []).append(traceback.format_exc())
            self.took[name] += time.perf_counter() - began


def main() -> None:
    """Measure, and say what was measured."""
    began, home = time.perf_counter(), Path(tempfile.mkdtemp(prefix="cityloop-year-"))
    clock = PlayClock()
    parts = join(Settings(city="demo", home=str(home), database="", pack="demo"), clock=clock)
    try:
        demo.open_before(parts, clock, DAYS)
        clock.moment = datetime.now(UTC).replace(microsecond=0) - timedelta(days=DAYS)
        registered(parts)
        live(parts, clock, home)
    finally:
        parts.close()
        shutil.rmtree(home, ignore_errors=True)
    say(f"took {time.perf_counter() - began:.0f} s")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


def live(parts: Parts, clock: PlayClock, home: Path) -> None:
    """The days, with a turn of every work at each moment of theirs."""
    turns, loop = Turns(), asyncio.new_event_loop()
    for module in (running, observing, retaining, rounds):
        module.again = turns.again  # type: ignore[attr-defined]
    retaining.RETAIN_FIRST_S = retaining.SWEEP_FIRST_S = retaining.REST_RETAINED_S = running.REST_MAX_S = 0.0
    parts.watch = running.watch_of(parts)
    tasks = [loop.create_task(work(parts)) for work in running.ALL if work.__name__ not in NOT_HERE]
    loop.run_until_complete(asyncio.sleep(0.2))
    talk, sizes, spoken = Talk(parts.register.now(), clock().timestamp(), 0.0), [], [0.0]
    began, first = time.perf_counter(), [0.0]

    def between(moment: datetime) -> None:
        now = moment.timestamp()
        first[0], last = first[0] or now, spoken[0] or now - 600
        spoken[0] = now
        said = talk.between(max(last, now - 600), now, every_s=3_600)
        loop.run_until_complete(one_moment(parts, turns, said))
        if (now - first[0]) / 86_400 >= (len(sizes) + 1) * DAYS / QUARTERS - 1:
            sizes.append(size_of(home))
            say(f"  {[(name, round(took)) for name, took in turns.took.most_common(3)]}")
            say(f"  after {(now - first[0]) / 86_400:.0f} days, {time.perf_counter() - began:.0f} s: {sizes[-1]}")

    try:
        played = play(parts, clock, reports=REPORTS * DAYS, seed=7, password=demo.PASSWORD, days=DAYS, between=between)
    finally:
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()
    say(f"{DAYS} days: {played.reports:,} reports, {played.facts:,} facts, {sum(turns.done.values()):,} turns of {len(turns.works)} works")
    for name, faults in turns.failed.items():
        say(f"  {name} failed {len(faults)} times, last:\n{faults[-1]}")
    figures["days"], figures["turns"] = DAYS, sum(turns.done.values())
    figures["failed"] = sum(map(len, turns.failed.values()))
    if sizes:
        figures["rss_growth"] = sizes[-1]["rss_mb"] / sizes[0]["rss_mb"]
        figures["db_mb"], figures["wal_mb"], figures["files"] = sizes[-1]["db_mb"], sizes[-1]["wal_mb"], sizes[-1]["files"]


async def one_moment(parts: Parts, turns: Turns, said: Named) -> None:
    """Devices speak, and every work has a turn."""
    if said.keys:
        await parts.sensing.taken(said, source=SOURCE, now=parts.database.clock())
    await turns.one_each()


def size_of(home: Path) -> dict[str, float]:
    """What lies on the disk, and what memory is held."""
    files = [path for path in home.rglob("*") if path.is_file()]
    mb = {name: sum(path.stat().st_size for path in files if path.name == name) / 1e6 for name in ("city.db", "city.db-wal")}
    return {"db_mb": round(mb["city.db"], 1), "wal_mb": round(mb["city.db-wal"], 1), "files": len(files), "rss_mb": round(rss_mb([os.getpid()]))}


if __name__ == "__main__":
    main()
