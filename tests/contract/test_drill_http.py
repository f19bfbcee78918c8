"""A drill takes parts away: what goes on, what waits, that nothing is lost, and who may do it."""

import pytest
from tests.mock_endpoint import MockEar, answering
from tests.pages_world import PARKED, city_in

from cityloop.domain.words import WORDS
from cityloop.http.endpoint import Endpoint, NoAnswer
from cityloop.notices.model import HttpParcel
from cityloop.operate import cuts as cuts_room
from cityloop.operate import drill_routes
from cityloop.operate.cuts import Cuts, FaultUnknown, NotInDrill
from cityloop.operate.drill_paper import paper
from cityloop.operate.drills import drill_get
from cityloop.people.caller import forget

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
REPORT = {"text": "路面有坑", "lon": 112.53, "lat": 28.48}
ASKED = {"faults": ["database", "model", "vendor", "network"], "each_s": 5}


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    monkeypatch.setattr(drill_routes, "is_here", lambda _: True)
    with city_in(places, tmp_path / "home", monkeypatch, clock) as found:
        yield found
        found.parts.cuts.end()


@pytest.fixture
def operator(city):
    return city.signed_in("op.erator", "system-admin")


@pytest.fixture
def drill(operator):
    answer = operator.post("/v1/drills", json=ASKED)
    assert answer.status_code == 201, answer.text
    return answer.json()


def cut(operator, drill, what="database", seconds=60):
    return operator.post(f"/v1/drills/{drill['id']}/cuts", json={"what": what, "seconds": seconds})


def test_only_what_is_set_up_can_be_taken_away(drill):
    assert drill["can"] == ["database", "network"]


def test_without_the_database_reports_wait_in_words_and_are_taken_once_when_it_is_back(city, operator, drill):
    before = city.facts()
    assert cut(operator, drill).status_code == 201
    key = {"idempotency-key": "a-phone-that-waits"}
    for _ in range(2):
        refused = city.nobody.post("/v1/reports", json=REPORT, headers=key)
        assert (refused.status_code, refused.json()["code"]) == (503, "database_gone")
        assert int(refused.headers["retry-after"]) > 0
    assert city.nobody.get("/healthz").status_code == 200
    assert city.nobody.get("/readyz").json()["missing"] == {"database": "gone"}
    status = city.nobody.get("/v1/status").json()
    assert (status["works"], status["drill"]) == ("down", True)
    assert "演练" in city.nobody.get("/status", headers={"accept-language": "zh"}).text
    city.parts.cuts.end()
    codes = [city.nobody.post("/v1/reports", json=REPORT, headers=key) for _ in range(2)]
    assert [each.status_code for each in codes] == [201, 201]
    assert codes[0].json()["tracking_code"] == codes[1].json()["tracking_code"]
    assert city.facts() == before + 1
    assert city.nobody.get(f"/v1/track/{codes[0].json()['tracking_code']}").status_code == 200


def test_pages_of_phones_open_without_the_database(city, operator, drill, monkeypatch):
    """Who works outside has a session; a page that asked who they are would not open."""
    monkeypatch.setattr("cityloop.pages.shells.shell", lambda name: b"<html></html>")
    cut(operator, drill)
    forget(city.parts.database)  # as another process, which has not seen the session
    assert operator.get("/work").status_code == 200
    assert operator.get("/").status_code == 200
    assert city.browser().get("/").status_code == 200
    assert operator.get("/v1/held").status_code == 503


def test_the_writer_goes_on_after_a_batch_without_a_database(city, operator, drill):
    """What waited is refused and does not hang; what comes later is taken, and handled."""
    cut(operator, drill)
    city.nobody.post("/v1/reports", json=REPORT)
    city.parts.cuts.end()
    case = city.report("车停在人行道上", PARKED)
    assert city.value("SELECT count(*) FROM case_file WHERE city = :city AND id = :id", id=case) == 1


def test_what_is_told_outside_waits(city, operator, drill):
    cut(operator, drill, "vendor")
    answer = city.parts.wires[0].post(HttpParcel(url="http://127.0.0.1:9/", headers={}, body=b"{}", key="k", subject="case/x", seq=1))
    assert (answer.status, answer.error) == (0, "no_connection")
    assert city.parts.wires[0].ask("GET", "http://127.0.0.1:9/", {}) == (0, b"", "no_connection")
    assert city.nobody.post("/v1/reports", json=REPORT).status_code == 201


def test_a_cut_ends_by_itself_and_another_process_sees_it(tmp_path):
    now = [1000.0]
    one, other = Cuts(tmp_path, lambda: now[0]), Cuts(tmp_path, lambda: now[0])
    one.begin("d", 600)
    one.cut("d", "database", 10)
    assert not other.is_cut("database")
    other.refresh()
    assert (other.is_cut("database"), other.is_cut("model"), other.is_on()) == (True, False, True)
    now[0] += 11
    assert not one.is_cut("database")
    assert not other.is_cut("database")
    one.cut("d", "model", 10)
    one.end()
    other.refresh()
    assert not other.is_cut("model")
    assert not other.is_on()


def test_nothing_is_cut_unless_a_drill_is_on(tmp_path):
    cuts = Cuts(tmp_path)
    with pytest.raises(NotInDrill):
        cuts.cut("d", "database", 5)
    cuts.begin("d", 600)
    with pytest.raises(NotInDrill):
        cuts.cut("another", "database", 5)
    for what, seconds in (("moon", 5), ("database", 0), ("database", 601), ("network", 5)):
        with pytest.raises(FaultUnknown):
            cuts.cut("d", what, seconds)


def test_a_model_that_is_taken_away_gives_no_answer():
    """Nobody is asked, though it would answer; given back, it answers again."""
    away = [True]
    with answering(MockEar()) as outside:
        port = Endpoint(outside.url, seconds=5, is_cut=lambda: away[0])
        with pytest.raises(NoAnswer):
            port.post("chat/completions", content=b"{}")
        assert not outside.got
        away[0] = False
        assert port.post("chat/completions", content=b"{}")
        port.close()


def test_who_may_drill(city, operator, monkeypatch):
    assert city.nobody.post("/v1/drills", json=ASKED).status_code == 401
    assert city.signed_in("gao.tao", "duty-leader-1").post("/v1/drills", json=ASKED).status_code == 403
    monkeypatch.setattr(drill_routes, "is_here", lambda _: False)
    refused = operator.post("/v1/drills", json=ASKED)
    assert (refused.status_code, refused.json()["code"]) == (403, "drill.not_from_here")


def test_a_real_city_is_not_drilled_unless_somebody_insists(city, operator, monkeypatch):
    monkeypatch.setattr(type(city.parts.book.in_force()), "simulated", False)
    refused = operator.post("/v1/drills", json=ASKED)
    assert (refused.status_code, refused.json()["code"]) == (409, "drill.real_city")
    assert operator.post("/v1/drills", json=ASKED | {"really": True}).status_code == 201


def result(fault: str, **more) -> dict:
    given = {"away_s": 5, "sent": 40, "worked": 20, "waited": 20, "acknowledged": 40, "found": 40, "read": 9, "unread": 1, "back_s": 2.5}
    return {"fault": fault} | given | more


def test_the_end_is_told_once_with_what_it_showed_and_gives_everything_back(city, operator, drill):
    cut(operator, drill, "vendor")
    over = {"whole": True, "results": [result("database"), result("network", back_s=0.5)]}
    said = operator.post(f"/v1/drills/{drill['id']}/end", json=over).json()
    assert [each["fault"] for each in said["results"]] == ["database", "network"]
    assert not city.parts.cuts.is_cut("vendor")
    operator.post(f"/v1/drills/{drill['id']}/end", json={"whole": False, "results": []})
    assert [each["whole"] for each in operator.get("/v1/drills").json()] == [True]
    assert city.value("SELECT count(*) FROM fact WHERE city = :city AND type = 'DrillEnded'") == 1
    page = operator.get(f"/v1/drills/{drill['id']}/report")
    assert "没有丢失" in page.text
    assert operator.get(f"/v1/drills/{drill['id']}/report?form=pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(("results", "says"), [
    ([result("database")], "没有丢失"), ([result("database", found=38)], "有 2 件事后没有找到"),
    ([result("database", back_s=None)], "没有回到正常"),
])  # fmt: skip
def test_the_paper_says_it_as_it_is(city, operator, drill, results, says):
    operator.post(f"/v1/drills/{drill['id']}/end", json={"whole": True, "results": results})
    with city.parts.database.reading() as tx:
        row = drill_get(tx, drill["id"])
    told = paper(row, city.parts.book.in_force(), "zh")
    text = "".join(each.text for each in told.blocks if hasattr(each, "text"))
    assert says in text
    assert ("再做一次" in text) == (says == "没有丢失")


def test_every_fault_has_words_and_a_city_is_not_cut(city):
    assert all(f"drill.fault.{each}" in WORDS for each in cuts_room.FAULTS)
    assert not city.parts.cuts.is_cut("database")
