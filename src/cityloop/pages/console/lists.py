"""What the forms and filters of a desk choose from, in the reader's words: classes, units, systems, areas, marks."""

from collections.abc import Iterable

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.cases.model import COPIED, SOURCE_WITHDRAWN
from cityloop.cases.reach import reach_of
from cityloop.domain.clock import Lamp
from cityloop.domain.facts import Channel
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Level, RequestKind
from cityloop.http import Caller, Door, needs
from cityloop.pages.console.forms import Choice
from cityloop.pages.console.queue import WAITS
from cityloop.pages.desk import states_next
from cityloop.pages.screen import language_of
from cityloop.pages.showing import handlers_of, kinds_of
from cityloop.pages.telling import Teller

MARKS = (
    "urged", "supervised", "instructed", "whistled", "to_rate", "appealed", "self_handled", "transferred", "leader",
    "media", "self_check", "superior", SOURCE_WITHDRAWN, COPIED,
)  # fmt: skip


class Lists(Struct, frozen=True, kw_only=True):
    """What can be chosen. They change with the pack alone; `pack` names its version."""

    pack: str
    classes: list[Choice]
    units: list[Choice]
    systems: list[Choice]
    areas: list[Choice]
    channels: list[Choice]
    requests: list[Choice]  # what is wanted 诉求类型
    marks: list[Choice]
    states: list[Choice]
    lamps: list[Choice]
    levels: list[Choice]
    waits: list[Choice]
    posts: list[Choice]  # the caller's own, for views that others share
    mine: list[State]  # the states in which the caller's own deed is what comes next


def lists_of(caller: Caller, tell: Teller) -> Lists:
    """What this caller chooses from."""
    policy = tell.policy
    reach = reach_of(caller)
    areas = [each for each in policy.areas if len(each.code) <= 9]
    if reach.areas:
        areas = [each for each in areas if any(each.code.startswith(own) or own.startswith(each.code) for own in reach.areas)]
    mine = [seat.post for seat in caller.seats]
    return Lists(
        pack=policy.digest,
        classes=[
            Choice(value=each.key, words=tell.of(each.name), group=major)
            for major, kinds in kinds_of(tell)
            for each in kinds
        ],
        units=[Choice(value=each.id, words=tell.of(each.name)) for each in handlers_of(tell)],
        systems=[Choice(value=each.id, words=tell.of(each.name)) for each in policy.systems],
        areas=[Choice(value=each.code, words=tell.of(each.name), group=tell.area(each.code[:6])) for each in areas],
        channels=_worded("channel", Channel, tell), requests=_worded("order.request_kind", RequestKind, tell), marks=_worded("mark", MARKS, tell),
        states=_worded("state", State, tell), lamps=_worded("lamp", Lamp, tell), levels=_worded("level", Level, tell),
        waits=[
            Choice(value=name, words=tell.word(f"waits.{name}"), sets={"state": " ".join(waits.states)})
            for name, waits in WAITS.items()
        ],
        posts=[Choice(value=each, words=tell.post(each)) for each in mine],
        mine=list(states_next(caller)),
    )  # fmt: skip


def _worded(prefix: str, codes: Iterable[str], tell: Teller) -> list[Choice]:
    return [Choice(value=str(each), words=tell.word(f"{prefix}.{each}")) for each in codes]


@get("/v1/screens/lists", guards=[needs(Permission.case_read)])
async def get_lists(request: Request, door: Door) -> Response[Lists]:
    """What the caller's forms and filters choose from, in the reader's words."""
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    return Response(lists_of(door.caller, tell), headers={"Cache-Control": "no-store"})


ROUTES = [get_lists]
