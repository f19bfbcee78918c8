"""Random days after closing: whatever people do, in whatever order handlers hear of it, nobody is asked twice about one closing."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places
from tests.world import Said, World, the_app

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.policy import CallbackRule, Limit, LimitUnit, Source
from cityloop.stages.inspect import service
from cityloop.stages.inspect.rules import Reached, asked_for
from cityloop.stages.inspect.rules.verdicts import lot_of

CODES = {"r1": "7G2KD9QW4X1M", "r2": "5HPT3V0NQ8ZR", "r3": "9WABC2M0KTQ7"}
DEEDS = ("complete", "judge r1", "judge r2", "judge r3", "call r3", "try r3", "redo", "again", "wait", "days")
steps = st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from(("solved", "partly", "not"))), max_size=14)
QUIET = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def open_town(places: Places, tmp_path) -> Iterator:
    """Makes a town with one case of three reporters."""
    with the_app() as client:
        towns = []

        def begin() -> World:
            clock = Clock()
            clock.set("2026-03-02 09:00")
            town = World(places.open(clock=clock, name=f"city{len(towns)}"), clock, tmp_path, client)
            towns.append(town)
            town.report("r1", kind="rubbish", cell="a1", channel="app", code=CODES["r1"])
            town.report("r2", kind="rubbish", cell="a1", channel="app", code=CODES["r2"], joins="r1")
            town.report(
                "r3", kind="rubbish", cell="a1", channel="hotline", code=CODES["r3"], phone="13812345678", joins="r1"
            )
            return town

        yield begin
        for town in towns:
            town.close()


def do(town: World, what: str, said: str) -> None:
    """One step; the city may say no."""
    deed, _, name = what.partition(" ")
    try:
        match deed:
            case "complete":
                if town.state("r1") in ("to_sign", "to_dispatch"):
                    town.complete_all("r1")
            case "judge":
                town.judge(CODES[name], said)
            case "call":
                town.call_back(name, said)
            case "try":
                town.try_call(name)
            case "redo":
                town.redo("r1")
            case "again":
                town.tell_again()
            case "wait":
                town.later(minutes=20)
            case "days":
                town.later(days=3)
                town.drain()
    except Said as no:
        if no.status not in (404, 409, 429):
            raise
    except AttributeError:
        if town.callback(name) is not None:
            raise  # else nobody is called yet


def check(town: World) -> None:
    """What holds whenever one looks."""
    case = [told for told in town.told("r1") if told.subject.startswith("case/")]
    closings = {told.no for told in case if isinstance(told.fact, f.CaseClosed)}
    redone = [told for told in case if isinstance(told.fact, f.CaseRedone)]
    assert len(redone) <= 2
    for name in CODES:
        mine = [told for told in town.told(name) if told.subject.startswith("report/")]
        asked = Counter(told.fact.closing for told in mine if isinstance(told.fact, f.CallbackAsked))
        assert asked == Counter(closings), f"{name} was asked about {asked}, closed were {closings}"
        ends = Counter(told.fact.callback_id for told in mine if isinstance(told.fact, f.CallbackLapsed))
        assert all(count == 1 for count in ends.values())
        for told in mine:
            if isinstance(told.fact, f.VerdictGiven):
                assert told.fact.closing in closings
                assert stood_closed(case, told)


def stood_closed(case: list[f.Told], verdict: f.Told) -> bool:
    """Whether the case was closed, by that closing, as the verdict was given."""
    before = [each for each in case if each.seq < verdict.seq and isinstance(each.fact, f.CaseClosed | f.CaseRedone)]
    return bool(before) and isinstance(before[-1].fact, f.CaseClosed) and before[-1].no == verdict.fact.closing


def told_again(town: World) -> None:
    """Every handler hears everything once more, and what holds must hold still."""
    town.tell_again()
    check(town)


@QUIET
@given(steps)
def test_each_reporter_is_asked_once_about_each_closing(open_town, walk):
    town = open_town()
    for what, said in [("complete", ""), *walk]:
        do(town, what, said)
        check(town)
    told_again(town)
    assert town.replayed() == []


def test_a_planted_second_asking_is_seen(open_town, monkeypatch):
    """Planted: nobody looks whether the reporter was asked already. The law must notice, or the database does."""
    town = open_town()
    do(town, "complete", "")
    monkeypatch.setattr(service.callbacks, "callback_of", lambda tx, report, case, closing: None)
    with pytest.raises(AssertionError):
        told_again(town)


def test_a_crash_between_closing_and_asking_loses_nobody(open_town, monkeypatch):
    """The handler dies after it told of one reporter: nothing of it stays, and all three are asked afterwards."""
    town = open_town()
    whole = service.callbacks._ask

    def dies(tx: Tx, case, report, closing, **more) -> None:
        whole(tx, case, report, closing, **more)
        if report.id == town.reports["r2"]:
            raise RuntimeError("the machine stops here")

    monkeypatch.setattr(service.callbacks, "_ask", dies)
    with pytest.raises(AssertionError, match="RuntimeError"):
        town.complete_all("r1")
    monkeypatch.setattr(service.callbacks, "_ask", whole)
    town.later(minutes=30)
    town.drain()
    check(town)


RULE = CallbackRule(
    channel="app", share_ppm=100_000, ways=("link",), limit=Limit(value=1, unit=LimitUnit.natural_day),
    retry=Limit(value=1, unit=LimitUnit.natural_day), source=Source(document="d", clause="1", date="2026"),
)  # fmt: skip


@given(st.integers(0, 2**62))
@settings(max_examples=5, deadline=None)
def test_the_lot_is_fair_and_the_same_for_everybody(first):
    """Of ten thousand reports one in ten is drawn, whatever their ids begin with; drawn again, the same ones."""
    ids = [f"{first + n:032x}" for n in range(10_000)]
    reached = Reached(has_code=True, has_phone=False)
    drawn = [id for id in ids if asked_for(RULE, id, 0, reached, sends_sms=False)]
    assert 850 < len(drawn) < 1150  # five standard deviations
    assert drawn == [id for id in ids if lot_of(id, 0) < RULE.share_ppm]
    assert len(set(drawn) & {id for id in ids if lot_of(id, 1) < RULE.share_ppm}) < 200  # another round, another lot
