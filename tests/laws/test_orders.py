"""An order is never lost and never twice, in whatever order, and however often, the hotline's messages come.

The model is a plain list of what came. What must hold of an order follows from the hotline's own clock alone: it lives if
its last dispatch is later than its last withdrawal, it has the words that were sent last, one report for each time it began.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.door_world import DoorWorld, order_body, the_doors_app
from tests.engines import Clock, Places

from cityloop.domain import facts as f
from cityloop.domain.facts import Message, MessageKind, Solved
from cityloop.doors.hotline import rules, service
from cityloop.doors.hotline.model import OrderAsked, OrderMoveForbidden, OrderWords
from cityloop.doors.hotline.moves import OVER
from cityloop.doors.hotline.store import messages_waiting, order_find, vault_bytes
from cityloop.journal import story

BASE = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
numbers = count()
orders = st.tuples(st.just("order"), st.integers(1, 3), st.integers(0, 2))  # its dispatch, its version
urges = st.tuples(st.just("urge"), st.integers(0, 2), st.just(0))
withdrawals = st.tuples(st.just("withdrawal"), st.integers(0, 2), st.sampled_from([15, 25, 35]))
callbacks = st.tuples(st.just("callback"), st.integers(0, 3), st.sampled_from([12, 22, 32]))
comings = st.lists(st.one_of(orders, orders, urges, withdrawals, callbacks), max_size=14)


def at(minutes: int) -> datetime:
    return BASE + timedelta(minutes=minutes)


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[DoorWorld]:
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_doors_app() as client:
        world = DoorWorld(places.open(clock=clock), clock, tmp_path, client)
        yield world
        world.close()


def come(town: DoorWorld, number: str, event: tuple[str, int, int]) -> bool:
    """Let one message come; whether it was taken."""
    kind, which, how = event
    if kind == "order":
        body = order_body(
            number, main_content=f"{which}.{how}", city_dispatch_time=at(10 * which).isoformat(),
            send_time=at(10 * which + how).isoformat(),
        )  # fmt: skip
        asked = msgspec.convert(body, OrderAsked)
        use_case = lambda tx: service.take_order(tx, asked, policy=town.policy)
    else:
        said = Message(
            kind=MessageKind(kind), id=f"{kind}:{which}:{how}", at=at(how), solved=list(Solved)[which % 3],
        )  # fmt: skip
        use_case = lambda tx: service.take_message(tx, "12345", number, said)
    try:
        town.writer.change(use_case, actor="account:hotline")
    except OrderMoveForbidden:
        return False
    return True


def look(town: DoorWorld, number: str):
    id = rules.order_id("12345", number)
    with town.database.reading() as tx:
        order = order_find(tx, id)
        words = vault_bytes(tx, order.words) if order else None
        return order, words, [told.fact for told in story(tx, f"order/{id}")], messages_waiting(tx, id)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(comings)
@example([("withdrawal", 0, 15), ("withdrawal", 1, 25), ("order", 1, 0), ("order", 2, 0)])
@example([("order", 1, 0), ("withdrawal", 0, 15), ("withdrawal", 1, 25), ("order", 2, 0), ("order", 3, 0)])
def test_whatever_comes_in_whatever_order_nothing_is_lost_and_nothing_is_twice(town, came):
    number = f"N{next(numbers)}"
    taken = [event for event in came if come(town, number, event)]
    order, words, facts, waiting = look(town, number)
    dispatches = [event for event in came if event[0] == "order"]
    said = {event for event in taken if event[0] != "order"}
    if not dispatches:
        assert order is None
        assert {each.id for each in waiting} == {f"{kind}:{which}:{how}" for kind, which, how in said}
        assert [type(each) for each in facts] == [f.WorkOrderMessageKept] * len(said), "each is kept, and once"
        return
    assert order is not None, "an order that came is there"
    assert waiting == [], "what waited for it waits no longer"

    last_out = max((event[2] for event in came if event[0] == "withdrawal"), default=-1)
    lives = max(10 * event[1] for event in dispatches) > last_out
    assert (order.state not in OVER) == lives

    begun = [each for each in facts if type(each) is f.WorkOrderReceived]
    starts = [each.dues.start for each in begun]
    assert starts == sorted(set(starts)), "it begins anew with a later dispatch only"
    assert [each.round_no for each in begun] == list(range(1, len(begun) + 1))
    with town.database.reading() as tx:
        made = [each.report_id for each in begun if each.report_id]
        assert all(tx.value("SELECT 1 FROM report WHERE city = :city AND id = :id", id=id) for id in made)
    assert len(set(made)) == len(made)
    if last_out == -1:
        assert len(begun) == len(made) == 1, "never taken back, it is one report"
        newest = max(dispatches, key=lambda event: (10 * event[1] + event[2]))
        assert msgspec.json.decode(words, type=OrderWords).content == f"{newest[1]}.{newest[2]}"
        assert order.urges == len({event for event in said if event[0] == "urge"})
        calls = {(event[2], f"callback:{event[1]}:{event[2]}"): event[1] for event in said if event[0] == "callback"}
        assert order.solved == (list(Solved)[calls[max(calls)] % 3] if calls else None), "the newest call-back counts"

    done = [each.message for each in facts if each.message and type(each) is not f.WorkOrderMessageKept]
    assert len(done) == len(set(done)), "no message is done twice"
