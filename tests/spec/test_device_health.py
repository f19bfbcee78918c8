"""Devices that are ill 设备健康: silent, frozen, lying or low, a device has a maintenance case of its own, and is well again when it speaks."""


def test_a_silent_device_is_faulty_and_has_a_case_until_it_speaks_again(alarms):
    """失联: a case of the class of its kind; what ends the alarm ends the fault, told by the rule."""
    alarms.device("p-1", kind="probe", lon=100.005, lat=30.015)
    alarms.register.refresh()
    alarms.says("p-1", 1.5, 1.6, stream="level", every_s=600)
    alarms.later(hours=2)
    alarms.judge_all()

    seen = alarms.seen("p-1")
    assert (seen["state"], seen["state_why"]) == ("faulty", "silent")
    alarm = alarms.alarm("health.silent.probe.level")
    assert alarms.channels(alarm["case_id"]) == [("device", "gbt30428_2_2013/event/0128")]
    alarms.register.refresh()
    alarms.says("p-1", 1.7, stream="level")

    seen = alarms.seen("p-1")
    assert (seen["state"], seen["state_why"]) == ("live", "speaks_again")
    assert alarms.story_of("p-1") == ["ThingRegistered", "ThingStateChanged", "ThingStateChanged"]
    assert alarms.replayed() == []


def test_a_device_that_lies_is_faulty(alarms):
    """超量程: it says what its sensor cannot say."""
    alarms.device("p-1", kind="probe", lon=100.005, lat=30.015)
    alarms.register.refresh()
    alarms.says("p-1", 1.5, -9999, stream="level")

    assert (alarms.seen("p-1")["state"], alarms.seen("p-1")["state_why"]) == ("faulty", "beyond")


def test_a_low_battery_makes_it_suspect_and_no_worse_is_undone(alarms):
    """电量低: suspect; then it falls silent: faulty; a battery that is changed does not heal its silence."""
    alarms.device("p-1", kind="probe", lon=100.005, lat=30.015)
    alarms.register.refresh()
    alarms.says("p-1", 1.5, stream="level")
    alarms.says("p-1", 12, stream="battery")
    assert (alarms.seen("p-1")["state"], alarms.seen("p-1")["state_why"]) == ("suspect", "battery_low")
    alarms.register.refresh()
    alarms.later(hours=2)
    alarms.judge_all()
    assert (alarms.seen("p-1")["state"], alarms.seen("p-1")["state_why"]) == ("faulty", "silent")
    alarms.register.refresh()
    alarms.says("p-1", 99, stream="battery")

    assert alarms.seen("p-1")["state"] == "faulty"


def test_what_a_person_saw_no_rule_takes_back(alarms):
    """A person said that it is broken; that it speaks is no reason to believe it."""
    alarms.device("p-1", kind="probe", lon=100.005, lat=30.015)
    alarms.register.refresh()
    alarms.says("p-1", 1.5, stream="level")
    alarms.move("p-1", "faulty", "seen_broken")
    alarms.register.refresh()
    alarms.later(hours=2)
    alarms.judge_all()
    alarms.says("p-1", 1.6, stream="level")

    assert (alarms.seen("p-1")["state"], alarms.seen("p-1")["state_why"]) == ("faulty", "seen_broken")


def test_the_list_shows_what_runs(alarms):
    """The screen of devices names the gravest alarm of each, and the page of one the rules that watch it."""
    alarms.meter("n-1", lon=100.005, lat=30.015)
    alarms.says("n-1", 71, 72, 73)
    screen = alarms.get("/v1/screens/devices", by="collector-a1")
    assert [(screen["key"], [each["colour"] for each in screen["alarms"]])] == [(["n-1"], ["orange"])]
    watched = alarms.get(f"/v1/screens/devices/{alarms.seen('n-1')['id']}", by="collector-a1")
    assert {each["code"] for each in watched["rules"]} == {"noise", "noise.loud", "noise.watched", "silent"}


def test_a_calibration_that_ran_out_is_told_once_and_ends_with_the_next(alarms):
    """校准过期: at its moment the device is suspect, and its owner has a case; calibrated, it is live again."""
    alarms.device("p-1", kind="probe", lon=100.005, lat=30.015, calibrated_at="2025-03-02T00:00:00Z", calibrate_by="2026-03-03T00:00:00Z")
    alarms.drain()
    assert alarms.alarms() == []
    alarms.later(days=2)
    alarms.drain()
    seen = alarms.seen("p-1")
    assert (seen["state"], seen["state_why"]) == ("suspect", "calibration_overdue")
    (alarm,) = alarms.alarms(rule="health.calibration_overdue.probe")
    assert alarms.channels(alarm["case_id"]) == [("device", "gbt30428_2_2013/event/0128")]
    alarms.change("p-1", vendor="Li")
    alarms.drain()
    assert len(alarms.alarms()) == 1
    alarms.change("p-1", calibrated_at="2026-03-04T00:00:00Z", calibrate_by="2027-03-04T00:00:00Z")
    alarms.drain()

    seen = alarms.seen("p-1")
    assert (seen["state"], seen["state_why"]) == ("live", "calibrated")
    assert alarms.replayed() == []


def test_a_device_that_is_registered_late_is_looked_at_at_once(alarms):
    """Its calibration ran out before anybody wrote it down; one that is only planned is let be."""
    alarms.device("p-1", kind="probe", calibrate_by="2025-03-03T00:00:00Z")
    alarms.device("p-2", kind="probe", calibrate_by="2025-03-03T00:00:00Z", state="planned")
    alarms.drain()

    assert (alarms.seen("p-1")["state"], alarms.seen("p-2")["state"]) == ("suspect", "planned")


def test_the_case_of_a_device_goes_to_its_owner(alarms):
    """谁的设备谁修: whatever the duty table says of the class; without an owner the table decides."""
    alarms.device("p-1", kind="probe", lon=100.005, lat=30.015, owner="street-2")
    alarms.device("p-2", kind="probe", lon=100.006, lat=30.016)
    alarms.register.refresh()
    for key in ("p-1", "p-2"):
        alarms.says(key, -9999, stream="level")

    cases = {each["thing_id"]: alarms.case_by_id(each["case_id"]) for each in alarms.alarms()}
    by_table = cases[alarms.seen("p-2")["id"]]
    mended = cases[alarms.seen("p-1")["id"]]
    assert (mended.state, mended.unit) == ("to_sign", "street-2")
    assert by_table.unit != "street-2"
    assert alarms.replayed() == []


def test_what_a_person_saw_stands_though_a_rule_doubted_meanwhile(alarms):
    """Between the look and the word a battery ran low: whoever saw the device broken is not asked again; whoever believed it well is."""
    alarms.device("p-1", kind="probe", lon=100.005, lat=30.015)
    alarms.device("p-2", kind="probe", lon=100.005, lat=30.015)
    alarms.move("p-2", "suspect", "doubted")
    alarms.register.refresh()
    looked, believed = alarms.seen("p-1"), alarms.seen("p-2")
    alarms.says("p-1", 12, stream="battery")
    alarms.says("p-2", -9999, stream="level")
    assert (alarms.seen("p-1")["state"], alarms.seen("p-2")["state"]) == ("suspect", "faulty")

    assert alarms.move("p-1", "faulty", "seen_broken", looked=looked) == "faulty"
    with alarms.refuses("stale"):
        alarms.move("p-2", "live", "checked", looked=believed)
    with alarms.refuses("stale"):
        alarms.move("p-1", "retired", "removed", looked=looked)  # a person changed it since
    assert alarms.story_of("p-1")[-2:] == ["ThingStateChanged", "ThingStateChanged"]
