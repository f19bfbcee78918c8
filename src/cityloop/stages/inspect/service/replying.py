"""Use cases of answering a reporter: a draft from what became of it, what a reply lacks, and the reply itself."""

from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.cases import Case, Report, TaskKind, case_get, report_get, task_list_of
from cityloop.cases.callbacks import callback_last
from cityloop.cases.notes import Note
from cityloop.db import Tx
from cityloop.domain.advice import bases_of, steps_for
from cityloop.domain.facts import ReplyGiven, ReportUnderstood
from cityloop.domain.ids import AccountId, ReportId
from cityloop.domain.lack import Lack
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy, RequestKind
from cityloop.domain.private import for_all
from cityloop.domain.said import Said
from cityloop.domain.telling import Telling
from cityloop.journal import story
from cityloop.journal.vault import VaultRow
from cityloop.stages.inspect import rules
from cityloop.stages.inspect.model import NoWords, ReplyKind, ReplyLacks
from cityloop.stages.inspect.service.callbacks import words_kept

QUOTED_CHARS = 30
COURTESY = frozenset({ReplyKind.thanks, ReplyKind.sorry})
_said = msgspec.json.Decoder(Said).decode
_note = msgspec.json.Decoder(Note).decode


class Draft(Struct, frozen=True, kw_only=True):
    """A reply to begin with, and what it would lack."""

    text: str
    lacks: tuple[Lack, ...]


def reply_to(
    tx: Tx, report_id: ReportId, *, kind: str, text: str, by: AccountId, policy: Policy, now: datetime
) -> ReportId:
    """Tell the reporter something in the city's name: they read it with their tracking code.

    Refuses with `CodeUnknown`, `NoWords`, `NoteTooLong`, or `ReplyLacks` where the pack asks for more. Emits `ReplyGiven`.
    """
    tx.hold([f"report/{report_id}"])
    report = report_get(tx, report_id)
    said = rules.reply_kind(kind)
    kept = words_kept(tx, report.id, text, policy)
    if kept is None:
        raise NoWords("The reply says nothing; write what the reporter shall read.")
    if policy.settings.reply_needs:
        lacking = rules.needed(
            lacks_of_reply(tx, report_id, kind=kind, text=text, policy=policy, now=now), policy.settings.reply_needs
        )
        if lacking:
            raise ReplyLacks(f"The city asks more of a reply; mend: {', '.join(lacking)}.")
    tx.emit(ReplyGiven(report_id=report.id, reply_id=tx.new_id(), by=by, kind=said.value, words=kept, at=now))
    return report.id


def lacks_of_reply(
    tx: Tx, report_id: ReportId, *, kind: str, text: str, policy: Policy, now: datetime
) -> tuple[Lack, ...]:
    """What a reply lacks, held against what was asked and what became of it.

    Refuses with `CodeUnknown`.
    """
    report = report_get(tx, report_id)
    case = case_get(tx, report.case_id) if report.case_id else None
    return rules.lacks_of(text, _stands(tx, report, case, rules.reply_kind(kind), policy), now)


def draft_reply(tx: Tx, report_id: ReportId, *, kind: str, language: str, policy: Policy, now: datetime) -> Draft:
    """A reply from what became of the report, in the city's own sentences.

    Refuses with `CodeUnknown`.
    """
    report = report_get(tx, report_id)
    case = case_get(tx, report.case_id) if report.case_id else None
    asked = rules.reply_kind(kind)
    tell = Telling(policy=policy, language=language)
    text = tell.word(f"reply.draft.{asked.value}") if asked in COURTESY else _draft(tx, report, case, tell)
    return Draft(text=text, lacks=rules.lacks_of(text, _stands(tx, report, case, asked, policy), now))


def _stands(tx: Tx, report: Report, case: Case | None, kind: ReplyKind, policy: Policy) -> rules.Stands:
    row = tx.get("vault", VaultRow, report.said)
    said = _said(row.bytes) if row else Said()
    known = policy.class_by_key.get(case.class_key) if case and case.class_key else None
    callback = callback_last(tx, report.id)
    return rules.Stands(
        asked=f"{said.text} {said.address}".strip(), names=(*known.name.values(), *known.synonyms) if known else (),
        units=tuple(name for unit in policy.units for name in unit.name.values()), request=_request(tx, report),
        refused=case is not None and case.state is State.not_accepted, courtesy=kind in COURTESY,
        due=callback.due_at if callback and callback.ended_at is None else None,
        service_phone=policy.settings.service_phone,
    )  # fmt: skip


def _request(tx: Tx, report: Report) -> RequestKind | None:
    told = [each.fact for each in story(tx, f"report/{report.id}") if isinstance(each.fact, ReportUnderstood)]
    return told[0].request.kind if told and told[0].request else None


def _draft(tx: Tx, report: Report, case: Case | None, tell: Telling) -> str:
    """Whom it concerns, what was done by whom and when, with which result, on which basis; what one may do now."""
    what = tell.kind(case.class_key) if case and case.class_key else _quoted(tx, report) or tell.word("reply.draft.it")
    said = [tell.word("reply.draft.hello", day=_day(report.received_at, tell), what=what)]
    settings = tell.policy.settings
    if case is None or case.state in (State.reported, State.verifying, State.to_file):
        said.append(tell.word("reply.draft.looked_at"))
    elif case.state is State.not_accepted:
        reason = tell.word(f"filing.reason.{case.refused_for}") if case.refused_for else ""
        said.append(tell.word("reply.draft.refused", reason=reason, day=_day(case.closed_at or _began(case), tell)))
        said.append(tell.word("reply.draft.basis", basis=_basis(case, tell)))
    elif case.state is State.closed:
        said.append(
            tell.word("reply.draft.done", unit=tell.unit(case.unit), day=_day(case.handled_at or _began(case), tell))
        )
        if done := _done(tx, case):
            said.append(tell.word("reply.draft.note", note=done.rstrip("。.")))
        said.append(tell.word("reply.draft.closed", day=_day(case.closed_at or _began(case), tell)))
        if settings.reopening_days:
            said.append(tell.word("reply.draft.window", days=settings.reopening_days))
    else:
        due = case.due_at or case.clock_due
        said.append(
            tell.word(
                "reply.draft.underway",
                unit=tell.unit(case.unit) or tell.word("reply.draft.desk"),
                day=_day(due, tell) if due else "—",
            )
        )
    if settings.service_phone:
        said.append(tell.word("reply.draft.phone", phone=settings.service_phone))
    return tell.word("reply.draft.between").join([*said, tell.word("reply.draft.thanks_end")])


def _quoted(tx: Tx, report: Report) -> str:
    """The beginning of what was said, as anybody may read it."""
    row = tx.get("vault", VaultRow, report.said)
    return for_all(_said(row.bytes).text)[:QUOTED_CHARS] if row else ""


def _began(case: Case) -> datetime:
    return case.filed_at or case.opened_at


def _done(tx: Tx, case: Case) -> str:
    """What the unit noted last, as anybody may read it."""
    notes = [
        task.note
        for task in task_list_of(tx, case.id)
        if task.kind is TaskKind.handle and task.outcome == "finished" and task.note
    ]
    row = tx.get("vault", VaultRow, notes[-1]) if notes else None
    return for_all(_note(row.bytes).text) if row else ""


def _basis(case: Case, tell: Telling) -> str:
    """The law of the usual way; else the rule that the pack has for the class."""
    bases = bases_of(steps_for(tell.policy, case.class_key, case.rule))
    rules_of = tell.policy.rules_of_class.get(case.class_key, ()) if case.class_key else ()
    sources = bases or tuple(each.source for each in rules_of[:1])
    return tell.word("reply.draft.and").join(f"{each.document.partition(';')[0]}{each.clause}" for each in sources)


def _day(moment: datetime, tell: Telling) -> str:
    at = moment.astimezone(tell.zone)
    return tell.word("reply.draft.day", month=at.month, day=at.day, name=f"{at:%B}")
