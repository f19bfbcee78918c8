"""One deed for many cases: each is a use case of its own, with its own version and its own answer."""

import asyncio
from typing import Any, get_type_hints

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from cityloop.domain.errors import CityloopError, Invalid
from cityloop.domain.ids import CaseId
from cityloop.domain.lifecycle import MOVE_BY_NAME, State
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.problems import status_of
from cityloop.pages.console.forms import FieldView, deed_for_many
from cityloop.pages.deeds import DEEDS, door_with
from cityloop.pages.screen import language_of, wording
from cityloop.pages.telling import Teller

MANY = (
    "accept", "file", "dispatch", "sign", "merge", "ask_verify", "complete", "refuse", "move_level", "return", "reassign",
    "urge", "supervise", "instruct",
)  # fmt: skip  # in the order in which they are offered; what ends a case for good is thought over case by case
CASES_MAX = 100


class DeedNotForMany(Invalid):
    """A deed that each case needs its own thought for."""

    code = "batch.deed_not_for_many"


class TooManyCases(Invalid):
    """More cases than one request may change."""

    code = "batch.too_many_cases"


class Seen(Struct, kw_only=True):
    """A case, in the version that the caller saw."""

    id: CaseId
    no: int


class ManyAsked(Struct, kw_only=True):
    """Which deed, for which cases, with what body: the one that its route takes."""

    deed: str
    cases: list[Seen]
    body: dict[str, Any] = {}


class ManyDeed(Struct, frozen=True, kw_only=True):
    """A deed that may be done for many, with the one form for all of them. `states`: of the cases that it fits."""

    name: str
    label: str
    states: list[State]
    always: dict[str, str | bool]
    fields: list[FieldView]


class OneAnswer(Struct, kw_only=True):
    """What became of one case. `code` None: it is done."""

    id: CaseId
    status: int
    code: str | None = None
    says: str | None = None
    do: str | None = None


@get("/v1/screens/deeds", guards=[needs(Permission.case_read)])
async def get_many(request: Request, door: Door) -> Response[list[ManyDeed]]:
    """What the caller may do for many cases at once, each with its form and the states of the cases that it fits."""
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    found = []
    for name in MANY:
        move = MOVE_BY_NAME[name]
        if any(door.caller.may(each) for each in move.permissions):
            fields, always = deed_for_many(name, door.policy, tell)
            states = [state for state in move.before if state]
            label = tell.word(f"deed.{name}")
            found.append(ManyDeed(name=name, label=label, states=states, always=always, fields=fields))
    return Response(found, headers={"Cache-Control": "no-store"})


@post("/v1/screens/deeds", status_code=200, guards=[needs(Permission.case_read)])
async def post_many(data: ManyAsked, request: Request, door: Door) -> Response[list[OneAnswer]]:
    """Do one thing with many cases; each answers for itself, in the order in which they were named.

    With an Idempotency-Key each case is done once, however often the request comes.
    """
    if data.deed not in MANY:
        raise DeedNotForMany(f"{data.deed[:30]} is done case by case; for many there are {', '.join(sorted(MANY))}.")
    cases = list({each.id: each for each in data.cases}.values())
    if not 1 <= len(cases) <= CASES_MAX:
        raise TooManyCases(f"{len(cases)} cases were named; name 1 to {CASES_MAX} at a time.")
    route, ask = DEEDS[data.deed]
    body = (_body(route, data.body),) if ask else ()
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    key = request.headers.get("idempotency-key")
    answers = await asyncio.gather(*(_one(route, each, body, request, door, key, tell) for each in cases))
    return Response(list(answers), headers={"Cache-Control": "no-store"})


def _body(route: Any, given: dict[str, Any]) -> Any:
    """What the route reads, from the body that goes with every case."""
    kind = get_type_hints(route.fn)["data"]
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"The body is not what the deed takes: {error}; look at its route in the API.") from None


async def _one(
    route: Any, case: Seen, body: tuple, request: Request, door: Door, key: str | None, tell: Teller
) -> OneAnswer:
    """Do it for one case, as if its own route had been called."""
    if guard := next((each for each in route.guards or () if hasattr(each, "permission")), None):
        await guard(request, route)
    carried = {"if_match": f'"{case.no}"'} | ({"idempotency_key": f"{key}:{case.id}"[:200]} if key else {})
    try:
        answer = await route.fn(case.id, *body, door_with(door, request, msgspec.json.encode(body), **carried))
    except CityloopError as error:
        return OneAnswer(id=case.id, status=status_of(error), code=error.code, **wording(error, tell))
    return OneAnswer(id=case.id, status=answer.status_code or 201)


ROUTES = [get_many, post_many]
