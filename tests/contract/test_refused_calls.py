"""Refused calls in the log: a line each with its code, no value of anybody, and no more lines than a disk can bear."""

import json

import pytest
from litestar.testing import TestClient
from tests.contract.test_edges_http import NEEDLES, OTHER, STRANGER, app, at, parts  # noqa: F401  # fixtures
from tests.people_world import PASSWORD

from cityloop.http.noted import LINES_A_MINUTE, NOTED, Noted

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture
def lines(capsys):
    """What was written down of refused calls since it was last asked."""
    NOTED._minutes.clear()
    capsys.readouterr()
    return lambda: [said for line in capsys.readouterr().out.splitlines() if (said := json.loads(line))["event"] == "call_refused"]


def test_each_kind_of_refusal_has_its_line(app, at, lines, parts):  # noqa: F811
    """Not signed in, not allowed, not there, another site, another host, twice, too large, no such page, a body that is none."""
    client: TestClient = at()
    signed = client.post("/v1/sessions", json={"name": "needle.person", "password": PASSWORD, "as_token": True}).json()
    token = {"authorization": f"Bearer {signed['token']}"}
    lines()
    tries = [
        (401, "needs_sign_in", "/v1/cases", lambda: client.get("/v1/cases")),
        (403, "not_allowed", "/v1/accounts", lambda: client.get("/v1/accounts", headers=token)),
        (401, "people.wrong_password", "/v1/sessions", lambda: client.post("/v1/sessions", json={"name": NEEDLES[0], "password": NEEDLES[3]})),
        (404, "intake.tracking_unknown", "/v1/track/{code}", lambda: client.get(f"/v1/track/{NEEDLES[2]}")),
        (404, "not_found", "unknown", lambda: client.get(f"/{NEEDLES[1]}")),
        (421, "edge.wrong_host", "unknown", lambda: at(base="http://evil.example").get("/v1/map")),
        (400, "edge.given_twice", "unknown", lambda: client.get(f"/v1/cases?q={NEEDLES[1]}&q=x")),
        (413, "edge.body_too_large", "unknown", lambda: client.post("/v1/sessions", content=b"x" * 20_000)),
        (400, "intake.unreadable", "/v1/reports", lambda: client.post("/v1/reports", json={"text": 7, "x": NEEDLES[4]})),
        (405, "method_not_allowed", "unknown", lambda: client.put("/v1/cases")),
    ]
    for status, code, path, ask in tries:
        answer = ask()
        found = lines()
        assert answer.status_code == status, (code, answer.text)
        assert [(each["status"], each["code"], each["path"]) for each in found] == [(status, code, path)], found
        assert found[0]["network"] == "203.0.113.*"
        assert found[0]["request"]
        assert not [needle for needle in NEEDLES if needle in json.dumps(found)]
    client.get("/v1/accounts", headers=token)
    assert lines()[0]["account"] == signed["account"]


def test_a_refusal_on_a_page_has_its_line_too(at, lines):  # noqa: F811
    client = at()
    for url, code in (("/console/none", "not_found"), ("/no/such/page", "not_found")):
        client.get(url, headers={"accept": "text/html"})
        assert code in {each["code"] for each in lines()} | {"not_found"}
    client.get("/cases/none/file", headers={"accept": "text/html"})
    assert [each["status"] for each in lines()] == [401]


def test_what_every_page_asks_has_none(at, lines):  # noqa: F811
    assert at().get("/v1/me").status_code == 401
    assert lines() == []


def test_a_flood_is_seen_and_fills_no_disk(at, lines):  # noqa: F811
    """Sixty lines of a code, then one at each tenfold, with how many there were."""
    client = at(("127.0.0.1", 5000))
    for _ in range(LINES_A_MINUTE * 10 + 5):
        client.get("/v1/cases")
    found = lines()
    assert len(found) == LINES_A_MINUTE + 1
    assert found[-1]["times"] == LINES_A_MINUTE * 10
    assert client.get("/v1/nothing").status_code == 404
    assert len(lines()) == 1, "another code has lines of its own"


def test_a_minute_later_it_is_told_again():
    now = [0.0]
    noted = Noted(lambda: now[0])
    said = [noted.has_a_line("x") for _ in range(100)]
    assert [each for each in said if each] == list(range(1, LINES_A_MINUTE + 1))
    now[0] = 60.0
    assert noted.has_a_line("x") == 1
