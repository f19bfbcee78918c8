"""The clock that runs on a case now: what it measures, since when, how much is left, and its lamp."""

from datetime import datetime, timedelta

from msgspec import Struct

from cityloop.domain.calendar import calendar_in
from cityloop.domain.clock import Clock, Lamp, pauses_in, reading
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Limit, LimitUnit, Policy

HOUR = timedelta(hours=1)
MEASURES = {
    State.reported: "accept",
    State.to_file: "accept",
    State.verifying: "verify",
    State.to_dispatch: "dispatch",
    State.to_sign: "handle",
    State.handling: "handle",
    State.suspended: "handle",  # it stands
    State.deferred: "handle",
    State.inspecting: "inspect",
    State.transferred: "transfer",
}


class ClockView(Struct, frozen=True, kw_only=True):
    """Units: `left_s` in seconds of the limit's own measure, below zero when late; `used_ppm` in parts per million."""

    measures: str  # accept, verify, dispatch, handle, inspect
    since: datetime
    due: datetime
    limit: Limit
    lamp: Lamp
    left_s: int
    used_ppm: int


def clock_view(
    state: State, since: datetime | None, due: datetime | None, limit: Limit | None, pauses: str | None, *,
    policy: Policy, now: datetime,
) -> ClockView | None:
    """The clock of a case in a state; None where none runs. `limit` is the one that it was given, where that
    is known; `pauses` is JSON."""
    measures = MEASURES.get(state)
    if measures is None or since is None or due is None:
        return None
    running = limit or limit_of(measures, policy, since, due)
    clock = Clock(start=since, limit=running, due=due, pauses=pauses_in(pauses))
    shows = reading(clock, now, calendar_in(policy), yellow_ppm=policy.settings.lamp_yellow_ppm)
    return ClockView(
        measures=measures, since=since, due=due, limit=running, lamp=shows.lamp, left_s=shows.left_s,
        used_ppm=shows.used_ppm,
    )  # fmt: skip


def limit_of(measures: str, policy: Policy, since: datetime, due: datetime) -> Limit:
    """The limit of what runs without a task of its own; of a deadline that another system gave, the plain hours to it."""
    if measures == "handle":
        return Limit(value=max(1, -(-(due - since) // HOUR)), unit=LimitUnit.urgent_hour)
    settings = policy.settings
    known = {"accept": settings.accept_limit, "verify": settings.verify_limit, "inspect": settings.inspect_limit}
    return known.get(measures, settings.dispatch_limit)
