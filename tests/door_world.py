"""The town with its doors: the hotline's system sends orders, partners come by keys, everything else as in `world`."""

from contextlib import ExitStack
from functools import lru_cache
from typing import Any

from litestar.connection import ASGIConnection
from litestar.testing import TestClient

from cityloop import cases, knowledge, notices, pages, people
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.doors import hotline, open311, webhooks
from cityloop.doors.hotline import rules
from cityloop.doors.hotline.model import Order
from cityloop.doors.hotline.store import order_get
from cityloop.doors.hotline.target import HotlineTarget
from cityloop.http import Caller
from cityloop.journal import ErasedList, story, vault_ids
from cityloop.notices import Outbox, Wire, networks
from cityloop.people import erase_asked
from cityloop.places import locate
from cityloop.stages import intake
from tests.fake_hotline import FakeHotline
from tests.knowledge_world import Answering
from tests.mock_hotline import Receiver, listening
from tests.town_app import town_app
from tests.world import KINDS, SCHEME, STAGES, Said, World

ROOMS = (intake, *STAGES, hotline, webhooks, open311, knowledge)
LINK, SEAT = "hotline-link", "hotline-seat"
WANTS = "路面有坑，请尽快处理"


@lru_cache(1)
def the_doors_app() -> TestClient:
    """One server for all stories of doors."""
    return town_app((*ROOMS, cases, people, notices, pages))


class DoorWorld(World, Answering):
    """A town whose doors are open. Orders and keys are named by the story, like reports."""

    rooms = ROOMS

    def __init__(self, *given: Any):
        self.orders: dict[str, str] = {}
        self.entries: dict[str, str] = {}
        self.partners: dict[str, str] = {}
        self.keys: dict[str, tuple[str, str]] = {}
        super().__init__(*given)
        self.line = FakeHotline()
        self.wire = Wire(networks("127.0.0.0/8"), answer_s=0.4)
        self.strict = Wire()
        self.wires_used = self.wire
        self.receivers: dict[str, Receiver] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self._open = ExitStack()
        self.sit("partner", "partner")  # who acts by `partner` holds its post, as who is told later must
        self.outbox = Outbox(self.writer, self._targets)

    def close(self) -> None:
        self._open.close()
        self.wire.close()
        self.strict.close()
        super().close()

    # what goes out

    def send(self, *, rounds: int = 20) -> int:
        """Whatever is due goes out to other systems; gives how many messages went."""
        sent = 0
        for _ in range(rounds):
            sent += self.outbox.step()
        self.drain()
        return sent

    def die_sending(self) -> None:
        """The process sends what is due, and dies before it notes that it did."""
        for load in self.outbox._look():
            self.outbox._send(load)

    def hook_story(self, name: str) -> list[str]:
        """What happened to a subscription, by the names of the facts."""
        with self.database.reading() as tx:
            return [type(told.fact).__name__ for told in story(tx, f"webhook/{self.hooks[name]['id']}")]

    def stands_in_a_fact(self, word: str) -> bool:
        """Whether the journal holds a word anywhere."""
        with self.database.reading() as tx:
            return any(word.encode() in bytes(row.body) for row in tx.all("SELECT body FROM fact WHERE city = :city"))

    def restart(self) -> None:
        """The process that sends died, and another takes its place."""
        self.outbox = Outbox(self.writer, self._targets)

    def receiver(self, name: str) -> Receiver:
        """Somebody listens at an address."""
        self.receivers[name] = self._open.enter_context(listening(Receiver()))
        return self.receivers[name]

    def subscribe(self, name: str, by: str, *types: str, url: str = "", **more: Any) -> None:
        """Somebody asks to be told of facts at an address."""
        asked = {"url": url or self.receivers[name].url + "/hook", "types": list(types)} | more
        self.hooks[name] = self.post("/v1/webhooks", by=by, json=asked)

    def hook(self, name: str, deed: str, *, by: str) -> dict[str, Any]:
        """A subscription is changed: resumption, secret."""
        id = self.hooks[name]["id"]
        no = self.get(f"/v1/webhooks/{id}", by=by)["no"]
        return self.post(f"/v1/webhooks/{id}/{deed}", by=by, match=no)

    def got(self, name: str) -> list[str]:
        """Of which facts a receiver was told, in the order in which it was."""
        return [each["body"]["type"].removeprefix("cityloop.") for each in self.receivers[name].once.values()]

    def _targets(self, tx: Tx) -> list[Any]:
        source = "//town.local/mini"
        return [
            HotlineTarget(self.line),
            *webhooks.targets(tx, source=source, policy=self.policy, wire=self.wires_used),
        ]

    # the hotline

    def order(
        self,
        name: str,
        *,
        kind: str | None = "pothole",
        cell: str | None = "a1",
        joins: str | None = None,
        beside: str | None = None,
        sure: bool = True,
        heard: bool = True,
        **sent: Any,
    ) -> dict[str, Any]:
        """The hotline sends a work order; the report that it becomes is understood."""
        before = self.orders.get(name)
        known = self._order(before) if before else None
        answer = self.post("/v1/hotline/orders", by=LINK, json=order_body(name, **sent))
        self.orders[name] = answer["orderId"]
        order = self.seen(name)
        is_new = order.report_id and (known is None or known.report_id != order.report_id)
        if is_new:
            self.reports[name] = order.report_id
            if heard:
                self.understand(name, kind=kind, cell=cell, joins=joins, beside=beside, sure=sure)
        return answer

    def understand(
        self, name: str, *, kind: str | None, cell: str | None = "a1", joins: str | None = None, beside: str | None = None,
        sure: bool = True,
    ) -> None:  # fmt: skip
        """The machine understands a report that came through a door."""
        key = f"{SCHEME}/{KINDS[kind]}" if kind else None
        point = self.spots.take(name, cell or "a1", beside=beside, east_m=5)
        where = f.Where() if cell is None else locate(self.policy, *point)

        def use_case(tx: Tx) -> None:
            ppm = 950_000 if sure else 500_000
            proposals = (
                (f.Proposal(class_key=key, rule=f"{key}/1", confidence_ppm=ppm, reasons=("word",)),) if key else ()
            )
            found = (f.Join(case_id=self._id(tx, joins), distance_m=5, confidence_ppm=950_000),) if joins else ()
            tx.emit(
                f.ReportUnderstood(
                    report_id=self.reports[name], channel=f.Channel.hotline, proposals=proposals, where=where, joins=found,
                    model="test", alone=sure and bool(key and cell), at=tx.now,
                )
            )  # fmt: skip

        self.writer.change(use_case, actor="machine:understand")
        self.drain()

    def hotline(self, name: str, what: str, *, at: str | None = None, **said: Any) -> dict[str, Any]:
        """The hotline says something of an order: urge, withdrawal, callback, return, extension, exclusion."""
        body = {"at": at or self.local_now()} | {_camel(key): value for key, value in said.items()}
        return self.post(f"/v1/hotline/orders/{name}/{what}", by=LINK, json=body)

    def local_now(self) -> str:
        """This moment as the hotline writes it."""
        return self.clock.now.isoformat()

    def erase(self, name: str) -> None:
        """All that the vault keeps of a report, and of the orders that it came from, is erased."""
        self._erase(subjects=[f"report/{self.reports[name]}"], ids=())

    def erase_pieces(self, ids: list[str]) -> None:
        """Single pieces of what the vault keeps are erased."""
        self._erase(subjects=(), ids=ids)

    def _erase(self, **what: Any) -> None:
        asked = {"reason": "asked_by_person", "erased": ErasedList(self.folder / "erased.txt")} | what
        self.writer.change(lambda tx: erase_asked(tx, **asked))
        self.drain()

    def kept_of(self, name: str) -> int:
        """How many pieces the vault keeps of an order and its report."""
        order = self.seen(name)
        with self.database.reading() as tx:
            return len(vault_ids(tx, f"report/{order.report_id}")) + len(vault_ids(tx, f"order/{order.id}"))

    # the seat

    def seat_answer(self, name: str, deed: str, *, by: str = SEAT, **said: Any) -> dict[str, Any]:
        """A seat answers the hotline: signature, contact, return, extension, reply, exclusion, marks."""
        order = self.seen(name)
        return self.post(f"/v1/orders/{order.id}/{deed}", by=by, match=order.no, json=said or {})

    def answer_all(self, name: str) -> None:
        """Sign for an order, speak to the caller, and reply."""
        self.seat_answer(name, "signature")
        self.seat_answer(name, "contact", how="phone", reached=True)
        self.seat_answer(name, "reply", text="已修好，谢谢您", is_true=True)

    def seen(self, name: str) -> Order:
        """The order as it is."""
        return self._order(self.orders.get(name) or rules.order_id("12345", name))

    def order_story(self, name: str) -> list[str]:
        """What happened to an order, by the names of the facts."""
        with self.database.reading() as tx:
            return [type(told.fact).__name__ for told in story(tx, f"order/{rules.order_id('12345', name)}")]

    def order_page(self, name: str, *, by: str = SEAT) -> dict[str, Any]:
        """An order as somebody sees it."""
        return self.get(f"/v1/orders/{self.orders[name]}", by=by)

    def rates(self, path: str = "", *, by: str = SEAT, **asked: Any) -> Any:
        """三率 of the month, or the orders behind one of them."""
        month = {"begin": "2026-03-01T00:00:00+08:00", "end": "2026-04-01T00:00:00+08:00"}
        return self.get(f"/v1/hotline/rates{path}", by=by, **(month | asked))

    def order_fact(self, name: str, kind: type[f.Fact]) -> Any:
        """The last fact of a kind of an order."""
        with self.database.reading() as tx:
            told = story(tx, f"order/{rules.order_id('12345', name)}")
        return [each.fact for each in told if isinstance(each.fact, kind)][-1]

    def send_report(self, name: str, *, by: str | None, **sent: Any) -> dict[str, Any]:
        """Somebody sends a report through the open door."""
        answer = self.post("/v1/reports", by=by, json=sent)
        self.reports[name] = answer["id"]
        return answer

    def application_sends(self, name: str, key: str) -> None:
        """An application reports rubbish by Open311, with a partner's key."""
        lon, lat = self.spots.take(name, "a1", beside=None, east_m=5)
        form = {"service_code": f"{SCHEME}-event-0110", "description": "bags", "lat": str(lat), "long": str(lon)}
        sent = self.client.post("/open311/v2/requests.json", data=form | {"api_key": self.keys[key][1]})
        if sent.status_code != 201:
            raise Said(sent.status_code, {"code": "open311.key_refused", "detail": sent.text})
        self.drain()
        with self.database.reading() as tx:
            self.reports[name] = tx.value("SELECT max(id) FROM report WHERE city = :city")

    # partners

    def partner(self, name: str, post: str) -> None:
        """Another system is let in, and sits in a post."""
        opened = self.post("/v1/partners", by="system", json={"name": name})["id"]
        self.partners[name] = opened
        self.post(f"/v1/accounts/{opened}/posts", by="security", match=1, json={"post": post})

    def key(self, name: str, partner: str, *scopes: str, **more: Any) -> None:
        """A partner gets a key."""
        account = self.partners[partner]
        no = self.get(f"/v1/accounts/{account}", by="security")["no"]
        asked = {"scopes": list(scopes)} | more
        made = self.post(f"/v1/accounts/{account}/keys", by="security", match=no, json=asked)
        self.keys[name] = (made["id"], made["key"])

    def revoke(self, name: str, partner: str, reason: str) -> None:
        """A key opens nothing any more."""
        account = self.partners[partner]
        no = self.get(f"/v1/accounts/{account}", by="security")["no"]
        where = f"/v1/accounts/{account}/keys/{self.keys[name][0]}/revocation"
        self.post(where, by="security", match=no, json={"reason": reason})

    def signed(self, by: str | None) -> dict[str, str]:
        if by and by.startswith("key:"):
            return {"x-api-key": self.keys[by.removeprefix("key:")][1]}
        return super().signed(by)

    def _order(self, id: str) -> Order:
        with self.database.reading() as tx:
            return order_get(tx, id)

    async def _identify(self, connection: ASGIConnection) -> Caller:
        if "x-api-key" in connection.headers or "authorization" in connection.headers:
            return await people.identify(self.database, self.book, connection)
        return await super()._identify(connection)


def order_body(name: str, **sent: Any) -> dict[str, Any]:
    """An order in the hotline's own field names."""
    given = {
        "work_order_number": name, "main_content": WANTS, "occurrence_address": "中山路 5 号", "call_user_name": "王女士",
        "call_phone_number": "13812345678",
    } | sent  # fmt: skip
    return {_camel(key): value for key, value in given.items()}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)
