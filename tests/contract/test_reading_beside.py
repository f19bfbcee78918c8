"""A process that only reads answers for the one that writes: nobody can tell, and nobody needs it."""

import shutil
import time
from pathlib import Path

import pytest
from tests.engines import Places
from tests.pages_world import FUMES, LAT, LON, PARKED, city_in
from tests.people_world import HERE, sign_in
from tests.reading_world import read_beside

from cityloop import people
from cityloop.db import OnlyReads
from cityloop.http import strangers
from cityloop.http.handing import HANDED
from cityloop.http.limits import Pace
from cityloop.packs import pack_bytes

NAMED = {"x-request-id": "one-name-for-all"}
QUEUE = "/v1/screens/queue?post=acceptor-1"


@pytest.fixture
def places(tmp_path):
    """The embedded database: on PostgreSQL any number of processes answer."""
    return Places("sqlite", tmp_path, "")


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-02 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as found:
        yield found


@pytest.fixture
def beside(city):
    with read_beside(city) as found:
        yield found


def bearer(city, name, *posts):
    """Somebody who comes with a token."""
    city.signed_in(name, *posts)
    token = sign_in(city.nobody, name, as_token=True).json()["token"]
    return {"authorization": f"Bearer {token}"}


def seen(answer):
    """All of an answer."""
    return answer.status_code, answer.headers.multi_items(), answer.content


def test_nobody_can_tell(city):
    """Cases, lists, tiles, pages of strangers, refusals: the same status, headers and bytes, and each by the other process."""
    case = city.report("车停在人行道上", PARKED)
    city.report("饭店油烟大", FUMES)
    staff = bearer(city, "wang.li", "acceptor-1")
    paths = [
        f"/v1/cases/{case}", "/v1/cases?limit=1", "/v1/cases?q=油烟", f"/v1/screens/case/{case}", QUEUE, "/v1/screens/queue/counts?of=acceptor-1",
        "/v1/cases/none", "/v1/cases?limit=much", "/v1/orders", "/v1/orders/none", "/v1/reports/none", "/v1/map", f"/v1/why?case={case}",
        f"/v1/cases/{case}/story", f"/v1/cases/{case}/helped", f"/v1/places/at?lon={LON}&lat={LAT}", "/v1/places?q=人民路", "/v1/problems",
        "/v1/public/city", "/v1/public/catalogue", f"/v1/public/cases?lon={LON}&lat={LAT}", f"/v1/public/done?lon={LON}&lat={LAT}",
        "/tiles/cases/14/13313/6838.mvt", "/tiles/base/14/13313/6838.mvt", "/tiles/base/1/1/1", "/v1/screens/board", "/v1/screens/brief", "/v1/screens/hot",
    ]  # fmt: skip
    asked = [(path, headers) for path in paths for headers in (staff | NAMED, NAMED, NAMED | {"authorization": "Bearer nonsense"}, NAMED | staff | {"x-account": "nobody"})]
    alone = [seen(city.nobody.get(path, headers=headers)) for path, headers in asked]
    assert {status for status, _, _ in alone} >= {200, 400, 401, 403, 404}
    assert all(any(path.startswith(each) for path in paths) for each in HANDED), "each way in is tried"
    with read_beside(city) as beside:
        for number, ((path, headers), before) in enumerate(zip(asked, alone, strict=True), 1):
            assert seen(city.nobody.get(path, headers=headers)) == before, (path, headers)
            assert beside.answered == number, path
        assert beside.hands.returned == 0


def test_what_was_written_is_read(city, beside):
    """An answer to a deed comes after its commit: whoever reads next sees it."""
    staff = bearer(city, "wang.li", "acceptor-1")
    for number in range(1, 6):
        case = city.report(f"第{number}次", FUMES)
        version = city.value("SELECT max(subject_no) FROM fact WHERE city = :city AND subject = :of", of=f"case/{case}")
        assert city.nobody.get(f"/v1/cases/{case}", headers=staff).headers["etag"] == f'"{version}"'
        assert {each["id"]: each["no"] for each in city.nobody.get("/v1/cases", headers=staff).json()["items"]}[case] == version
    assert beside.answered == 10


def test_who_was_signed_out_reads_nothing_more(city, beside, clock):
    """At once, not when the other process next looks whether anything changed."""
    staff = bearer(city, "wang.li", "acceptor-1")
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 200
    assert city.nobody.delete("/v1/sessions/current", headers=staff | HERE).status_code in (200, 204)
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 401
    assert beside.answered == 2


def test_a_post_that_was_left_gives_nothing_more(city, beside):
    staff = bearer(city, "wang.li", "acceptor-1")
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 200

    account = city.value("SELECT account FROM session WHERE city = :city LIMIT 1")
    city.parts.writer.change(lambda tx: people.leave_post(tx, account, "acceptor-1"))
    people.forget(city.parts.database)
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 403


def test_another_pack_holds_for_both_at_once(city, beside, tmp_path):
    """The words of the version in force are those that the process which adopted it gives."""
    before = city.nobody.get("/v1/public/city").json()
    folder = tmp_path / "packs" / "demo"
    shutil.copytree(Path(__file__).parents[2] / "packs" / "demo", folder)
    text = (folder / "pack.toml").read_text()
    (folder / "pack.toml").write_text(text.replace(before["name"]["en"], "Elsewhere"))
    assert pack_bytes(folder)
    city.parts.book.adopt(folder, actor="machine")
    assert city.nobody.get("/v1/public/city").json()["name"]["en"] == "Elsewhere"
    assert beside.answered == 2


def test_who_comes_too_often_is_counted_in_one_place(places, tmp_path, monkeypatch, clock):
    """Reads that another process answers and reads of this one come out of one bucket."""
    clock.set("2026-03-02 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock, person_per_min=18) as city, read_beside(city) as beside:
        staff = bearer(city, "wang.li", "acceptor-1")
        codes = [city.nobody.get(path, headers=staff).status_code for path in ("/v1/cases", "/v1/me") * 5]
        assert codes == [200] * 6 + [429] * 4
        refused = city.nobody.get("/v1/cases", headers=staff)
        assert refused.json()["code"] == "rate.too_often"
        assert int(refused.headers["retry-after"]) >= 1
        assert beside.answered == 4, "the first that was too many was looked up, and kept back; the others were not even looked up"
        clock.forward(seconds=5)
        beside.hands._clock = lambda: time.monotonic() + 60
        assert beside.hands.takes({"method": "GET", "client": None, "headers": []}, "/v1/cases")


def test_strangers_who_look_too_often_are_counted_here(city, beside):
    """In the bucket of this process, by their address; then refused before anything is looked up."""
    codes = [city.nobody.get("/v1/public/city").status_code for _ in range(strangers.LOOKS.burst + 5)]
    assert codes == [200] * strangers.LOOKS.burst + [429] * 5
    assert beside.answered == strangers.LOOKS.burst + 1


def test_a_token_worth_nothing_makes_a_stranger(city, beside):
    """They are counted by their address, as if no other process answered."""
    counted = []
    edges = city.app.state.edges
    edges.chosen = type(edges.chosen)(stranger=Pace(per_min=600, burst=3), proxies=edges.chosen.proxies)
    edges._buckets.take = lambda key, pace, now: counted.append(key)
    for _ in range(2):
        assert city.nobody.get("/v1/cases", headers={"authorization": "Bearer nonsense"}).status_code == 401
    assert len(counted) == 2
    assert beside.answered == 2


def test_what_must_be_written_is_done_by_who_writes(city, beside, clock):
    """Once in a while it is written down that a session is used: a process that only reads leaves such a read to us."""
    staff = bearer(city, "wang.li", "acceptor-1")
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 200
    before = city.value("SELECT max(seen_at) FROM session WHERE city = :city")
    clock.forward(minutes=20)
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 200
    assert (beside.answered, beside.hands.returned) == (1, 1)
    assert city.value("SELECT max(seen_at) FROM session WHERE city = :city") > before
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 200
    assert (beside.answered, beside.hands.returned) == (2, 1)


def test_it_cannot_write(beside):
    with pytest.raises(OnlyReads):
        beside.parts.writer.change(lambda tx: tx.execute("DELETE FROM session WHERE city = :city"))
    with pytest.raises(beside.parts.database.engine.broken):
        beside.parts.database.engine.execute("DELETE FROM session", {})


def test_a_fault_there_is_none_here(city, beside, monkeypatch):
    staff = bearer(city, "wang.li", "acceptor-1")

    def gone():
        raise RuntimeError("planted")

    monkeypatch.setattr(beside.parts.database, "_begun", gone)
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 200
    assert (beside.answered, beside.hands.returned) == (0, 1)


def test_who_dies_of_it_is_not_needed(city, beside, monkeypatch):
    """A question that was under way is looked up here."""
    staff = bearer(city, "wang.li", "acceptor-1")
    monkeypatch.setattr(beside.parts.database, "_begun", lambda: beside._way.abort())
    assert city.nobody.get("/v1/cases", headers=staff).status_code == 200
    assert beside.answered == 0


def test_what_lives_in_memory_or_changes_something_is_not_handed_on(city, beside):
    staff = bearer(city, "wang.li", "acceptor-1", "system-admin")
    for path in ("/v1/me", "/v1/operate", "/healthz", "/v1/status", "/v1/observations/latest", "/v1/figures?by=unit", "/v1/cases/none/evidence.zip"):
        city.nobody.get(path, headers=staff)
    city.nobody.request("GET", "/v1/cases", headers=staff, content=b"{}")
    city.nobody.post("/v1/reports", json={"text": "x", "lon": LON, "lat": LAT})
    assert (beside.answered, beside.hands.returned) == (0, 0)


def test_a_request_keeps_its_name_and_its_way(city, beside):
    """In the answer of a refusal, and where requests are counted by route."""
    name = "a-name-of-theirs"
    answer = city.nobody.get("/v1/cases/none", headers={"x-request-id": name})
    assert (answer.headers["x-request-id"], answer.json()["request"]) == (name, name)
    assert ("GET", "/v1/cases/{case_id}", 401) in [(method, route, status) for method, route, status in city.parts.watch.requests._rows]
