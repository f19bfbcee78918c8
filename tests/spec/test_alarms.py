"""Alarms 告警: a rule holds for what a device says; a report tells of it, a case begins, and ends when the cause has gone."""

import pytest

from cityloop.domain import facts as f
from cityloop.domain.calendar import epoch_us
from cityloop.telemetry import batch_of
from cityloop.telemetry.log import own_log


def test_an_alarm_becomes_a_case_at_once(alarms):
    """Above the limit for a minute: an alarm with its reasons and its curve, a report of the channel `device`, a filed case."""
    alarms.meter("n-1", lon=100.005, lat=30.015, vendor="Hao")
    alarms.says("n-1", 58, 71, 72, 73)

    alarm = alarms.alarm("noise")
    assert (alarm["colour"], alarm["value"], alarm["limit"], alarm["unit"]) == ("orange", 71, 70, "dB[SPL]")
    assert alarm["reasons"] == ["sense_above:71", "sense_limit:70", "sense_for:60"]
    assert alarm["curve"]["value"] == [58, 71, 72, 73]
    assert (alarm["vendor"], alarm["cell"], alarm["cleared_at"]) == ("Hao", "990201001001001", None)
    assert alarms.channels(alarm["case_id"]) == [("device", "gbt30428_2_2013/event/0128")]
    assert alarms.story_of_case(alarm["case_id"])[0] == "CaseFiled"
    assert alarms.replayed() == []


def test_its_colour_is_the_urgency_of_the_case(alarms):
    """红: danger, whatever the class says."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 101)

    assert alarms.case_by_id(alarms.alarm("noise.loud")["case_id"]).urgency == 2


def test_an_alarm_without_a_class_is_only_looked_at(alarms):
    """A rule that reports nothing raises an alarm that people see in the list, and no case."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 61)

    assert [(each["rule"], each["case_id"]) for each in alarms.alarms()] == [("noise.watched", None)]


def test_the_same_again_joins_the_open_case(alarms):
    """The cause goes and comes again while somebody works on it: one case, two reports."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 101)
    first = alarms.alarm("noise.loud")
    alarms.says("n-1", 50, 102)

    assert alarms.alarm("noise.loud")["id"] != first["id"]
    assert alarms.alarm("noise.loud")["case_id"] == first["case_id"]
    assert len(alarms.channels(first["case_id"])) == 2


def test_the_rule_closes_a_case_that_nobody_works_on(alarms):
    """The cause has gone, and its rule says that this is enough: closed, by nobody."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 71, 72, 73)
    case = alarms.alarm("noise")["case_id"]
    alarms.says("n-1", 60)

    assert alarms.alarm("noise")["cleared_why"] == "gone"
    assert alarms.story_of_case(case)[-2:] == ["CauseEnded", "CaseClosed"]
    assert alarms.case_by_id(case).state == "closed"
    assert alarms.replayed() == []


def test_a_case_in_hand_only_learns_that_its_cause_has_gone(alarms):
    """Where a person must say so, the case goes on, and tells what the device says."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 101)
    case = alarms.alarm("noise.loud")["case_id"]
    alarms.says("n-1", 50)

    assert alarms.story_of_case(case)[-1] == f.CauseEnded.__name__
    assert alarms.case_by_id(case).is_open


def test_what_is_judged_again_is_told_once(alarms):
    """The watcher is killed before it saved how far it was: it judges all of it again, and nothing comes twice."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 71, 72, 73)
    before = alarms.alarms()
    alarms.senses.__dict__.pop("watcher")
    alarms.senses.watcher.path.unlink(missing_ok=True)
    alarms.judge_all()

    assert alarms.alarms() == before
    assert len(alarms.channels(before[0]["case_id"])) == 1 if before[0]["case_id"] else True


def test_it_goes_on_from_where_it_saved(alarms):
    """Killed between two batches: what held before holds still, and is cleared once."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 71, 72, 73)
    alarms.watcher.keep(now=True)
    alarms.senses.__dict__.pop("watcher")
    alarms.says("n-1", 60)

    assert alarms.alarm("noise")["cleared_why"] == "gone"
    assert alarms.watcher.rows == 1


def test_a_rule_that_goes_ends_its_alarms(alarms):
    """The pack changes: what its rule raised is over, and says why."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 101)
    alarms.adopt("mini")
    alarms.judge_all()

    assert {each["cleared_why"] for each in alarms.alarms()} == {"changed"}


def test_who_says_nothing_is_told_of(alarms):
    """Silent for an hour: an alarm of health, without one word from the device."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 50)
    alarms.later(seconds=3700)
    alarms.judge_all()

    assert [(each["rule"], each["is_health"]) for each in alarms.alarms()] == [("silent", True)]


def test_who_says_nothing_is_told_of_though_others_speak_without_a_pause(alarms):
    """Something new has come before each look; what another process of the city wrote down is judged as well."""
    for place, key in enumerate(("n-1", "n-2", "n-3")):
        alarms.meter(key, lon=100.005 + place / 1_000, lat=30.015)
    number = alarms.register.now().by_key
    alarms.says("n-1", 50)
    other, let_go = own_log(alarms.senses.root)
    for minute in range(80):
        alarms.senses.log.append(batch_of([number["n-2/laeq"]], [epoch_us(alarms.clock.now)], [50.0]))
        if minute == 30:
            other.append(batch_of([number["n-3/laeq"]], [epoch_us(alarms.clock.now)], [110.0]))
        alarms.watcher.look()
        while alarms.watcher.waiting:
            alarms.writer.change(alarms.watcher.tell, actor="machine:sense")
            alarms.watcher.told()
        alarms.clock.forward(minutes=1)
    let_go()

    alarms.drain()
    assert {(each["rule"], each["thing_id"]) for each in alarms.alarms()} >= {
        ("silent", alarms.seen("n-1")["id"]), ("noise.loud", alarms.seen("n-3")["id"]),
    }  # fmt: skip


@pytest.mark.parametrize("saved", [True, False], ids=["after_it_saved", "killed_before"])
def test_while_the_city_was_down_nobody_was_silent(alarms, saved):
    """A server that stood still for a day heard nobody: who speaks again is well, who does not is told of after its hour, also where it judges again what was said before."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.meter("n-2", lon=100.006, lat=30.015)
    alarms.says("n-1", 50)
    alarms.says("n-2", 50)
    if saved:
        alarms.watcher.keep(now=True)
    alarms.senses.__dict__.pop("watcher")
    alarms.later(days=1)
    alarms.judge_all()
    alarms.says("n-1", 50)
    assert alarms.alarms() == []

    alarms.later(seconds=3500)
    alarms.says("n-1", 50)
    alarms.later(seconds=120)
    alarms.judge_all()
    (silent,) = alarms.alarms()
    assert (silent["rule"], silent["thing_id"]) == ("silent", alarms.seen("n-2")["id"])


def test_nothing_is_raised_while_a_device_is_mended(alarms):
    """检修窗口: what holds still when the window is over is raised then."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    id = alarms.seen("n-1")["id"]
    window = {"begins": "2026-03-02T08:00:00+08:00", "ends": "2026-03-02T10:00:00+08:00"}
    alarms.post(f"/v1/devices/{id}/maintenance", by="leader-on-duty", json=window)
    alarms.says("n-1", 101)
    assert alarms.alarms() == []

    alarms.at("2026-03-02 09:59")
    alarms.says("n-1", 101, 101, 101)
    assert alarms.alarms(rule="noise.loud")[0]["raised_at"] == "2026-03-02T02:00:00Z"


def test_people_judge_and_it_is_counted(alarms):
    """误报: by rule, sensor and vendor; the last word counts."""
    alarms.meter("n-1", lon=100.005, lat=30.015, vendor="Hao")
    alarms.says("n-1", 101, 50)
    alarms.judge("noise.loud", True, "as_said")
    assert alarms.judge("noise.loud", False, "sensor_wrong")["is_true"] is False

    for group, name in (("rule", "noise.loud"), ("vendor", "Hao"), ("sensor", alarms.seen("n-1")["id"])):
        found = {each["name"]: each for each in alarms.get("/v1/alarms/figures", by="collector-a1", group=group)}
        assert (found[name]["judged"], found[name]["untrue"], found[name]["untrue_ppm"]) == (1, 1, 1_000_000)


def test_a_reason_must_fit(alarms):
    """What was true is not false because the sensor was wrong; and not everybody may say."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 101)
    with alarms.refuses("sense.reason_wrong"):
        alarms.judge("noise.loud", True, "sensor_wrong")
    with alarms.refuses("not_allowed"):
        alarms.judge("noise.loud", True, "as_said", by="collector-a1")


def test_a_rule_that_cries_wolf_is_proposed_for_change(alarms):
    """Nine alarms, six of them false and weaker than all true ones: another limit would have spared those six."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    for value, is_true in ((101, False), (102, False), (103, False), (104, False), (105, False), (106, False), (110, True), (111, True), (120, True)):
        alarms.says("n-1", value, 50)
        alarms.judge("noise.loud", is_true, "as_said" if is_true else "nothing_found")

    found = alarms.get("/v1/rules/proposals", by="collector-a1")
    assert [(each["rule"], each["judged"], each["untrue"], each["proposed"], each["spared"], each["lost"]) for each in found] == [
        ("noise.loud", 9, 6, 110, 6, 0)
    ]


def test_lists_go_on_where_they_ended(alarms):
    """By moment, the last first; each once."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    for _ in range(3):
        alarms.says("n-1", 61, 50)
    first = alarms.get("/v1/alarms", by="collector-a1", limit=2)
    rest = alarms.get("/v1/alarms", by="collector-a1", limit=2, after=first["next"])
    ids = [each["id"] for each in first["items"] + rest["items"]]
    assert (len(ids), len(set(ids)), rest["next"]) == (3, 3, None)
    device = alarms.get(f"/v1/devices/{alarms.seen('n-1')['id']}/alarms", by="collector-a1")
    assert [each["id"] for each in device["items"]] == ids
