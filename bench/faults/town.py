"""A city whose acknowledgements are written down: reports, photos, observations, signed heads. Then they are looked for."""

import asyncio
import contextlib
import json
import random
import secrets
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import httpx
import pyarrow.parquet as pq
from PIL import Image

from bench.city import report_bodies
from bench.faults.half import halves
from bench.load.asking import _Connection, http
from bench.machine import Server
from bench.staff import let_in
from cityloop.app import Parts, Settings, apply_of_all, join, open_city
from cityloop.db import Tx, open_database
from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import ReportReceived
from cityloop.journal import Journal, story, vault_open
from cityloop.journal.prove import verify
from cityloop.journal.replay import differences, replay
from cityloop.journal.tlog import load_key
from cityloop.packs import load
from cityloop.people.keys import key_drawn
from cityloop.stages.sense.service.register import StreamAsked, ThingAsked, register_thing
from cityloop.telemetry.batch import joined
from cityloop.telemetry.log import follow, logs_in

AT = 1_770_000_000_000_000
ROWS = 200
STUCK_S = 30
SETTLE_S = 60
EDGE = "cityloop-edge"
FREE = {"CITYLOOP_STRANGER_PER_MIN": "0"}  # all that ask come from one address


class Told:
    """What was acknowledged: the ids of reports, what their photos were, moments of observations, heads by their size."""

    def __init__(self) -> None:
        self.reports: set[str] = set()
        self.photos: dict[str, bytes] = {}
        self.moments: set[int] = set()
        self.heads: dict[tuple[str, int], str] = {}
        self.statuses: dict[int, int] = {}
        self.wrong: list[str] = []

    @property
    def count(self) -> int:
        return len(self.reports) + len(self.moments) // ROWS

    def head(self, note: str) -> None:
        """A signed head was read: one size never has two roots."""
        origin, size, root = note.split("\n")[:3]
        if self.heads.setdefault((origin, int(size)), root) != root:
            self.wrong.append(f"two roots for {size} facts of {origin}")


def listens(parts: Parts, key: str) -> None:
    """A device of eight streams in an open city, and a partner who sends for it by this key."""
    policy = parts.book.in_force()
    streams = tuple(StreamAsked(key=f"s{n}", property="laeq", unit="dB[SPL]") for n in range(8))
    parts.writer.change(lambda tx: register_thing(tx, ThingAsked(key="f-1", kind="noise_meter", streams=streams), policy=policy))
    let_in(parts.writer, policy, [key])


class Town:
    """A city at `home`; whoever reports, sends photos, sends observations and reads heads of it, at once."""

    def __init__(self, home: Path, database: str = "", *, seed: int = 1, entry: str = "cityloop.cli", environment: dict[str, str] | None = None):
        self.home, self.database, self.entry, self.environment = home, database, entry, environment or {}
        self.city, self.key, self.chance = f"c{secrets.token_hex(5)}", key_drawn(), random.Random(seed)
        self.told = Told()
        self.bodies = report_bodies(load("demo"), 300, seed)
        self.moment = AT
        self.server: Server | None = None

    # the city itself

    def parts(self) -> Parts:
        return join(Settings(city=self.city, home=str(self.home), database=self.database, pack="demo"))

    def begin(self) -> None:
        """A device of eight streams, and a partner who sends for it."""
        parts = self.parts()
        open_city(parts)
        listens(parts, self.key)
        parts.close()

    def start(self) -> Server:
        self.server = Server(home=self.home, database=self.database, city=self.city, entry=self.entry, environment=FREE | self.environment, forked=True)
        return self.server

    def stop(self, *, hard: bool = False) -> None:
        if self.server:
            self.server.stop(hard=hard)
            self.server = None

    # those who use it

    def load(self, acks: int, more_s: float = 0.0, *, at_end: Callable[[], None] = lambda: None, stuck_s: float = STUCK_S) -> None:
        """Ask, until so many more were acknowledged and a little longer; then `at_end`, while all still ask."""
        asyncio.run(self._load(acks, more_s, at_end, stuck_s))

    async def _load(self, acks: int, more_s: float, at_end: Callable[[], None], stuck_s: float) -> None:
        until, enough = self.told.count + acks, asyncio.Event()
        kinds = [self._report] * 5 + [self._report_with_photo] * 2 + [self._observations] + [self._read_head]
        running = [asyncio.create_task(self._ask(kind, until, enough)) for kind in kinds]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(enough.wait(), stuck_s)
        await asyncio.sleep(more_s)
        at_end()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _ask(self, kind: Callable, until: int, enough: asyncio.Event) -> None:
        loop, told = asyncio.get_running_loop(), self.told
        port = self.server.port
        while True:
            connection = None
            try:
                _, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
                while True:
                    status = await kind(connection)
                    told.statuses[status] = told.statuses.get(status, 0) + 1
                    if told.count >= until:
                        enough.set()
                    if status >= 500:
                        await asyncio.sleep(0.02)
            except (ConnectionError, OSError):
                await asyncio.sleep(0.05)
            finally:
                if connection:
                    connection.transport.abort()

    async def _report(self, connection: _Connection) -> int:
        status, body = await connection.ask(http("POST", "/v1/reports", self.chance.choice(self.bodies)))
        if status == 201:
            self.told.reports.add(json.loads(body)["id"])
        return status

    async def _report_with_photo(self, connection: _Connection) -> int:
        raw = photo(self.chance)
        form, kind = _form(self.chance.choice(self.bodies), raw)
        status, body = await connection.ask(http("POST", "/v1/reports", form, {"Content-Type": kind}))
        if status == 201:
            report = json.loads(body)["id"]
            self.told.reports.add(report)
            self.told.photos[report] = raw
        return status

    async def _observations(self, connection: _Connection) -> int:
        moments = range(self.moment, self.moment + ROWS)
        self.moment += ROWS
        body = "\n".join(json.dumps({"stream": f"f-1/s{at % 8}", "at": at, "value": at % 97}) for at in moments).encode()
        headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {self.key}"}
        status, answer = await connection.ask(http("POST", "/v1/observations", body, headers))
        if status == 201 and json.loads(answer)["kept"] == ROWS:
            self.told.moments.update(moments)
        await asyncio.sleep(0.01)
        return status

    async def _read_head(self, connection: _Connection) -> int:
        status, body = await connection.ask(http("GET", "/evidence/1/checkpoint"))
        if status == 200:
            self.told.head(body.decode())
        await asyncio.sleep(0.05)
        return status

    def _drained(self, parts: Parts) -> int:
        """Let the stages do what follows; what a dead process had leased is waited for. Gives how many reports still wait."""
        ends = time.monotonic() + SETTLE_S
        while True:
            while parts.delivery.drain() + parts.delivery.retry():
                pass
            with parts.database.reading() as tx:
                waiting = tx.value("SELECT count(*) FROM report WHERE city = :city AND case_id IS NULL")
            if not waiting or time.monotonic() > ends:
                return waiting
            time.sleep(0.2)

    # what is there afterwards

    def lost(self) -> int:
        """How much of what was acknowledged is not there, or not as it was; what else is wrong goes to `told.wrong`."""
        parts = self.parts()
        try:
            with parts.database.reading() as tx:
                there = {row.id for row in tx.all("SELECT id FROM report WHERE city = :city")}
                self.told.wrong += [f"{many} × {what}" for what, many in halves(tx).items() if many]
                for note in tx.all("SELECT note FROM checkpoint WHERE city = :city"):
                    self.told.head(note.note)
            lost = len(self.told.reports - there)
            with parts.database.reading() as tx:
                lost += sum(not self._photo_is_there(parts, tx, *each) for each in self.told.photos.items() if each[0] in there)
        finally:
            parts.close()
        moments = self.moments()
        return lost + sum(at not in moments for at in self.told.moments)

    def unexpected(self, refusals: set[int]) -> list[str]:
        """Answers that are neither a yes nor one of these."""
        odd = {status: many for status, many in self.told.statuses.items() if status not in {200, 201, 404} | refusals}
        return [f"{many} answers were {status}" for status, many in odd.items()]

    def out_of_order(self) -> list[str]:
        """What a clock that jumps could have turned over: facts whose subject's numbers do not grow with `seq`, timers that
        fired twice, tasks that were due before they began."""
        asked = {
            "facts of a subject are not in its order": """SELECT count(*) FROM fact AS a JOIN fact AS b ON b.city = a.city
                AND b.subject = a.subject AND b.subject_no = a.subject_no + 1 WHERE a.city = :city AND b.seq < a.seq""",
            "tasks are due before they began": "SELECT count(*) FROM task WHERE city = :city AND due_at < given_at",
        }
        parts = self.parts()
        with parts.database.reading() as tx:
            found = [f"{many} × {what}" for what, sql in asked.items() if (many := tx.value(sql))]
        parts.close()
        return found

    def _photo_is_there(self, parts: Parts, tx: Tx, report: str, raw: bytes) -> bool:
        first = story(tx, f"report/{report}")[0].fact
        assert isinstance(first, ReportReceived)
        try:
            for each in first.photos:
                row = vault_open(tx, each.sent.id)
                if parts.files.open_sealed(row.file, row.bytes) != raw or not parts.files.get(each.shown) or not parts.files.get(each.thumb):
                    return False
        except CityloopError:
            return False
        return len(first.photos) == 1

    def moments(self) -> set[int]:
        root = self.home / "telemetry"
        pieces = [piece for folder in logs_in(root / "log") for _, piece in follow(folder)]
        found = set(joined(pieces).at.tolist()) if pieces else set()
        if not self.told.moments <= found:
            for each in (root / "segments").rglob("*.parquet"):
                found |= set(pq.read_table(each, columns=["at"])["at"].to_pylist())
        return found

    def settled(self) -> list[str]:
        """Open once more, let everything be handled; then compare with a replay of the journal, and verify it."""
        with contextlib.closing(self.parts()) as parts:
            open_city(parts)
            if waiting := self._drained(parts):
                self.told.wrong.append(f"{waiting} reports that no case took up")
            while parts.sealer.seal():
                pass
        database = open_database(self.database or str(self.home / "city.db"), self.city)
        target = open_database(str(self.home / "replayed.db"), self.city)
        replay(database, target, Journal(apply_of_all()))
        wrong = [f"replay differs: {each.table}" for each in differences(database, target)[1]]
        keys = self.home / "keys"
        wrong += [f"fact {each.seq}: {each.what}" for each in verify(database, lambda name: load_key(keys / f"{name.replace('/', '_')}.key").verifier).faults]
        for each in (target, database):
            each.close()
        for each in self.home.glob("replayed.db*"):
            each.unlink()
        return wrong


def photo(chance: random.Random) -> bytes:
    """A photo like no other."""
    image = Image.new("RGB", (320, 240), tuple(chance.randrange(256) for _ in range(3)))
    image.paste(tuple(chance.randrange(256) for _ in range(3)), (chance.randrange(160), chance.randrange(120), 200, 200))
    out = BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def _form(body: bytes, raw: bytes) -> tuple[bytes, str]:
    parts = [b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (EDGE.encode(), name.encode(), str(value).encode()) for name, value in json.loads(body).items()]
    parts.append(b'--%s\r\nContent-Disposition: form-data; name="photos"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n%s\r\n' % (EDGE.encode(), raw))
    return b"".join([*parts, b"--%s--\r\n" % EDGE.encode()]), f"multipart/form-data; boundary={EDGE}"


def status_of(town: Town, path: str) -> int:
    """How a reader is answered."""
    return httpx.get(f"http://127.0.0.1:{town.server.port}{path}", timeout=20).status_code


def problem_of(town: Town) -> tuple[int, str]:
    """How somebody who reports with a photo is answered: the status, and the code of the problem."""
    form, kind = _form(town.bodies[0], photo(town.chance))
    answer = httpx.post(f"http://127.0.0.1:{town.server.port}/v1/reports", content=form, headers={"content-type": kind}, timeout=20)
    return answer.status_code, str(answer.json().get("code", "")) if answer.status_code >= 400 else ""
