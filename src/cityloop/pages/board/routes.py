"""The wall over HTTP: everything it shows in one answer, worked out once in a few seconds for all who look."""

from datetime import UTC, datetime

import msgspec
from litestar import MediaType, Response, get
from msgspec import Struct

from cityloop.cases.reach import reach_of
from cityloop.db import Tx
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Words
from cityloop.http import Door, needs
from cityloop.pages.board.model import BoardView, names_of
from cityloop.pages.board.screen import Before, board_of, cases_behind
from cityloop.pages.board.store import case_lines
from cityloop.pages.now import keeper_of
from cityloop.pages.queue import CaseLine, case_line

STEP_S = 5  # so long one answer serves all
LINES = 100


class CasesBehind(Struct, frozen=True, kw_only=True):
    """How many cases a figure counts, and the first of them."""

    key: str
    count: int
    items: list[CaseLine]
    names: dict[str, Words]  # of the classes, streets and units that are named by their codes


@get("/v1/screens/board", guards=[needs(Permission.figures_read)])
async def get_board(door: Door) -> Response[BoardView]:
    """The city now, as far as the caller's seats see it."""
    policy, reach, keeper = door.policy, reach_of(door.caller), keeper_of(door.request.app)
    before = keeper.aside.setdefault("board", Before())
    at = datetime.fromtimestamp(int(door.now.timestamp()) // STEP_S * STEP_S, UTC)

    def look(tx: Tx) -> bytes:
        now = keeper.snapshot(tx, policy)
        key = ("board", reach, now.seq, policy.digest, at)
        return keeper.drawn.get(key, lambda: msgspec.json.encode(board_of(tx, now, reach, before, at)))

    return Response(await door.read(look), media_type=MediaType.JSON, headers={"Cache-Control": "no-store"})


@get("/v1/screens/board/cases", guards=[needs(Permission.figures_read)])
async def get_board_cases(key: str, door: Door) -> Response[CasesBehind]:
    """The cases behind a figure of the wall, what is late longest first; `key` as the wall gives it."""
    policy, reach, keeper = door.policy, reach_of(door.caller), keeper_of(door.request.app)

    def look(tx: Tx) -> CasesBehind:
        now = keeper.snapshot(tx, policy)
        rows = cases_behind(tx, now, reach, key, door.now)
        ids = now.ids(rows[:LINES])
        lines = {row.id: case_line(row, policy, door.now) for row in case_lines(tx, ids)}
        items = [lines[id] for id in ids if id in lines]
        named = [code for each in items for code in (each.class_key, each.street, each.unit)]
        return CasesBehind(key=key, count=len(rows), items=items, names=names_of(policy, named))

    return Response(await door.read(look), headers={"Cache-Control": "no-store"})


ROUTES = [get_board, get_board_cases]
