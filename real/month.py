"""A month of the fictional city: thirty thousand reports by every door, every move of the two tables, all of it proved."""

import csv
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct

from cityloop.app import Parts, Settings, apply_of_all, join, open_city, settle_memory
from cityloop.db import Database, open_database
from cityloop.domain.calendar import epoch_us
from cityloop.domain.facts import Told
from cityloop.domain.lifecycle import OVER
from cityloop.doors.files import Import, Tally, import_file, mapping_in
from cityloop.doors.hotline import store as order_store
from cityloop.doors.hotline.rates import Rates, rates_of
from cityloop.journal import Journal, told_from
from cityloop.journal.prove import verify
from cityloop.journal.replay import differences, replay
from cityloop.journal.tlog import load_key
from cityloop.packs import shipped
from cityloop.simulation import PlayClock, Played, play
from cityloop.simulation.devices import made_up, register_made_up
from cityloop.stages.evaluate import asked_from, figures, figures_again
from cityloop.stages.evaluate.model import Answer, By, Only
from cityloop.stages.evaluate.rules import differences as figure_differences
from cityloop.stages.sense.model import Named
from real.moves import case_moves, order_moves
from real.old_system import MAPPING, write_export

REPORTS, DAYS, SEED = 31_000, 30, 20_260_301
END = datetime(2026, 4, 1, tzinfo=UTC)
OLD = 400  # cases of the system that was there before
TOLD_AGAIN = 60  # of them are closed there some days later
HOLIDAY = date(2026, 3, 19)  # a working day that the city declares free, some days before
HIGH_M, LOW_M = 2.1, 0.3  # over the pack's limit for its manholes, and far below
PAGE = 20_000
CITY = "demo"


class Month(Struct, kw_only=True):
    """What became of the month."""

    played: Played
    reports: int
    cases: int
    alone: int  # reports without a case
    states: dict[str, int]
    waiting: dict[str, int]  # where the open ones are, and why: state: reason -> cases
    unaccounted: list[str]  # open cases of which nobody could say what they wait for
    channels: dict[str, dict[str, int]]  # channel -> reports, closed, refused, joined, open
    moves: dict[str, int]
    orders: dict[str, int]
    imported: Tally
    imported_again: Tally
    held: int
    timers_failed: int
    facts: int
    faults: int
    replay_differences: int
    figures: Answer
    figure_differences: int
    rates: Rates  # 三率 of the hotline's orders
    seconds: dict[str, float]
    cpu_s: float


def run(home: Path, *, reports: int = REPORTS, days: int = DAYS, seed: int = SEED, progress: Callable = lambda d, o: None) -> Month:
    """Play the month into a city of its own, count, verify, replay, and ask the figures twice."""
    clock = PlayClock(END - timedelta(days=days, minutes=1))
    parts = join(Settings(city=CITY, home=str(home)), clock=clock)
    began, cpu = time.perf_counter(), time.process_time()
    try:
        open_city(parts)
        settle_memory()
        beside = Beside(parts, home, END - timedelta(days=days), days)
        played = play(
            parts, clock, reports=reports, days=days, seed=seed, password="nobody signs in", until=END,
            on_progress=progress, between=beside,
        )  # fmt: skip
        assert beside.again, "the days were too few for the old system to tell again"
        seconds = {"play": time.perf_counter() - began}
        cpu = time.process_time() - cpu
        clock.moment = END
        return counted(parts, home, played, beside, seconds, cpu)
    finally:
        parts.close()


class Beside:
    """What happens once: the old system's cases come in, and come in again; the city declares a day free; water rises in a
    manhole, and has run off a few hours later."""

    def __init__(self, parts: Parts, home: Path, begin: datetime, days: int):
        self.parts = parts
        self.home = home
        self.first: Tally | None = None
        self.again: Tally | None = None
        self._left = [(begin, self.bring), (begin + timedelta(days=days * 0.15), self.bring_again),
                      (begin + timedelta(days=days * 0.4), self.declare), (begin + timedelta(days=days * 0.5), self.rise),
                      (begin + timedelta(days=days * 0.5, hours=6), self.run_off)]  # fmt: skip
        self._begin = begin
        self.manhole = ""

    def __call__(self, moment: datetime) -> None:
        while self._left and self._left[0][0] <= moment:
            self._left.pop(0)[1]()

    def bring(self) -> None:
        self.first = self._import(closed=0)

    def bring_again(self) -> None:
        self.again = self._import(closed=TOLD_AGAIN)

    def declare(self) -> None:
        """A copy of the city's pack with one day more in its calendar is put in force."""
        folder = self.home / "pack" / "demo"
        shutil.copytree(shipped() / "demo", folder)
        row = [HOLIDAY, "holiday", "本市活动放假（虚构）", "declared by the fictional city", "one day", HOLIDAY]
        with (folder / "calendar.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["date", "kind", "name", "source_document", "source_clause", "source_date"])
            writer.writerow(row)
        self.parts.book.adopt(folder, actor="machine:demo")

    def rise(self) -> None:
        """Its sensor is registered, and tells of it."""
        policy, now = self.parts.book.in_force(), self.parts.database.clock()
        device = made_up(policy, now)[:1]
        self.manhole = device[0].key
        self.parts.writer.change(partial(register_made_up, devices=device, policy=policy), actor="machine:demo")
        self.parts.register.refresh()
        self._observed(HIGH_M)

    def run_off(self) -> None:
        """The alarm's cause has gone."""
        self._observed(LOW_M)

    def _observed(self, metres: float) -> None:
        """What the sensor said in the last half hour, and what the watcher makes of it."""
        now = self.parts.database.clock()
        moments = [now - timedelta(minutes=10 * step) for step in (3, 2, 1, 0)]
        said = Named([f"{self.manhole}/level"] * len(moments), [epoch_us(each) for each in moments], [metres] * len(moments))
        assert self.parts.sensing.take(said, source="simulation", now=now).kept == len(moments)
        watcher = self.parts.senses.watcher
        while watcher.look() or watcher.waiting:
            self.parts.writer.change(watcher.tell, actor="machine:sense")
            watcher.told()

    def _import(self, *, closed: int) -> Tally:
        """The old system's export; the first `closed` of its open cases are closed by now."""
        policy, random = self.parts.book.in_force(), Random(SEED)
        path = self.home / f"old_{closed}.csv"
        of = [each for each in policy.classes if each.key in policy.rules_of_class]
        rows = []
        for n in range(OLD):
            came = self._begin - timedelta(hours=random.uniform(30, 700))
            due = came + timedelta(hours=random.uniform(24, 900))
            done = came + timedelta(hours=random.uniform(2, 29))
            is_open, ends_later = n % 2 == 0, n % 2 == 0 and n // 2 < closed
            over = not is_open or ends_later
            end = (self._begin + timedelta(days=1, minutes=n) if ends_later else done) if over else ""
            cell, unit = random.choice(policy.cells), random.choice(["greening", "lighting", "water", "power"])
            x, y = (sum(point[axis] for point in cell.ring[:-1]) / (len(cell.ring) - 1) for axis in (0, 1))
            rows.append((f"JH-{n:05d}", came, "", "", "", end, end, due, "closed" if over else "handling",
                         random.choice(of).key, unit, f"{x:.6f}", f"{y:.6f}", "原系统导入的案件", "", "", ""))  # fmt: skip
        write_export(path, rows)
        mapping, digest = mapping_in(MAPPING)
        now = self.parts.database.clock()
        mapping = msgspec.structs.replace(mapping, as_of=_text(now))
        asked = Import(path=path, mapping=mapping, mapping_digest=digest, folder=self.home / "imports", bad=self.home / "bad.csv")
        return import_file(self.parts.writer, policy, asked)


def counted(parts: Parts, home: Path, played: Played, beside: Beside, seconds: dict[str, float], cpu: float) -> Month:
    """What the tables say of the month, and whether all of it holds."""
    policy, database = parts.book.in_force(), parts.database
    moves, orders = case_moves(facts_of(database)), order_moves(facts_of(database))
    asked = asked_from(By.unit, (date(2026, 3, 1), date(2026, 3, 31)), policy=policy, now=END, only=Only())
    with database.reading() as tx:
        one = lambda sql: tx.value(sql)
        answer = figures(tx, asked, policy=policy)
        rows = order_store.order_rows_between(tx, END - timedelta(days=60), END)
        rates = rates_of([order_store.order_of(row) for row in rows], policy.hotline_rates, END)
        states = {r.state: r.n for r in tx.all("SELECT state, count(*) AS n FROM case_file WHERE city = :city GROUP BY state")}
        waiting, unaccounted = waits(tx)
        found = {
            "reports": one("SELECT count(*) FROM report WHERE city = :city"),
            "cases": one("SELECT count(*) FROM case_file WHERE city = :city"),
            "alone": one("SELECT count(*) FROM report WHERE city = :city AND case_id IS NULL"),
            "held": one("SELECT count(*) FROM held WHERE city = :city"),
            "timers_failed": one("SELECT count(*) FROM timer WHERE city = :city AND tries > 0"),
            "channels": channels(tx),
        }
    began = time.perf_counter()
    proved = prove(database, home, answer, policy)
    assert beside.first, "the old system's cases came in first"
    assert beside.again, "and came in again"
    return Month(
        played=played, states=states, waiting=waiting, unaccounted=unaccounted, moves=dict(moves), orders=dict(orders),
        imported=beside.first, imported_again=beside.again, figures=answer, rates=rates,
        seconds=seconds | {"prove": time.perf_counter() - began}, cpu_s=cpu, **found, **proved,
    )  # fmt: skip


def waits(tx) -> tuple[dict[str, int], list[str]]:
    """Where each open case is and why it waits there; and those of which nothing tells it.

    A case is accounted for by the clock that runs for it, the hold that it stands in, or the reason why a person must look.
    """
    found: Counter = Counter()
    lost = []
    rows = tx.all(
        "SELECT c.id, c.state, c.why, c.unit, c.post, c.clock_due, c.untold, h.kind AS hold FROM case_file c "
        "LEFT JOIN hold h ON h.city = c.city AND h.case_id = c.id AND h.ended_at IS NULL "
        f"WHERE c.city = :city AND c.state NOT IN ({', '.join(repr(each.value) for each in sorted(OVER))})"
    )
    for row in rows:
        reasons = [code.partition(":")[0] for code in msgspec.json.decode(row.why)]
        if row.hold:
            reason = f"put off ({row.hold})"
        elif row.state in ("to_sign", "handling", "handled"):
            reason = "a unit's clock runs" if row.unit and row.clock_due else ""
        elif row.state in ("verifying", "inspecting", "transferred"):
            reason = {"verifying": "a collector", "inspecting": "a collector", "transferred": "another system"}[row.state]
            reason = f"{reason} is to answer" if row.clock_due else ""
        else:
            reason = f"a desk's clock runs ({reasons[0] if reasons else 'certain'})" if row.clock_due else ""
        if not reason and row.untold is not None:
            reason = "imported without a deadline"
        found[f"{row.state}: {reason}"] += 1
        if not reason:
            lost.append(row.id)
    return dict(sorted(found.items())), lost


def channels(tx) -> dict[str, dict[str, int]]:
    """By channel, what became of the reports: by the state of the case that each belongs to now."""
    found: dict[str, Counter] = {}
    for row in tx.all(
        "SELECT r.channel, c.state, c.reports, r.id = c.report_id AS is_first, count(*) AS n FROM report r "
        "JOIN case_file c ON c.city = r.city AND c.id = r.case_id WHERE r.city = :city "
        "GROUP BY r.channel, c.state, c.reports, r.id = c.report_id"
    ):
        mine = found.setdefault(row.channel, Counter(reports=0, closed=0, refused=0, ended=0, open=0, joined=0))
        mine["reports"] += row.n
        place = {"closed": "closed", "not_accepted": "refused", "void": "ended", "merged": "ended"}.get(row.state, "open")
        mine[place] += row.n
        mine["joined"] += 0 if row.is_first else row.n
    return {name: dict(found[name]) for name in sorted(found)}


def prove(database: Database, home: Path, answer: Answer, policy) -> dict[str, int]:
    """Verify the journal, replay it into empty tables, compare every row, and put the same question to those tables."""
    keys = home / "keys"
    checked = verify(database, lambda name: load_key(keys / f"{name.replace('/', '_')}.key").verifier)
    target = open_database(str(home / "replayed.db"), database.city)
    try:
        replay(database, target, Journal(apply_of_all()))
        differ = differences(database, target)[1]
        with target.reading() as tx:
            again = figures_again(tx, answer, policy=policy)
    finally:
        target.close()
    return {
        "facts": checked.facts, "faults": len(checked.faults), "replay_differences": len(differ),
        "figure_differences": len(figure_differences(answer, again)),
    }  # fmt: skip


def facts_of(database: Database) -> Iterator[Told]:
    """Every fact of a journal, in order."""
    after = 0
    while True:
        with database.reading() as tx:
            rows = tx.all(
                f"SELECT seq, body FROM fact WHERE city = :city AND seq > :after ORDER BY seq LIMIT {PAGE}", after=after
            )
        yield from (told_from(database.city, row.seq, row.body) for row in rows)
        if len(rows) < PAGE:
            return
        after = rows[-1].seq


def shown(found: Month) -> Month:
    """What the page of real figures keeps: without the figures of each unit."""
    return msgspec.structs.replace(found, figures=msgspec.structs.replace(found.figures, groups=()))


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def tables(found: Month) -> str:
    """What the month came to, to be read."""
    lines = [
        f"{found.reports:,} reports in {found.cases:,} cases; {found.played.done:,} deeds of people; {found.facts:,} facts; "
        f"played in {found.seconds['play']:.0f} s ({found.cpu_s:.0f} s CPU), proved in {found.seconds['prove']:.0f} s",
        "", f"{'channel':14}{'reports':>9}{'closed':>9}{'refused':>9}{'ended':>8}{'open':>8}{'joined':>8}",
    ]  # fmt: skip
    for name, each in found.channels.items():
        lines.append(
            f"{name:14}{each['reports']:>9,}{each['closed']:>9,}{each['refused']:>9,}{each['ended']:>8,}{each['open']:>8,}{each['joined']:>8,}"
        )
    for what, counts in (("ways in", found.played.routes), ("moves of cases", found.moves), ("moves of orders", found.orders),
                         ("states", found.states), ("open, and why", found.waiting)):  # fmt: skip
        lines += ["", f"{what}: " + ", ".join(f"{name} {n:,}" for name, n in counts.items())]
    return "\n".join(lines)


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="cityloop-month-"))
    try:
        print(tables(run(folder)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
