"""A small town for stories: people act through the real routes, handlers run at once, the clock is the story's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from litestar.connection import ASGIConnection
from litestar.testing import TestClient

from cityloop import cases, desk, pages
from cityloop.app import apply_of_all, handlers_of, messages_of, timers_of
from cityloop.cases import Case, Task, case_get, report_get, task_list_of
from cityloop.db import Database, Tx, open_database
from cityloop.domain import facts as f
from cityloop.domain.calendar import calendar_in
from cityloop.domain.policy import Policy
from cityloop.doors import open311
from cityloop.doors.files import Tally
from cityloop.files import FileStore
from cityloop.http import NOBODY, Caller, Edge
from cityloop.http.identity import Seat
from cityloop.journal import Delivery, Journal, Timers, Writer, story, vault_keep
from cityloop.journal.replay import differences, replay
from cityloop.notices import FakeSms
from cityloop.packs.book import PackBook
from cityloop.stages import dispatch, evaluate, filing, handle, inspect, intake, understand
from tests.arrivals import KINDS, SCHEME, Arriving
from tests.desk_world import AtDesks
from tests.engines import Clock
from tests.import_world import bring_line
from tests.orders import DONE
from tests.spots import CELLS, Spots
from tests.town_app import town_app
from tests.verdict_world import AfterClosing

__all__ = ["CELLS", "DONE", "KINDS", "SCHEME", "STAGES", "Said", "World", "caller_in", "the_app"]
PACKS = Path(__file__).parent / "packs"
STAGES = (filing, dispatch, handle, inspect)


class Said(Exception):
    """The city said no."""

    def __init__(self, status: int, body: dict[str, Any]):
        super().__init__(f"{status} {body.get('code')}: {body.get('detail')}")
        self.status = status
        self.body = body


@lru_cache(1)
def the_app() -> TestClient:
    """One server for all stories; each story puts its own town behind it."""
    rooms = (intake, understand, *STAGES, evaluate, open311, desk, cases, pages)
    return town_app(rooms)


class World(Arriving, AfterClosing, AtDesks):
    """A town with its people. Names of reports are the story's own."""

    rooms: tuple[Any, ...] = (*STAGES, desk, cases)

    def __init__(self, database: Database, clock: Clock, folder: Path, client: TestClient):
        self.database = database
        self.clock = clock
        self.folder = folder
        self.writer = Writer(database, Journal(apply_of_all()))
        self.book = PackBook(self.writer)
        self.book.adopt(PACKS / "mini", actor="machine:start")
        self.delivery = Delivery(self.writer, handlers_of(self.book, self.rooms))
        self.timers = Timers(self.writer, timers_of(self.book, self.rooms))
        self.sms = FakeSms()
        self.message_box = messages_of(self.writer, self.book, self.sms)
        self.files = FileStore(folder / "files")
        self.reports: dict[str, str] = {}
        self.called: dict[str, str] = {}
        self.spots = Spots()
        self.client = client
        self._readers = ThreadPoolExecutor(1, "reader")
        client.app.state.parts = self
        client.app.state.edge = Edge(
            database=database,
            writer=self.writer,
            policy=self.book.in_force,
            identify=self._identify,
            readers=self._readers,
            behind=lambda tx: 0,
        )
        self.drain()

    def close(self) -> None:
        """Let the threads go."""
        self._readers.shutdown()
        self.writer.close()

    @property
    def policy(self) -> Policy:
        return self.book.in_force()

    # time

    def at(self, text: str) -> None:
        """It is this moment, in the town's own time."""
        self.clock.set(text)

    def later(self, **span: float) -> None:
        """Time goes by."""
        self.clock.forward(**span)

    # what comes in

    def call_case(self, name: str, called: str) -> None:
        """Remember the case of a report under a name of its own, whatever becomes of the report."""
        self.called[called] = self.case(name).id

    def bring(self, no: str, **told: Any) -> Tally:
        """The operator imports a file of the old system with one line; the case is called by its number."""
        return bring_line(self, no, **told)

    # what people do

    def accept(self, name: str, *, by: str = "acceptor", kind: str | None = None, place: dict | None = None) -> None:
        body = {"class_key": f"{SCHEME}/{KINDS[kind]}" if kind else None, "place": place}
        self._post(name, "accept", by, body)

    def ask_verify(self, name: str, *, by: str = "acceptor", post: str | None = None) -> None:
        self._post(name, "verification", by, {"post": post})

    def verify(self, name: str, *, found: bool = True, by: str | None = None, note: str = "") -> None:
        self._post(name, "verification/result", self._who(by, self.case(name).post), {"found": found, "note": note})

    def file(self, name: str, *, by: str = "leader-on-duty", unverified: bool = False) -> None:
        self._post(name, "filing", by, {"unverified": unverified})

    def refuse(self, name: str, reason: str = "below_condition", *, by: str = "leader-on-duty", note: str = "") -> None:
        self._post(name, "refusal", by, {"reason": reason, "note": note})

    def join(self, name: str, into: str, *, by: str = "acceptor") -> None:
        self._post(name, "join", by, {"into": self.case(into).id})

    def part(
        self, name: str, reason: str = "other_place", *, of: str | None = None, into: str | None = None,
        by: str = "acceptor", note: str = "",
    ) -> None:  # fmt: skip
        """Take a report out of its case, or of another's."""
        said = {"report_id": self.reports[name], "reason": reason, "note": note}
        self._post(of or name, "parting", by, said | {"into": self.case(into).id if into else None})

    def dispatch(self, name: str, unit: str | None = None, *, by: str = "dispatcher") -> None:
        self._post(name, "task", by, {"unit": unit})

    def move(self, name: str, move: str, *, by: str = "dispatcher", reason: str = "local") -> None:
        self._post(name, "level", by, {"move": move, "reason": reason})

    def sign(self, name: str, *, by: str | None = None) -> None:
        self._post(name, "signature", self._who(by, f"handler-{self.case(name).unit}"), None)

    def give_back(self, name: str, reason: str = "not_ours", *, by: str | None = None, note: str = "") -> None:
        self._post(name, "return", self._who(by, f"handler-{self.case(name).unit}"), {"reason": reason, "note": note})

    def finish(
        self, name: str, *, by: str | None = None, note: str = DONE, photos: tuple[bytes, ...] = (),
        without_assist: str = "",
    ) -> None:  # fmt: skip
        form = {"note": note, "without_assist": without_assist}
        sent = [("photos", (f"{i}.jpg", raw, "image/jpeg")) for i, raw in enumerate(photos)]
        self._post(name, "completion", self._who(by, f"handler-{self.case(name).unit}"), form=form, photos=sent)

    def handle(self, name: str) -> None:
        """Sign for it and finish it."""
        self.sign(name)
        self.finish(name)

    def inspect(self, name: str, *, passed: bool = True, by: str | None = None, note: str = "") -> None:
        form = {"passed": str(passed).lower(), "note": note}
        self._post(name, "inspection", self._who(by, self.case(name).post), form=form)

    def name_inspector(self, name: str, post: str, *, by: str = "leader-on-duty") -> None:
        self._post(name, "inspection/post", by, {"post": post})

    def sit(self, account: str, post: str) -> None:
        """An account takes a post; accounts of stories are called after the post in which they act."""

        def use_case(tx: Tx) -> None:
            person = vault_keep(tx, "person", f"account/{account}", b"{}", keep_days=30)
            tx.emit(f.AccountOpened(account_id=account, person=person, at=tx.now), first=True)
            tx.emit(f.PostTaken(account_id=account, post=post, at=tx.now))

        self.writer.change(use_case)

    def adopt(self, pack: str) -> None:
        """A version of the pack comes into force."""
        self.book.adopt(PACKS / pack, actor="account:system")
        self.drain()

    # what can be seen

    def case(self, name: str) -> Case:
        with self.database.reading() as tx:
            return case_get(tx, self._id(tx, name))

    def state(self, name: str) -> str:
        return self.case(name).state.value

    def tasks(self, name: str) -> list[Task]:
        with self.database.reading() as tx:
            return task_list_of(tx, self._id(tx, name))

    def task(self, name: str) -> tuple[str | None, str]:
        """The running task: unit or post, and when it is due in the town's time."""
        case = self.case(name)
        return case.unit if case.post is None else case.post, self.local(case.clock_due)

    def local(self, moment: Any) -> str:
        """A moment in the town's own time."""
        return moment.astimezone(calendar_in(self.policy).zone).strftime("%Y-%m-%d %H:%M")

    def told(self, name: str) -> list[f.Told]:
        """Every fact of the report and of its case, in the order of the journal."""
        with self.database.reading() as tx:
            report = report_get(tx, self.reports[name])
            found = story(tx, f"report/{report.id}")
            if report.case_id:
                found += story(tx, f"case/{report.case_id}")
        return sorted(found, key=lambda told: told.seq)

    def story(self, name: str) -> list[str]:
        """What happened, by the names of the facts; how a report was understood goes without saying."""
        return [kind for told in self.told(name) if (kind := type(told.fact).__name__) != "ReportUnderstood"]

    def fact(self, name: str, kind: type[f.Fact]) -> Any:
        """The last fact of a kind."""
        return [told.fact for told in self.told(name) if isinstance(told.fact, kind)][-1]

    def view(self, name: str, *, by: str) -> dict[str, Any]:
        """The case's page as somebody sees it."""
        return self.get(f"/v1/cases/{self.case(name).id}", by=by)

    def moves(self, name: str, *, by: str) -> dict[str, str | None]:
        """The moves that the page offers: name to why not, None where it may be done."""
        return {each["name"]: each["why_not"] for each in self.view(name, by=by)["moves"]}

    def queue(self, *, by: str, **asked: Any) -> list[str]:
        """The names of the reports whose cases stand in a list."""
        with self.database.reading() as tx:
            names = {report_get(tx, id).case_id: name for name, id in self.reports.items()}
        return [names[each["id"]] for each in self.get("/v1/cases", by=by, **asked)["items"]]

    def get(self, path: str, *, by: str | None, **asked: Any) -> Any:
        return self._answered(self.client.get(path, params=asked or None, headers=self.signed(by)))

    @contextmanager
    def refuses(self, *codes: str) -> Iterator[None]:
        """Inside, the city must say no with this code, or one of these, and nothing may change."""
        before = self._size()
        with pytest.raises(Said) as no:
            yield
        assert no.value.body["code"] in codes, no.value
        assert self._size() == before, "it said no, and something changed"

    # how it is done

    def drain(self) -> None:
        """Let all handlers catch up, and what is due be done; none may stumble."""
        self.delivery.drain()
        while self.timers.fire():
            self.delivery.drain()
        with self.database.reading() as tx:
            held = tx.all("SELECT handler, fact_id, error FROM held WHERE city = :city")
            failed = tx.all("SELECT kind, subject, error FROM timer WHERE city = :city AND tries > 0")
        assert not held + failed, held + failed

    def tell_again(self) -> None:
        """Let every handler hear everything once more, as if its cursor had been lost."""
        self.writer.change(lambda tx: tx.run("UPDATE cursor SET seq = 0 WHERE city = :city"))
        self.delivery = Delivery(self.writer, handlers_of(self.book, self.rooms))
        self.drain()

    def replayed(self) -> list[Any]:
        """What differs when the journal is replayed into empty tables of the embedded engine."""
        target = open_database(str(self.folder / "replayed.db"), self.database.city, self.clock)
        replay(self.database, target, self.writer.journal)
        found = differences(self.database, target)[1]
        target.close()
        return list(found)

    def post(self, path: str, *, by: str | None, match: int | None = None, **sent: Any) -> Any:
        """Send a change as somebody who saw this version."""
        headers = self.signed(by)
        if match is not None:
            headers["if-match"] = f'"{match}"'
        answer = self._answered(self.client.post(path, headers=headers, **sent))
        self.drain()
        return answer

    def _post(
        self, name: str, deed: str, by: str | None, body: Any = None, *, form: Any = None, photos: Any = None
    ) -> None:
        case = self.case(name)
        sent: dict[str, Any] = {"json": body} if body is not None else {}
        if form is not None:  # every part is a file part, so that the form is multipart even without photos
            sent = {"files": [(key, (None, value)) for key, value in form.items()] + (photos or [])}
        self.post(f"/v1/cases/{case.id}/{deed}", by=by, match=case.no, **sent)

    def _who(self, by: str | None, usual: str | None) -> str:
        return (usual or "") if by is None else by

    def _answered(self, answer: Any) -> Any:
        if answer.status_code >= 400:
            raise Said(answer.status_code, answer.json())
        return answer.json()

    def _id(self, tx: Tx, name: str) -> str:
        if name in self.called:
            return self.called[name]
        id = report_get(tx, self.reports[name]).case_id
        assert id, f"{name} has no case"
        return id

    def _size(self) -> int:
        with self.database.reading() as tx:
            return tx.value("SELECT size FROM log_head WHERE city = :city") or 0

    def signed(self, by: str | None) -> dict[str, str]:
        """The headers of somebody who sits in these posts."""
        return {"x-post": by} if by else {}

    async def _identify(self, connection: ASGIConnection) -> Caller:
        posts = connection.headers.get("x-post", "")
        return caller_in(self.policy, *posts.split("+")) if posts else NOBODY


def caller_in(policy: Policy, *posts: str) -> Caller:
    """Somebody who sits in these posts; the account is called after the first."""
    seats = [
        Seat(
            post=post.id, role=post.role, unit=post.unit, area=post.area,
            permissions=frozenset(policy.role_by_id[post.role].permissions),
        )
        for post in (policy.post_by_id[each] for each in posts)
    ]  # fmt: skip
    return Caller(account=posts[0], name=posts[0], seats=tuple(seats))
