"""The queue of a desk: what waits for me, what is late, what waits for whose deed; each line in the reader's words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from litestar import MediaType, Request, Response, get
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases.reach import Reach, reach_of
from cityloop.db import Tx
from cityloop.desk import found_by
from cityloop.domain.clock import Lamp
from cityloop.domain.ids import AreaCode, ClassKey, UnitId
from cityloop.domain.lifecycle import HELD, OVER, State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Level, RequestKind
from cityloop.http import Caller, Door, Page, needs, page_limit
from cityloop.pages.console.queue_line import MORE, QueueLine, lines_of, queue_written, said
from cityloop.pages.desk import LEVELS, LOOKING, View, states_next
from cityloop.pages.queue import (
    CLOCK,
    NEWEST,
    OPEN,
    Asked,
    CaseLine,
    case_count,
    case_rows,
    is_short,
    next_mark,
)
from cityloop.pages.screen import language_of
from cityloop.pages.telling import Teller

SCANNED_MAX = 2_000  # rows that one request looks at for those of a lamp
COUNTED_MAX = 1_000  # more is said to be more


class Waits(Struct, frozen=True, kw_only=True):
    """For whose deed a case waits: it is in one of these states, bears this mark, or something is asked in it."""

    states: tuple[State, ...] = ()
    mark: str | None = None
    asks: bool | None = None
    who: tuple[Permission, ...]


P = Permission
WAITS: dict[str, Waits] = {
    "accept": Waits(states=(State.reported,), who=(P.case_accept,)),
    "verify": Waits(states=(State.verifying,), who=(P.case_verify,)),
    "file": Waits(states=(State.to_file,), who=(P.case_file,)),
    "dispatch": Waits(states=(State.to_dispatch,), who=(P.case_dispatch,)),
    "sign": Waits(states=(State.to_sign,), who=(P.case_handle,)),
    "finish": Waits(states=(State.handling,), who=(P.case_handle,)),
    "inspect": Waits(states=(State.handled, State.inspecting), who=(P.case_inspect,)),
    "close": Waits(states=(State.to_close,), who=(P.case_close,)),
    "approve": Waits(asks=True, who=(P.case_approve_work, P.case_approve_file)),
    "resume": Waits(states=HELD, who=(P.case_handle, P.case_approve_work)),
    "transfer": Waits(states=(State.transferred,), who=(P.case_dispatch,)),
    "answer": Waits(mark="supervised", who=(P.case_supervise, P.case_handle)),
    "arrive": Waits(mark="whistled", who=(P.case_whistle, P.case_report_in)),
    "rate": Waits(mark="to_rate", who=(P.case_whistle,)),
    "judge": Waits(mark="appealed", who=(P.case_judge,)),
}


class Wanted(Struct, frozen=True, kw_only=True):
    """What the queue is asked for; the address of the page says it in the same words."""

    view: View | None = View.open  # None: all, where something is looked for
    state: tuple[State, ...] = ()
    waits: str | None = None
    lamp: Lamp | None = None
    class_key: ClassKey | None = None
    area: AreaCode | None = None
    unit: UnitId | None = None
    channel: str | None = None
    request_kind: RequestKind | None = None
    mark: str | None = None
    level: Level | None = None
    order: str | None = None


class Count(Struct, frozen=True, kw_only=True):
    """How many; `more`: at least so many, counting stopped there."""

    count: int
    more: bool


def asked_for(wanted: Wanted, caller: Caller) -> Asked | None:
    """The question to the lists; None where its conditions exclude each other."""
    waits = WAITS.get(wanted.waits or "")
    states = _states(wanted, waits, caller)
    if not states:
        return None
    marks = tuple(each for each in (wanted.mark, waits.mark if waits else None) if each)
    order = wanted.order
    if order not in (NEWEST, CLOCK):
        order = NEWEST if wanted.view is View.over or set(states) <= {*HELD, *OVER, State.handled, State.to_close} else CLOCK
    if marks or (waits and waits.asks) or wanted.lamp is Lamp.grey:
        order = NEWEST  # few, and some of them have no deadline
    asked = Asked(
        states=states, unit=wanted.unit, area=wanted.area, class_key=wanted.class_key, level=wanted.level,
        marks=marks, channel=wanted.channel, request_kind=wanted.request_kind, asks=waits.asks if waits else None, order=order,
    )  # fmt: skip
    return _mine(asked, caller) if wanted.view is View.mine else asked


def _states(wanted: Wanted, waits: Waits | None, caller: Caller) -> tuple[State, ...]:
    able = {View.mine: states_next(caller), View.open: OPEN, View.over: tuple(OVER), None: tuple(State)}[wanted.view]
    for some in (wanted.state, waits.states if waits else ()):
        able = tuple(each for each in able if each in some) if some else able
    return able


def _mine(asked: Asked, caller: Caller) -> Asked:
    """What the caller's own desk, unit or post must do; with several seats, what any of them may."""
    if len(caller.seats) != 1:
        return asked
    (seat,) = caller.seats
    if P.case_dispatch in seat.permissions:
        return replace(asked, level=LEVELS.get(len(seat.area or "")))
    return replace(asked, post=seat.post) if seat.permissions & LOOKING else asked


def queue_page(
    tx: Tx, asked: Asked, reach: Reach, lamp: Lamp | None, tell: Teller, *, now: datetime, after: str | None, limit: int
) -> Page[QueueLine]:
    """A page of the queue. Of a lamp it may hold fewer than asked, and yet have a next; of none `queue_written` gives the same, sooner.

    Refuses with `BadMark`.
    """
    asked = replace(asked, lamp=lamp)
    found: list[QueueLine] = []
    many = limit if lamp in (None, Lamp.red) else min(200, 2 * limit)
    scanned, mark = 0, after
    while True:
        rows = case_rows(tx, asked, reach, now=now, after=mark, limit=many, more=MORE)
        for place, (line, extra) in enumerate(lines_of(rows[:many], tell.policy, now)):
            if lamp is None or _shows(line, lamp):
                found.append(said(line, extra, tell))
            if len(found) == limit and (place + 1 < len(rows)):
                return Page(items=found, next=next_mark(rows[place], asked))
        scanned += many
        if len(rows) <= many:
            return Page(items=found)
        mark = next_mark(rows[many - 1], asked)
        if lamp is None or scanned >= SCANNED_MAX:
            return Page(items=found, next=mark)


def _shows(line: CaseLine, lamp: Lamp) -> bool:
    if line.clock is None:
        return lamp is Lamp.grey and line.state in HELD
    return line.clock.lamp is lamp


def counts_of(tx: Tx, caller: Caller, reach: Reach, names: Sequence[str], *, now: datetime) -> dict[str, Count]:
    """How many wait: for me, in all, late, and for the deeds that are named; none named: those that the caller may do."""
    wanted = {"mine": Wanted(view=View.mine), "open": Wanted(), "late": Wanted(lamp=Lamp.red)}
    mine = [name for name, waits in WAITS.items() if any(map(caller.may, waits.who))]
    wanted |= {name: Wanted(waits=name) for name in names or mine if name in WAITS}
    found = {}
    for name, each in wanted.items():
        asked = asked_for(each, caller)
        count = case_count(tx, replace(asked, lamp=each.lamp), reach, now=now, most=COUNTED_MAX + 1) if asked else 0
        found[name] = Count(count=min(count, COUNTED_MAX), more=count > COUNTED_MAX)
    return found


@get("/v1/screens/queue", guards=[needs(Permission.case_read)])
async def get_queue_screen(
    request: Request,
    door: Door,
    view: View | None = None,
    q: str = "",
    states: Annotated[list[State] | None, QueryParameter(name="state")] = None,
    waits: str | None = None,
    lamp: Lamp | None = None,
    class_key: ClassKey | None = None,
    area: AreaCode | None = None,
    unit: UnitId | None = None,
    channel: str | None = None,
    request_kind: RequestKind | None = None,
    mark: str | None = None,
    level: Level | None = None,
    order: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Response[Page[QueueLine]]:
    """The queue of a desk, a page at a time; `waits` is for whose deed: accept, dispatch, approve, answer …

    `q` looks for words, among all cases that the caller may see: number, class, area, what reports say.
    """
    wanted = Wanted(
        view=view or (None if q.strip() else View.open), state=tuple(dict.fromkeys(states or ())), waits=waits, lamp=lamp, class_key=class_key, area=area,
        unit=unit, channel=channel, request_kind=request_kind, mark=mark, level=level, order=order,
    )  # fmt: skip
    many, asked = page_limit(limit), asked_for(wanted, door.caller)
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    if asked is None:
        return Response(Page[QueueLine](items=[]), headers={"Cache-Control": "no-store"})

    reach = reach_of(door.caller)

    def ask(tx: Tx) -> Page[QueueLine] | bytes:
        wanted = replace(asked, found=found_by(tx, q, door.caller, door.policy), order=NEWEST) if q.strip() else asked
        if lamp is None:
            return queue_written(tx, wanted, reach, tell, now=door.now, after=after, limit=many)
        return queue_page(tx, wanted, reach, lamp, tell, now=door.now, after=after, limit=many)

    page = await door.read(ask, short=not q.strip() and is_short(asked, reach))
    return Response(page, media_type=MediaType.JSON, headers={"Cache-Control": "no-store"})


@get("/v1/screens/queue/counts", guards=[needs(Permission.case_read)])
async def get_queue_counts(
    door: Door, of: Annotated[list[str] | None, QueryParameter(name="of")] = None
) -> Response[dict[str, Count]]:
    """How many wait for the caller, in all, late, and for each deed `of` which is asked; counting stops at a thousand."""
    names = of or []
    counts = await door.read(lambda tx: counts_of(tx, door.caller, reach_of(door.caller), names, now=door.now))
    return Response(counts, headers={"Cache-Control": "no-store"})


ROUTES = [get_queue_screen, get_queue_counts]
