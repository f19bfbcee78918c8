"""Deadlines that a corrected calendar moves, for all stages, a part to a transaction."""

import functools
from collections.abc import Callable
from datetime import datetime

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import DueMoved
from cityloop.domain.ids import CaseId
from cityloop.domain.policy import Policy
from cityloop.stages.handle import rules
from cityloop.stages.handle.model import Running
from cityloop.stages.handle.store import case_list_now, case_list_running


def move_dues(tx: Tx, *, policy: Policy, now: datetime, after: CaseId | None = None) -> int:
    """Compute the deadline of every running limit anew, and move those that the policy's calendar changes.

    At most those of `PART_MAX` cases at once, in the order of their ids, from beyond `after`; gives how many moved. Done
    again from the beginning, it moves what is left. Emits `DueMoved`.
    """
    count = functools.partial(rules.dues_moved, settings=policy.settings, calendar=calendar_in(policy), now=now)
    more = True
    while more:
        ids, more = _part(tx, count, after)
        tx.hold(f"case/{id}" for id in ids)  # then read once more: somebody may have ended what ran
        moved = [fact for case in case_list_now(tx, ids) for fact in count(case)]
        for fact in rules.marked(moved, more=more):
            tx.emit(fact)
        if moved:
            return len(moved)
        after = ids[-1] if ids else None
    return 0


def _part(tx: Tx, count: Callable[[Running], list[DueMoved]], after: CaseId | None) -> tuple[list[CaseId], bool]:
    """The next cases with a limit to be moved, and whether more wait beyond them."""
    found: list[CaseId] = []
    page = case_list_running(tx, after)
    while page and len(found) <= rules.PART_MAX:
        found += [case.id for case in page if count(case)]
        page = case_list_running(tx, page[-1].id)
    return found[: rules.PART_MAX], len(found) > rules.PART_MAX
