"""Use cases of evaluating: they read, and change nothing."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Answer, By, Item, Metric, Part, TooMany
from cityloop.stages.evaluate.store import Asked, item_list, tally_all

EXPORT_MAX = 100_000
CHUNK = 20_000


def figures(tx: Tx, asked: Asked, *, policy: Policy) -> Answer:
    """Every metric of every group, in three statements."""
    tallies, taken = tally_all(tx, asked)
    rules.add_times(tallies, taken, calendar_in(policy))
    whole = rules.whole_of(tallies.values())
    known = sorted(tallies, key=lambda group: (group == "", group)) if asked.by is not By.all else []
    return Answer(
        by=asked.by, span=asked.span, area=asked.area, scope=asked.scope, as_of=asked.now,
        simulated=policy.simulated or whole.simulated, whole=rules.group_of("", whole, None, policy.simulated),
        groups=tuple(
            rules.group_of(each, tallies[each], rules.name_of(asked.by, each, policy), policy.simulated)
            for each in known
        ),
    )  # fmt: skip


def items_behind(
    tx: Tx, asked: Asked, metric: Metric, part: Part, *, group: str | None, after: str = "", limit: int
) -> list[Item]:
    """A page of exactly the rows that a number counts."""
    return item_list(tx, asked, metric, part, group=group, after=after, limit=limit)


def items_all(tx: Tx, asked: Asked, metric: Metric, part: Part, *, group: str | None) -> Iterator[Item]:
    """All rows that a number counts, for an export.

    Refuses with `TooMany`.
    """
    after, count = "", 0
    while page := item_list(tx, asked, metric, part, group=group, after=after, limit=CHUNK):
        count += len(page)
        if count > EXPORT_MAX:
            raise TooMany(f"{metric.code} has more than {EXPORT_MAX} rows; ask for fewer days, or for one group.")
        yield from page
        after = page[-1].id


def asked_from(
    by: By,
    days: tuple[date, date],
    *,
    policy: Policy,
    now: datetime,
    area: AreaCode | None = None,
    seat_areas: Iterable[AreaCode | None] = (None,),
) -> Asked:
    """A question, checked: its days in the city's zone, its area, and what the caller's seats cover.

    Refuses with `PeriodWrong` or `AreaUnknown`.
    """
    return Asked(
        by=by, span=rules.span_of(*days, calendar_in(policy)), now=now, area=rules.area_known(area, policy),
        scope=rules.scope_of(seat_areas), fine=rules.fine_of(policy) if by is By.minor_class else (),
    )  # fmt: skip
