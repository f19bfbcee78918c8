"""Real data through `POST /v1/reports`: all is kept, filed and dispatched or waiting with its reason, and proved."""

import asyncio
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.load import closed, http
from bench.machine import Server
from bench.staff import signed_in
from msgspec import Struct, to_builtins

from cityloop.app import Settings, apply_of_all
from cityloop.db import Database, open_database
from cityloop.journal import Journal
from cityloop.journal.prove import verify
from cityloop.journal.replay import differences, replay
from cityloop.journal.tlog import load_key
from real.make_boston_pack import PACK, class_keys, rows_of

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
BOSTON = DATA / "requests_311" / "boston_2011" / "service_requests_2011_jul_to_mid_nov.csv.gz"
MESSAGES = DATA / "complaints_zh" / "hot_issues_messages.csv"
CONNECTIONS = 32


class Told(Struct, kw_only=True):
    """What became of a city's reports."""

    sent: int
    kept: int
    proposed: int  # reports with at least one proposed class
    states: dict[str, int]
    reasons: dict[str, int]
    without_case: int
    facts: int
    verify_faults: int
    replay_differences: int
    newest_on_first_screen: bool
    seconds: float
    statuses: dict[int, int]


def boston_bodies(path: Path = BOSTON) -> list[bytes]:
    """The requests as reports: title and street as text, the declared class, place and time as given."""
    rows = rows_of(path)
    keys = class_keys(rows)
    return [
        encoded(
            {
                "text": f"{row['case_title']}. {row['location'].strip()}",
                "lon": float(row["longitude"]), "lat": float(row["latitude"]),
                "class": keys[row["type"]], "happened_at": row["open_dt"].replace(" ", "T"),
            }
        )
        for row in rows
    ]  # fmt: skip


def message_bodies(path: Path = MESSAGES) -> list[bytes]:
    """The letters as reports: subject and details as text, no place; the time as given."""
    with path.open(newline="", encoding="utf-8-sig") as text:
        rows = list(csv.DictReader(text))
    found = []
    for row in rows:
        day, _, clock = row["留言时间"].partition(" ")
        year, month, date = (int(part) for part in day.replace("-", "/").split("/"))
        hour, *rest = (clock or "0:0").split(":")
        at = f"{year}-{month:02d}-{date:02d}T{int(hour):02d}:{':'.join(part.zfill(2) for part in rest)}"
        found.append(encoded({"text": f"{row['留言主题'].strip()}\n{row['留言详情'].strip()}", "happened_at": at}))
    return found


def encoded(body: dict) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def run(name: str, pack: Path, bodies: list[bytes]) -> Told:
    """Send everything, wait until it is handled, count, verify, replay."""
    if not bodies:
        raise SystemExit(f"{name}: there are no data; see the README of shared/data")
    server = Server(pack=str(pack))
    started = time.perf_counter()
    raw = [http("POST", "/v1/reports", body) for body in bodies]
    progress = Progress(name, len(raw))
    sent = asyncio.run(
        closed(server.port, lambda n: raw[n], count=len(raw), connections=CONNECTIONS, keep=True, on_done=progress.step)
    )
    progress.end()
    refused = Counter(body[:300] for body in sent.bodies if b'"detail"' in body)
    for body, many in refused.most_common(3):
        print(f"  refused {many}: {body.decode()}")
    server.wait_until_idle(600)
    seconds = time.perf_counter() - started
    newest = newest_on_first_screen(server)
    server.stop(hard=False, keep=True)
    database = open_database(Settings(home=str(server.home)).database_url, "bench")
    found = count(database, Path(server.home), sent=len(raw), statuses=sent.statuses, seconds=seconds, newest=newest)
    database.close()
    server.forget()
    return found


class Progress:
    """A line that says how far it is."""

    def __init__(self, name: str, total: int):
        self.name, self.total, self.done, self.shown = name, total, 0, 0.0

    def step(self, _: int) -> None:
        """One more is done."""
        self.upto(self.done + 1)

    def upto(self, done: int, _: int | None = None) -> None:
        """So many are done."""
        self.done = done
        if time.monotonic() - self.shown > 0.5:
            self.shown = time.monotonic()
            full = self.done * 30 // self.total
            print(
                f"\r{self.name} [{'#' * full}{'.' * (30 - full)}] {self.done:,} of {self.total:,}", end="", flush=True
            )

    def end(self) -> None:
        print(f"\r{self.name} [{'#' * 30}] {self.done:,} of {self.total:,}", flush=True)


def newest_on_first_screen(server: Server) -> bool:
    """Whether the first screen of somebody who works there shows the newest case, whatever the clock puts first."""
    headers = signed_in(server)
    answer = asyncio.run(
        closed(
            server.port,
            lambda n: http("GET", ("/v1/cases?limit=1", "/plain")[n], headers=headers),
            count=2,
            connections=1,
            keep=True,
        )
    )
    newest = json.loads(answer.bodies[0])["items"][0]
    return newest["id"].encode() in answer.bodies[1]


def count(database: Database, home: Path, *, sent: int, statuses: dict[int, int], seconds: float, newest: bool) -> Told:
    """What the tables say, whether the journal verifies, and whether a replay gives the same."""
    with database.reading() as tx:
        kept = tx.value("SELECT count(*) FROM report WHERE city = :city")
        states = {
            r.state: r.n for r in tx.all("SELECT state, count(*) AS n FROM case_file WHERE city = :city GROUP BY state")
        }
        waiting = tx.all(
            "SELECT why FROM case_file WHERE city = :city AND state IN ('reported', 'to_file', 'to_dispatch')"
        )
        alone = tx.value("SELECT count(*) FROM report WHERE city = :city AND case_id IS NULL")
        proposed = tx.value("SELECT count(*) FROM report WHERE city = :city AND proposals <> '[]'")
    reasons = Counter(code.partition(":")[0] for row in waiting for code in json.loads(row.why) or ["(none told)"])
    target = open_database(str(home / "replayed.db"), database.city)
    replay(database, target, Journal(apply_of_all()))
    _, differ = differences(database, target)
    target.close()
    keys = home / "keys"
    checked = verify(database, lambda name: load_key(keys / f"{name.replace('/', '_')}.key").verifier)
    return Told(
        sent=sent, kept=kept, proposed=proposed, states=states, reasons=dict(reasons), without_case=alone, facts=checked.facts,
        verify_faults=len(checked.faults), replay_differences=len(differ), newest_on_first_screen=newest,
        seconds=seconds, statuses=statuses,
    )  # fmt: skip


CITIES: dict[str, tuple[Path, Callable[[], list[bytes]]]] = {
    "boston": (PACK, boston_bodies),
    "messages": (PACK.parent / "messages", message_bodies),
}


def main() -> None:
    for name in sys.argv[1:] or CITIES:
        pack, bodies = CITIES[name]
        print(json.dumps({name: to_builtins(run(name, pack, bodies()))}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
