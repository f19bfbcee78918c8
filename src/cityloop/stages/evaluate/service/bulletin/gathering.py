"""What a bulletin is made of: the figures of its days, by each group, and what counts against each unit."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.policy import Policy
from cityloop.domain.policy.scoring import Objects
from cityloop.printing import Document
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Against, Answer, By, Only, Part
from cityloop.stages.evaluate.model.bulletin import BY, About, BulletinRow, Correction, Job, Kind, Late, Material
from cityloop.stages.evaluate.model.published import SheetRow
from cityloop.stages.evaluate.model.scoring import Sheet
from cityloop.stages.evaluate.rules import bulletin as bulletins
from cityloop.stages.evaluate.service.fair.sheets import thawed
from cityloop.stages.evaluate.service.figures import asked_from, figures, items_behind
from cityloop.stages.evaluate.service.scoring import scheme_of, sheet_of
from cityloop.stages.evaluate.store import bulletins as store
from cityloop.stages.evaluate.store.fair.exclusions import excluded_in
from cityloop.stages.evaluate.store.fair.sheets import sheet_last
from cityloop.stages.evaluate.store.survey import corrections_of


def document_again(tx: Tx, row: BulletinRow, *, policy: Policy) -> Document:
    """The document of a bulletin that was made, once more: out of tables that were made from the facts until its `seq`."""
    return bulletins.composed(row, material_of(tx, row, policy=policy, now=row.as_of, seq=row.seq), policy)


def material_of(tx: Tx, about: About, *, policy: Policy, now: datetime, seq: int | None = None) -> Material:
    """The answers that a bulletin is made of, as of a moment. `seq`: the size of the journal where the tables know none.

    Refuses with `PeriodWrong`, `AreaUnknown`, `FilterUnknown` or `SchemeUnknown`.
    """

    def answered(by: By, *against: Against) -> Answer:
        asked = asked_from(by, (about.first_day, about.last_day), policy=policy, now=now, only=about.only)
        found = figures(tx, asked, policy=policy, against=against)
        return found if seq is None else replace(found, seq=seq)

    units = answered(By.unit, *Against)
    replaces = _replaced(tx, about)
    sheet, published = _scores(tx, about, units, policy, now) if about.kind is Kind.assessment else (None, None)
    return Material(
        units=units, classes=answered(By.minor_class), streets=answered(By.street), channels=answered(By.channel),
        course=answered(By.day), late=tuple(_late(tx, about, units, policy, now)) if about.kind is Kind.assessment else (),
        sheet=sheet, published=published, replaces=replaces,
        corrections=tuple(_corrections(tx, about, published)) if replaces else (),
    )  # fmt: skip


def _replaced(tx: Tx, about: About) -> BulletinRow | None:
    """In whose place a bulletin stands that comes by itself; the first of its days in nobody's."""
    if isinstance(about, BulletinRow):
        return store.bulletin_find(tx, about.corrects) if about.corrects else None
    id = store.bulletin_of(tx, about, BY) if isinstance(about, Job) and about.by == BY else None
    return store.bulletin_find(tx, id) if id else None


def _corrections(tx: Tx, about: About, published: SheetRow | None) -> Iterator[Correction]:
    """What was put right of these days: their scores, and what was gathered for them."""
    if published and published.reason:
        yield Correction(of="scores", version=published.version, reason=published.reason)
    for each in corrections_of(tx, about.first_day, about.last_day):
        if each.reason:
            is_older = published is not None and published.as_of < each.published_at
            yield Correction(of="survey_only" if is_older else "survey", version=each.version, reason=each.reason)


def _scores(tx: Tx, about: About, units: Answer, policy: Policy, now: datetime) -> tuple[Sheet | None, SheetRow | None]:
    """The scores as they were published: by the scheme that is asked for, else by the first of the pack's of units by which they
    were; where none was, or of an area, those of now, less what is excluded; none where the pack has no such scheme.

    Refuses with `SchemeUnknown`.
    """
    if about.scheme:
        schemes = [scheme_of(about.scheme, policy)]
    else:
        schemes = [each for each in policy.scoring.schemes.values() if each.objects is Objects.unit]
    for each in schemes if about.only == Only() else ():
        row = sheet_last(tx, each.code, about.first_day.isoformat(), about.last_day.isoformat())
        if row is not None:
            return thawed(row, units.span), row
    if not schemes:
        return None, None
    left_out = excluded_in(tx, units.span)
    return sheet_of(tx, schemes[0].code, units.span, policy=policy, now=now, only=about.only, exclusions=left_out), None


def _late(tx: Tx, about: About, units: Answer, policy: Policy, now: datetime) -> Iterator[Late]:
    """Of each unit, the first of the rows that count against it."""
    asked = asked_from(By.unit, (about.first_day, about.last_day), policy=policy, now=now, only=about.only)
    for group in units.groups:
        counts = {figure.metric: figure.numerator for figure in group.figures}
        for code in bulletins.AGAINST if group.group else ():
            if counts[code]:
                metric = rules.metric_named(code, Part.numerator, policy)
                items = items_behind(
                    tx, asked, metric, Part.numerator, policy=policy, group=group.group, limit=bulletins.LATE_MAX
                )  # fmt: skip
                yield Late(unit=group.group, metric=code, items=tuple(items), count=counts[code])
