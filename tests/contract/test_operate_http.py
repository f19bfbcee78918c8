"""The operator's room, the page for everybody, and the platform's own risks, which the loop hears of once."""

import time
from functools import partial

import pytest
from tests.pages_world import PARKED, city_in

from cityloop import operate
from cityloop.db.open import DatabaseGone
from cityloop.journal.held import HeldRow, held_add
from cityloop.operate import machine
from cityloop.operate.meter import Sample

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
RISK = "platform.parked"


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    """A disk with room: that of whoever runs the tests may be full, which is a risk of its own."""
    room = [Sample("cityloop_disk_free_bytes", (), 60e9), Sample("cityloop_disk_size_bytes", (), 100e9)]
    monkeypatch.setattr(machine, "of_disk", lambda home: iter(room))
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as found:
        yield found


@pytest.fixture
def operator(city):
    return city.signed_in("op.erator", "system-admin")


@pytest.fixture
def parked(city):
    """A fact that a handler gave up."""
    case = city.report("车停在人行道上", PARKED)
    row = HeldRow("dispatch", 3, 0, f"case/{case}", f"case/{case}#2", 8, None, 1, "no duty table")
    city.parts.writer.change(lambda tx: held_add(tx, row))
    return case


def told(city, after_s: float) -> int:
    """Look as if so many seconds had gone by, and tell the loop; gives how many facts that were."""
    standings = city.parts.watch.look(time.time() + after_s).standings
    policy = city.parts.book.in_force()
    found = city.parts.writer.change(partial(operate.tell, found=standings, policy=policy), actor=operate.ACTOR)
    city.drain()
    return found


def count(city, fact: str) -> int:
    return city.value("SELECT count(*) FROM fact WHERE city = :city AND type = :fact", fact=fact)


def test_all_is_well_and_nothing_is_to_be_done(city, operator):
    screen = operator.get("/v1/operate").json()
    assert [each["code"] for each in screen["deeds"] if each["code"] != "disk"] == []
    assert {each["area"] for each in screen["risks"]} == {"load", "failure", "data", "opinion", "supplier"}
    assert screen["processes"] == 1


def test_a_parked_fact_is_a_deed_with_its_reason_and_its_page(city, operator, parked):
    (deed,) = [each for each in operator.get("/v1/operate").json()["deeds"] if each["code"] == "parked"]
    assert deed["parked"] == {"handler": "dispatch", "seq": 3, "fact_id": f"case/{parked}#2", "error": "no duty table"}
    assert deed["runbook"] == "docs/operate/runbook/PartsParked.md"
    operator.post("/v1/held/skip", json={"handler": "dispatch", "seq": 3, "reason": "handled_by_hand"})
    assert "parked" not in [each["code"] for each in operator.get("/v1/operate").json()["deeds"]]


def test_an_alert_that_holds_for_long_enough_is_a_deed(city, operator, parked):
    watch = city.parts.watch
    city.parts.writer.change(lambda tx: tx.run("UPDATE timer SET tries = 9 WHERE city = :city"))
    watch.look(time.time() - 400)
    watch.look(time.time())
    screen = operator.get("/v1/operate").json()
    stuck = [each for each in screen["alerts"] if each["name"] == "TimersStuck"]
    assert [each["waits"] for each in stuck] == [False]
    assert ("alert", "TimersStuck") in [(each["code"], each["why"]) for each in screen["deeds"]]


def test_only_who_operates_sees_it(city):
    assert city.nobody.get("/v1/operate").status_code == 401
    assert city.signed_in("gao.tao", "duty-leader-1").get("/v1/operate").status_code == 403


def test_everybody_sees_how_the_service_is(city):
    said = city.nobody.get("/v1/status").json()
    assert said["works"] == "well"
    assert [(each["part"], each["works"]) for each in said["parts"]] == [("reporting", "well"), ("work", "well"), ("tracking", "well")]
    page = city.nobody.get("/status", headers={"accept-language": "zh"})
    assert page.status_code == 200
    assert "一切正常，可以上报" in page.text


def test_the_page_is_there_without_the_database_and_says_since_when(city, monkeypatch):
    before = {each["part"]: each["since"] for each in city.nobody.get("/v1/status").json()["parts"]}

    def gone(*_, **__):
        raise DatabaseGone("gone")

    with monkeypatch.context() as patch:
        patch.setattr(city.parts.database, "reading", gone)
        said = city.nobody.get("/v1/status").json()
        assert said["works"] == "down"
        assert all(each["since"] > before[each["part"]] for each in said["parts"])
        page = city.nobody.get("/status", headers={"accept-language": "zh"})
        assert page.status_code == 200
        assert "中断" in page.text
        again = city.nobody.get("/v1/status").json()
        assert [each["since"] for each in again["parts"]] == [each["since"] for each in said["parts"]]
    assert city.nobody.get("/v1/status").json()["works"] == "well"


def test_a_risk_is_told_once_and_is_a_case_and_is_over_when_its_cause_has_gone(city, parked):
    assert told(city, 0) == 0  # not for long enough
    assert told(city, 700) == 1
    assert told(city, 715) == 0
    assert count(city, "AlarmRaised") == 1
    case = city.value(
        "SELECT report.case_id FROM alarm JOIN report ON report.city = alarm.city AND report.alarm = alarm.id "
        "WHERE alarm.city = :city AND alarm.rule = :rule", rule=RISK,
    )  # fmt: skip
    assert city.value("SELECT class_key FROM case_file WHERE city = :city AND id = :id", id=case).endswith("component/0199")
    city.parts.writer.change(lambda tx: tx.run("DELETE FROM held WHERE city = :city"))
    assert told(city, 730) == 1
    assert told(city, 745) == 0
    assert count(city, "AlarmCleared") == 1
    assert city.value("SELECT cleared_at FROM alarm WHERE city = :city AND rule = :rule", rule=RISK)


def test_the_operator_sees_how_risks_stand(city, operator, parked):
    told(city, 0)
    told(city, 700)
    (risk,) = [each for each in operator.get("/v1/operate").json()["risks"] if each["code"] == RISK]
    assert (risk["value"], risk["is_over"], risk["reports"]) == (1, True, True)
