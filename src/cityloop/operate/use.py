"""Our own use metered: how often each function was called, by day of the city; told once the day is over. No person is counted."""

from collections.abc import Iterator, Mapping
from datetime import date

from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import FunctionCalls, UseCounted
from cityloop.domain.policy import Policy
from cityloop.operate.meter import Requests

KEEP_EVERY_S = 60.0
ACTOR = "machine:use"
# which function the endpoints of a module are; of several prefixes the longest
FUNCTIONS: Mapping[str, str] = {
    "cases": "cases", "cases.approvals": "approvals", "desk": "desk",
    "doors.cameras": "cameras", "doors.hearing": "reporting", "doors.hotline": "hotline", "doors.lines": "lines", "doors.lorawan": "lorawan",
    "doors.open311": "open311", "doors.sensorthings": "sensorthings", "doors.webhooks": "webhooks",
    "field.census": "census", "field.duty": "duty", "knowledge": "knowledge", "notices": "notices",
    "operate.routes": "operating", "operate.drill_routes": "drills",
    "pages.board": "board", "pages.case": "files", "pages.story": "files", "pages.file": "files", "pages.sheet": "files",
    "pages.catalogue": "catalogue", "pages.compared": "compared", "pages.console": "console", "pages.deeds": "console",
    "pages.queue": "console", "pages.desk": "desk", "pages.evidence": "evidence", "pages.figures": "figures",
    "pages.figures_room": "figures", "pages.helped": "helped", "pages.hot": "hot", "pages.neighbourhood": "neighbourhood",
    "pages.resident": "resident", "pages.receipt": "resident", "pages.survey": "survey", "pages.things": "things", "pages.tiles": "map",
    "pages.work": "work",
    "people.routes": "people", "people.operating_routes": "people", "people.audit_routes": "audit", "people.elsewhere": "elsewhere",
    "people.erasure_routes": "erasure", "people.key_routes": "keys",
    "revise": "pack", "revise.routes.trying": "trials", "teaching": "teaching",
    "stages.dispatch": "dispatch", "stages.dispatch.routes.ordering": "supervising", "stages.dispatch.routes.transferring": "transfers",
    "stages.evaluate.routes.asking": "figures", "stages.evaluate.routes.files": "figures", "stages.evaluate.routes.budget": "budget",
    "stages.evaluate.routes.bulletin": "bulletins", "stages.evaluate.routes.fair": "fair", "stages.evaluate.routes.portrait": "portraits",
    "stages.evaluate.routes.scoring": "scores", "stages.evaluate.routes.survey": "survey", "stages.evaluate.routes.why.looking": "why",
    "stages.evaluate.routes.why.measuring": "measures",
    "stages.filing": "filing", "stages.handle.routes.working": "handling", "stages.handle.routes.assisting": "assisting",
    "stages.handle.routes.whistling": "whistling", "stages.inspect.routes.appealing": "appeals", "stages.inspect.routes.calling": "callbacks",
    "stages.inspect.routes.inspecting": "inspecting", "stages.inspect.routes.replying": "replies", "stages.inspect.routes.tracking": "tracking",
    "stages.intake": "reporting", "stages.sense.routes.alarms": "alarms", "stages.sense": "devices",
    "stages.sense.routes.observations": "observations", "stages.sense.routes.history": "observations", "stages.understand": "understanding",
}  # fmt: skip
# what every page is made of, and who comes in: used by all of them, so that it tells nothing
FURNITURE = (
    "operate.health_routes", "pages.assets", "pages.bundle", "pages.docs", "pages.entry", "pages.health", "pages.photo_text", "pages.places",
    "pages.posts", "pages.shells", "pages.stream", "pages.words", "people.mine_routes", "people.second", "people.session_routes",
)  # fmt: skip


class UseRow(Struct, frozen=True, kw_only=True):
    """How often a function was called on a day of the city."""

    day: date
    function: str
    calls: int


def function_of(room: str) -> str | None:
    """The function whose endpoints a module holds; None where it is furniture.

    >>> function_of("cityloop.stages.evaluate.routes.fair.findings"), function_of("cityloop.cases.approvals.routes"), function_of("cityloop.pages.words")
    ('fair', 'approvals', None)
    """
    name = room.removeprefix("cityloop.")
    best = max((each for each in (*FUNCTIONS, *FURNITURE) if f"{name}.".startswith(f"{each}.")), key=len, default="")
    return FUNCTIONS.get(best)


def functions_of(app: Litestar) -> dict[tuple[str, str], str]:
    """The function of each endpoint of a server that is one's, by method and path."""
    return {
        (method, route.path_format): function
        for route in app.routes if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items() if (function := function_of(handler.fn.__module__))
    }  # fmt: skip


class Use:
    """What this process was asked, until it is written down. `functions`: of each method and path that is one's."""

    def __init__(self, requests: Requests, functions: Mapping[tuple[str, str], str]):
        self._requests, self._functions = requests, functions
        self._kept: dict[tuple[str, str], int] = {}

    def fresh(self) -> dict[str, int]:
        """How often each function was answered since this was asked last; what was refused was not used."""
        now = self._requests.answered()
        found: dict[str, int] = {}
        for route, count in now.items():
            if (more := count - self._kept.get(route, 0)) and (function := self._functions.get(route)):
                found[function] = found.get(function, 0) + more
        self._kept = now
        return found


def keep(tx: Tx, calls: Mapping[str, int], policy: Policy) -> None:
    """Add what was called to the day that it is in the city."""
    for function, count in calls.items():
        tx.sum("use_now", UseRow(day=_today(tx, policy), function=function, calls=count))


def days_over(tx: Tx, policy: Policy) -> list[date]:
    """The days that are over and not told."""
    rows = tx.all("SELECT DISTINCT day FROM use_now WHERE city = :city AND day < :today ORDER BY day", today=_today(tx, policy))
    return [date.fromisoformat(row.day) for row in rows]


def tell_days(tx: Tx, policy: Policy) -> None:
    """Tell each day that is over: every function there is, and how often it was called. Emits `UseCounted`."""
    for day in days_over(tx, policy):
        rows = tx.all("SELECT function, calls FROM use_now WHERE city = :city AND day = :day", day=day)
        counts = dict.fromkeys(sorted(set(FUNCTIONS.values())), 0) | {row.function: row.calls for row in rows}
        tx.run("DELETE FROM use_now WHERE city = :city AND day = :day", day=day)
        tx.emit(UseCounted(day=day, functions=tuple(_calls(counts)), at=tx.now))


def _calls(counts: Mapping[str, int]) -> Iterator[FunctionCalls]:
    for function in sorted(counts):
        yield FunctionCalls(function=function, calls=counts[function])


def _today(tx: Tx, policy: Policy) -> date:
    return tx.now.astimezone(calendar_in(policy).zone).date()
