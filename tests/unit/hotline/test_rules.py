"""Rules of the hotline door: the moves of an order, what may be taken, the rates."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import Mark, Satisfied, Solved
from cityloop.domain.permission import Permission
from cityloop.domain.policy import HotlineRate, RequestKind
from cityloop.doors.hotline import rules
from cityloop.doors.hotline.apply import APPLY
from cityloop.doors.hotline.model import Exclusion, Order, OrderAsked, OrderMoveForbidden, OrderState
from cityloop.doors.hotline.moves import MOVE_BY_NAME, MOVES, OVER, allowed, state_after
from cityloop.doors.hotline.rates import rates_of
from cityloop.packs import load

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
POLICY = load(Path(__file__).parents[2] / "packs" / "mini")
SETTINGS = POLICY.hotline_rates
# by hand, from standards.md 3.1 and 3.2: from where a move may be made, and where it leads
TABLE = {
    "receive": {None: "received", "returned": "received", "withdrawn": "received"},
    "sign": {"received": "signed"},
    "ask_return": {"received": "returning", "signed": "returning"},
    "grant_return": {"returning": "returned"},
    "deny_return": {"returning": "signed"},
    "contact": {"signed": "signed", "replied": "replied", "called_back": "called_back"},
    "ask_extension": {"signed": "signed"},
    "reply": {"signed": "replied"},
    "call_back": {"replied": "called_back", "called_back": "called_back"},
    "withdraw": dict.fromkeys(("received", "signed", "returning", "replied", "called_back"), "withdrawn"),
    "withdraw_again": {"returned": "returned", "withdrawn": "withdrawn"},
    "ask_exclusion": {"signed": "signed", "replied": "replied", "called_back": "called_back"},
}


@pytest.mark.parametrize("name", sorted(TABLE))
@pytest.mark.parametrize("state", [None, *OrderState])
def test_an_order_moves_as_the_table_says(name, state):
    if state in TABLE[name]:
        assert state_after(name, state) == TABLE[name][state]
    else:
        with pytest.raises(OrderMoveForbidden) as no:
            state_after(name, state)
        assert all(each.name in no.value.detail for each in allowed(state))


def test_every_move_is_told_by_a_fact_that_is_applied_and_belongs_to_one_side():
    applied = {each.__name__ for each in APPLY}
    assert {each.fact for each in MOVES} == applied
    assert {each.who for each in MOVES} == {Permission.order_send, Permission.order_answer}
    assert len(MOVE_BY_NAME) == len(MOVES)
    for state in OrderState:
        assert allowed(state), state
    assert {state for state in OrderState if all(m.who is Permission.order_send for m in allowed(state))} == OVER


def asked(**given) -> OrderAsked:
    return OrderAsked(**({"work_order_number": "H1", "title": "路灯不亮"} | given))


@pytest.mark.parametrize(
    "given",
    [
        {"work_order_number": ""}, {"work_order_number": "a/b"}, {"work_order_number": "x" * 61}, {"work_order_number": "a b"},
        {"source": "it is me"}, {"source": ""}, {"title": " "}, {"work_order_category": "表扬"},
        {"main_content": "x" * 20_001}, {"call_time": "yesterday"}, {"city_dispatch_time": "2026-03-03T00:00:00Z"},
        {"deadline": "2031-01-01T00:00:00Z"}, {"send_time": "1999-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_what_no_order_can_be_is_refused_with_a_code(given):
    with pytest.raises(CityloopError) as no:
        rules.order_sound(asked(**given), policy=POLICY, now=NOW)
    assert no.value.code == "hotline.bad_order"


def test_a_city_without_limits_takes_no_orders():
    bare = msgspec.structs.replace(POLICY, hotline=())
    with pytest.raises(CityloopError) as no:
        rules.order_sound(asked(), policy=bare, now=NOW)
    assert no.value.code == "hotline.not_set_up"


def test_the_hotlines_own_words_and_its_clock_that_runs_ahead_are_taken():
    sound = rules.order_sound(
        asked(work_order_category="投诉", city_dispatch_time="2026-03-02T09:08:00+08:00", secret=True, is_whistle=True),
        policy=POLICY, now=NOW,
    )  # fmt: skip
    assert (sound.request_kind, sound.dispatched_at, sound.dispatch_said) == (RequestKind.complain, NOW, True)
    assert sound.marks == (Mark.secret, Mark.whistle)


def order(**given) -> Order:
    plain = dict.fromkeys(("sign_due", "send_back_due", "contact_due", "reply_due"), NOW + timedelta(days=1))
    return Order(
        **{
            "id": "o", "no": 1, "source": "12345", "number": "H1", "round_no": 1, "state": OrderState.signed,
            "request_kind": RequestKind.help, "report_id": None, "words": "w", "caller": None, "marks": "[]", "received_at": NOW,
            "called_at": None, "sent_at": NOW, "dispatched_at": NOW, "dues": "{}",
        } | plain | given
    )  # fmt: skip


LATE = NOW + timedelta(days=2)


@pytest.mark.parametrize(
    ("orders", "now", "response", "solve", "satisfy", "weighted"),
    [
        ([], NOW, (0, 0), (0, 0), (0, 0), None),
        ([order()], NOW, (0, 0), (0, 0), (0, 0), None),  # nothing is due yet
        ([order()], LATE, (0, 1), (0, 0), (0, 0), None),  # nobody spoke to the caller in time
        ([order(contacted_at=NOW)], NOW, (1_000_000, 1), (0, 0), (0, 0), None),
        ([order(contacted_at=LATE)], LATE, (0, 1), (0, 0), (0, 0), None),
        ([order(contacted_at=NOW, solved=Solved.partly, satisfied=Satisfied.mostly)], NOW,
         (1_000_000, 1), (500_000, 1), (800_000, 1), 755_000),
        ([order(contacted_at=NOW, solved=Solved.no, satisfied=Satisfied.none)], NOW,
         (1_000_000, 1), (0, 1), (0, 0), None),  # not rated is not asked
        ([order(state=OrderState.withdrawn, solved=Solved.solved)], LATE, (0, 0), (0, 0), (0, 0), None),
        ([order(exclusion=Exclusion.granted, solved=Solved.no)], LATE, (0, 0), (0, 0), (0, 0), None),
        ([order(exclusion=Exclusion.denied, solved=Solved.solved)], LATE, (0, 1), (1_000_000, 1), (0, 0), None),
    ],
)  # fmt: skip
def test_the_rates_are_exact_and_say_what_they_are_made_of(orders, now, response, solve, satisfy, weighted):
    rates = rates_of(orders, SETTINGS, now)
    for share, wanted in ((rates.response, response), (rates.solve, solve), (rates.satisfy, satisfy)):
        assert (share.numerator_ppm, share.denominator) == wanted
    assert rates.weighted_ppm == weighted


def test_a_rate_that_weighs_nothing_is_not_missed():
    only = {HotlineRate.weight_response: 10}
    assert rates_of([order(contacted_at=NOW)], only, NOW).weighted_ppm == 1_000_000
    assert rates_of([order(contacted_at=NOW)], {}, NOW).weighted_ppm is None
