"""Facts that a handler could not handle, over HTTP: seen by an operator, tried again, or passed over with a reason."""

import pytest
from tests.pages_world import PARKED, city_in

from cityloop.journal.held import HeldRow, held_add

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as found:
        case = found.report("车停在人行道上", PARKED)
        row = HeldRow("dispatch", 3, 0, f"case/{case}", f"case/{case}#2", 8, None, 1, "no duty table")
        found.parts.writer.change(lambda tx: held_add(tx, row))
        yield found


def test_an_operator_sees_what_is_parked_and_has_it_tried_again(city):
    operator = city.signed_in("op.erator", "system-admin")
    (held,) = operator.get("/v1/held").json()
    assert (held["handler"], held["seq"], held["stands"], held["error"]) == ("dispatch", 3, "parked", "no duty table")
    (again,) = operator.post("/v1/held/retry", json={"handler": "dispatch", "seq": 3}).json()
    assert (again["stands"], again["tries"]) == ("waits", 0)


def test_all_that_a_handler_parked_for_one_reason_is_tried_again_at_once(city):
    """What made them fail was mended: nobody presses a button for each of ten thousand."""
    other = HeldRow("dispatch", 4, 0, "case/other", "case/other#2", 8, None, 1, "KeyError")
    city.parts.writer.change(lambda tx: held_add(tx, other))
    operator = city.signed_in("op.erator", "system-admin")
    again = operator.post("/v1/held/retry", json={"handler": "dispatch", "error": "KeyError"}).json()
    assert {each["seq"]: each["stands"] for each in again} == {3: "parked", 4: "waits"}
    assert operator.post("/v1/held/retry", json={"handler": "dispatch", "error": "KeyError"}).json()["code"] == "held.not_found"
    again = operator.post("/v1/held/retry", json={"handler": "dispatch"}).json()
    assert {each["stands"] for each in again} == {"waits"}


def test_it_is_passed_over_with_a_reason_that_is_a_fact(city):
    operator = city.signed_in("op.erator", "system-admin")
    asked = {"handler": "dispatch", "seq": 3}
    no = operator.post("/v1/held/skip", json=asked | {"reason": "because"}).json()
    assert no["code"] == "held.reason_unknown"
    assert operator.post("/v1/held/skip", json=asked | {"reason": "handled_by_hand"}).json() == []
    assert city.value("SELECT COUNT(*) FROM fact WHERE city = :city AND type = 'HeldSkipped'") == 1
    assert operator.post("/v1/held/skip", json=asked | {"reason": "handled_by_hand"}).json()["code"] == "held.not_found"


def test_only_an_operator_tends_them(city):
    leader = city.signed_in("gao.tao", "duty-leader-1")
    assert leader.get("/v1/held").status_code == 403
    assert leader.post("/v1/held/skip", json={"handler": "dispatch", "seq": 3, "reason": "handled_by_hand"}).status_code == 403
