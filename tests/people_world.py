"""A small city of people for tests: the routes of people and of the spine, no stages, on any engine."""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace

import httpx
import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient

from cityloop import cases, people
from cityloop.db import Database, Tx
from cityloop.domain.facts import CaseOpened, Channel, PhotoRef, ReportReceived, Where
from cityloop.domain.policy import Policy
from cityloop.files import FileStore, commitment
from cityloop.http import EXCEPTION_HANDLERS, Edge
from cityloop.http.door import door_of
from cityloop.journal import ErasedList, Journal, Writer, vault_keep, vault_keep_file
from cityloop.journal.apply import APPLY as JOURNAL_APPLY
from cityloop.packs import load
from cityloop.people import Person
from cityloop.people.passwords import hash_of

APPLY = {**JOURNAL_APPLY, **cases.APPLY, **people.APPLY}
PASSWORD = "Correct-horse-7"
PACK = Path(__file__).parents[1] / "packs" / "demo"
HERE = {"origin": "http://testserver.local"}
ACCEPTOR, DISPATCHER, HANDLER = "acceptor-1", "dispatcher-1", "handler-greening"
ADMIN, OPERATOR = "security-admin", "system-admin"
CELL = "990101001001001"


@lru_cache(1)
def policy() -> Policy:
    """The demo city, read once."""
    return load(PACK)


@lru_cache(1)
def hashed() -> str:
    """The hash of PASSWORD, made once."""
    return hash_of(PASSWORD)


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD, **more: object) -> httpx.Response:
    """Ask for a session."""
    return client.post("/v1/sessions", json={"name": name, "password": password, **more})


def code(answer: httpx.Response) -> tuple[int, str]:
    """With which status and code something was refused."""
    return answer.status_code, answer.json()["code"]


class Book:
    """What `identify` asks of a pack book."""

    def __init__(self, writer: Writer):
        self.writer = writer

    def in_force(self) -> Policy:
        return policy()


class World:
    """One city: its database, its writer, its door."""

    def __init__(self, database: Database, folder: Path):
        self.database = database
        self.folder = folder
        self.journal = Journal(APPLY)
        self.writer = Writer(database, self.journal)
        self.files = FileStore(folder / "files")
        self.erased = ErasedList(folder / "keys" / "erased.txt")
        self.readers = ThreadPoolExecutor(2, "reader")
        self._server: TestClient | None = None

    def client(self, base_url: str = "http://testserver.local") -> httpx.Client:
        """A browser of its own, without a session."""
        if self._server is None:
            self._server = TestClient(self._app())
            self._server.__enter__()
        return httpx.Client(transport=self._server._transport, base_url=base_url)

    def account(self, name: str, *posts: str) -> str:
        """An account with PASSWORD that sits in posts."""

        def use_case(tx: Tx) -> str:
            account = people.open_account(tx, sign_in_name=name, person=Person(name=name.title(), phone="13900001111"))
            people.set_password(tx, account, hashed(), must_change=False)
            for post in posts:
                people.take_post(tx, account, post, policy=policy())
            return account

        return self.writer.change(use_case)

    def signed_in(self, name: str, *posts: str) -> httpx.Client:
        """A browser in which a new account, sitting in posts, is signed in."""
        self.account(name, *posts)
        client = self.client()
        answer = sign_in(client, name)
        assert answer.status_code == 201, answer.text
        client.headers.update(HERE)
        return client

    def report(self, *, said: str, contact: dict | None, cell: str | None = None, photo: bytes | None = None) -> str:
        """A report in the vault, with a case in a cell where one is named."""

        def use_case(tx: Tx) -> str:
            report = tx.new_id()
            subject = f"report/{report}"
            words = vault_keep(tx, "said", subject, msgspec.json.encode({"text": said}), keep_days=30)
            kept = contact and vault_keep(tx, "contact", subject, msgspec.json.encode(contact), keep_days=30)
            photos = (self._photo(tx, subject, photo),) if photo else ()
            tx.emit(
                ReportReceived(
                    report_id=report, channel=Channel.app, said=words, contact=kept or None, photos=photos, at=tx.now
                ),
                first=True,
            )
            if cell:
                tx.emit(
                    CaseOpened(
                        case_id=tx.new_id(), report_id=report, problem=None, where=Where(cell=cell), confidence_ppm=0,
                        why=(), accept_due=tx.now, at=tx.now,
                    ),
                    first=True,
                )  # fmt: skip
            return report

        return self.writer.change(use_case)

    def facts(self, subject: str) -> list[str]:
        """The types of a subject's facts."""
        with self.database.reading() as tx:
            rows = tx.all(
                "SELECT type FROM fact WHERE city = :city AND subject = :subject ORDER BY subject_no", subject=subject
            )
            return [row.type for row in rows]

    def value(self, sql: str, **params: object) -> object:
        """What the database says."""
        with self.database.reading() as tx:
            return tx.value(sql, **params)

    def close(self) -> None:
        if self._server:
            self._server.__exit__(None, None, None)
        self.readers.shutdown()
        self.writer.close()

    def _photo(self, tx: Tx, subject: str, raw: bytes) -> PhotoRef:
        sealed = self.files.put_sealed(raw)
        salt = b"s" * 32
        sent = vault_keep_file(
            tx, "photo", subject, digest=commitment(salt, raw), salt=salt, key=sealed.key, file=sealed.file_digest,
            keep_days=30,
        )  # fmt: skip
        shown, thumb = self.files.put(raw + b"shown"), self.files.put(raw + b"thumb")
        for digest in (shown, thumb):
            tx.run(
                "INSERT INTO file_shown (city, digest, photo, subject) VALUES (:city, :digest, :photo, :subject)",
                digest=digest, photo=sent.id, subject=subject,
            )  # fmt: skip
        return PhotoRef(sent=sent, shown=shown, thumb=thumb)

    def _app(self) -> Litestar:
        app = Litestar(
            route_handlers=[*people.ROUTES, *cases.ROUTES],
            dependencies={"door": Provide(door_of)},
            exception_handlers=EXCEPTION_HANDLERS,
            logging_config=None,
        )
        app.state.edge = Edge(
            database=self.database,
            writer=self.writer,
            policy=lambda: policy(),  # as it is named now: a test may have put another in its place
            identify=partial(people.identify, self.database, Book(self.writer)),
            readers=self.readers,
            behind=lambda tx: 0,
            secret=b"s" * 32,
            stepped_at=partial(people.stepped_at_now, self.database),
        )
        app.state.parts = SimpleNamespace(
            writer=self.writer, files=self.files, erased=self.erased, book=Book(self.writer)
        )
        return app
