"""Fresh databases for tests: SQLite always, PostgreSQL where CITYLOOP_TEST_POSTGRES names one."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from cityloop.db import Database, open_database

POSTGRES = os.environ.get("CITYLOOP_TEST_POSTGRES", "")
ENGINES = ["sqlite", *(["postgres"] if POSTGRES else [])]


class Clock:
    """A clock that tests set."""

    def __init__(self, text: str = "2026-03-02T01:00:00+00:00"):
        self.now = datetime.fromisoformat(text).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        """Set it to a moment; without a zone it is China's time."""
        given = datetime.fromisoformat(text)
        self.now = (given if given.tzinfo else datetime.fromisoformat(text + "+08:00")).astimezone(UTC)

    def forward(self, **span: float) -> None:
        """Move it on."""
        self.now += timedelta(**span)


def at_nine(kind: Callable[..., Any], app: Callable[[], Any], places: "Places", folder: Path) -> Iterator[Any]:
    """A town of this kind at nine o'clock on an ordinary Monday, let go at the end: the body of a fixture."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with app() as client:
        found = kind(places.open(clock=clock), clock, folder, client)
        yield found
        found.close()


@contextmanager
def postgres_database() -> Iterator[str]:
    """A database of our own on the test server, dropped at the end."""
    name = f"ct_{os.getpid()}_{secrets.token_hex(4)}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield _url(name)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(name: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(POSTGRES)
    password = f":{parts['password']}" if "password" in parts else ""
    return f"postgresql://{parts.get('user', 'postgres')}{password}@{parts.get('host', '127.0.0.1')}:{parts.get('port', 5432)}/{name}"


OPEN_MAX = 8  # databases of one test that keep their connections


class Places:
    """Where a test's databases lie: one server database a session, one city a test."""

    def __init__(self, engine: str, folder: Path, postgres_url: str):
        self.engine = engine
        self.folder = folder
        self.postgres_url = postgres_url
        self._open: list[Database] = []

    def url(self, name: str = "city") -> str:
        """The address of a database."""
        return self.postgres_url if self.engine == "postgres" else str(self.folder / f"{name}.db")

    def open(self, city: str = "", *, name: str = "city", clock: Callable[[], datetime] | None = None) -> Database:
        """A migrated database. On PostgreSQL all share one server database, so the city must differ."""
        extra = {"clock": clock} if clock else {}
        database = open_database(self.url(name), city or f"c{secrets.token_hex(6)}", **extra)
        self._open.append(database)
        if self.engine == "postgres" and len(self._open) > OPEN_MAX:
            self._open.pop(0).close()  # the server's connections are few; whoever asks it again connects anew
        return database

    def close(self) -> None:
        for database in self._open:
            database.close()
