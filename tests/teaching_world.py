"""The town whose machine learns: reports come through the real door, are understood by the real stage, and people judge them."""

import random
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

import msgspec
from litestar.testing import TestClient

from cityloop import cases, desk, pages, teaching
from cityloop.cases import case_get, report_get
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.said import Said
from cityloop.files import FileStore
from cityloop.journal import story, vault_keep
from cityloop.stages import intake, understand
from cityloop.stages.filing.service import accept_case
from cityloop.teaching import service, store
from tests.arrivals import KINDS, SCHEME
from tests.town_app import town_app
from tests.world import CELLS, STAGES, World

ROOMS = (intake, understand, *STAGES, desk, cases, teaching)
# what people of this town say, none of it words of the pack
SLANG = {
    "pothole": ("柏油崩了", "车轱辘颠得慌", "轮胎磕瘪", "豁口老大", "颠簸得厉害"),
    "rubbish": ("臭烘烘一堆", "苍蝇满天飞", "没人收拾的袋子", "果皮剩饭", "馊味熏人"),
    "noise": ("轰隆隆睡不着", "半夜钻墙", "嗡嗡响个没完", "吵得脑仁疼", "大半夜还放歌"),
}
FILLER = ("门口", "这边", "昨天起", "麻烦看看", "小区外", "好几天", "孩子路过", "大家都烦", "师傅", "拐角那儿")


@lru_cache(1)
def the_teaching_app() -> TestClient:
    """One server for all stories of learning."""
    return town_app((*ROOMS, pages))


class TeachingWorld(World):
    """A town with a machine that learns. Texts are drawn from a seed."""

    rooms = ROOMS

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.models = teaching.ModelBook(self.writer, FileStore(self.folder / "models"), self.book.in_force)
        self.chance = random.Random(7)
        self.trainer = FakeTrainer()
        self._count = 0

    # what comes in

    def text_of(self, kind: str) -> str:
        """What somebody says of such a thing in this town's own way."""
        said = [*self.chance.sample(SLANG[kind], 2), *self.chance.sample(FILLER, 3)]
        self.chance.shuffle(said)
        return "".join(said)

    def say(self, text: str, *, cell: str = "a1", name: str = "", channel: str = "app", declared: str | None = None) -> str:
        """A resident reports, and the machine understands; gives the story's name of the report."""
        self._count += 1
        name = name or f"r{self._count}"
        lon, lat = self.spots.take(name, cell, beside=None, east_m=0)
        body = {"text": text, "lon": lon, "lat": lat, "channel": channel}
        if declared:
            body["class"] = declared
        self._answered(self.client.post("/v1/reports", json=body))
        with self.database.reading() as tx:
            self.reports[name] = tx.value("SELECT max(id) FROM report WHERE city = :city")
        self.drain()
        return name

    def teach(self, kind: str, *, text: str | None = None, by: str = "acceptor", cell: str | None = None, as_kind: str | None = None) -> str:
        """Somebody reports, and the acceptor says what it is (or, `as_kind`, says another thing)."""
        name = self.say(text or self.text_of(kind), cell=cell or self.chance.choice(list(CELLS)))
        if self.state(name) == "reported":
            self.accept(name, by=by, kind=as_kind or kind)
        return name

    def judge_many(self, many: int, *, by: Callable[[int], str] = lambda number: "acceptor", wrong: Callable[[int], bool] = lambda number: False, kinds: Sequence[str] = tuple(SLANG)) -> None:
        """So many, of every kind in turn, told together; `wrong` are those of which somebody says another thing."""

        def receive(tx: Tx) -> list[str]:
            return [self._receive(tx, self.text_of(kinds[number % len(kinds)]), number) for number in range(many)]

        ids = self.writer.change(receive, actor="anonymous")
        self.drain()
        for number, id in enumerate(ids):
            kind = kinds[(number + wrong(number)) % len(kinds)]
            self.writer.change(
                partial(self._take, id, class_key=key_of(kind)), actor=f"account:{by(number)}"
            )
            self.later(seconds=20)
        self.drain()

    def _receive(self, tx: Tx, text: str, number: int) -> str:
        id = tx.new_id()
        lon, lat = self.spots.take(id, list(CELLS)[number % len(CELLS)], beside=None, east_m=0)
        raw = msgspec.json.encode(Said(text=text, lon=lon, lat=lat))
        said = vault_keep(tx, "said", f"report/{id}", raw, keep_days=300)
        tx.emit(f.ReportReceived(report_id=id, channel=f.Channel.app, said=said, at=tx.now), first=True)
        return id

    def _take(self, id: str, tx: Tx, *, class_key: str) -> None:
        case = case_get(tx, report_get(tx, id).case_id)
        if case.state == "reported":
            accept_case(tx, case.id, policy=self.policy, now=tx.now, class_key=class_key)

    # what is learned

    def learn(self, **how: Any) -> str:
        """A candidate is made."""
        made = service.train_model(self.writer, self.models, self.policy, actor="operator", **how)
        self.models.refresh()
        return made

    def promote(self, model: str, *, by: str = "leader-on-duty") -> None:
        self.post(f"/v1/models/{model}/promotion", by=by)

    def roll_back(self, *, by: str = "leader-on-duty") -> None:
        self.post("/v1/models/withdrawal", by=by)

    def watch(self) -> list[str]:
        return service.watch_all(self.writer, self.policy)

    def register(self) -> dict[str, Any]:
        """The public register, by algorithm."""
        return {each["id"]: each for each in self.get("/v1/algorithms", by=None)}

    def understood(self, name: str) -> f.ReportUnderstood:
        return self.fact(name, f.ReportUnderstood)

    def learning_story(self, subject: str = "algorithm/lessons") -> list[str]:
        with self.database.reading() as tx:
            return [type(told.fact).__name__ for told in story(tx, subject)]

    def decided(self) -> list[Any]:
        """What was judged, the newest first."""
        with self.database.reading() as tx:
            return store.decided_list(tx, before=store.LAST, limit=10_000, drills=True)[0]


class FakeTrainer:
    """Stands for the process that makes models."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.runs = False

    def start(self, *, actor: str, why: str) -> None:
        self.asked.append((actor, why))


def key_of(kind: str) -> str:
    return f"{SCHEME}/{KINDS[kind]}"
