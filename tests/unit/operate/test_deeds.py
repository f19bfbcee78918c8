"""What whoever runs the platform should do next, as a table."""

import pytest

from cityloop.operate.alerts import Firing, rules
from cityloop.operate.deeds import Deed, Parked, Seen, deeds_for
from cityloop.operate.meter import Sample
from cityloop.operate.status import Memory, Works, parts_of

DAY = 86400.0
RULES = {each.name: each for each in rules()}


def deeds(*samples: tuple[str, float], labels: tuple = (), **more) -> list[Deed]:
    given = {"firing": [], "rules": RULES, "missing": {}} | more
    return deeds_for(Seen(samples=[Sample(name, labels, value) for name, value in samples], **given))


@pytest.mark.parametrize(("samples", "expected"), [
    ([("cityloop_disk_free_bytes", 25.0), ("cityloop_disk_size_bytes", 100.0)], []),
    ([("cityloop_disk_free_bytes", 15.0), ("cityloop_disk_size_bytes", 100.0)], [("disk", 3)]),
    ([("cityloop_disk_free_bytes", 8.0), ("cityloop_disk_size_bytes", 100.0)], [("disk", 2)]),
    ([("cityloop_disk_free_bytes", 2.0), ("cityloop_disk_size_bytes", 100.0)], [("disk", 1)]),
    ([("cityloop_backup_age_seconds", 0.9 * DAY)], []),
    ([("cityloop_backup_age_seconds", 1.5 * DAY)], [("backup", 3)]),
    ([("cityloop_backup_age_seconds", 3 * DAY)], [("backup", 2)]),
    ([("cityloop_certificate_seconds", 40 * DAY)], []),
    ([("cityloop_certificate_seconds", 20 * DAY)], [("certificate", 3)]),
    ([("cityloop_certificate_seconds", 10 * DAY)], [("certificate", 2)]),
    ([("cityloop_certificate_seconds", 1 * DAY)], [("certificate", 1)]),
    ([("cityloop_model_paused", 1.0)], [("model", 3)]),
])  # fmt: skip
def test_what_is_to_be_done_and_how_soon(samples, expected):
    assert [(each.code, int(each.urgency)) for each in deeds(*samples)] == expected


def test_the_most_urgent_comes_first():
    found = deeds(
        ("cityloop_backup_age_seconds", 1.5 * DAY), missing={"database": "gone"},
        parked=[Parked(handler="filing", seq=1, fact_id="case/x#1", error="no")],
    )  # fmt: skip
    assert [each.code for each in found] == ["missing_database", "parked", "backup"]


def test_a_handler_that_is_behind_is_named():
    (deed,) = deeds(("cityloop_behind", 300.0), labels=(("handler", "dispatch"),))
    assert deed.values == {"handler": "dispatch", "count": 300.0}


def test_a_work_that_fails_is_named_once_its_alert_has_waited():
    failing = [Sample("cityloop_work_failing", (("work", name), ("process", str(place))), share)
               for place, (name, share) in enumerate([("keep_observations", 0.9), ("keep_observations", 0.7), ("seal_the_log", 0.2)])]  # fmt: skip
    for waits, expected in ((True, []), (False, [("work_fails", {"work": "keep_observations"})])):
        firing = [Firing(name="WorkFails", since=0.0, value=0.9, waits=waits)]
        found = deeds_for(Seen(samples=failing, firing=firing, rules=RULES, missing={}))
        assert [(each.code, each.values) for each in found] == expected


def test_an_alert_is_a_deed_unless_it_waits_or_a_better_deed_says_the_same():
    def firing(name: str, *, waits: bool = False) -> Firing:
        return Firing(name=name, since=0.0, value=1.0, waits=waits)

    alone = deeds(firing=[firing("SealBehind"), firing("LoginAttack", waits=True)])
    assert [(each.code, each.why) for each in alone] == [("alert", "SealBehind")]
    both = deeds(("cityloop_backup_age_seconds", 3 * DAY), firing=[firing("BackupOld")])
    assert [each.code for each in both] == ["backup"]


@pytest.mark.parametrize(("missing", "names", "expected"), [
    ({}, (), Works.well), ({"database": "gone"}, (), Works.down), ({}, ("ErrorsRise",), Works.down), ({}, ("BehindGrows",), Works.slow),
    ({}, ("BackupOld",), Works.well),
])  # fmt: skip
def test_how_reporting_is(missing, names, expected):
    firing = [Firing(name=each, since=0.0, value=1.0) for each in names]
    assert parts_of([], firing, missing, hotline=False)["reporting"] is expected


def test_of_a_hotline_that_nobody_set_up_nothing_is_said():
    assert "hotline" not in parts_of([], [], {}, hotline=False)
    silent = [Sample("cityloop_telemetry_up", (), 0.0)]
    assert parts_of(silent, [Firing(name="OutboxDown", since=0, value=1)], {}, hotline=True) == {
        "reporting": Works.well, "work": Works.well, "tracking": Works.well, "hotline": Works.slow, "devices": Works.down,
    }  # fmt: skip


def test_a_part_is_as_it_is_since_it_changed_also_over_a_restart():
    memory = Memory()
    memory.seen({"work": Works.well}, 10.0)
    memory.seen({"work": Works.well}, 20.0)
    assert [each.since for each in memory.seen({"work": Works.down}, 30.0)] == [30.0]
    later = Memory()
    later.load(memory.kept())
    assert [each.since for each in later.seen({"work": Works.down}, 40.0)] == [30.0]
