"""Pure decisions of the hotline door: what may be taken, until when it is due, what the rates are."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

import msgspec

from cityloop.domain.calendar import calendar_in
from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import Dues, Mark, Satisfied, Solved
from cityloop.domain.ids import OrderId, ReportId
from cityloop.domain.policy import HotlineLimit, Limit, Policy, RequestKind
from cityloop.domain.time import due_at, due_extended, parse_given
from cityloop.doors.hotline.model import (
    BadOrder,
    ExtensionWrong,
    NotSetUp,
    Order,
    OrderAsked,
    OrderCaller,
    OrderReasonUnknown,
    OrderSound,
    OrderWords,
    ReturnTooLate,
)

E = TypeVar("E", bound=StrEnum)
CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
NUMBER = re.compile(r"[^\s/?#\x00-\x1f]{1,60}")
CHARS_MAX = 20_000  # of an order's words: longer than a report's, as nothing of an order may be lost
LINE_MAX = 500
BACK_DAYS = 366  # an order whose dispatch is older is counted from when it came
REQUEST_KINDS = {"咨询": RequestKind.consult, "求助": RequestKind.help, "投诉": RequestKind.complain, "举报": RequestKind.accuse, "建议": RequestKind.suggest}
SOLVED = {
    "解决": Solved.solved, "已解决": Solved.solved, "部分解决": Solved.partly, "未解决": Solved.no, "unsolved": Solved.no,
}  # fmt: skip
SATISFIED = {
    "满意": Satisfied.satisfied, "基本满意": Satisfied.mostly, "不满意": Satisfied.no, "未评价": Satisfied.none,
    "basically": Satisfied.mostly, "unsatisfied": Satisfied.no, "unrated": Satisfied.none,
}  # fmt: skip


def order_id(source: str, number: str) -> OrderId:
    """The id of an order: the same number of the same source is the same order, on every machine.

    >>> order_id("12345", "A-1") == order_id("12345", "A-1") != order_id("12345", "A-2")
    True
    """
    return OrderId(sha256(f"{source}\n{number}".encode()).hexdigest()[:32])


def papers_of(id: OrderId, report_id: ReportId | None) -> str:
    """The subject under which an order's words lie in the vault: its report's, so that they are erased together."""
    return f"report/{report_id}" if report_id else f"order/{id}"


def named(source: str, number: str) -> tuple[str, str]:
    """Source and number, if an order can be called so.

    Refuses with `BadOrder`.
    """
    if not CODE.fullmatch(source) or not NUMBER.fullmatch(number):
        raise BadOrder("An order has a number of 1 to 60 characters without blanks and slashes, and a source of letters and digits.")
    return source, number


def coded(given: str, kind: type[E], words: Mapping[str, E], what: str) -> E:
    """A code of ours, or the hotline's own word for it.

    Refuses with `BadOrder`.
    """
    plain = given.strip()
    if plain in words:
        return words[plain]
    if plain in tuple(kind):
        return kind(plain)
    raise BadOrder(f"{what} is none that we know; send one of {', '.join((*kind, *words))}.")


def reason_of(given: str, kind: type[E]) -> E:
    """The reason, if it is one.

    Refuses with `OrderReasonUnknown`.
    """
    if given not in tuple(kind):
        raise OrderReasonUnknown(f"{given[:40]!r} is no reason of ours; choose one of: {', '.join(kind)}.")
    return kind(given)


def order_sound(asked: OrderAsked, *, policy: Policy, now: datetime) -> OrderSound:
    """The order as it may be taken.

    Refuses with `BadOrder` or `NotSetUp`.
    """
    source, number = named(asked.source, asked.work_order_number)
    request_kind = coded(asked.work_order_category, RequestKind, REQUEST_KINDS, "workOrderCategory")
    limit_for(request_kind, policy)
    if len(asked.main_content) > CHARS_MAX:
        raise BadOrder(f"mainContent has {len(asked.main_content)} characters; at most {CHARS_MAX} are taken.")
    if not (asked.title.strip() or asked.main_content.strip()):
        raise BadOrder("The order says nothing; send a title or mainContent.")
    if asked.simulated and not policy.simulated:
        raise BadOrder("This city is real and takes no simulated orders; leave `simulated` out.")
    dispatched = moment(asked.city_dispatch_time, "cityDispatchTime", policy, now) or now
    return OrderSound(
        source=source, number=number, request_kind=request_kind, words=_words(asked), caller=_caller(asked),
        marks=tuple(sorted(mark for mark, on in _marks(asked).items() if on)),
        called_at=moment(asked.call_time, "callTime", policy, now),
        dispatched_at=min(dispatched, now), dispatch_said=bool(asked.city_dispatch_time),
        sent_at=moment(asked.send_time, "sendTime", policy, now) or dispatched,
        deadline=moment(asked.deadline, "deadline", policy, now, ahead=True), simulated=asked.simulated,
    )  # fmt: skip


def moment(given: str | None, what: str, policy: Policy, now: datetime, *, ahead: bool = False) -> datetime | None:
    """A moment as the hotline writes it; without a zone it is the city's. Their clock may be a minute ahead of ours.

    Refuses with `BadOrder`.
    """
    if not given:
        return None
    latest = now + timedelta(days=BACK_DAYS if ahead else 0, minutes=10)
    try:
        return parse_given(given, policy.week.zone, now=latest, age_days_max=3 * BACK_DAYS)
    except CityloopError as error:
        raise BadOrder(f"{what} cannot be taken: {error.detail}") from None


def limit_for(request_kind: RequestKind, policy: Policy) -> HotlineLimit:
    """The limits of such an order.

    Refuses with `NotSetUp`.
    """
    found = policy.hotline_limit.get(request_kind)
    if found is None:
        raise NotSetUp(f"The city has no limits for {request_kind}; add a row to the pack's hotline_limits.csv.")
    return found


def dues_of(sound: OrderSound, policy: Policy) -> Dues:
    """The order's own clocks, from the hotline's dispatch on."""
    limit, calendar, start = limit_for(sound.request_kind, policy), calendar_in(policy), sound.dispatched_at
    return Dues(
        start=start, sign_limit=limit.sign, sign_due=due_at(start, limit.sign, calendar), send_back_limit=limit.send_back,
        send_back_due=due_at(start, limit.send_back, calendar), contact_limit=limit.contact,
        contact_due=due_at(start, limit.contact, calendar), reply_limit=None if sound.deadline else limit.reply,
        reply_due=sound.deadline or due_at(start, limit.reply, calendar),
    )  # fmt: skip


def return_bar(order: Order, now: datetime) -> str | None:
    """Why an order can be sent back no more: a code of `order.bar.*`."""
    return "send_back_late" if now > order.send_back_due else None


def return_in_time(order: Order, now: datetime) -> None:
    """Whether an order may still be sent back.

    Refuses with `ReturnTooLate`.
    """
    if return_bar(order, now):
        raise ReturnTooLate(
            f"Order {order.number} could be sent back until {order.send_back_due.isoformat()}; ask for an exclusion instead."
        )


EXTENSION_BARS = {
    "reply_late": "The limit is over; more time is asked for before it is.",
    "extension_asked": "More time is asked for already; wait for the hotline's answer.",
    "extensions_used": "More time was granted as often as the pack allows.",
}


def extension_bar(order: Order, policy: Policy, now: datetime) -> str | None:
    """Why no more time can be asked for, however little: a code of `order.bar.*`."""
    if now > order.reply_due:
        return "reply_late"
    if order.extension_until is not None:
        return "extension_asked"
    if order.extensions >= limit_for(order.request_kind, policy).extensions_max:
        return "extensions_used"
    return None


def exclusion_bar(order: Order) -> str | None:
    """Why an exclusion cannot be asked for: a code of `order.bar.*`."""
    return f"exclusion_{order.exclusion}" if order.exclusion else None


def extended_until(order: Order, by: Limit, policy: Policy, now: datetime) -> datetime:
    """Until when the order is due if more time is granted.

    Refuses with `ExtensionWrong`.
    """
    limit, calendar = limit_for(order.request_kind, policy), calendar_in(policy)
    if bar := extension_bar(order, policy, now):
        raise ExtensionWrong(EXTENSION_BARS[bar])
    until, most = (due_extended(order.reply_due, each, calendar) for each in (by, limit.extension))
    if until > most:
        raise ExtensionWrong(f"At most {limit.extension.value} {limit.extension.unit} may be asked for.")
    return until


def marks_in(kept: str) -> tuple[Mark, ...]:
    """The marks that a row keeps."""
    return msgspec.json.decode(kept, type=tuple[Mark, ...])


def _marks(asked: OrderAsked) -> dict[Mark, bool]:
    return {
        Mark.whistle: asked.is_whistle, Mark.sudden: asked.sudden_case, Mark.escalated: asked.mention,
        Mark.repeat: asked.is_repeat, Mark.secret: asked.secret, Mark.anonymous: asked.anonymous,
    }  # fmt: skip


def _words(asked: OrderAsked) -> OrderWords:
    categories = (asked.category_one, asked.category_two, asked.category_three)
    return OrderWords(
        title=asked.title[:LINE_MAX], content=asked.main_content, address=asked.occurrence_address[:LINE_MAX],
        lon=asked.lon, lat=asked.lat, coords=asked.coords[:20], categories=tuple(each[:80] for each in categories if each),
        labels=tuple(each[:80] for each in asked.label_code[:20]),
    )  # fmt: skip


def _caller(asked: OrderAsked) -> OrderCaller | None:
    caller = OrderCaller(
        name=asked.call_user_name[:LINE_MAX], phone=asked.call_phone_number[:LINE_MAX],
        address=asked.call_user_address[:LINE_MAX], contact=asked.contact_info[:LINE_MAX],
    )  # fmt: skip
    return caller if caller != OrderCaller() else None
