"""What stands beside the way of a report fails: a handler, a receiver, a model. The rest goes on, and nothing is lost."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tests.mock_endpoint import MockAdviser, answering

from bench.faults.outcome import Outcome
from bench.faults.quiet import complaints, quiet, report, settle
from bench.faults.town import Town
from cityloop.app import Parts, Settings, handlers_of, join
from cityloop.db import Tx
from cityloop.domain.facts import ReportReceived, Told
from cityloop.doors.adviser import Adviser, Endpoint, Terms
from cityloop.doors.adviser.rules import classes_offered
from cityloop.journal import Delivery, Handler
from cityloop.journal.held import TRIES_MAX, held_list, held_retry
from cityloop.notices import Outbox, Wire, networks
from cityloop.notices.model import Answer, HttpParcel

REPORTS = 6
SOON_S = 5.0


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def standing(seed: int) -> Iterator[tuple[Town, Parts, Clock]]:
    """A quiet city, and a clock for it."""
    with quiet(seed) as town:
        clock = Clock()
        parts = join(Settings(city=town.city, home=str(town.home), pack="demo"), clock=clock)
        parts.book.refresh()
        parts.sealer.start()
        with contextlib.closing(parts):
            yield town, parts, clock


def handler(seed: int, tries: int) -> Outcome:
    """A handler fails for ever on every third report: these are held, tried, parked; the rest go on; once it is mended, these too."""
    found = Outcome()
    with standing(seed) as (town, parts, clock):
        for _ in range(tries):
            made = report(town, parts, REPORTS)
            bad = set(made[::3])
            failing = Delivery(parts.writer, [_broken(each, bad) for each in handlers_of(parts.book)], process="faults")
            for _ in range(TRIES_MAX + 2):
                while failing.drain():
                    pass
                clock.now += timedelta(seconds=700)
            with parts.database.reading() as tx:
                held = held_list(tx)
                cases = _taken_up(tx)
            found.wrong += ["the rest did not go on"] * bool(set(made) - bad - cases)
            found.wrong += ["what fails was not parked"] * ({each.subject.removeprefix("report/") for each in held if each.parked} != bad)
            for each in held:
                if each.parked:
                    parts.writer.change(lambda tx, each=each: held_retry(tx, each.handler, each.seq), actor="account:operator")
            settle(parts)
            with parts.database.reading() as tx:
                cases = _taken_up(tx)
                found.lost += len(set(made) - cases) + len(held_list(tx))
            found.tries += 1
        found.acknowledged = town.told.count
        found.wrong += complaints(town)
    return found


def _broken(each: Handler, bad: set[str]) -> Handler:
    def wrap(react):
        def reacts(tx: Tx, told: Told) -> None:
            if isinstance(told.fact, ReportReceived) and told.fact.report_id in bad:
                raise ValueError("it always fails")
            react(tx, told)

        return reacts

    if each.name != "understand":
        return each
    return Handler(name=each.name, on={fact: tuple(wrap(react) for react in all_) for fact, all_ in each.on.items()}, ahead=each.ahead)


class Listener:
    """A receiver at an address, told of each report."""

    types, begins_after, ends = ("ReportReceived",), 0, False

    def __init__(self, name: str, wire: Wire, url: str):
        self.name, self.wire, self.url = name, wire, url
        self.got: list[str] = []

    def parcel(self, tx: Tx, told: Told) -> HttpParcel:
        return HttpParcel(key=told.id, subject=told.subject, seq=told.seq, url=self.url, headers={}, body=b"{}")

    def send(self, parcel: HttpParcel) -> Answer:
        if not self.url:
            self.got.append(parcel.subject)
            return Answer(status=200)
        return self.wire.post(parcel)

    def gave_up(self, tx: Tx, why: str) -> None:
        raise AssertionError("it is never given up")


def receiver(seed: int, tries: int) -> Outcome:
    """One takes the connection and says nothing; the other is told of everything meanwhile, and soon."""
    found = Outcome()
    with standing(seed) as (town, parts, _), contextlib.closing(socket.create_server(("127.0.0.1", 0))) as mute:
        wire = Wire(networks("127.0.0.0/8"), answer_s=1.2 * SOON_S)
        with contextlib.closing(wire), ThreadPoolExecutor(2) as pool:
            for number in range(tries):
                hangs = Listener(f"hangs{number}", wire, f"http://127.0.0.1:{mute.getsockname()[1]}/")
                good = Listener(f"good{number}", wire, "")
                outbox = Outbox(parts.writer, lambda tx, hangs=hangs, good=good: [hangs, good])
                report(town, parts, REPORTS)
                began = time.monotonic()
                asyncio.run(_rounds(outbox, pool, good, len(town.told.reports)))
                took_s = time.monotonic() - began
                found.tries += 1
                found.lost += len({f"report/{each}" for each in town.told.reports} - set(good.got))
                found.wrong += [f"who answers waited {took_s:.1f} s for one who hangs"] * (took_s > SOON_S)
        found.acknowledged = town.told.count
    return found


async def _rounds(outbox: Outbox, pool: ThreadPoolExecutor, good: Listener, wanted: int) -> None:
    ends = time.monotonic() + 3 * SOON_S
    while len(set(good.got)) < wanted and time.monotonic() < ends:
        await outbox.round(pool)


def model(seed: int, tries: int) -> Outcome:
    """A model outside lies, talks, sends garbage, hangs or is down: every case is what it was without it."""
    found = Outcome()
    modes = ("lies", "garbage", "prose", "more", "huge", "deep", "empty", "hang", "drip", "down")
    with standing(seed) as (town, parts, _), answering(MockAdviser()) as mock:
        offered = [key for key, _ in classes_offered(parts.book.in_force())]
        for number in range(tries):
            mode = modes[number % len(modes)]
            mock.mode = mode if mode != "lies" else "good"
            mock.says = [{"key": "no/such/class", "sure": 99}] if mode == "lies" else [{"key": offered[0], "sure": 99}]
            made = report(town, parts, REPORTS)
            settle(parts)
            before = _cases(parts)
            port = Endpoint(mock.url, "k", seconds=0.3)
            with contextlib.closing(port):
                Adviser(parts.writer, parts.book.in_force, port, Terms(name="m", day_max=10_000, rest_after=10_000)).step()
            settle(parts)
            after = _cases(parts)
            found.wrong += [f"a model that {mode} changed cases"] * (before != after)
            found.lost += len(set(made) - {row[0] for row in after})
            found.tries += 1
        found.acknowledged = town.told.count
        found.wrong += complaints(town)
    return found


def _cases(parts: Parts) -> list[tuple]:
    with parts.database.reading() as tx:
        return [
            tuple(row)
            for row in tx.all(
                """SELECT r.id, c.class_key, c.rule, c.state FROM report AS r JOIN case_file AS c ON c.city = r.city AND c.id = r.case_id
                WHERE r.city = :city ORDER BY r.id"""
            )
        ]


def _taken_up(tx: Tx) -> set[str]:
    return {row.id for row in tx.all("SELECT id FROM report WHERE city = :city AND case_id IS NOT NULL")}
