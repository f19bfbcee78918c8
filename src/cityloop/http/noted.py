"""Refused calls in the log: a line each while they are few, and how many they have become when they are many. No value of anybody."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from msgspec import Struct

from cityloop.http.outward import network_of

LINES_A_MINUTE = 60  # of one code, of this process; then one at each tenfold
MINUTE_S = 60.0
WHO_AM_I = ("GET", "/v1/me")  # every page asks it before somebody has signed in
SAID_ELSEWHERE = frozenset({503})  # there are too many of these just when there is too much to do; they are counted
log = structlog.get_logger("cityloop.http")


class Minute(Struct):
    """How often a code was refused with since a moment."""

    since: float
    times: int = 0


class Noted:
    """What this process refused with in the last minute, by code."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock = clock
        self._minutes: dict[str, Minute] = {}

    def has_a_line(self, code: str) -> int:
        """How often a code was refused with in this minute, where that has a line; else 0."""
        now = self._clock()
        minute = self._minutes.get(code)
        if minute is None or now - minute.since >= MINUTE_S:
            minute = self._minutes[code] = Minute(now)
        minute.times += 1
        return minute.times if minute.times <= LINES_A_MINUTE or is_tenfold(minute.times) else 0

    def note(self, scope: Any, status: int, code: str) -> None:
        """Write down that a call was refused: which way in was asked, by which account or key, from which network."""
        way = (scope.get("method", ""), str(scope.get("path_template") or "unknown"))
        caller = scope.get("cityloop_caller")
        account = getattr(caller, "account", None)
        if status in SAID_ELSEWHERE or (status == 401 and way == WHO_AM_I and code == "needs_sign_in"):
            return
        if times := self.has_a_line(code):
            client = scope.get("client")
            who = {"account": account} if account else {}
            more = {"times": times} if times > LINES_A_MINUTE else {}
            log.info("call_refused", status=status, code=code, path=way[1], network=network_of(client[0]) if client else "", **who, **more)


def is_tenfold(times: int) -> bool:
    """Whether a count is ten, a hundred, a thousand times as much as has lines.

    >>> [is_tenfold(each) for each in (60, 61, 600, 1200, 6000)]
    [False, False, True, False, True]
    """
    while times > LINES_A_MINUTE and times % 10 == 0:
        times //= 10
        if times == LINES_A_MINUTE:
            return True
    return False


NOTED = Noted()
