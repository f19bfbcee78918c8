"""Open a task, invite to its questionnaires, cancel it."""

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import SurveyCancelled, SurveyInvited, SurveyOpened, SurveySheet
from cityloop.domain.policy import Policy, SurveyTool
from cityloop.http import Caller
from cityloop.journal import vault_keep
from cityloop.stages.evaluate.model.survey import (
    CODE,
    CODE_DAYS,
    KEEP_DAYS,
    VISITOR,
    CancelledFor,
    Invite,
    InviteCode,
    SurveyWho,
    TaskAsked,
    TaskUnknown,
    TaskWrong,
    TooManyInvites,
    Visitors,
)
from cityloop.stages.evaluate.rules.survey import reach
from cityloop.stages.evaluate.service.survey.drawing import code_drawn, points_of, seed_drawn
from cityloop.stages.evaluate.service.survey.reaching import account_of, manages, open_task_for, task_for, today
from cityloop.stages.evaluate.store import survey as store

INVITES_MAX, INVITES_ONCE = 20_000, 1000
_texts = msgspec.json.Decoder(list[str]).decode
_code = msgspec.json.Decoder(InviteCode).decode


def open_task(tx: Tx, caller: Caller, asked: TaskAsked, *, policy: Policy) -> str:
    """Begin to evaluate: tables are given out, points drawn by lot. Gives the task's id.

    Refuses with `TaskWrong` or `TaskUnknown` of objects that are another's. Emits `SurveyOpened`.
    """
    forms = reach.task_checked(asked, policy)
    if asked.until < today(tx, policy):
        raise TaskWrong(f"{asked.until} is over; give a last day on which is still gathered.", field="until")
    if not manages(caller, list(asked.objects), policy):
        raise TaskUnknown("Some of the objects lie outside your area; choose those inside it.")
    id, seed = tx.new_id(), seed_drawn()
    objects = tuple(dict.fromkeys(asked.objects))
    points, short = points_of(tx, forms, objects, seed=seed, policy=policy)
    is_secret, hidden = asked.who is SurveyWho.mystery and bool(asked.visitors), None
    if is_secret:
        named = msgspec.json.encode(Visitors(posts=list(asked.visitors)))
        hidden = vault_keep(tx, VISITOR, f"survey/{id}", named, keep_days=KEEP_DAYS, marks=asked.visitors)
    tables = [form.code for form in forms if form.tool is SurveyTool.table]
    tx.emit(
        SurveyOpened(
            task_id=id, who=asked.who.value, forms=tuple(each.code for each in forms), objects=objects,
            first_day=asked.first_day, last_day=asked.last_day, until=asked.until, scheme=asked.scheme or None,
            sheets=tuple(SurveySheet(id=tx.new_id(), form=form, object=each) for form in tables for each in objects),
            points=points, short=short, seed=seed, visitors=() if is_secret else asked.visitors, hidden=hidden,
            by=account_of(caller), simulated=policy.simulated, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    return id


def invite(tx: Tx, caller: Caller, id: str, form: str, object: str, count: int, *, policy: Policy) -> str:
    """Draw codes, each of which opens a questionnaire about an object once.

    Refuses with `TaskUnknown`, `TaskOver`, `TaskWrong` or `TooManyInvites`. Emits `SurveyInvited`.
    """
    task = open_task_for(tx, caller, id, policy)
    if form not in _texts(task.forms) or reach.form_of(form, policy).tool is not SurveyTool.questionnaire:
        raise TaskWrong(f"{form[:40]!r} is no questionnaire of this task; choose one that is.", field="form")
    if object not in _texts(task.objects):
        raise TaskWrong(f"The task is not about {object[:40]!r}; choose one of its objects.", field="object")
    there = sum(each.invited for each in store.progress_list(tx, id))
    if not 1 <= count <= INVITES_ONCE or there + count > INVITES_MAX:
        raise TooManyInvites(f"{count} invitations beside {there} cannot be; draw 1 to {INVITES_ONCE} at once, {INVITES_MAX} in all.")
    ids = tuple(tx.new_id() for _ in range(count))
    for each in ids:
        code = code_drawn()
        content = msgspec.json.encode(InviteCode(code=code))
        vault_keep(tx, CODE, f"survey_invite/{each}", content, keep_days=CODE_DAYS, marks=(code,))
    tx.emit(SurveyInvited(task_id=id, form=form, object=object, invites=ids, by=account_of(caller), at=tx.now))
    return id


def cancel_task(tx: Tx, caller: Caller, id: str, reason: CancelledFor, *, policy: Policy) -> str:
    """End a task without numbers; of one that is put right the correction ends, and what was published stands.

    Refuses with `TaskUnknown` or `TaskOver`. Emits `SurveyCancelled`.
    """
    open_task_for(tx, caller, id, policy)
    tx.emit(SurveyCancelled(task_id=id, reason=reason.value, by=account_of(caller), at=tx.now))
    return id


class Coded(Struct, frozen=True, kw_only=True):
    """An invitation with its code; `code` None: it was erased."""

    invite: Invite
    code: str | None


def invitations(tx: Tx, caller: Caller, id: str, form: str, object: str, *, policy: Policy, unused: bool) -> list[Coded]:
    """The invitations about an object with their codes, to print or to send; `unused`: only those not answered yet.

    Refuses with `TaskUnknown`.
    """
    task_for(tx, caller, id, policy)
    rows, codes = store.invite_list(tx, id, form, object), store.code_list(tx, id, form, object)
    return [
        Coded(invite=each, code=_code(codes[each.id]).code if each.id in codes else None)
        for each in rows
        if not (unused and each.answered_at)
    ]
