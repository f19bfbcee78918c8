"""The port of text messages: what holds for the fake holds for every provider, and no message is lost on the way."""

from collections.abc import Callable

import pytest
from tests.engines import Clock, Places

from cityloop.db import Database
from cityloop.journal import Journal, Writer
from cityloop.journal.apply import APPLY
from cityloop.notices import FakeSms, Message, MessageBox, Outgoing, Sms, SmsDown, SmsRefused, message_put, sms_named

HELLO = Message(to="13812345678", text="Is it solved?")
PROVIDERS: list[Callable[[], Sms]] = [FakeSms]  # a city's own provider is added here, and tried in the same way


@pytest.fixture(params=PROVIDERS)
def sms(request) -> Sms:
    return request.param()


def test_a_message_is_taken(sms):
    assert sms.send(HELLO, key="report/1#3") is None


def test_the_same_key_twice_is_one_message(sms):
    sms.send(HELLO, key="report/1#3")
    sms.send(HELLO, key="report/1#3")
    sms.send(HELLO, key="report/2#3")
    assert isinstance(sms, FakeSms)
    assert len(sms.sent) == 2


@pytest.mark.parametrize("message", [Message(to="", text="x"), Message(to="abc", text="x"), Message(to="13812345678", text="")])
def test_what_is_no_message_is_refused_for_good(sms, message):
    with pytest.raises(SmsRefused):
        sms.send(message, key="k")


def test_a_provider_that_is_down_says_so():
    sms = FakeSms()
    sms.is_down = True
    with pytest.raises(SmsDown):
        sms.send(HELLO, key="k")


def test_no_provider_is_built_in():
    assert sms_named("") is None
    with pytest.raises(SmsDown, match="No port"):
        sms_named("nowhere")


class Town:
    """An outbox with a provider that a test can switch off."""

    def __init__(self, database: Database, clock: Clock):
        self.clock = clock
        self.database = database
        self.writer = Writer(database, Journal(APPLY))
        self.sms = FakeSms()
        self.erased: set[str] = set()
        self.outbox = MessageBox(self.writer, lambda: self.sms, self.compose)

    def compose(self, tx, each: Outgoing) -> Message | None:
        return None if each.report_id in self.erased else Message(to="13812345678", text=each.report_id)

    def put(self, key: str, report: str = "r1") -> None:
        self.writer.change(lambda tx: message_put(tx, key=key, report_id=report, says="sms.verdict"))

    def row(self, key: str) -> Outgoing:
        with self.database.reading() as tx:
            return tx.get("outbox", Outgoing, key)


@pytest.fixture
def town(places: Places):
    clock = Clock()
    made = Town(places.open(clock=clock), clock)
    yield made
    made.writer.close()


def test_each_is_sent_once(town):
    town.put("a")
    town.put("b", "r2")
    assert (town.outbox.send(), town.outbox.send()) == (2, 0)
    assert sorted(town.sms.sent) == ["a", "b"]


def test_put_again_is_not_sent_again(town):
    """A handler that lost its place hears the fact once more."""
    town.put("a")
    town.outbox.send()
    town.put("a")
    assert (town.outbox.send(), town.row("a").outcome) == (0, "sent")


def test_it_is_tried_with_growing_pauses(town):
    town.sms.is_down = True
    town.put("a")
    waits = []
    for _ in range(5):
        before = town.clock()
        assert town.outbox.send() == 0
        waits.append((town.row("a").next_at - before).total_seconds())
        town.clock.now = town.row("a").next_at
    assert waits == [1, 2, 4, 8, 16]
    town.sms.is_down = False
    assert town.outbox.send() == 1


def test_an_answer_that_got_lost_sends_nothing_twice(town):
    """The provider took it, and nobody learned of it: the next try has the same key."""
    town.sms.loses_answer = True
    town.put("a")
    assert town.outbox.send() == 0
    town.sms.loses_answer = False
    town.clock.forward(minutes=5)
    assert (town.outbox.send(), len(town.sms.sent)) == (1, 1)


def test_a_crash_after_sending_sends_again_with_the_same_key(town):
    """At least once: what was handed over and not written down is handed over again, a minute later."""
    town.put("a")
    town.outbox.hand_over(town.outbox.take())
    assert town.outbox.send() == 0, "somebody else has it"
    town.clock.forward(minutes=2)
    assert (town.outbox.send(), len(town.sms.sent)) == (1, 1)


def test_two_processes_do_not_take_the_same(town):
    town.put("a")
    assert [len(town.outbox.take()), len(town.outbox.take())] == [1, 0]


def test_what_was_erased_is_not_sent(town):
    town.put("a")
    town.erased.add("r1")
    assert (town.outbox.send(), town.row("a").outcome, town.sms.sent) == (0, "gone", {})


def test_after_three_days_it_is_given_up(town):
    town.sms.is_down = True
    town.put("a")
    town.clock.forward(days=3, minutes=1)
    town.outbox.send()
    assert town.row("a").outcome == "given_up"


def test_the_outbox_holds_no_number_and_no_text(town):
    town.put("a")
    assert "13812345678" not in str(town.row("a"))
