"""A joined demo city for tests of pages: every stage, every route; handlers and sealer run when the test says so."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from cityloop import app as joined
from cityloop import people
from cityloop.db.postgres import Postgres
from cityloop.db.sqlite import Sqlite
from cityloop.people import Person
from tests.engines import Places
from tests.people_world import HERE, PASSWORD, hashed
from tests.serving import app_of
from tests.still import stand_still

PACK = Path(__file__).parents[1] / "packs" / "demo"
LON, LAT = 112.53, 28.48  # in cell 990102002002012 of the demo city
PARKED = "gbt30428_2_2013/event/0499"  # a car on the pavement: filed and dispatched by the machine
FUMES = "gbt30428_2_2013/event/0199"  # verified on site first
OF_SESSIONS = ("people_version", "FROM session", "FROM seat")


class City:
    """The parts, the app, and who knocks."""

    def __init__(self, parts: joined.Parts, app: Litestar, server: TestClient):
        self.parts = parts
        self.app = app
        self.server = server
        self.nobody = self.browser()

    def browser(self, **headers: str) -> httpx.Client:
        """A browser of its own, without a session."""
        return httpx.Client(
            transport=self.server._transport,
            base_url="http://testserver.local",
            headers={"accept": "text/html", **headers},
        )

    def signed_in(self, name: str, *posts: str) -> httpx.Client:
        """A browser in which a new account, sitting in posts, is signed in by the form."""
        policy = self.parts.book.in_force()

        def use_case(tx):
            account = people.open_account(tx, sign_in_name=name, person=Person(name=name.title()))
            people.set_password(tx, account, hashed(), must_change=False)
            for post in posts:
                people.take_post(tx, account, post, policy=policy)

        self.parts.writer.change(use_case)
        browser = self.browser(**HERE)
        answer = browser.post("/sign-in", data={"name": name, "password": PASSWORD, "next": "/plain"})
        assert answer.status_code == 303, answer.text
        return browser

    def report(self, text: str, kind: str | None = None, lon: float = LON, lat: float = LAT, **more: Any) -> str:
        """A report that the stages have dealt with; gives its case."""
        asked = {"text": text, "lon": lon, "lat": lat, **({"class": kind} if kind else {}), **more}
        answer = self.server.post("/v1/reports", json=asked)
        assert answer.status_code == 201, answer.text
        self.drain()
        return self.value("SELECT case_id FROM report WHERE city = :city AND id = :id", id=answer.json()["id"])

    def drain(self) -> None:
        self.parts.delivery.drain()

    def seal(self) -> None:
        while self.parts.sealer.seal():
            pass

    def value(self, sql: str, **params: Any) -> Any:
        with self.parts.database.reading() as tx:
            return tx.value(sql, **params)

    def facts(self) -> int:
        return self.value("SELECT size FROM log_head WHERE city = :city") or 0


@contextmanager
def city_in(places: Places, folder: Path, monkeypatch: Any, clock: Any, **settings: Any) -> Iterator[City]:
    """The city, with its background tasks standing still."""

    stand_still(monkeypatch)
    database = places.url() if places.engine == "postgres" else ""
    given = {"city": f"p{abs(hash(folder))}", "home": str(folder), "database": database, "pack": str(PACK)} | settings
    parts = joined.join(joined.Settings(**given), clock=clock)
    joined.open_city(parts)
    with app_of(parts) as app, TestClient(app, base_url="http://testserver.local") as server:
        yield City(parts, app, server)
    parts.close()


@contextmanager
def counted(monkeypatch: Any) -> Iterator[Counter]:
    """The statements that read, sessions left out."""
    found: Counter = Counter()
    with monkeypatch.context() as patch:
        for kind in (Sqlite, Postgres):

            def fetch(self: Any, sql: str, params: dict, plain: Any = kind.fetch) -> Any:
                if not any(each in sql for each in OF_SESSIONS):
                    found[sql] += 1
                return plain(self, sql, params)

            patch.setattr(kind, "fetch", fetch)
        yield found
