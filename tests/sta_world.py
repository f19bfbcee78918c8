"""The town with its SensorThings door open: joined as in earnest, on any engine, behind a real port for real clients."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from litestar.testing import TestClient

from cityloop import app as joined
from cityloop.app import Parts
from cityloop.db import Database, Tx, open_database
from cityloop.journal.replay import differences, replay
from cityloop.people import Person, open_account, set_password, take_post
from tests.engines import Clock, Places
from tests.people_world import PASSWORD, hashed
from tests.serving import app_of

PACK = Path(__file__).parents[1] / "packs" / "demo"
V11 = "/sta/v1.1"
OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
ROOM = {"name": "Room", "description": "a room", "properties": {"floor": 3, "tags": ["a", "b"], "who": {"unit": "x"}}}
PLACE = {
    "name": "Yard", "description": "a yard", "encodingType": "application/geo+json",
    "location": {"type": "Point", "coordinates": [112.93, 28.22]},
}  # fmt: skip
SENSOR = {"name": "S1", "description": "a sensor", "encodingType": "application/pdf", "metadata": "http://example.org/s1.pdf"}
TEMPERATURE = {"name": "Temperature", "definition": "http://example.org/temperature", "description": "of the air"}
CELSIUS = {"name": "degree Celsius", "symbol": "°C", "definition": "ucum:Cel"}


def stream(name: str = "Air", kind: str = "OM_Measurement", **more: Any) -> dict[str, Any]:
    """A datastream with all that it needs inside of it."""
    said = {"name": name, "description": f"{name} said", "observationType": OM + kind, "unitOfMeasurement": CELSIUS}
    return said | {"Sensor": SENSOR, "ObservedProperty": TEMPERATURE} | more


class Town:
    """The town, clients of it, and what its tables say."""

    def __init__(self, parts: Parts, client: httpx.Client, clock: Clock, folder: Path):
        self.parts, self.client, self.clock, self.folder = parts, client, clock, folder
        self.token = self.signed_in("admin")

    def signed_in(self, name: str) -> str:
        """A token of somebody who is in."""
        answer = self.client.post("/v1/sessions", json={"name": name, "password": PASSWORD, "as_token": True})
        return answer.json()["token"]

    @property
    def auth(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def get(self, path: str, *, status: int = 200, token: str | None = "", **asked: Any) -> Any:
        """Ask; options without their $, e.g. `filter=`."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"} if token else self.auth
        answer = self.client.get(f"{V11}/{path}", params={f"${name}": each for name, each in asked.items()}, headers=headers)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text

    def send(self, method: str, path: str, body: Any = None, *, status: int, **headers: str) -> Any:
        answer = self.client.request(method, f"{V11}/{path}", json=body, headers=self.auth | headers)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer

    def post(self, path: str, body: Any, *, status: int = 201) -> str:
        """Make an entity; gives its address below the root, or what is wrong."""
        answer = self.send("POST", path, body, status=status)
        return answer.headers["location"].partition(f"{V11}/")[2] if status == 201 else answer.json()["detail"]

    def names(self, path: str, **asked: Any) -> list[str]:
        return [each["name"] for each in self.get(path, **asked)["value"]]

    def results(self, path: str, **asked: Any) -> list[Any]:
        return [each["result"] for each in self.get(path, **asked)["value"]]

    def replayed(self) -> list[Any]:
        """What differs when the journal is replayed into empty tables of the embedded engine."""
        target: Database = open_database(str(self.folder / "again.db"), self.parts.database.city, self.clock)
        replay(self.parts.database, target, self.parts.journal)
        found = list(differences(self.parts.database, target)[1])
        target.close()
        return found


PEOPLE = {"admin": "system-admin", "gateway": "partner", "stranger": ""}


def _opened(tx: Tx, name: str, post: str, parts: Parts) -> None:
    account = open_account(tx, sign_in_name=name, person=Person(name=name))
    set_password(tx, account, hashed(), must_change=False)
    if post:
        take_post(tx, account, post, policy=parts.book.in_force())


@contextmanager
def joined_at(places: Places, clock: Clock, **more: str) -> Iterator[Parts]:
    """The parts of a town on an engine."""
    database = places.url() if places.engine == "postgres" else ""
    settings = joined.Settings(
        city=f"t{secrets.token_hex(4)}", home=str(places.folder / "home"), database=database, pack=str(PACK), **more
    )
    parts = joined.join(settings, clock=clock)
    joined.open_city(parts)
    for name, post in PEOPLE.items():
        parts.writer.change(lambda tx, name=name, post=post: _opened(tx, name, post, parts), actor="machine:test")
    try:
        yield parts
    finally:
        parts.close()


@contextmanager
def town_at(places: Places, clock: Clock, **more: str) -> Iterator[Town]:
    """The town, asked without a port; with more settings."""
    with joined_at(places, clock, **more) as parts:
        with app_of(parts) as app, TestClient(app, base_url="http://town.local") as client:
            yield Town(parts, client, clock, places.folder)


@contextmanager
def town_behind_port(places: Places, clock: Clock) -> Iterator[tuple[Town, str]]:
    """The town behind a real port of this machine, for clients that speak HTTP themselves; and its address."""
    with joined_at(places, clock) as parts, socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(joined.create_app(parts), log_config=None, lifespan="on", loop="asyncio"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert server.started, "the server did not start"
        try:
            base = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=base) as client:
                yield Town(parts, client, clock, places.folder), f"{base}{V11}"
        finally:
            server.should_exit = True
            thread.join(60)

