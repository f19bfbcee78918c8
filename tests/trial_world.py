"""What trials ask of a town of stories: another pack made from the town's own, and what it would have decided."""

import asyncio
from datetime import timedelta
from functools import lru_cache
from typing import Any

import msgspec
from litestar.testing import TestClient

from cityloop import cases, desk, pages, revise
from cityloop.domain.policy import Policy
from cityloop.packs import load_bytes
from cityloop.packs.book import PackBook
from cityloop.packs.layers import unarchive
from cityloop.packs.reading import read_pack
from cityloop.revise.model import Line, TrialScore
from cityloop.revise.rules.reading import Book
from cityloop.revise.service.drafting import Edits, RowSet, bytes_of, changed
from cityloop.revise.service.trying import Tries, run_again, was_of
from cityloop.stages import evaluate, intake, understand
from tests.town_app import town_app
from tests.world import STAGES, World

POTHOLE, RUBBISH = "gbt30428_2_2013/event/0113", "gbt30428_2_2013/event/0110"


def raw_of(world: World) -> bytes:
    """The bytes of the version in force."""
    with world.database.reading() as tx:
        return bytes_of(tx, "current")[0]


def row_of(world: World, table: str, key: str) -> dict[str, str]:
    """A row as its file has it."""
    return next(dict(row.cells) for row in Book(raw_of(world), "").rows(table) if row.key == key)


def edited(world: World, *rows: tuple[str, str, dict[str, str]], duties: Any = None) -> bytes:
    """The town's pack with cells of rows changed: (table, key, cells)."""
    told = [RowSet(table=table, cells={**row_of(world, table, key), **cells}) for table, key, cells in rows]
    return changed(raw_of(world), Edits(no=1, rows=told, duties=duties)).raw


def duties(world: World, **rows: dict[str, str] | None) -> dict[str, Any]:
    """The town's decision table with cells of rows changed by their ids; None takes a row out."""
    pack = read_pack(unarchive(raw_of(world)))
    assert pack.duties
    content = msgspec.json.decode(pack.duties.text)
    table = next(node["content"] for node in content["nodes"] if node["type"] == "decisionTableNode")
    table["rules"] = [
        each | {f"out-{name}" if f"out-{name}" in each else f"in-{name}": cell for name, cell in (rows.get(each["_id"]) or {}).items()}
        for each in table["rules"]
        if not (each["_id"] in rows and rows[each["_id"]] is None)
    ]  # fmt: skip
    return content


def tried(world: World, pack: bytes | Policy, days: int = 60, *, fresh: bool = False) -> tuple[TrialScore, list[Line]]:
    """The last days' decisions again under another pack; `fresh`: by a server that knows nothing yet."""
    policy = pack if isinstance(pack, Policy) else load_bytes(pack)
    score, now = TrialScore(), world.clock()
    steps = run_again(world.database, was_of(PackBook(world.writer) if fresh else world.book), policy, now - timedelta(days=days), now + timedelta(seconds=1), score)
    return score, [line for step in steps for line in step.lines]


@lru_cache(1)
def the_trials_app() -> TestClient:
    """One server for all stories of trials."""
    return town_app((intake, understand, *STAGES, evaluate, desk, cases, revise, pages))


class TrialWorld(World):
    """A town whose server runs past decisions again."""

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.tries = Tries(self.writer, self.book)

    def close(self) -> None:
        self.tries.close()
        super().close()

    def try_remedy(self, *, by: str = "assessor", days: tuple[str, str] = ("2026-03-01", "2026-03-31"), **remedy: Any) -> dict[str, Any]:
        """A minute later somebody asks for a proposal to be tried; it waits."""
        self.later(minutes=1)
        return self.post("/v1/packs/remedies", by=by, json={"remedy": remedy, "from": days[0], "to": days[1]})

    def try_all(self) -> None:
        """The server does all trials that wait."""
        while asyncio.run(self.tries.round()):
            pass

    def trial(self, id: str, *, by: str = "assessor") -> dict[str, Any]:
        return self.get(f"/v1/packs/trials/{id}", by=by)

    def lines(self, id: str, *, unknown: bool, by: str = "assessor") -> list[dict[str, Any]]:
        """The decisions that would differ, or those of which nobody knows."""
        return self.get(f"/v1/packs/trials/{id}/lines", by=by, unknown=unknown)["items"]
