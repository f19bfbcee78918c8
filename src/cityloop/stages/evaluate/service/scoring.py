"""Use cases of scoring: the sheet of a scheme over a period. It reads, and changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from cityloop.db import Tx
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy
from cityloop.domain.policy.scoring import FULL, SCHEME, Indicator, Scheme, in_force
from cityloop.stages.evaluate.model import By, Only, Span
from cityloop.stages.evaluate.model.scoring import Excluded, Number, PeriodTooLong, SchemeUnknown, Sheet
from cityloop.stages.evaluate.rules import day_count
from cityloop.stages.evaluate.rules.scoring import Entry, score_all
from cityloop.stages.evaluate.rules.scoring.budget import MILLI
from cityloop.stages.evaluate.service.figures import asked_from
from cityloop.stages.evaluate.service.numbers import numbers_of
from cityloop.stages.evaluate.store import head_of
from cityloop.stages.evaluate.store.scoring.entries import entry_list

DAYS_MAX = 366
SEATS_ALL: tuple[AreaCode | None, ...] = (None,)


def sheet_of(
    tx: Tx,
    scheme_id: str,
    span: Span,
    *,
    policy: Policy,
    now: datetime,
    only: Only = Only(),
    exclusions: Iterable[Excluded] = (),
    seat_areas: Iterable[AreaCode | None] = SEATS_ALL,
) -> Sheet:
    """All scores of a scheme over a period, as far as the caller's seats reach; ranked within their groups.

    The lines are those in force on the first day; a unit that was merged or renamed since stands under its successor.
    Refuses with `SchemeUnknown`, `PeriodTooLong`, and as a question for figures does.
    """
    made = sheets_of(tx, scheme_id, span, policy=policy, now=now, only=only, exclusions=exclusions, seat_areas=seat_areas)
    return made[scheme_id]


def sheets_of(
    tx: Tx, scheme_id: str, span: Span, *, policy: Policy, now: datetime, only: Only = Only(),
    exclusions: Iterable[Excluded] = (), seat_areas: Iterable[AreaCode | None] = SEATS_ALL,
) -> dict[str, Sheet]:  # fmt: skip
    """The sheet of a scheme and those of the schemes that it is made from, by their codes; all of the same cases.

    Refuses as `sheet_of` does.
    """
    scheme = scheme_of(scheme_id, policy)
    days, areas = day_count(span), tuple(seat_areas)
    if days > DAYS_MAX:
        raise PeriodTooLong(f"{days} days are more than one sheet tells of; ask for {DAYS_MAX} at most.")
    asked = asked_from(
        By(scheme.objects), (span.first_day, span.last_day), policy=policy, now=now, only=only, seat_areas=areas
    )  # fmt: skip
    left_out = tuple(exclusions)
    version = in_force(scheme.indicators, span.first_day)
    numbers, objects = numbers_of(tx, asked, [each.metric for each in version], policy=policy, exclusions=left_out)
    made: dict[str, Sheet] = {}
    for inner in schemes_within(version):
        made |= sheets_of(tx, inner, span, policy=policy, now=now, only=only, exclusions=left_out, seat_areas=areas)
        numbers |= _as_numbers(made[inner], scheme, policy)
    objects |= {object for object, metric in numbers if metric.startswith(SCHEME)}
    if asked.by is By.all:
        objects |= {"all"}
    scores = score_all(
        scheme, policy.scoring.functions, numbers, objects, day=span.first_day,
        city_kind=policy.settings.city_kind, entries=_entries(tx, scheme, span),
    )
    sheet = Sheet(
        scheme=scheme.code, pack=policy.digest, by=asked.by, span=asked.span, as_of=now, seq=head_of(tx).seq, scores=scores
    )  # fmt: skip
    return made | {scheme.code: sheet}


def scheme_of(id: str, policy: Policy) -> Scheme:
    """A scheme of the pack.

    Refuses with `SchemeUnknown`.
    """
    found = policy.scoring.schemes.get(id)
    if found is None:
        known = ", ".join(sorted(policy.scoring.schemes)) or "none: the pack has no score_schemes.csv"
        raise SchemeUnknown(f"There is no scoring scheme {id[:60]!r}; there are {known}.")
    return found


def schemes_within(version: Iterable[Indicator]) -> list[str]:
    """The schemes that a scheme is made from; the check has refused circles."""
    return list(dict.fromkeys(each.metric.removeprefix(SCHEME) for each in version if each.metric.startswith(SCHEME)))


def _as_numbers(sheet: Sheet, outer: Scheme, policy: Policy) -> Mapping[tuple[str, str], Number]:
    """Scores as numbers of another scheme, of the same objects; a city's stand for "all"."""
    if policy.scoring.schemes[sheet.scheme].objects != outer.objects:
        return {}
    full = policy.scoring.schemes[sheet.scheme].full or FULL
    return {
        (each.object, f"{SCHEME}{sheet.scheme}"): Number(each.points, full) for each in sheet.scores if each.points is not None
    }  # fmt: skip


def _entries(tx: Tx, scheme: Scheme, span: Span) -> dict[str, Entry]:
    """The points beside the lines of each object, added up."""
    found: dict[str, Entry] = {}
    for row in entry_list(tx, scheme.code, span):
        if row.withdrawn_at is None:
            was, points = found.get(row.object, Entry()), row.points_milli / MILLI
            found[row.object] = Entry(was.bonus + max(points, 0.0), was.deduction + max(-points, 0.0))
    return found
