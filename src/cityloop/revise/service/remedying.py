"""What "where and why" speaks for, tried: a draft that says it, and a run of past decisions under that draft."""

from datetime import date, datetime

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import RuleCode, UnitId
from cityloop.domain.policy import Policy
from cityloop.packs import Problem
from cityloop.packs.layers import unarchive
from cityloop.packs.reading import read_pack
from cityloop.revise.model import BaseMoved, DraftUnsound, NothingChanged, RemedyTried, RemedyWrong
from cityloop.revise.rules import remedies
from cityloop.revise.rules.reading import Book
from cityloop.revise.service.drafting import Checked, Edits, RowSet, changed, draft_changed, draft_made, problems_of
from cityloop.revise.service.trying import ask_trial

LIMIT_MAX = 10_000


class Written(Struct, frozen=True, kw_only=True):
    """A remedy as a changed pack; `base`: the version that it changes, `worse`: what is wrong with it and was not before."""

    base: str
    checked: Checked
    worse: list[Problem]


def remedy_known(remedy: RemedyTried, policy: Policy) -> None:
    """That it says one thing, of things that are there.

    Refuses with `RemedyWrong`.
    """
    if (remedy.unit is None) == (remedy.limit is None):
        raise RemedyWrong("Say one thing to be tried: the unit that answers alone, or another limit.")
    if remedy.class_key not in policy.class_by_key:
        raise RemedyWrong(f"There is no class {remedy.class_key[:60]!r}; take one of the catalogue.")
    if remedy.area is not None and (remedy.limit is not None or remedy.area not in policy.area_by_code):
        raise RemedyWrong(f"No area {remedy.area[:30]!r} can be tried so: a limit holds everywhere, a unit in an area of areas.csv.")
    if remedy.unit is not None and remedy.unit not in policy.unit_by_id:
        raise RemedyWrong(f"There is no unit {remedy.unit[:60]!r}; take one from the pack's units.csv.")
    if remedy.limit is not None:
        if not 1 <= remedy.limit.value <= LIMIT_MAX:
            raise RemedyWrong(f"{remedy.limit.value} is no limit; give 1 to {LIMIT_MAX:,}.")
        rules = [each.code for each in policy.rules_of_class.get(remedy.class_key, ())]
        if remedy.rule not in rules:
            raise RemedyWrong(f"Name the rule whose limit is tried, one of the class: {', '.join(rules) or 'it has none'}.")


def remedy_written(raw: bytes, base: str, remedy: RemedyTried, policy: Policy, *, day: date) -> Written:
    """The pack with a remedy in it, and what the checks say of it. Slow: outside any transaction.

    Refuses with `RemedyWrong` or `NothingChanged`.
    """
    if remedy.limit is not None:
        cells = remedies.limit_row(Book(raw, base), RuleCode(remedy.rule or ""), remedy.limit)
        edits = Edits(no=1, rows=[RowSet(table="rules", cells=cells)])
    else:
        edits = Edits(no=1, duties=_duties(raw, remedy, policy, day))
    checked = changed(raw, edits)
    if checked.digest == base:
        raise NothingChanged("The pack says so already; there is nothing to try.")
    known = {(each.file, each.what) for each in problems_of(unarchive(raw))} if checked.problems else set()
    return Written(base=base, checked=checked, worse=[each for each in checked.problems if (each.file, each.what) not in known])


def _duties(raw: bytes, remedy: RemedyTried, policy: Policy, day: date) -> dict:
    """Refuses with `RemedyWrong`."""
    pack = read_pack(unarchive(raw))
    if pack.duties is None:
        raise RemedyWrong("The pack has no duty table; add one before a unit can be tried.")
    unit = policy.unit_by_id[UnitId(remedy.unit or "")]
    content = msgspec.json.decode(pack.duties.text)
    return remedies.one_unit(content, class_key=remedy.class_key, area=remedy.area, unit=unit, day=day.isoformat())


def ask_remedy(tx: Tx, remedy: RemedyTried, written: Written, *, by: str, since: datetime, until: datetime) -> str:
    """Keep the changed pack as a draft and let a period be run again under it; gives the trial's id.

    Refuses with `BaseMoved`, `DraftUnsound` or `PeriodWrong`.
    """
    draft = draft_made(tx, by=by)
    if draft.base != written.base:
        raise BaseMoved("Another version came into force meanwhile; ask for the trial again.")
    if written.worse:
        raise DraftUnsound(f"The pack would have problems: {written.worse[0].what}; choose another unit or limit.", problems=msgspec.to_builtins(written.worse))
    draft = draft_changed(tx, draft.id, draft.no, written.checked)
    return ask_trial(
        tx, by=by, digest=draft.digest, draft_id=draft.id, since=since, until=until, remedy=msgspec.json.encode(remedy).decode()
    )  # fmt: skip
