"""A question as of a past moment: put to the archive, by the version of the pack that was in force."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from litestar.params import QueryParameter

from cityloop.db import Tx
from cityloop.domain.policy import Policy
from cityloop.domain.time import parse_given
from cityloop.http import Door
from cityloop.stages.evaluate import service
from cityloop.stages.evaluate.store import Asked, Then
from cityloop.stages.evaluate.store.fair.exclusions import excluded_then

T = TypeVar("T")
AsOf = Annotated[
    str | None,
    QueryParameter(
        description="As the city knew it at this moment, e.g. 2026-03-06T16:00:00+08:00: what was recorded later is not seen. "
        "`heard`: as far as the archive has heard, some seconds ago at most; on a large city the quickest answer."
    ),
]
HEARD = "heard"
AGE_DAYS_MAX = 36_525


async def counted(door: Door, asked: Asked, as_of: str | None, count: Callable[[Tx | Then, Asked, Policy], T]) -> T:
    """What is counted: of the city's own tables, or, as of a moment, of the archive.

    Refuses with `TimeUnreadable`, `TimeInFuture`, `TimeTooOld`, `NotKept` or `NotHeard`.
    """
    policy = door.policy
    if as_of is None:
        return await door.read(lambda tx: count(tx, asked, policy))
    at = door.now
    if as_of != HEARD:
        at = min(parse_given(as_of, policy.week.zone, now=at, age_days_max=AGE_DAYS_MAX), at)
    parts: Any = door.request.app.state.parts

    def then() -> T:
        engine, seq = parts.wide.heard() if as_of == HEARD else parts.wide.as_of(at)
        digest = parts.wide.pack_at(seq)
        was = parts.book.of(digest) if digest else policy
        left_out = lambda span: parts.wide.read(lambda tx: excluded_then(tx, span, seq, at))
        return count(Then(engine, seq, parts.sums, left_out), service.asked_then(asked, policy=was, now=at), was)

    return await door.aside(then)
