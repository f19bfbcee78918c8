"""The deeds of the simulated staff: each one call of a stage's use case, by the account that would make it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random

from msgspec import Struct

from cityloop.cases import Case, case_get, stages_in, task_get
from cityloop.db import Tx
from cityloop.domain.errors import CityloopError
from cityloop.domain.ids import AccountId, CaseId, PostId, ReportId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.simulation.agenda import Agenda, Deed
from cityloop.simulation.crew import Crew
from cityloop.simulation.reports import Truth
from cityloop.stages.dispatch import dispatch_case
from cityloop.stages.filing import RefusalReason, accept_case, file_case, refuse_case, verify_case
from cityloop.stages.filing.model import PlaceAsked, VerifyFirst
from cityloop.stages.handle import ReturnReason, finish_task, reach_stage, return_task, sign_task
from cityloop.stages.inspect import inspect_case

FOUND = 0.92  # share of verifications that find what was reported
PASSED = 0.88  # share of inspections that pass
DONE_SAID = (
    "已清理完毕，路面恢复整洁。",
    "已修复并试用，工作正常。",
    "现场已处理，垃圾清运干净。",
    "已劝离并恢复原状。",
    "损坏部件已更换完成。",
)
SEEN_SAID = ("现场情况属实。", "已到现场查看。", "")


class World(Struct, kw_only=True):
    """What a deed needs."""

    policy: Policy
    crew: Crew
    agenda: Agenda
    random: Random
    truths: Mapping[ReportId, Truth]


def do(tx: Tx, deed: Deed, world: World) -> bool:
    """Do a deed as the account that would; whether it could be done. A rule may say no: somebody was faster."""
    case = case_get(tx, CaseId(deed.case_id))
    by = DOERS[deed.what](world, case, deed)
    if by is None:
        return False
    before, tx.actor = tx.actor, f"account:{by}"
    changes = tx.changes
    try:
        DEEDS[deed.what](tx, case, by, world, tx.now)
    except CityloopError:
        assert tx.changes == changes, f"{deed.what} was refused after it had written"
        return False
    finally:
        tx.actor = before
    return True


def _accept(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    truth = world.truths.get(ReportId(case.report_id))
    right = truth is None or (case.class_key == truth.class_key and case.rule == truth.rule)
    place = None if case.cell or truth is None else PlaceAsked(lon=truth.lon, lat=truth.lat)
    accept_case(
        tx, case.id, policy=world.policy, now=now, class_key=None if right else truth.class_key,
        rule=None if right else truth.rule, place=place,
    )  # fmt: skip


def _refuse(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    reason = world.random.choice((RefusalReason.below_condition, RefusalReason.not_ours, RefusalReason.private_matter))
    refuse_case(tx, case.id, reason=reason.value, note="", policy=world.policy, now=now)


def _verify(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    found = world.random.random() < FOUND
    note = world.random.choice(SEEN_SAID)
    verify_case(tx, case.id, found=found, by=by, note=note, policy=world.policy, now=now)


def _file(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    try:
        file_case(tx, case.id, policy=world.policy, now=now)
    except VerifyFirst:  # nobody found it on site, or nobody was sent
        reason = RefusalReason.not_found
        refuse_case(tx, case.id, reason=reason.value, note="", policy=world.policy, now=now)


def _dispatch(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    unit = None if case.duties not in (None, "[]") else world.random.choice(sorted(world.crew.of_unit))
    dispatch_case(tx, case.id, policy=world.policy, now=now, unit=unit)


def _sign(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    sign_task(tx, case.id, by=by, now=now)
    assert case.due_at, "a case that waits to be signed for has a deadline"
    world.agenda.finish(case.id, now, case.due_at)


def _return(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    reason = world.random.choice((ReturnReason.not_ours, ReturnReason.not_ours, ReturnReason.wrong_place))
    return_task(tx, case.id, reason=reason.value, note="", by=by, policy=world.policy, now=now)


def _finish(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    note = world.random.choice(DONE_SAID)
    task = task_get(tx, case.task_id)
    assert task, "a case that is handled has a task"
    for step in stages_in(task.stages)[task.stage or 0 : -1]:
        reach_stage(tx, case.id, stage=step.code, note="", by=by, policy=world.policy, now=now)
    finish_task(tx, case.id, photos=(), note=note, by=by, policy=world.policy, now=now)


def _inspect(tx: Tx, case: Case, by: AccountId, world: World, now: datetime) -> None:
    passed = world.random.random() < PASSED
    units = {post.unit for post in world.policy.posts if world.crew.of_post.get(post.id) == by}
    inspect_case(
        tx, case.id, passed=passed, photos=(), note=world.random.choice(SEEN_SAID), by=by, units=units,
        policy=world.policy, now=now,
    )  # fmt: skip


def _whoever(permission: Permission) -> Callable[[World, Case, Deed], AccountId | None]:
    return lambda world, case, deed: world.crew.with_permission(permission)


def _handler(world: World, case: Case, deed: Deed) -> AccountId | None:
    return world.crew.of(case.unit)


def _collector(world: World, case: Case, deed: Deed) -> AccountId | None:
    return world.crew.at(PostId(deed.post)) if deed.post else world.crew.with_permission(Permission.case_inspect)


DEEDS: dict[str, Callable[[Tx, Case, AccountId, World, datetime], None]] = {
    "accept": _accept, "refuse": _refuse, "verify": _verify, "file": _file, "dispatch": _dispatch, "sign": _sign,
    "return": _return, "finish": _finish, "inspect": _inspect,
}  # fmt: skip
DOERS: dict[str, Callable[[World, Case, Deed], AccountId | None]] = {
    "accept": _whoever(Permission.case_accept), "refuse": _whoever(Permission.case_file), "verify": _collector,
    "file": _whoever(Permission.case_file), "dispatch": _whoever(Permission.case_dispatch), "sign": _handler,
    "return": _handler, "finish": _handler, "inspect": _collector,
}  # fmt: skip
