"""Use cases of what the hotline sends: an order comes, comes again, changed; and what it says of an order.

Nothing that the hotline sends is lost and nothing counts twice, in whatever order it comes: an order's id follows from its
number, a message has an id, and what is said of an order that has not come is kept until it does.
"""

import msgspec

from cityloop.cases import case_hold, report_get
from cityloop.cases.model import SOURCE_WITHDRAWN, marks_shown
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import Channel, Message, MessageKind, VaultRef
from cityloop.domain.ids import CaseId, OrderId, ReportId
from cityloop.domain.lifecycle import OVER as CASE_OVER
from cityloop.domain.policy import Policy
from cityloop.doors.hotline import rules, store
from cityloop.doors.hotline.model import (
    CALLER,
    CALLER_DAYS,
    NOTE,
    WORDS,
    WORDS_DAYS,
    Order,
    OrderAsked,
    OrderSound,
    OrderText,
    Taken,
)
from cityloop.doors.hotline.moves import OVER, state_after
from cityloop.doors.hotline.telling import contact_given, report_tries
from cityloop.journal import vault_keep
from cityloop.stages.intake import ReportAsked, receive_report, sound_of

_encode = msgspec.json.encode


def take_order(tx: Tx, asked: OrderAsked, *, policy: Policy) -> tuple[OrderId, Taken]:
    """Take an order: the first time it becomes a report and goes its way; the same again is known; changed, it is updated.

    Dispatched again after it was sent or taken back, it begins a new round.
    Refuses with `BadOrder` or `NotSetUp`. Emits `WorkOrderReceived` or `WorkOrderUpdated`, and what waited for it.
    """
    sound = rules.order_sound(asked, policy=policy, now=tx.now)
    id = rules.order_id(sound.source, sound.number)
    order = store.order_hold(tx, id)
    if order is None or (order.over_at and sound.dispatch_said and sound.dispatched_at > order.over_at):
        _receive(tx, id, sound, order.round_no + 1 if order else 1, policy)
        return id, Taken.now
    if order.state in OVER or sound.sent_at < order.sent_at or not _differs(tx, order, sound):
        return id, Taken.known
    words, caller = _kept(tx, rules.papers_of(id, order.report_id), sound)
    tx.emit(
        f.WorkOrderUpdated(
            order_id=id, request_kind=sound.request_kind, words=words, caller=caller, marks=sound.marks, sent_at=sound.sent_at,
            dues=_dues_again(order, sound, policy), at=tx.now,
        )
    )  # fmt: skip
    return id, Taken.now


def take_message(tx: Tx, source: str, number: str, message: Message, note: str = "") -> tuple[OrderId, Taken]:
    """Take what the hotline says of an order: at once, or when the order comes; the same again is known.

    Refuses with `BadOrder` or `OrderMoveForbidden`. Emits the fact of its kind, or `WorkOrderMessageKept`.
    """
    source, number = rules.named(source, number)
    id = rules.order_id(source, number)
    if message.kind in (MessageKind.withdrawal, MessageKind.return_answer):  # locks are taken in one order, cases first
        tx.hold([f"order/{id}", *(f"case/{each}" for each in store.case_ids_of(tx, id))])
    order = store.order_hold(tx, id)
    if store.message_taken(tx, id, message.id) or _is_stale(order, message):
        return id, Taken.known
    if order is not None:
        state_after(_move_of(order, message), order.state)
    if note.strip():
        text = _encode(OrderText(text=note[: rules.CHARS_MAX]))
        papers = rules.papers_of(id, order.report_id if order else None)
        kept = vault_keep(tx, NOTE, papers, text, keep_days=WORDS_DAYS)
        message = msgspec.structs.replace(message, note=kept)
    if order is None:
        tx.emit(
            f.WorkOrderMessageKept(
                order_id=id, message=message.id, source=source, number=number, body=message, at=tx.now
            )
        )  # fmt: skip
        return id, Taken.kept
    _act(tx, order, message)
    return id, Taken.now


def _receive(tx: Tx, id: OrderId, sound: OrderSound, round_no: int, policy: Policy) -> None:
    waiting = store.messages_waiting(tx, id)
    withdrawals = [each for each in waiting if each.kind is MessageKind.withdrawal]
    over = [each for each in withdrawals if each.at >= sound.dispatched_at or not sound.dispatch_said]
    taken_back = sorted(over, key=lambda each: each.at)[-1:]  # the last counts, whichever came first
    acted = [each for each in waiting if each.kind not in (MessageKind.withdrawal, MessageKind.return_answer)]
    acted += taken_back  # last: what else was said is said of an order that lives
    report_id = None if taken_back else _report(tx, sound, policy)
    words, caller = _kept(tx, rules.papers_of(id, report_id), sound)
    tx.emit(
        f.WorkOrderReceived(
            order_id=id, source=sound.source, number=sound.number, round_no=round_no, request_kind=sound.request_kind,
            report_id=report_id, words=words, caller=caller, marks=sound.marks, called_at=sound.called_at,
            sent_at=sound.sent_at, dues=rules.dues_of(sound, policy), simulated=sound.simulated, at=tx.now,
            dropped=tuple(each.id for each in waiting if each not in acted),
        )
    )  # fmt: skip
    for message in acted:
        _act(tx, store.order_get(tx, id), message)


def _is_stale(order: Order | None, message: Message) -> bool:
    """Whether an order was taken back and given to us again before we heard that it was taken back."""
    return order is not None and message.kind is MessageKind.withdrawal and message.at < order.dispatched_at


def _move_of(order: Order, message: Message) -> str:
    match message.kind:
        case MessageKind.urge:
            return "urge"
        case MessageKind.withdrawal:
            return "withdraw_again" if order.state in OVER else "withdraw"
        case MessageKind.callback:
            return "call_back" if order.replied_at else "call_back_early"
        case MessageKind.return_answer:
            return "grant_return" if message.granted else "deny_return"
        case MessageKind.extension_answer:
            return "answer_extension"
        case MessageKind.exclusion_answer:
            return "decide_exclusion"


def _act(tx: Tx, order: Order, message: Message) -> None:
    """Tell what the hotline said as the fact of its kind, and what follows for the case."""
    told = {"order_id": order.id, "message": message.id, "said_at": message.at, "note": message.note, "at": tx.now}
    match message.kind:
        case MessageKind.urge:
            tx.emit(f.WorkOrderUrged(**told))
        case MessageKind.withdrawal:
            tx.emit(f.WorkOrderWithdrawn(**told))
            if order.state not in OVER:
                _source_ended(tx, order)
        case MessageKind.callback:
            tx.emit(
                f.WorkOrderCalledBack(
                    surveyed_at=message.at, solved=message.solved, satisfied=message.satisfied, is_true=message.is_true,
                    **told,
                )
            )  # fmt: skip
        case MessageKind.return_answer:
            tx.emit(f.WorkOrderReturnAnswered(granted=bool(message.granted), **told))
            if message.granted:
                _source_ended(tx, order)
        case MessageKind.extension_answer:
            tx.emit(f.WorkOrderExtensionAnswered(granted=bool(message.granted), until=message.until, **told))
        case MessageKind.exclusion_answer:
            tx.emit(f.WorkOrderExclusionDecided(granted=bool(message.granted), **told))


def _source_ended(tx: Tx, order: Order) -> None:
    """The order is over. Its case goes on where others told of it too; else somebody is told who decides.

    Emits `CaseSourceWithdrawn`.
    """
    if order.report_id is None:
        return
    case_id = report_get(tx, order.report_id).case_id
    if case_id:
        source_withdrawn(tx, case_id, order.id)


def source_withdrawn(tx: Tx, case_id: CaseId, order_id: OrderId) -> None:
    """Mark an open case of which no report is left that was not taken back.

    Emits `CaseSourceWithdrawn`.
    """
    case = case_hold(tx, case_id)
    known = SOURCE_WITHDRAWN in marks_shown(case.marks)
    if case.state not in CASE_OVER and not known and store.others_count(tx, case.id) == 0:
        tx.emit(f.CaseSourceWithdrawn(case_id=case.id, order_id=order_id, at=tx.now))


def _report(tx: Tx, sound: OrderSound, policy: Policy) -> ReportId:
    """The report that an order becomes. What a report cannot hold stays in the order: nothing of it stands in the way."""
    for fields in report_tries(sound.words, policy.settings):
        asked = ReportAsked(channel=Channel.hotline, simulated=sound.simulated, **fields)
        try:
            plain = sound_of(asked, policy=policy, now=tx.now)
        except CityloopError:
            continue
        return receive_report(tx, contact_given(plain, sound.caller), by=None).id
    raise AssertionError("words alone are always a report")


def _kept(tx: Tx, subject: str, sound: OrderSound) -> tuple[VaultRef, VaultRef | None]:
    words = vault_keep(tx, WORDS, subject, _encode(sound.words), keep_days=WORDS_DAYS)
    caller = vault_keep(tx, CALLER, subject, _encode(sound.caller), keep_days=CALLER_DAYS) if sound.caller else None
    return words, caller


def _differs(tx: Tx, order: Order, sound: OrderSound) -> bool:
    """Whether an order that came again says something else. What was erased is not looked at: it shall not come back."""
    if (sound.request_kind, sound.marks) != (order.request_kind, rules.marks_in(order.marks)):
        return True
    if sound.dispatch_said and sound.dispatched_at > order.dispatched_at:
        return True
    if sound.deadline is not None and sound.deadline != order.reply_due and order.extensions == 0:
        return True
    words, caller = store.vault_bytes(tx, order.words), store.vault_bytes(tx, order.caller)
    if words is not None and words != _encode(sound.words):
        return True
    if order.caller is None:
        return sound.caller is not None
    return caller is not None and sound.caller is not None and caller != _encode(sound.caller)


def _dues_again(order: Order, sound: OrderSound, policy: Policy) -> f.Dues:
    """The clocks of a changed order: they begin with its last dispatch, and what was granted stays granted."""
    start = max(sound.dispatched_at, order.dispatched_at) if sound.dispatch_said else order.dispatched_at
    dues = rules.dues_of(msgspec.structs.replace(sound, dispatched_at=start), policy)
    return msgspec.structs.replace(dues, reply_due=order.reply_due) if order.extensions else dues
