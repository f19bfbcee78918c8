"""Whoever watches the server from outside: does it live, may requests come, and the numbers, which tell of nobody."""

import os
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.pages_world import PARKED, city_in

from cityloop.db.open import DatabaseGone
from cityloop.journal.held import HeldRow, held_add
from cityloop.operate.families import FAMILIES

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as found:
        yield found


@pytest.fixture
def operator(city):
    return city.signed_in("op.erator", "system-admin")


def numbers(client) -> dict[tuple, float]:
    """The numbers, as another library reads them: no process is named."""
    text = client.get("/metrics").text
    found = {}
    for family in text_string_to_metric_families(text):
        for each in family.samples:
            labels = {name: value for name, value in each.labels.items() if name != "process"}
            found[each.name, *sorted(labels.items())] = each.value
    return found


def test_it_lives_and_requests_may_come(city):
    assert city.nobody.get("/healthz").json() == {"ok": True}
    assert city.nobody.get("/readyz").json() == {"ok": True, "missing": {}}


def test_it_lives_without_its_database_and_says_what_is_missing(city, monkeypatch):
    def gone(*_, **__):
        raise DatabaseGone("gone")

    monkeypatch.setattr(city.parts.database, "reading", gone)
    assert city.nobody.get("/healthz").status_code == 200
    answer = city.nobody.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, {"database": "gone"})
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ("DELETE FROM migration WHERE name = '0094_running_alarms'", {"migrations": "missing"}),
        ("INSERT INTO migration (name) VALUES ('9999_later')", {}),  # servers are renewed one after the other
    ],
)
def test_it_takes_no_requests_on_tables_that_it_lacks_and_goes_on_where_a_newer_version_added_some(city, change, missing):
    city.parts.writer.whole(lambda tx: tx.run(change))
    try:
        answer = city.nobody.get("/readyz")
        assert (answer.status_code, answer.json()["missing"]) == (503 if missing else 200, missing)
    finally:
        city.parts.writer.whole(lambda tx: tx.run("DELETE FROM migration WHERE name IN ('9999_later', '0094_running_alarms')"))
        city.parts.writer.whole(lambda tx: tx.run("INSERT INTO migration (name) VALUES ('0094_running_alarms')"))


def test_a_server_that_stops_takes_no_more(city):
    city.parts.watch.stopping = True
    assert city.nobody.get("/readyz").json()["missing"] == {"process": "stops"}


def test_the_numbers_are_shut_but_for_this_machine_and_who_operates(city, operator):
    assert city.nobody.get("/metrics").status_code == 401
    assert city.signed_in("gao.tao", "duty-leader-1").get("/metrics").status_code == 403
    assert operator.get("/metrics").status_code == 200


@pytest.mark.parametrize(("client", "headers", "expected"), [
    (("127.0.0.1", 5), [], 200), (("::1", 5), [], 200), (("10.1.2.3", 5), [], 401), (None, [], 401),
    (("127.0.0.1", 5), [(b"x-forwarded-for", b"127.0.0.1")], 401),
])  # fmt: skip
def test_from_where_the_numbers_are_read(city, client, headers, expected):
    """What a proxy of this machine passes on comes from elsewhere."""
    with city.server.portal() as portal:
        assert portal.call(answered, city.app, client, headers) == expected


async def answered(app, client, headers) -> int:
    statuses = []
    scope = {
        "type": "http", "method": "GET", "path": "/metrics", "raw_path": b"/metrics", "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(b"host", b"x"), *headers], "client": client, "server": ("x", 80), "http_version": "1.1", "extensions": {},
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        statuses.append(message.get("status"))

    await app(scope, receive, send)
    return statuses[0]


def test_requests_are_counted_by_their_route_and_never_by_what_stands_in_it(city, operator):
    case = city.report("车停在人行道上", PARKED)
    assert city.nobody.get("/v1/cases/none-such").status_code == 401
    assert city.nobody.get("/nowhere/13800138000").status_code == 404
    found = numbers(operator)
    count = "cityloop_request_seconds_count"
    assert found[count, ("method", "POST"), ("route", "/v1/reports"), ("status", "201")] == 1
    assert found[count, ("method", "GET"), ("route", "/v1/cases/{case_id}"), ("status", "401")] == 1
    assert found[count, ("method", "GET"), ("route", "unknown"), ("status", "404")] == 1
    text = operator.get("/metrics").text
    assert "13800138000" not in text
    assert case not in text


def test_the_numbers_say_what_waits(city, operator):
    case = city.report("车停在人行道上", PARKED)
    row = HeldRow("dispatch", 3, 0, f"case/{case}", f"case/{case}#2", 8, None, 1, "no duty table")
    city.parts.writer.change(lambda tx: held_add(tx, row))
    city.nobody.post("/v1/sessions", json={"name": "nobody", "password": "wrong"}, headers={"origin": "http://testserver.local"})
    found = numbers(operator)
    assert found["cityloop_parked", ("handler", "dispatch")] == 1
    assert found["cityloop_facts",] == city.facts()
    assert found["cityloop_seal_waiting",] == city.facts()
    assert found["cityloop_sign_ins_refused_total",] == 1
    assert found["cityloop_ready",] == 1
    city.seal()
    assert numbers(operator)["cityloop_seal_waiting",] == 0


def test_every_number_is_declared_and_each_that_is_told_always_is_there(city, operator):
    told = {re.split(r"[ {]", line)[0] for line in operator.get("/metrics").text.splitlines() if not line.startswith("#")}
    families = {"cityloop_request_seconds" if "request_seconds" in name else name for name in told}
    sometimes = {"cityloop_log_broken_age_seconds", "cityloop_work_failing", "cityloop_telemetry_up", "cityloop_certificate_seconds", "cityloop_alert_firing"}
    assert set(FAMILIES) - sometimes <= families <= set(FAMILIES)


def test_the_numbers_of_a_neighbour_are_there_too_until_it_is_gone(city, operator):
    watch = city.parts.watch
    watch.write_own()
    (own,) = watch.folder.glob("*.counts")
    other = own.rename(watch.folder / "1.counts")
    assert operator.get("/metrics").text.count("cityloop_ready{") == 2
    os.utime(other, (0, 0))
    assert operator.get("/metrics").text.count("cityloop_ready{") == 1


def test_an_answer_names_its_request_and_a_refusal_says_the_name_again(city):
    answer = city.nobody.get("/v1/held")
    assert answer.json()["request"] == answer.headers["x-request-id"]
    again = city.nobody.get("/v1/held")
    assert again.headers["x-request-id"] != answer.headers["x-request-id"]
    given = city.nobody.get("/healthz", headers={"x-request-id": "from-the-proxy-7"})
    assert given.headers["x-request-id"] == "from-the-proxy-7"
    bad = city.nobody.get("/healthz", headers={"x-request-id": 'x" injected: y'})
    assert "injected" not in bad.headers["x-request-id"]


def test_the_server_judges_the_alerts_itself(city, clock):
    case = city.report("车停在人行道上", PARKED)
    watch = city.parts.watch
    row = HeldRow("dispatch", 3, 0, f"case/{case}", f"case/{case}#2", 8, None, 1, "no duty table")
    city.parts.writer.change(lambda tx: held_add(tx, row))
    assert [each.name for each in watch.look().firing if not each.waits] == []
    names = {each.name for each in watch.firing()}
    assert "PartsParked" in names
    assert "NotReady" not in names
