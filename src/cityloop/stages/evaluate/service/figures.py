"""Use cases of evaluating: they read, and change nothing."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import (
    OVER_TIME,
    WINDOWS,
    Against,
    Answer,
    By,
    Compared,
    Group,
    Item,
    Known,
    Metric,
    MetricUnknown,
    Only,
    Part,
    PeriodWrong,
    SeriesAnswer,
    Tally,
    TooMany,
    Window,
)
from cityloop.stages.evaluate.service.sums import left_out_of, tallied
from cityloop.stages.evaluate.store import WHOLE, Asked, Then, head_of, item_list

EXPORT_MAX = 100_000
CHUNK = 20_000
POINTS_MAX = 20_000
Earlier = dict[Against, tuple[Known, Tally, dict[str, Tally]]]


def figures(tx: Tx | Then, asked: Asked, *, policy: Policy, against: Iterable[Against] = ()) -> Answer:
    """Every metric of every group: in one statement for what it follows from, and four for each period; in one more for
    each where any case is excluded.

    Refuses with `PeriodWrong`.
    """
    calendar, against = calendar_in(policy), tuple(against)
    head = head_of(tx, began=bool(against))
    if not head.excludes and asked.left_out is None:
        asked = replace(asked, left_out=())
    left_out = left_out_of(tx, asked)
    whole, groups = _counted(tx, replace(asked, left_out=left_out), policy)
    compared, earlier = [], {}
    for each in dict.fromkeys(against):
        other, known, *tallies = _earlier(tx, asked, each, head.first_at, policy)
        compared.append(
            Compared(
                against=each, span=other.span, days=rules.day_count(other.span), known=known,
                working_days=rules.working_days(other.span, calendar),
            )
        )  # fmt: skip
        earlier[each] = (known, *tallies)
    made = _group_of("", whole, asked, policy, {each: there[:2] for each, there in earlier.items()})
    return Answer(
        by=asked.by, span=asked.span, days=rules.day_count(asked.span), area=asked.only.area, only=asked.only,
        working_days=rules.working_days(asked.span, calendar), running=asked.span.until > asked.now, scope=asked.scope,
        as_of=asked.now, seq=head.seq, pack=policy.digest, readings=policy.figures,
        windows={each: WINDOWS[each] for each in dict.fromkeys(metric.window for metric in asked.metrics)},
        compared=tuple(compared), simulated=policy.simulated or bool(whole.simulated), whole=made,
        groups=tuple(_groups(groups, earlier, asked, policy)) if asked.by is not By.all else (), excluded=len(left_out),
    )  # fmt: skip


def figures_again(tx: Tx, answer: Answer, *, policy: Policy) -> Answer:
    """The question that an answer was given to, put once more as of its moment: to other tables, made from the facts."""
    days = (answer.span.first_day, answer.span.last_day)
    asked = asked_from(
        answer.by, days, policy=policy, now=answer.as_of, only=answer.only,
        seat_areas=(None,) if answer.scope is None else answer.scope,
    )  # fmt: skip
    return figures(tx, asked, policy=policy, against=[each.against for each in answer.compared])


def asked_then(asked: Asked, *, policy: Policy, now: datetime) -> Asked:
    """The same question as of a past moment, under the pack of that time."""
    days = (asked.span.first_day, asked.span.last_day)
    return asked_from(
        asked.by, days, policy=policy, now=now, only=asked.only, seat_areas=(None,) if asked.scope is None else asked.scope
    )


def _counted(tx: Tx | Then, asked: Asked, policy: Policy) -> tuple[Tally, dict[str, Tally]]:
    """The whole, and its groups."""
    tallies = tallied(tx, asked, policy)
    if asked.is_over_time:
        whole = tallies.pop(WHOLE, Tally(numbers={}))
        return whole, {each.key: Tally(numbers={}) for each in asked.buckets} | tallies
    if asked.by is By.grid:
        grids = rules.grids_of_cells(policy)
        tallies = rules.regrouped(tallies, lambda cell: grids.get(cell, ""))
    elif asked.by in (By.minor_class, By.major):
        wider = rules.major_of if asked.by is By.major else rules.minor_class_of
        tallies = rules.regrouped(tallies, wider)
    return rules.whole_of(tallies.values()), tallies


def over_time(asked: Asked, every: By, *, policy: Policy) -> Asked:
    """The same question, told by calendar period.

    Refuses with `PeriodWrong`.
    """
    if every not in OVER_TIME:
        raise PeriodWrong(f"every={every} is no calendar period; choose one of {', '.join(OVER_TIME)}.")
    return replace(asked, by=every, buckets=rules.buckets_of(OVER_TIME[every], asked.span, calendar_in(policy)))


def series(tx: Tx | Then, asked: Asked, by: By, metric: Metric, *, policy: Policy) -> SeriesAnswer:
    """One metric over the calendar periods of a question, for each group of a kind.

    Refuses with `PeriodWrong`, `MetricUnknown` or `TooMany`.
    """
    if by in OVER_TIME or not asked.is_over_time:
        raise PeriodWrong("A series goes by a calendar period (every=day, week, month …) and one kind of group (by=unit …).")
    if metric.window is Window.now:
        raise MetricUnknown(f"{metric.code} is as of the moment of asking, so it has no series; choose another metric.")
    asked = replace(asked, across=by, metric=metric.code)
    head, found = head_of(tx, began=False), rules.by_group(tallied(tx, asked, policy), by, policy)
    if len(found) * len(asked.buckets) > POINTS_MAX:
        raise TooMany(f"That is more than {POINTS_MAX} numbers; ask for longer periods, fewer days or one area.")
    simulated = policy.simulated or any(tally.simulated for there in found.values() for tally in there.values())
    periods = tuple(each.key for each in asked.buckets)
    whole: dict[str, Tally] = {}
    for there in found.values():
        for period, tally in there.items():
            rules.add(whole.setdefault(period, Tally(numbers={})), tally)
    made = lambda group, there: rules.serie_of(
        group, there, metric, periods, name=rules.name_of(by, group, policy), simulated=policy.simulated
    )  # fmt: skip
    return SeriesAnswer(
        metric=metric.code, measure=metric.measure, window=metric.window, by=by, every=asked.by, span=asked.span,
        periods=periods, running=asked.span.until > asked.now, only=asked.only, scope=asked.scope, as_of=asked.now,
        seq=head.seq, pack=policy.digest, simulated=simulated, whole=made("", whole),
        groups=tuple(made(group, found[group]) for group in sorted(found, key=lambda each: (each == "", each))),
    )  # fmt: skip


def _earlier(
    tx: Tx | Then, asked: Asked, against: Against, first_at: datetime | None, policy: Policy
) -> tuple[Asked, Known, Tally, dict[str, Tally]]:
    """The same question about another period; nothing is counted where the city was not there."""
    if asked.is_over_time:
        raise PeriodWrong(
            f"Numbers by {asked.by} are compared with one another already; ask for the earlier days, or another by=."
        )
    calendar = calendar_in(policy)
    days = rules.days_against(against, asked.span.first_day, asked.span.last_day)
    other = replace(asked, span=rules.span_of(*days, calendar))
    known = rules.known_in(other.span, first_at)
    if known is Known.none:
        return other, known, Tally(numbers={}), {}
    return other, known, *_counted(tx, other, policy)


def _groups(groups: dict[str, Tally], earlier: Earlier, asked: Asked, policy: Policy) -> Iterator[Group]:
    """Each group that has anything now or had it then; what has no name comes last, and time in its order."""
    every = dict.fromkeys([*groups, *(group for _, _, there in earlier.values() for group in there)])
    order = list(every) if asked.is_over_time else sorted(every, key=lambda group: (group == "", group))
    for group in order:
        before = {each: (known, there.get(group, Tally(numbers={}))) for each, (known, _, there) in earlier.items()}
        yield _group_of(group, groups.get(group, Tally(numbers={})), asked, policy, before)


def _group_of(
    group: str, tally: Tally, asked: Asked, policy: Policy, earlier: Mapping[Against, tuple[Known, Tally]]
) -> Group:
    return rules.group_of(
        group, tally, asked.metrics, name=rules.name_of(asked.by, group, policy), simulated=policy.simulated,
        earlier=earlier,
    )  # fmt: skip


def items_behind(
    tx: Tx | Then, asked: Asked, metric: Metric, part: Part, *, policy: Policy, group: str | None, after: str = "", limit: int
) -> list[Item]:
    """A page of exactly the rows that a number counts."""
    cells: tuple[str, ...] = ()
    if asked.by is By.grid and group is not None:
        grids = rules.cells_of_grids(policy)
        cells = grids.get(group, ()) if group else tuple(cell for some in grids.values() for cell in some)
    asked = replace(asked, left_out=left_out_of(tx, asked))
    return item_list(tx, asked, metric, part, group=group, cells=cells, after=after, limit=limit)


def items_all(
    tx: Tx | Then, asked: Asked, metric: Metric, part: Part, *, policy: Policy, group: str | None
) -> Iterator[Item]:
    """All rows that a number counts, for an export.

    Refuses with `TooMany`.
    """
    after, count = "", 0
    while page := items_behind(tx, asked, metric, part, policy=policy, group=group, after=after, limit=CHUNK):
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
    only: Only = Only(),
    seat_areas: Iterable[AreaCode | None] = (None,),
) -> Asked:
    """A question, checked: its days in the city's zone, what is counted only, and what the caller's seats cover.

    Refuses with `PeriodWrong`, `AreaUnknown`, `FilterUnknown` or `TooMany`.
    """
    calendar = calendar_in(policy)
    rules.only_known(only, policy)
    span = rules.span_of(*days, calendar)
    return Asked(
        by=by, span=span, now=now, readings=policy.figures, only=only,
        cells=rules.cells_of_grids(policy)[only.grid] if only.grid is not None else (),
        buckets=rules.buckets_of(OVER_TIME[by], span, calendar) if by in OVER_TIME else (),
        scope=rules.scope_of(seat_areas),
    )  # fmt: skip
