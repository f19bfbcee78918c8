"""A joined demo city on SQLite whose first two stages run: for tests of intake and understand."""

from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import msgspec
from litestar.testing import TestClient
from PIL import Image

from cityloop import app as joined
from cityloop import people
from cityloop.app import server
from cityloop.domain.facts import ReportReceived
from cityloop.domain.said import Said
from cityloop.journal import story, vault_open
from cityloop.people import Person
from cityloop.people.passwords import hash_of
from cityloop.stages import intake, understand
from tests.serving import app_of
from tests.still import stand_still

HERE = {"origin": "http://testserver.local"}
PASSWORD = "Correct-horse-7"
LON, LAT = 112.53, 28.48  # in cell 990102002002012 of the demo city
ROOMS = (intake, understand)


def photo(width: int = 60, height: int = 40, kind: str = "JPEG") -> bytes:
    """A small photo."""
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 40, 40)).save(out, kind)
    return out.getvalue()


class City:
    """The parts of a city, a client, and what its tables say."""

    def __init__(self, parts: joined.Parts, client: TestClient):
        self.parts = parts
        self.client = client

    def send(self, **report):
        return self.client.post("/v1/reports", json=report)

    def form(self, *photos: bytes, headers=None, **fields):
        files = [("photos", ("p.jpg", raw, "image/jpeg")) for raw in photos]
        return self.client.post("/v1/reports", data=fields, files=files or None, headers=headers)

    def drain(self) -> None:
        """Let the stages do what follows."""
        self.parts.delivery.drain()

    def value(self, sql: str, **params):
        with self.parts.database.reading() as tx:
            return tx.value(sql, **params)

    def ask(self, question):
        with self.parts.database.reading() as tx:
            return question(tx)

    def counts(self) -> dict[str, int]:
        """How many rows each table has that a report leaves something in."""
        tables = ("fact", "report", "vault", "tracking", "file_shown", "idempotency")
        return {table: self.value(f"SELECT count(*) FROM {table} WHERE city = :city") for table in tables}

    def sign_in(self, name: str, *posts: str) -> TestClient:
        """A browser in which a new account, sitting in posts, is signed in."""
        policy = self.parts.book.in_force()

        def use_case(tx):
            account = people.open_account(tx, sign_in_name=name, person=Person(name=name))
            people.set_password(tx, account, hash_of(PASSWORD), must_change=False)
            for post in posts:
                people.take_post(tx, account, post, policy=policy)
            return account

        self.parts.writer.change(use_case)
        client = TestClient(self.client.app, base_url=HERE["origin"])
        answer = client.post("/v1/sessions", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        client.headers.update(HERE)
        return client


@contextmanager
def city_at(home: Path, monkeypatch, clock=None):
    """A city in a folder; its background tasks stand still, so that tests decide when stages run."""
    monkeypatch.setattr(server, "routes", lambda: [each for room in (*ROOMS, people) for each in room.ROUTES])

    stand_still(monkeypatch)
    parts = joined.join(joined.Settings(home=str(home)), **({"clock": clock} if clock else {}))
    joined.open_city(parts)
    with app_of(parts) as app, TestClient(app, base_url=HERE["origin"]) as client:
        yield City(parts, client)
    parts.close()


def received(city, id) -> ReportReceived:
    return city.ask(lambda tx: story(tx, f"report/{id}"))[0].fact


def said(city, id) -> Said:
    kept = received(city, id).said.id
    return msgspec.json.decode(city.ask(lambda tx: vault_open(tx, kept)).bytes, type=Said)
