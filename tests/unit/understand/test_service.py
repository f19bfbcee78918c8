"""Understand as it runs: a report in, one fact out, on both engines."""

from functools import lru_cache

import msgspec
import pytest

from cityloop import cases, desk
from cityloop.domain.facts import CaseClosed, CaseFiled, Problem, ReportUnderstood, RuleKept, Where
from cityloop.domain.policy import Level
from cityloop.journal import Delivery, Handler, Journal, Writer, erase, story
from cityloop.journal.apply import APPLY
from cityloop.packs import load
from cityloop.places import locate
from cityloop.stages import intake, understand

KEY = "gbt30428_2_2013/"
LON, LAT = 112.53, 28.48
LAMP = "路灯不亮，晚上一片漆黑，请来人修理"


@lru_cache(1)
def policy():
    return load("demo")


class World:
    """A database with the demo city's policy, in which intake and understand run."""

    def __init__(self, database, clock):
        self.clock = clock
        self.policy = policy()
        self.writer = Writer(database, Journal({**APPLY, **cases.APPLY, CaseClosed: _closed}))
        on = {fact: tuple(self._bound(each) for each in reacts) for fact, reacts in understand.ON.items()}
        self.delivery = Delivery(self.writer, [Handler(name="understand", on=on, ahead=self._ahead)])

    def _bound(self, react):
        return lambda tx, told: react(tx, told, self.policy)

    def _ahead(self, tx, told):
        understand.AHEAD(tx, told, self.policy)

    def received(self, text, **asked) -> str:
        sound = intake.sound_of(intake.ReportAsked(text=text, **asked), policy=self.policy, now=self.clock())
        return self.writer.change(lambda tx: intake.receive_report(tx, sound).id)

    def understood(self, text, **asked) -> ReportUnderstood:
        id = self.received(text, **asked)
        self.delivery.drain()
        return self.facts(f"report/{id}")[-1]

    def facts(self, subject):
        with self.writer.database.reading() as tx:
            return [told.fact for told in story(tx, subject)]

    def filed(self, key, where, text="x", **asked) -> str:
        """A case of this class at this place, filed by hand."""
        rule = self.policy.rules_of_class[key][0]
        report = self.received(text, **asked)

        def use_case(tx):
            id = tx.new_id()
            tx.emit(
                CaseFiled(
                    case_id=id, number=id, problem=Problem(class_key=key, rule=rule.code, where=where),
                    rule=RuleKept(code=rule.code, limit=rule.limit, source=rule.source), report_id=report,
                    level=Level.city, dispatch_due=tx.now, automatic=False, opened=False, confidence_ppm=0, at=tx.now,
                ),
                first=True,
            )  # fmt: skip
            return id

        return self.writer.change(use_case)

    def closed(self, id) -> None:
        self.writer.change(lambda tx: tx.emit(CaseClosed(case_id=id, by=None, on_time=True, at=tx.now)))


def _closed(tx, told):
    """As the spine does it, from whatever state."""
    case = cases.case_get(tx, told.fact.case_id)
    tx.put(
        "case_file", msgspec.structs.replace(case, no=told.no, state="closed", is_open=False, closed_at=told.fact.at)
    )


@pytest.fixture
def world(places, clock):
    clock.set("2026-03-06 09:00")
    return World(places.open(clock=clock), clock)


def test_class_place_and_component_are_told_and_the_machine_is_alone(world):
    lamp = next(each for each in world.policy.components if each.class_key == KEY + "component/0137")
    fact = world.understood(LAMP, lon=lamp.lon + 0.0001, lat=lamp.lat)
    assert fact.proposals[0].class_key == KEY + "component/0137"
    assert (fact.where.cell, fact.where.component) == (lamp.cell, lamp.code)
    assert (fact.alone, fact.why) == (True, ())
    assert fact.model == f"words/1+{world.policy.digest[:8]}"


@pytest.mark.parametrize(
    ("text", "asked", "why"),
    [
        (LAMP, {}, "place_unknown"),
        ("东岚区" + LAMP, {}, "place_coarse"),
        (LAMP, {"address": "青石街道 3 号"}, "place_coarse"),
        (LAMP, {"lon": 112.4941, "lat": 28.4531}, "place_outside_grid"),
        ("请问社保卡怎么办", {"lon": LON, "lat": LAT}, "class_unknown"),
    ],
)
def test_what_is_not_known_keeps_the_machine_from_deciding(world, text, asked, why):
    fact = world.understood(text, **asked)
    assert not fact.alone
    assert why in [each.split(":")[0] for each in fact.why] or (
        why == "class_unknown" and fact.why[0].startswith("confidence")
    )


def test_a_place_that_words_name_is_proposed_and_never_taken(world):
    fact = world.understood("解放路与和平路路口" + LAMP)
    (place,) = fact.places
    assert (place.kind, place.code, place.apart_m) == ("crossing", "r004+r011", None)
    assert place.score_ppm == 970_000
    here = locate(world.policy, place.lon, place.lat)
    assert (fact.where.cell, fact.where.lon) == (None, None)
    assert (fact.where.district, fact.where.community) == (here.district, here.community)  # the area is known
    assert not fact.alone
    assert "place_coarse" in fact.why


def test_a_name_that_two_lanes_bear_is_offered_twice(world):
    fact = world.understood("幸福巷" + LAMP)
    assert [each.code for each in fact.places] == ["r036", "r043"]
    assert fact.where == Where()  # they lie in two districts
    told = world.understood("南圃街道幸福巷" + LAMP)
    assert [each.code for each in told.places] == ["r043"]
    assert told.where.street == "990103003"


def test_a_point_far_from_what_the_words_name_is_looked_at(world):
    lamp = next(each for each in world.policy.components if each.class_key == KEY + "component/0137")
    here = {"lon": lamp.lon, "lat": lamp.lat}
    far = max(world.policy.landmarks, key=lambda each: (each.lon - lamp.lon) ** 2 + (each.lat - lamp.lat) ** 2)
    near = min(
        (each for each in world.policy.landmarks if each.ring),
        key=lambda each: (each.lon - lamp.lon) ** 2 + (each.lat - lamp.lat) ** 2,
    )

    fact = world.understood(far.name["zh"] + LAMP, **here)
    (place,) = fact.places
    assert (place.code, fact.where.cell) == (far.code, lamp.cell)  # the point stays the place
    assert place.apart_m > world.policy.settings.words_off_m
    assert fact.why == (f"place_differs:{place.apart_m}>500",)
    assert not fact.alone

    fact = world.understood(near.name["zh"] + LAMP, **here)
    assert (fact.places, fact.why) == ((), ())


def test_of_a_private_class_the_words_tell_no_place(world):
    fact = world.understood("解放路123号门口有流浪汉露宿街头，天太冷了")
    assert fact.proposals[0].class_key == KEY + "event/0498"
    assert fact.places == ()


def test_a_private_place_is_told_as_its_cell(world):
    fact = world.understood("桥下有流浪汉露宿街头，天太冷了", lon=LON, lat=LAT)
    assert fact.proposals[0].class_key == KEY + "event/0498"
    assert fact.where == Where(
        cell=fact.where.cell, community=fact.where.community, street=fact.where.street, district=fact.where.district
    )
    assert fact.where.cell


def test_an_open_case_nearby_may_be_the_same(world):
    key = KEY + "event/0113"
    case = world.filed(key, locate(world.policy, LON, LAT))
    fact = world.understood("路上有坑，路面坑洼", lon=LON + 0.0001, lat=LAT)
    assert (fact.join.case_id, fact.join.distance_m) == (case, 10)
    assert fact.recurs is None
    far = world.understood("路上有坑，路面坑洼", lon=LON + 0.01, lat=LAT)
    assert far.join is None


def test_a_case_of_the_same_matter_is_proposed_and_keeps_nobody_waiting(world):
    """Fumes and a dirty street before one door may be one thing: told, and never joined by the machine."""
    other, kin = world.filed(KEY + "event/0113", here := locate(world.policy, LON, LAT)), world.filed(KEY + "event/0114", here)
    fact = world.understood("路上有坑，路面坑洼", lon=LON, lat=LAT)
    assert [(each.case_id, each.other_class) for each in fact.joins] == [(other, None), (kin, KEY + "event/0114")]
    assert fact.joins[1].confidence_ppm <= 500_000
    assert fact.join.case_id == other

    world.closed(other)
    fact = world.understood("路上有坑，路面坑洼", lon=LON, lat=LAT)
    assert ([each.case_id for each in fact.joins], fact.join) == ([kin], None)
    assert not any(each.startswith("join_possible") for each in fact.why)


def test_what_is_said_alike_speaks_for_a_case_once_the_words_are_found_by(world):
    """Words are compared by the index of words; a case that is not in it yet is compared by place and time."""
    address, text = "霁川市解放路123号门口", "路上有坑，路面坑洼"
    case = world.filed(KEY + "event/0113", locate(world.policy, LON, LAT), text, address=address)
    before = world.understood(text, address=address, lon=LON + 0.0002, lat=LAT).join
    world.writer.change(lambda tx: desk.search.index_case(tx, case))
    after = world.understood(text, address=address, lon=LON + 0.0002, lat=LAT).join
    assert "words_alike:1000000" not in before.reasons
    assert set(after.reasons) - set(before.reasons) == {"words_alike:1000000", "place_written"}
    assert after.confidence_ppm > before.confidence_ppm


def test_a_case_is_too_old_to_be_the_same_after_the_class_s_hours(world):
    of = world.policy.class_by_key[KEY + "event/0499"]
    world.filed(of.key, locate(world.policy, LON, LAT))
    world.clock.forward(hours=of.join_hours, seconds=1)
    assert world.understood("有车违停，乱停车", lon=LON, lat=LAT).join is None


def test_the_last_closed_case_there_has_come_back(world):
    key, here = KEY + "event/0113", locate(world.policy, LON, LAT)
    old, last, open_now = world.filed(key, here), world.filed(key, here), world.filed(key, here)
    world.closed(old)
    world.clock.forward(minutes=1)
    world.closed(last)
    world.clock.forward(days=200)
    fact = world.understood("路上有坑，路面坑洼", lon=LON, lat=LAT)
    assert (fact.recurs, fact.join) == (last, None)
    assert open_now


def test_what_came_back_is_found_however_much_was_closed_around_it_since(world):
    key, here = KEY + "event/0113", locate(world.policy, LON, LAT)
    world.closed(last := world.filed(key, here))
    for number in range(6):  # some 120 m away, in the same spot
        world.clock.forward(minutes=1)
        world.closed(world.filed(key, locate(world.policy, LON - 0.0012, LAT + number * 0.00001)))
    assert world.understood("路上有坑，路面坑洼", lon=LON, lat=LAT).recurs == last


def test_what_is_open_here_is_found_however_much_is_open_around_it(world):
    """A burst of reports some streets away hides nothing."""
    key = KEY + "event/0113"
    case = world.filed(key, locate(world.policy, LON, LAT))
    for number in range(17):
        world.clock.forward(minutes=1)
        world.filed(key, locate(world.policy, LON - 0.0012, LAT + number * 0.00001))
    assert world.understood("路上有坑，路面坑洼", lon=LON, lat=LAT).join.case_id == case


def test_private_cases_are_near_within_their_cell(world):
    cell = locate(world.policy, LON, LAT).cell
    case = world.filed(KEY + "event/0498", Where(cell=cell))
    fact = world.understood("桥下有流浪汉露宿街头", lon=LON, lat=LAT)
    assert fact.join.case_id == case
    assert not fact.alone
    assert any(each.startswith("join_possible:") for each in fact.why)


def test_words_that_were_erased_before_are_not_guessed(world):
    id = world.received(LAMP, lon=LON, lat=LAT)
    said = world.facts(f"report/{id}")[0].said
    world.writer.change(lambda tx: erase(tx, [said.id], reason="asked"))
    world.delivery.drain()
    fact = world.facts(f"report/{id}")[-1]
    assert (fact.why, fact.proposals, fact.where, fact.alone) == (("erased",), (), Where(), False)


def test_told_twice_it_is_understood_once(world):
    id = world.received(LAMP, lon=LON, lat=LAT)
    world.delivery.drain()
    again = Delivery(world.writer, [each.handler for each in world.delivery.followings])
    again.drain()
    assert [type(fact).__name__ for fact in world.facts(f"report/{id}")] == ["ReportReceived", "ReportUnderstood"]
