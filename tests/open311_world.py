"""The small town with its Open311 door open: joined as in earnest, on any engine; tests decide when the stages run."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from litestar.testing import TestClient

from cityloop import app as joined
from cityloop.app import Parts
from cityloop.db import Database, Tx, open_database
from cityloop.domain import facts as f
from cityloop.domain.policy import Level
from cityloop.journal.replay import differences, replay
from cityloop.places import locate, where_in
from tests.engines import Clock, Places
from tests.serving import app_of
from tests.spots import Spots
from tests.still import stand_still

PACKS = Path(__file__).parent / "packs"
SCHEME = "gbt30428_2_2013"
POTHOLE, RUBBISH, VAGRANT, INTERNAL, BUILDING = (
    f"{SCHEME}-event-{code}" for code in ("0113", "0110", "0498", "0136", "0101")
)
LON, LAT = 100.0051, 30.0151  # in the first cell of the town
HOLE = {"service_code": POTHOLE, "attribute[DEPTH]": "12", "attribute[LANE]": "left"}
V2 = "/open311/v2"


class Town:
    """The town, a stranger's client, and what its tables say."""

    def __init__(self, parts: Parts, client: TestClient, clock: Clock, folder: Path):
        self.parts = parts
        self.client = client
        self.clock = clock
        self.folder = folder
        self.spots = Spots()

    @property
    def policy(self):
        return self.parts.book.in_force()

    def adopt(self, pack: str | Path) -> None:
        """Another version of the pack comes into force."""
        self.parts.book.adopt(PACKS / pack, actor="operator")
        self.drain()

    def adopt_with(self, settings: str, **files: str) -> None:
        """A version comes into force that says something more, over what the town says already."""
        pack = self.folder / "packs" / "other"
        pack.mkdir(parents=True)
        head = 'id = "other"\nversion = "1"\nover = "mini_open311"\ncity = true\nsimulated = true\n'
        head += 'schemes = ["gbt30428_2_2013"]\n[name]\nzh = "另"\nen = "other"\n[settings]\n'
        (pack / "pack.toml").write_text(head + settings, encoding="utf-8")
        for name, text in files.items():
            (pack / f"{name}.csv").write_text(text, encoding="utf-8")
        for name in ("mini", "mini_open311"):
            (pack.parent / name).symlink_to(PACKS / name)
        self.adopt(pack)

    def get(self, path: str, **asked: Any):
        return self.client.get(f"{V2}/{path}", params=asked)

    def post(self, path: str = "requests.json", *, files: Any = None, headers: Any = None, **form: Any):
        return self.client.post(f"{V2}/{path}", data=form, files=files, headers=headers)

    def report(self, *, files: Any = None, **form: Any) -> str:
        """Report what is wrong, and let the stages do their part; gives the token."""
        asked = {"description": "a deep hole", "lat": str(LAT), "long": str(LON)} | form
        answer = self.post(files=files, **(asked if "service_code" in asked else HOLE | asked))
        assert answer.status_code == 201, answer.text
        self.drain()
        return answer.json()[0]["token"]

    def case(self, *, kind: str = "event/0110", cell: str = "a1", state: str = "filed", at: str | None = None) -> str:
        """A case that went its way through facts, at a place of its own; gives its id, as strangers know it."""
        if at:
            self.clock.set(at)
        key = f"{SCHEME}/{kind}"
        point = self.spots.take(secrets.token_hex(4), cell, beside=None, east_m=0)
        where = locate(self.policy, *point)
        if self.policy.class_by_key[key].private_place:
            where = where_in(where)
        return self.parts.writer.change(lambda tx: told(tx, self.policy, key, where, state), actor="machine:test")

    def drain(self) -> None:
        self.parts.delivery.drain()

    def value(self, sql: str, **params: Any) -> Any:
        with self.parts.database.reading() as tx:
            return tx.value(sql, **params)

    def ask(self, question: Any) -> Any:
        with self.parts.database.reading() as tx:
            return question(tx)

    def size(self) -> int:
        return self.value("SELECT size FROM log_head WHERE city = :city") or 0

    def replayed(self) -> list[Any]:
        """What differs when the journal is replayed into empty tables of the embedded engine."""
        target: Database = open_database(str(self.folder / "again.db"), self.parts.database.city, self.clock)
        replay(self.parts.database, target, self.parts.journal)
        found = list(differences(self.parts.database, target)[1])
        target.close()
        return found


def told(tx: Tx, policy: Any, key: str, where: f.Where, state: str) -> str:
    """Report and case by their facts, as far as a state: waiting, filed, dispatched, refused or closed."""
    report, case, task = tx.new_id(), tx.new_id(), tx.new_id()
    said = f.VaultRef(id=tx.new_id(), digest="0" * 64)
    rule = policy.rules_of_class[key][0]
    problem = f.Problem(class_key=key, rule=rule.code, where=where)
    tx.emit(f.ReportReceived(report_id=report, channel=f.Channel.app, said=said, at=tx.now), first=True)
    if state in ("waiting", "refused"):
        tx.emit(
            f.CaseOpened(
                case_id=case, report_id=report, problem=problem, where=where, confidence_ppm=1, why=(),
                accept_due=tx.now, at=tx.now,
            ),
            first=True,
        )  # fmt: skip
        if state == "refused":
            tx.emit(f.CaseRefused(case_id=case, reason="below_condition", at=tx.now))
        return case
    kept = f.RuleKept(code=rule.code, limit=rule.limit, source=rule.source)
    tx.emit(
        f.CaseFiled(
            case_id=case, number=f"T{case}", problem=problem, rule=kept, report_id=report, level=Level.city,
            dispatch_due=tx.now, automatic=True, confidence_ppm=950_000, opened=False, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    if state == "filed":
        return case
    unit = policy.units[0]
    duty = f.Duty(unit=unit.id, level=unit.level, limit=rule.limit, why=("test",))
    tx.emit(
        f.CaseDispatched(
            case_id=case, task_id=task, duty=duty, sign_due=tx.now, due_at=tx.now, automatic=True,
            confidence_ppm=990_000, at=tx.now,
        )
    )  # fmt: skip
    if state == "dispatched":
        return case
    look = tx.new_id()
    tx.emit(f.TaskSigned(case_id=case, task_id=task, by="handler", at=tx.now))
    tx.emit(f.TaskFinished(case_id=case, task_id=task, by="handler", overdue=False, at=tx.now))
    tx.emit(
        f.InspectionAsked(
            case_id=case, task_id=look, handled_task=task, post=None, limit=rule.limit, due_at=tx.now, at=tx.now
        )
    )
    tx.emit(f.CaseInspected(case_id=case, task_id=look, passed=True, by="inspector", at=tx.now))
    tx.emit(f.CaseClosed(case_id=case, by=None, on_time=True, at=tx.now))
    return case


@contextmanager
def town_at(places: Places, clock: Clock, monkeypatch, pack: str = "mini_open311") -> Iterator[Town]:
    """The town on an engine; its background tasks stand still."""

    stand_still(monkeypatch)
    database = places.url() if places.engine == "postgres" else ""
    settings = joined.Settings(
        city=f"t{secrets.token_hex(4)}", home=str(places.folder / "home"), database=database, pack=str(PACKS / pack)
    )
    parts = joined.join(settings, clock=clock)
    joined.open_city(parts)
    try:
        with app_of(parts) as app, TestClient(app, base_url="http://town.local") as client:
            yield Town(parts, client, clock, places.folder)
    finally:
        parts.close()


@contextmanager
def over_http(parts: Parts) -> Iterator[str]:
    """The town behind a real port of this machine, for clients that speak HTTP themselves; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(joined.create_app(parts), log_config=None, lifespan="on", loop="asyncio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    assert server.started, "the server did not start"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(60)
        listening.close()
