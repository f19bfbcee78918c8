"""Use cases of inspecting: load, decide, emit."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from cityloop.cases import Case, Task, TaskKind, case_hold, task_list_of
from cityloop.cases.approvals import call_off
from cityloop.cases.assists import REWORK, ask_assists
from cityloop.cases.notes import PHOTO_KEEP_DAYS, keep_note
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import (
    CaseClosed,
    CaseInspected,
    CaseReworked,
    InspectionAsked,
    ResultRejected,
    RuleKept,
    SelfHandlingPassed,
)
from cityloop.domain.ids import AccountId, CaseId, PostId, TaskId, UnitId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Limit, Policy
from cityloop.domain.time import due_at
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.people.store import post_list_of
from cityloop.stages.inspect import rules
from cityloop.stages.inspect.model import FAILED, NO_POST_COVERS, TooManyPhotos

WORK = (TaskKind.handle, TaskKind.assist, TaskKind.clear, TaskKind.transfer)  # what an inspection is about


def ask_inspection(tx: Tx, case_id: CaseId, handled_task: TaskId, *, policy: Policy, now: datetime) -> None:
    """Ask a collector to look at the result; where no post is found, ask whoever inspects there, and say why.

    Refuses with `MoveForbidden`. Emits `InspectionAsked`.
    """
    case = case_hold(tx, case_id)
    post = rules.inspector_for(policy, case.cell, *_who_did(tx, case))
    why = () if post else (NO_POST_COVERS,)
    _tell_asked(tx, case, handled_task, post, why, policy=policy, now=now)


def ask_again(tx: Tx, case_id: CaseId, *, post: PostId, policy: Policy, now: datetime) -> CaseId:
    """Ask another post to inspect, of any place: the duty leader names it.

    Refuses with `PostUnable`, `OwnWork` or `MoveForbidden`. Emits `InspectionAsked`.
    """
    case = case_hold(tx, case_id)
    state_after(InspectionAsked.__name__, case.state)
    named = rules.inspector_named(policy, post, *_who_did(tx, case))
    _tell_asked(tx, case, last_work(tx, case).id, named, ("by_hand",), policy=policy, now=now)
    return case.id


def inspect_case(
    tx: Tx,
    case_id: CaseId,
    *,
    passed: bool,
    photos: Sequence[StoredPhoto],
    note: str,
    by: AccountId,
    units: Collection[UnitId],
    policy: Policy,
    now: datetime,
) -> CaseId:
    """Tell what was seen on site. `units` are those that the inspector sits in.

    Refuses with `OwnWork`, `TooManyPhotos`, `NoteTooLong` or `MoveForbidden`. Emits `CaseInspected`.
    """
    case = case_hold(tx, case_id)
    state_after(CaseInspected.__name__, case.state)
    work = _works(tx, case)
    rules.another(
        f"account:{by}", {each.ended_by for each in work} | {each.signed_by for each in work}, units, _units_of(work)
    )
    if len(photos) > policy.settings.photos_max:
        raise TooManyPhotos(f"{len(photos)} photos are too many; send at most {policy.settings.photos_max}.")
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    refs = tuple(keep_photo(tx, each, f"case/{case.id}", keep_days=PHOTO_KEEP_DAYS) for each in photos)
    tx.emit(
        CaseInspected(
            case_id=case.id, task_id=case.task_id, passed=passed, by=by, photos=refs, note=kept, at=now
        )
    )  # fmt: skip
    return case.id


def check_self_handled(tx: Tx, case_id: CaseId, task_id: TaskId, *, policy: Policy, now: datetime) -> None:
    """Draw by the pack's share whether somebody else looks at what a collector put right; else close it by rule.

    Emits `InspectionAsked`, or `SelfHandlingPassed` and `CaseClosed`.
    """
    case = case_hold(tx, case_id)
    share_ppm = policy.settings.self_inspect_ppm
    if rules.is_drawn(case.id, share_ppm):
        ask_inspection(tx, case.id, task_id, policy=policy, now=now)
        return
    tx.emit(SelfHandlingPassed(case_id=case.id, task_id=task_id, share_ppm=share_ppm, at=now))
    settle_case(tx, case.id, passed=True, policy=policy, now=now)


def settle_case(tx: Tx, case_id: CaseId, *, passed: bool, policy: Policy, now: datetime) -> None:
    """Close an inspected case, or send it back to the unit that did the work, with the limit that it kept.

    Refuses with `MoveForbidden`. Emits `CaseClosed`, `CaseReworked`, or `ResultRejected` where no unit did the work.
    """
    case = case_hold(tx, case_id)
    state_after(CaseClosed.__name__ if passed else CaseReworked.__name__, case.state)
    if passed:
        call_off(tx, case, CaseClosed.__name__, now=now, whoever=True)
        in_time = case.handled_at is not None and case.due_at is not None and case.handled_at <= case.due_at
        tx.emit(CaseClosed(case_id=case.id, by=None, on_time=in_time, at=now))
        return
    work, calendar = last_work(tx, case), calendar_in(policy)
    if work.unit is None:  # put right on the spot, or by another system: now a unit must be found
        dispatch_limit = policy.settings.dispatch_limit
        due = due_at(now, dispatch_limit, calendar)
        tx.emit(
            ResultRejected(case_id=case.id, reason=FAILED, dispatch_due=due, dispatch_limit=dispatch_limit, at=now)
        )  # fmt: skip
        return
    limit = _limit_kept(case, work)
    task_id = TaskId(tx.new_id())
    tx.emit(
        CaseReworked(
            case_id=case.id, task_id=task_id, unit=work.unit, limit=limit, reason=FAILED,
            assist=msgspec.json.decode(work.assist, type=tuple[UnitId, ...]),
            sign_due=due_at(now, policy.settings.sign_limit, calendar), sign_limit=policy.settings.sign_limit,
            due_at=due_at(now, limit, calendar), at=now,
        )
    )  # fmt: skip
    helped = _helped_with(tx, case, work)
    ask_assists(tx, case.id, task_id, helped, limit=limit, why=REWORK, policy=policy, now=now)


def _tell_asked(
    tx: Tx, case: Case, handled: TaskId, post: PostId | None, why: tuple[str, ...], *, policy: Policy, now: datetime
) -> None:
    limit = policy.settings.inspect_limit
    tx.emit(
        InspectionAsked(
            case_id=case.id, task_id=tx.new_id(), handled_task=handled, post=post, limit=limit,
            due_at=due_at(now, limit, calendar_in(policy)), why=why, at=now,
        )
    )  # fmt: skip


def _works(tx: Tx, case: Case) -> list[Task]:
    """The tasks of doing it and of helping with it."""
    return [task for task in task_list_of(tx, case.id) if task.kind in WORK]


def last_work(tx: Tx, case: Case) -> Task:
    """The task of handling that was given last; not one that only helped."""
    work = [task for task in _works(tx, case) if task.kind is not TaskKind.assist]
    return max(work, key=lambda task: (task.given_at, task.id))


def _helped_with(tx: Tx, case: Case, work: Task) -> list[UnitId]:
    """The units that helped the work to its end; without guests there is none."""
    if not case.guests:
        return []
    done = [task for task in _works(tx, case) if task.kind is TaskKind.assist and task.outcome == "finished"]
    return list(dict.fromkeys(task.unit for task in done if task.unit and task.given_at >= work.given_at))


def _limit_kept(case: Case, work: Task) -> Limit:
    """The limit of the work; where another system gave a deadline only, that of the rule under which the case goes on."""
    if work.time_limit:
        return msgspec.json.decode(work.time_limit, type=Limit)
    assert case.rule_kept, f"case {case.id} goes on under no rule"
    return msgspec.json.decode(case.rule_kept, type=RuleKept).limit


def _units_of(work: Sequence[Task]) -> frozenset[UnitId]:
    """The units that did the work or helped with it; not those that sent it back."""
    done = [task for task in work if task.outcome == "finished"]
    helped = [unit for task in done for unit in msgspec.json.decode(task.assist, type=list[UnitId])]
    return frozenset([*(task.unit for task in done if task.unit), *helped])


def _who_did(tx: Tx, case: Case) -> tuple[frozenset[UnitId], frozenset[PostId]]:
    """The units that did the work, and the posts of the accounts that finished it."""
    work = _works(tx, case)
    accounts = {task.ended_by.removeprefix("account:") for task in work if task.outcome == "finished" and task.ended_by}
    return _units_of(work), frozenset(post for account in sorted(accounts) for post in post_list_of(tx, account))
