"""The town with those who work in its streets: they sign on, walk, look at what stands there, and go home."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from litestar.testing import TestClient

from cityloop import cases, pages, people
from cityloop.cases import report_get
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.field import census, duty
from cityloop.journal import ErasedList, story
from cityloop.people import erase_asked
from cityloop.stages import evaluate, intake
from tests.orders import DONE
from tests.spots import POINTS
from tests.town_app import town_app
from tests.world import SCHEME, STAGES, World

COVER = f"{SCHEME}/component/0101"


@lru_cache(1)
def the_field_app() -> TestClient:
    """One server for all stories of the field."""
    return town_app((intake, *STAGES, evaluate, duty, census, cases, people, pages))


class FieldWorld(World):
    """A town with its streets. Shifts and changes are named by the story."""

    rooms = (*STAGES, duty, census, cases)

    def __init__(self, *given: Any):
        self.shifts: dict[str, str] = {}
        self.changes: dict[str, str] = {}
        super().__init__(*given)

    # duty

    def sign_on(self, name: str, *, by: str, at: str | None = None) -> None:
        """Somebody signs on, in their post; `at` by the phone's clock."""
        body = {"post": by} | ({"at": self._moment(at)} if at else {})
        self.shifts[name] = self.post("/v1/duty/shifts", by=by, json=body)["id"]

    def sign_off(self, name: str, *, by: str, at: str | None = None) -> None:
        """Somebody signs off."""
        body = {"at": self._moment(at)} if at else {}
        self.post(f"/v1/duty/shifts/{self.shifts[name]}/end", by=by, json=body)

    def walk(self, name: str, *cells: str, by: str, every: int = 5, since: str | None = None, error: float = 5.0) -> None:
        """The phone notes a cell every few minutes up to now, or since a moment, and sends it."""
        begins = self._moment(since) if since else None
        positions = []
        for place, cell in enumerate(cells):
            lon, lat = POINTS[cell]
            before = (len(cells) - 1 - place) * every
            at = self._after(begins, place * every) if begins else self._before(before)
            positions.append({"at": at, "lon": lon, "lat": lat, "error_m": error})
        self.post(f"/v1/duty/shifts/{self.shifts[name]}/track", by=by, json={"positions": positions})

    def ask_erasure(self, name: str, *, by: str) -> None:
        """A worker asks that the track of a shift be erased."""
        self.post(f"/v1/duty/shifts/{self.shifts[name]}/erasure", by=by)

    def erase_tracks(self) -> None:
        """The operator erases what workers asked for."""
        asked = [id for each in self.get("/v1/duty/erasures", by="system") for id in each["ids"]]
        erased = ErasedList(self.folder / "erased.txt")
        self.writer.change(
            lambda tx: erase_asked(tx, subjects=(), ids=asked, reason="asked_by_person", erased=erased)
        )  # fmt: skip

    def leave(self, account: str, post: str) -> None:
        """An account leaves a post."""
        self.writer.change(lambda tx: tx.emit(f.PostLeft(account_id=account, post=post, at=tx.now)))
        self.drain()

    def plan(self, who: str, day: str, *, begins: str | None, ends: str | None, by: str, **more: Any) -> None:
        """Somebody sets the hours of a post on a day."""
        self.post("/v1/duty/roster", by=by, json={"post": who, "day": day, "begins": begins, "ends": ends} | more)

    def hours(self, post: str, day: str, *, by: str = "leader-on-duty") -> tuple[str | None, str | None]:
        """The hours of a post on a day, in the town's own time."""
        plans = {each["post"]: each for each in self.get("/v1/duty/roster", by=by, day=day)}
        return tuple(self._local(plans[post][name]) for name in ("begins", "ends"))  # type: ignore[return-value]

    def shift_story(self, name: str) -> list[str]:
        """What happened to a shift, by the names of the facts."""
        with self.database.reading() as tx:
            return [type(told.fact).__name__ for told in story(tx, f"shift/{self.shifts[name]}")]

    def shift_fact(self, name: str, kind: type[f.Fact]) -> Any:
        """The last fact of a kind of a shift."""
        with self.database.reading() as tx:
            return [told.fact for told in story(tx, f"shift/{self.shifts[name]}") if isinstance(told.fact, kind)][-1]

    def shift(self, name: str, *, by: str) -> dict[str, Any]:
        """A shift as its worker sees it."""
        return next(each for each in self.get("/v1/duty", by=by)["shifts"] if each["id"] == self.shifts[name])

    def track_of(self, name: str, *, by: str) -> int:
        """How many positions somebody sees of a shift."""
        return len(self.get(f"/v1/duty/shifts/{self.shifts[name]}/track", by=by)["positions"])

    def watched(self, *, by: str) -> list[str]:
        """Whom somebody sees on duty, by post."""
        return [each["post"] for each in self.get("/v1/duty/positions", by=by)]

    def board(self, *, by: str) -> dict[str, Any]:
        """Who is on duty and what nobody fills, as somebody sees it."""
        return self.get("/v1/screens/duty", by=by)

    def gaps(self, *of: str, by: str = "leader-on-duty") -> list[str]:
        """Of these posts those whose plan runs now and that nobody fills."""
        return [each["post"] for each in self.board(by=by)["gaps"] if each["post"] in of]

    def seen_by(self, *, by: str) -> list[tuple[str, str]]:
        """Who looked where somebody on duty is, and when last, as they see it themselves."""
        return [(each["post"], self._local(each["at"])[11:]) for each in self.get("/v1/duty", by=by)["seen"]]

    def week(self, day: str, *, by: str = "leader-on-duty") -> dict[str, list[str]]:
        """The roster of a week: for each post the hours of its seven days."""
        asked = self.get("/v1/screens/duty/week", by=by, day=day)
        hours = lambda plan: f"{self._local(plan['begins'])[11:]}-{self._local(plan['ends'])[11:]}" if plan["begins"] else "off"
        return {line["post"]: [hours(plan) for plan in line["plans"]] for line in asked["lines"]}

    # the phone

    def phone(self, *, by: str, **asked: Any) -> dict[str, Any]:
        """What the phone shows first."""
        return self.get("/v1/screens/work", by=by, **asked)

    def next_of(self, *, by: str, **asked: Any) -> list[str]:
        """What waits for somebody, what is due first, by the names of the reports."""
        with self.database.reading() as tx:
            names = {report_get(tx, id).case_id: name for name, id in self.reports.items()}
        return [names[each["id"]] for each in self.phone(by=by, **asked)["items"]]

    def loud(self, name: str, *, by: str) -> str | None:
        """The one deed that a case waits for, as the phone says it."""
        item = next(each for each in self.phone(by=by)["items"] if each["id"] == self.case(name).id)
        return next((each["name"] for each in item["deeds"] if each["loud"]), None)

    def offered(self, name: str, *, by: str) -> dict[str, Any]:
        """The deeds of a case that the phone offers, by name."""
        item = next(each for each in self.phone(by=by)["items"] if each["id"] == self.case(name).id)
        return {each["name"]: each for each in item["deeds"]}

    def finish_with(self, name: str, key: str, *, by: str, seen: int, boundary: str, note: str = DONE) -> int:
        """The phone sends that the work is done, under a key and with a boundary of its own; gives the answer's status."""
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\n{note}\r\n--{boundary}--\r\n'
        headers = self.signed(by) | {
            "if-match": f'"{seen}"', "idempotency-key": key, "content-type": f"multipart/form-data; boundary={boundary}",
        }  # fmt: skip
        sent = self.client.post(
            f"/v1/cases/{self.case(name).id}/completion", headers=headers, content=body.encode()
        )  # fmt: skip
        self.drain()
        return sent.status_code

    def mine(self, *, by: str) -> dict[str, str]:
        """One's own numbers of the month, as they are shown."""
        found = self.get("/v1/screens/work/figures", by=by)["figures"]
        return {each["metric"]: each["shown"] for each in found}

    def mine_behind(self, metric: str, *, by: str) -> int:
        """How many rows stand behind a number of one's own."""
        return len(self.get("/v1/screens/work/figures/cases", by=by, metric=metric)["items"])

    def brief(self, *, by: str, **asked: Any) -> dict[str, Any]:
        """A leader's morning."""
        return self.get("/v1/screens/brief", by=by, **asked)

    # census

    def propose(self, name: str, kind: str, *, by: str, cell: str | None = None, **said: Any) -> None:
        """Somebody in the field says that the register is wrong."""
        form = {"kind": kind} | said
        if cell:
            lon, lat = POINTS[cell]
            form |= {"lon": str(lon), "lat": str(lat)}
        sent = [(key, (None, str(value))) for key, value in form.items()]
        self.changes[name] = self.post("/v1/components/changes", by=by, files=sent)["id"]

    def approve(self, name: str, *, by: str = "leader-on-duty") -> None:
        """Somebody approves a change."""
        self._decide(name, "approval", by, None)

    def reject(self, name: str, reason: str, *, by: str = "leader-on-duty") -> None:
        """Somebody refuses a change."""
        self._decide(name, "refusal", by, {"reason": reason})

    def take_back(self, name: str, *, by: str) -> None:
        """Somebody takes their proposal back."""
        self._decide(name, "withdrawal", by, None)

    def tag(self, component: str, *, by: str = "collector-a1") -> str:
        """The code that stands on a component, made where there is none."""
        return self.post("/v1/components/tags", by=by, json={"components": [component]})[0]["tag"]

    def change_seen(self, name: str, *, by: str) -> dict[str, Any]:
        """A change as somebody sees it."""
        return self.get(f"/v1/components/changes/{self.changes[name]}", by=by)

    def fact_of_change(self, name: str, kind: type[f.Fact]) -> Any:
        """The last fact of a kind of a change."""
        with self.database.reading() as tx:
            return [told.fact for told in story(tx, f"census/{self.changes[name]}") if isinstance(told.fact, kind)][-1]

    def component(self, code: str, *, by: str = "collector-a1") -> dict[str, Any]:
        """A component as the register says it."""
        return self.get(f"/v1/components/{code}", by=by)

    def around(self, cell: str, *, by: str = "collector-a1") -> list[str]:
        """The codes of what the register has around the middle of a cell."""
        lon, lat = POINTS[cell]
        return [each["code"] for each in self.get("/v1/components", by=by, lon=lon, lat=lat, radius_m=50)]

    def export(self, **asked: Any) -> list[str]:
        """The register's rows for the pack, without their head."""
        sent = self.client.get("/v1/components/export", params=asked, headers=self.signed("leader-on-duty"))
        return sent.text.splitlines()[1:]

    def _decide(self, name: str, deed: str, by: str, body: Any) -> None:
        id = self.changes[name]
        with self.database.reading() as tx:
            no = tx.value("SELECT no FROM component_change WHERE city = :city AND id = :id", id=id)
        self.post(f"/v1/components/changes/{id}/{deed}", by=by, match=no, json=body)

    # time

    def _moment(self, text: str) -> str:
        return text.replace(" ", "T") + ":00+08:00"

    def _before(self, minutes: int) -> str:
        return (self.clock.now - timedelta(minutes=minutes)).isoformat()

    def _after(self, text: str, minutes: int) -> str:
        return (datetime.fromisoformat(text) + timedelta(minutes=minutes)).isoformat()

    def _local(self, text: str | None) -> str | None:
        return self.local(datetime.fromisoformat(text)) if text else None

    def stands_in_a_fact(self, word: str) -> bool:
        """Whether the journal holds a word anywhere."""
        with self.database.reading() as tx:
            return _in_facts(tx, word)


def _in_facts(tx: Tx, word: str) -> bool:
    return any(word.encode() in bytes(row.body) for row in tx.all("SELECT body FROM fact WHERE city = :city"))
