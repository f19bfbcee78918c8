"""Rules after closing: who is asked and how, which verdict counts, when a case is done again, what the rates come to."""

from datetime import datetime, timedelta, timezone

import pytest
from msgspec.structs import replace
from tests.world import PACKS

from cityloop.domain import verdict_rates as rates
from cityloop.domain.closing import window_end
from cityloop.domain.facts import Solved
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import CallbackRule, Limit, LimitUnit, Source
from cityloop.packs import load
from cityloop.stages.inspect import rules
from cityloop.stages.inspect.model import (
    CaseUnderway,
    ChangedTooOften,
    CodeUnknown,
    RedoSpent,
    SaidBefore,
    WindowOver,
)

POLICY = load(PACKS / "mini")
CHINA = timezone(timedelta(hours=8))
CLOSED = datetime(2026, 3, 2, 9, tzinfo=CHINA)
END = datetime(2026, 3, 10, 0, 0, tzinfo=CHINA)  # seven natural days: the end of the ninth
ID = "0198a5b0-0000-7000-8000-000000000001"


def rule(share_ppm=1_000_000, ways=("sms", "phone", "link")):
    day = Limit(value=1, unit=LimitUnit.natural_day)
    source = Source(document="d", clause="1", date="2026")
    return CallbackRule(channel="app", share_ppm=share_ppm, ways=ways, limit=day, retry=day, source=source)


def settings(**said):
    return replace(POLICY, settings=replace(POLICY.settings, **said))


@pytest.mark.parametrize(
    ("ways", "code", "phone", "sms", "way"),
    [
        (("sms", "phone", "link"), True, True, True, "sms"),
        (("sms", "phone", "link"), True, True, False, "phone"),
        (("sms", "phone", "link"), True, False, True, "link"),
        (("sms", "phone"), True, False, True, None),
        (("link", "phone"), False, True, True, "phone"),
        (("link",), False, True, True, None),
        (("phone",), False, False, True, None),
    ],
)
def test_the_first_way_that_reaches_them(ways, code, phone, sms, way):
    reached = rules.Reached(has_code=code, has_phone=phone)
    found = rules.asked_for(rule(ways=ways), ID, 0, reached, sends_sms=sms)
    assert (found[0] if found else None) == way


@pytest.mark.parametrize(("share", "asked"), [(0, False), (1_000_000, True)])
def test_none_and_all(share, asked):
    reached = rules.Reached(has_code=True, has_phone=True)
    assert bool(rules.asked_for(rule(share), ID, 0, reached, sends_sms=False)) is asked


def test_the_reason_tells_how_the_lot_fell():
    reached = rules.Reached(has_code=True, has_phone=False)
    lot = rules.verdicts.lot_of(ID, 0)
    assert rules.asked_for(rule(lot + 1), ID, 0, reached, sends_sms=False)[1] == (
        "callback_rule:app",
        f"lot:{lot}<{lot + 1}",
    )
    assert rules.asked_for(rule(lot), ID, 0, reached, sends_sms=False) is None


def test_a_channel_without_a_rule_asks_nobody():
    reached = rules.Reached(has_code=True, has_phone=True)
    assert rules.asked_for(None, ID, 0, reached, sends_sms=True) is None


def test_the_window_ends_with_the_last_of_its_days():
    assert window_end(CLOSED, POLICY) == END
    assert window_end(CLOSED, settings(reopening_days=0)) == CLOSED


@pytest.mark.parametrize(
    ("state", "now", "changes", "by_reporter", "refusal"),
    [
        (State.closed, END, None, False, None),
        (State.closed, END, None, True, None),
        (State.closed, END, 4, True, None),
        (State.closed, END + timedelta(microseconds=1), None, True, WindowOver),
        (State.closed, CLOSED, 0, False, SaidBefore),
        (State.closed, CLOSED, 5, True, ChangedTooOften),
        (State.to_sign, CLOSED, None, True, CaseUnderway),
        (State.merged, CLOSED, None, True, CaseUnderway),
    ],
)
def test_which_verdict_counts(state, now, changes, by_reporter, refusal):
    def say():
        rules.last_word(state, END, now, changes=changes, by_reporter=by_reporter, policy=POLICY)

    if refusal is None:
        say()
    else:
        with pytest.raises(refusal):
            say()


@pytest.mark.parametrize(
    ("redos", "now", "days", "refusal"),
    [
        (0, CLOSED, 7, None),
        (1, END, 7, None),
        (2, CLOSED, 7, RedoSpent),
        (0, END + timedelta(microseconds=1), 7, WindowOver),
        (0, CLOSED, 0, WindowOver),
    ],
)
def test_when_a_case_is_done_again(redos, now, days, refusal):
    policy = settings(reopening_days=days)
    code = rules.why_no_redo(State.closed, CLOSED, redos, now, policy)
    assert code == (refusal and f"why_not.{refusal.code.removeprefix('inspect.')}")
    if refusal:
        with pytest.raises(refusal):
            rules.redo_allowed(CLOSED, redos, now, policy)
    assert rules.why_no_redo(State.handling, None, 0, now, policy) == "why_not.underway"


@pytest.mark.parametrize(
    ("given", "auto", "follows"), [("not", True, True), ("not", False, False), ("partly", True, False)]
)
def test_what_goes_on_by_itself(given, auto, follows):
    assert rules.follows_redo(Solved(given), settings(redo_auto=auto)) is follows


@pytest.mark.parametrize(
    ("solved", "satisfied", "reasons"), [("yes", "none", ()), ("not", "", ()), ("not", "not", ("x",))]
)
def test_other_codes_are_refused(solved, satisfied, reasons):
    with pytest.raises(CodeUnknown):
        rules.verdict_of(solved, satisfied, reasons)
    with pytest.raises(CodeUnknown):
        rules.tried_outcome("gone")
    with pytest.raises(CodeUnknown):
        rules.reply_kind("promise")


def test_a_reason_said_twice_stands_once():
    assert rules.verdict_of("not", "not", ("too_slow", "too_slow")).reasons == ("too_slow",)


def test_other_words_are_another_script():
    other = replace(POLICY, words={"callback.ask.solved": {"zh": "好了没有？", "en": "Is it good?"}})
    assert rules.script_of(POLICY) == rules.script_of(POLICY)
    assert rules.script_of(POLICY) != rules.script_of(other)


@pytest.mark.parametrize(
    ("counts", "partly", "value"),
    [
        ({}, 500_000, None),
        ({"solved": 3, "not": 1}, 0, 750_000),
        ({"partly": 2}, 500_000, 500_000),
        ({"partly": 2}, 0, 0),
        ({"solved": 1, "partly": 1, "not": 1}, 1_000_000, 666_666),
    ],
)
def test_the_rate_of_what_was_solved(counts, partly, value):
    assert rates.solved(counts, partly).value_ppm == value


def test_who_did_not_say_is_not_counted():
    found = rates.satisfied({"satisfied": 2, "mostly": 1, "not": 1, "none": 96}, 800_000)
    assert (found.denominator, found.value_ppm) == (4, 700_000)
    assert rates.called_back(9, 10).value_ppm == 900_000
    assert rates.redone(1, 0).value_ppm is None
