"""A made-up hotline's system, in memory: it sends orders, hears what the city answers, and says things back in its time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import MessageKind
from cityloop.domain.ids import OrderId, ReportId
from cityloop.domain.policy import Policy
from cityloop.doors.hotline import rules, store
from cityloop.doors.hotline.model import MessageAsked, OrderAsked, Taken
from cityloop.doors.hotline.port import Deed as Told
from cityloop.doors.hotline.port import OrderParcel
from cityloop.doors.hotline.routes import message_of
from cityloop.doors.hotline.service import take_message, take_order
from cityloop.notices import Answer
from cityloop.simulation.agenda import Agenda
from cityloop.simulation.reports import Telling

SOURCE = "12345"
HOUR, DAY = 60, 1440  # minutes
KINDS = ("consult", "help", "complain", "accuse", "suggest")
KIND_WEIGHTS = (4, 46, 36, 10, 4)
SAYS, SENDS = "hotline_says", "hotline_sends"  # its deeds in the agenda
DOWN = (0.35, 0.38)  # the share of the days within which it cannot be reached


class Ordered(Struct, kw_only=True):
    """An order as the hotline knows it, and what its caller told."""

    asked: OrderAsked
    said: Telling
    messages: int = 0


class MadeUpHotline:
    """The port's other side. It takes each key once."""

    source = SOURCE

    def __init__(self, agenda: Agenda, days: tuple[datetime, datetime]):
        self.agenda = agenda
        self.begin, self.end = days
        self.orders: dict[str, Ordered] = {}
        self.once: dict[str, Told] = {}
        self.refused = 0
        self.now: Callable[[], datetime] = lambda: self.begin

    # what it sends

    def call(self, tx: Tx, said: Telling, policy: Policy) -> ReportId | None:
        """Somebody called: an order goes to the city, mostly at once; sometimes what is said of it comes first."""
        random = self.agenda.random
        number = f"{tx.now:%Y%m%d}{len(self.orders) + 1:06d}"
        asked = OrderAsked(
            work_order_number=number, source=SOURCE, simulated=True, work_order_category=random.choices(KINDS, KIND_WEIGHTS)[0],
            title=said.text[:20], main_content=said.text, occurrence_address=said.address,
            lon=said.truth.lon if said.placed else None, lat=said.truth.lat if said.placed else None,
            call_user_name=said.contact.name if said.contact else "",
            call_phone_number=said.contact.phone if said.contact else "",
            call_time=_text(tx.now - timedelta(minutes=4)), city_dispatch_time=_text(tx.now), send_time=_text(tx.now),
            is_whistle=random.random() < 0.05, sudden_case=random.random() < 0.03, is_repeat=random.random() < 0.06,
            secret=random.random() < 0.02,
        )  # fmt: skip
        self.orders[number] = Ordered(asked=asked, said=said)
        if random.random() < 0.02:  # what is said of it overtakes it
            self.say(tx, number, MessageKind.urge, policy=policy)
            self.agenda.after(tx.now, SENDS, number, HOUR, 4 * HOUR, asked)
            return None
        self._beside(tx.now, number)
        return self.send(tx, asked, policy)

    def send(self, tx: Tx, asked: OrderAsked, policy: Policy) -> ReportId | None:
        """Send an order; gives the report that it becomes, if it is new."""
        self.orders[asked.work_order_number].asked = asked
        id, taken = take_order(tx, asked, policy=policy)
        return store.order_get(tx, id).report_id if taken is Taken.now else None

    def say(self, tx: Tx, number: str, kind: MessageKind, *, policy: Policy, **said: Any) -> OrderId:
        """Say something of an order."""
        order = self.orders[number]
        order.messages += 1
        asked = MessageAsked(at=_text(tx.now), source=SOURCE, message_id=f"{number}-{order.messages}", **said)
        return take_message(tx, SOURCE, number, message_of(asked, kind, policy=policy, now=tx.now), asked.note)[0]

    def _beside(self, now: datetime, number: str) -> None:
        """What the hotline does with an order that nobody answers to."""
        agenda, asked = self.agenda, self.orders[number].asked
        if agenda.happens(0.05):
            agenda.after(now, SENDS, number, 2, 30, asked)  # the very same again
        if agenda.happens(0.05):
            changed = replace(asked, main_content=f"{asked.main_content}（市民补充：仍未解决。）", is_repeat=True)
            agenda.after(now, SENDS, number, HOUR, DAY, changed)
        for kind, share, least, most in (
            (MessageKind.urge, 0.08, 4 * HOUR, 3 * DAY), (MessageKind.withdrawal, 0.03, 30, 2 * DAY),
            (MessageKind.callback, 0.01, 2 * HOUR, DAY),
        ):  # fmt: skip
            if agenda.happens(share):
                agenda.after(now, SAYS, number, least, most, kind)

    # what it hears

    def _take(self, parcel: OrderParcel) -> Answer:
        if self._is_down():
            self.refused += 1
            return Answer(status=503)
        if parcel.key in self.once:
            return Answer(status=200)
        self.once[parcel.key] = parcel.deed
        now, number, agenda = self.now(), parcel.number, self.agenda
        match parcel.deed:
            case Told.send_back:
                agenda.after(now, SAYS, number, HOUR, 8 * HOUR, MessageKind.return_answer)
            case Told.extend:
                agenda.after(now, SAYS, number, HOUR, 8 * HOUR, MessageKind.extension_answer)
            case Told.ask_exclusion:
                agenda.after(now, SAYS, number, 2 * HOUR, 2 * DAY, MessageKind.exclusion_answer)
            case Told.reply:
                agenda.after(now, SAYS, number, 4 * HOUR, 3 * DAY, MessageKind.callback)
        return Answer(status=200)

    sign = send_back = contact = extend = reply = ask_exclusion = _take

    def _is_down(self) -> bool:
        length = self.end - self.begin
        return self.begin + length * DOWN[0] < self.now() < self.begin + length * DOWN[1]

    # its deeds

    def do(self, tx: Tx, number: str, what: str, about: Any, policy: Policy) -> ReportId | None:
        """What it had put down to do; gives a report that came of it."""
        if what == SENDS:
            again = replace(about, send_time=_text(tx.now)) if about != self.orders[number].asked else about
            if again.city_dispatch_time is None:
                again = replace(again, city_dispatch_time=_text(tx.now))
            return self.send(tx, again, policy)
        self._answer(tx, number, about, policy)
        return None

    def _answer(self, tx: Tx, number: str, kind: MessageKind, policy: Policy) -> None:
        random, said = self.agenda.random, {}
        match kind:
            case MessageKind.return_answer:
                said = {"granted": random.random() < 0.6}
            case MessageKind.extension_answer:
                said = {"granted": random.random() < 0.75}
            case MessageKind.exclusion_answer:
                said = {"granted": random.random() < 0.5}
            case MessageKind.callback:
                solved = random.choices(("解决", "部分解决", "未解决"), (82, 10, 8))[0]
                satisfied = random.choices(("满意", "基本满意", "不满意", "未评价"), (68, 17, 9, 6))[0]
                said = {"is_solved": solved, "is_satisfaction": satisfied, "is_true": random.random() < 0.9}
        if kind is MessageKind.extension_answer and said["granted"]:
            order = store.order_get(tx, rules.order_id(SOURCE, number))
            said |= {"until": order.extension_until.isoformat()} if order.extension_until else {}
        self.say(tx, number, kind, policy=policy, **said)
        if kind is MessageKind.return_answer and said["granted"] and random.random() < 0.3:  # whose is it? ours after all
            asked = self.orders[number].asked
            later = tx.now + timedelta(minutes=random.randrange(HOUR, 8 * HOUR))
            self.agenda.at(later, SENDS, number, replace(asked, main_content=f"{asked.main_content}（再次派单）", city_dispatch_time=None))
        if kind is MessageKind.withdrawal and random.random() < 0.3:  # the same once more, under another id
            self.agenda.after(tx.now, SAYS, number, 10, HOUR, MessageKind.withdrawal)


def _text(moment: datetime) -> str:
    return moment.isoformat()
