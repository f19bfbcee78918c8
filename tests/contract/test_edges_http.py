"""The edge of the whole server: every answer's headers, who may come, what they may bring, and what may not be written down."""

import json
import logging
from pathlib import Path

import pytest
from litestar import get
from litestar.testing import TestClient
from tests.contract.test_every_endpoint import endpoints_of
from tests.people_world import PASSWORD, hashed

from cityloop import app as city_app
from cityloop.http import lanes
from cityloop.http.headers import SAFE
from cityloop.http.limits import Pace
from cityloop.http.shed import Lane
from cityloop.people import Person, open_account, set_password

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
STRANGER, PROXY, OTHER = ("203.0.113.7", 5000), ("10.9.9.9", 5000), ("198.51.100.4", 5000)
NEEDLES = ("needle.person", "13812340000", "QZ7K2M4N8P", "secret-token-77", "needle words of a resident", "needle@example.org")


@get("/v1/broken/{code:str}", include_in_schema=False)
async def get_broken(code: str) -> None:
    """A fault of ours, with everything in it that may not be told."""
    try:
        int(f"{NEEDLES[0]} {NEEDLES[4]}")
    except ValueError as fault:
        raise RuntimeError(f"{code} {NEEDLES}") from fault


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    home = tmp_path_factory.mktemp("edges")
    pack = Path(__file__).parents[2] / "packs" / "demo"
    settings = city_app.Settings(
        city="edges", home=str(home), pack=str(pack), hosts="city.example", proxies="10.0.0.0/8", stranger_per_min=600
    )
    parts = city_app.join(settings)
    city_app.open_city(parts)

    def person(tx):
        set_password(tx, open_account(tx, sign_in_name="needle.person", person=Person(name="Needle Person")), hashed(), must_change=False)

    parts.writer.change(person)
    yield parts
    parts.close()


@pytest.fixture(scope="module")
def app(parts):
    made = city_app.create_app(parts)
    made.register(get_broken)
    with TestClient(made, base_url="http://city.example"):
        yield made


@pytest.fixture
def at(app, monkeypatch):
    """A client at an address; each test has the edge's buckets anew, and its clock stands still."""
    monkeypatch.setattr(app.state.edges, "_clock", lambda: 1_000.0)
    app.state.edges._buckets._all.clear()

    def client(address=STRANGER, base="http://city.example") -> TestClient:
        async def from_there(scope, receive, send):
            if scope["type"] == "http":
                scope["client"] = address
            await app(scope, receive, send)

        return TestClient(from_there, base_url=base, raise_server_exceptions=False)

    return client


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# headers

def test_every_answer_says_what_a_browser_may_do_with_it(app, at):
    """Each way in, also where it refuses, fails or does not exist: no answer without a policy, and none that lets scripts be written in."""
    client = at(("127.0.0.1", 5000))
    paths = [(each.method, each.url) for each in endpoints_of(app) if "stream" not in each.url or "streams" in each.url]
    for method, url in [*paths, ("GET", "/no/such/page"), ("GET", "/v1/broken/x"), ("PUT", "/"), ("OPTIONS", "/v1/reports")]:
        answer = client.request(method, url, json={} if method not in ("GET", "OPTIONS") else None)
        said = answer.headers
        policy = said["content-security-policy"]
        assert "frame-ancestors 'none'" in policy or "sandbox" in policy or "default-src 'none'" in policy, (method, url, policy)
        assert "unsafe-inline" not in policy.replace("style-src 'unsafe-inline'", ""), (method, url, policy)
        assert "unsafe-eval" not in policy.replace("'wasm-unsafe-eval'", ""), (method, url, policy)
        for name, _ in SAFE:
            assert said.get(name.decode()), (method, url, name)
        assert said["x-content-type-options"] == "nosniff"
        if method != "GET" or answer.status_code >= 400:
            assert said["cache-control"] == "no-store", (method, url)
        assert "server" not in said
        assert "strict-transport-security" not in said


def test_over_tls_browsers_are_told_to_stay_there_and_the_cookie_is_bound_to_the_host(at):
    """Said by a proxy of ours; the name of the cookie makes the browser refuse it from anywhere else."""
    client = at(PROXY)
    tls = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
    answer = client.post("/v1/sessions", json={"name": "needle.person", "password": PASSWORD}, headers=tls)
    assert answer.status_code == 201, answer.text
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-cityloop_session=")
    for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert word.lower() in cookie.lower()
    assert "domain" not in cookie.lower()
    value = cookie.partition("=")[2].partition(";")[0]
    assert at(PROXY).get("/v1/me", headers=tls | {"cookie": f"__Host-cityloop_session={value}"}).status_code == 200
    assert at(PROXY).get("/v1/me", headers=tls | {"cookie": f"cityloop_session={value}"}).status_code == 401, "another host could set it"
    plain = at().post("/v1/sessions", json={"name": "needle.person", "password": PASSWORD}, headers={"x-forwarded-proto": "https"})
    assert plain.headers["set-cookie"].startswith("cityloop_session="), "who is no proxy cannot say that it is TLS"


def test_only_open_data_may_be_read_by_pages_of_others(app, at):
    """Without a session, as `*` lets none along; nothing that changes anything."""
    client = at()
    opened = {url for url in ("/open311/v2/services.json", "/sta/v1.1", "/evidence/1/checkpoint") if "access-control-allow-origin" in client.get(url).headers}
    assert opened == {"/open311/v2/services.json", "/evidence/1/checkpoint", "/sta/v1.1"} - ({"/sta/v1.1"} - opened)
    for method, url in (("GET", "/v1/me"), ("GET", "/v1/cases"), ("POST", "/open311/v2/requests.json"), ("GET", "/")):
        answer = client.request(method, url, headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST", "access-control-request-headers": "x-api-key"}
    assert not [name for name in client.options("/open311/v2/requests.json", headers=asked).headers if name.startswith("access-control")]


def test_a_session_changes_nothing_from_another_sites_page(at):
    """Every unsafe method with a cookie; a token in a header is free of it, as no page of others can send one."""
    client = at()
    answer = client.post("/v1/sessions", json={"name": "needle.person", "password": PASSWORD})
    cookie = {"cookie": answer.headers["set-cookie"].partition(";")[0]}
    for said in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}, {}):
        for method, url in (("DELETE", "/v1/sessions/current"), ("PUT", "/v1/me/password"), ("POST", "/v1/views"), ("PATCH", "/v1/devices/x")):
            refused = at().request(method, url, json={}, headers=cookie | said)
            assert refused.status_code == 403, (method, url, said, refused.text)
    kept = at().delete("/v1/sessions/current", headers=cookie | {"sec-fetch-site": "same-origin"})
    assert kept.status_code == 204


# who may come

def test_another_name_than_ours_is_no_host_of_ours(at):
    assert code(at(base="http://evil.example").get("/v1/me")) == (421, "edge.wrong_host")
    assert at(base="http://city.example:8443").get("/v1/map").status_code == 200
    assert at(base="http://10.1.1.1").get("/health").status_code == 200, "who watches over it comes by the address"


def test_an_address_is_counted_and_people_are_not_shut_out_by_their_neighbours(app, at, parts):
    """600 a minute, 200 at once: then 429 with the seconds; who is signed in behind the same address goes on."""
    client = at()
    token = client.post("/v1/sessions", json={"name": "needle.person", "password": PASSWORD, "as_token": True}).json()["token"]
    answers = [client.get("/v1/map") for _ in range(210)]
    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) == 11  # one came in before: to sign in
    assert code(refused[0]) == (429, "rate.too_often")
    assert int(refused[0].headers["retry-after"]) >= 1
    assert client.get("/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert at(OTHER).get("/v1/map").status_code == 200
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize(
    "made_up",
    [{"cookie": "cityloop_session=x"}, {"authorization": "Bearer x"}, {"authorization": "Basic eDp5"}, {"x-api-key": "x"}],
    ids=["session", "token", "password", "key"],
)
def test_who_only_says_to_be_known_is_counted_like_a_stranger(at, made_up):
    """A session, a token, a key that is none: it opens nothing, neither another pace; who is signed in beside them goes on."""
    signed = at(OTHER).post("/v1/sessions", json={"name": "needle.person", "password": PASSWORD, "as_token": True}).json()["token"]
    client = at()
    answers = [client.post("/v1/reports", json={}, headers=made_up) for _ in range(210)]
    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) == 10
    assert code(refused[0]) == (429, "rate.too_often")
    assert client.get("/v1/map").status_code == 429, "they share it with all strangers of their address"
    assert client.get("/v1/me", headers={"authorization": f"Bearer {signed}"}).status_code == 200
    assert at(OTHER).post("/v1/reports", json={}, headers=made_up).status_code != 429


def test_what_is_said_of_an_address_is_believed_of_proxies_only(app, at):
    """A stranger who says to be another each time is one all the same; behind a proxy of ours each is themselves."""
    client = at()
    codes = {client.get("/v1/map", headers={"x-forwarded-for": f"6.6.{each}.6"}).status_code for each in range(210)}
    assert codes == {200, 429}
    proxied = at(PROXY)
    assert {proxied.get("/v1/map", headers={"x-forwarded-for": f"6.6.{each}.6"}).status_code for each in range(210)} == {200}
    same = at(PROXY)
    made_up = {same.get("/v1/map", headers={"x-forwarded-for": f"6.6.{each}.6, 203.0.113.50"}).status_code for each in range(210)}
    assert made_up == {200, 429}, "only the last that is no proxy of ours counts"
    assert len(app.state.edges._buckets._all) < 1_000


def test_a_subscriber_of_ipv6_is_one_however_many_addresses_they_have(at):
    codes = {at((f"2001:db8:1:2::{each:x}", 5000)).get("/v1/map").status_code for each in range(1, 211)}
    assert codes == {200, 429}
    assert at(("2001:db8:1:3::1", 5000)).get("/v1/map").status_code == 200


def test_guessing_is_slower_than_coming(at):
    """Sixty wrong codes, passwords, invitations at once; then a pause, for them alone."""
    client = at()
    codes = [client.get(f"/v1/track/QZ7K2M4N{each:02d}").status_code for each in range(70)]
    assert codes[0] == 404
    assert codes[-1] == 429
    assert code(client.post("/v1/sessions", json={"name": "nobody", "password": "wrong wrong"})) == (429, "edge.too_many_tries")
    assert client.get("/v1/map").status_code == 200
    assert at(OTHER).get("/v1/track/QZ7K2M4N99").status_code == 404


def test_a_person_is_counted_wherever_they_come_from(app, at, monkeypatch):
    client = at()
    token = client.post("/v1/sessions", json={"name": "needle.person", "password": PASSWORD, "as_token": True}).json()["token"]
    monkeypatch.setattr(app.state.edge, "person_pace", Pace(per_min=60, burst=3))
    app.state.edge.buckets._all.clear()
    codes = [at((f"203.0.113.{each}", 1)).get("/v1/me", headers={"authorization": f"Bearer {token}"}).status_code for each in range(6)]
    assert codes[:3] == [200, 200, 200]
    assert 429 in codes[3:]


def test_what_can_wait_is_sent_away_while_there_is_too_much_to_do(app, at, monkeypatch):
    """Tiles, exports and lists go, with Retry-After; what is done on duty does not, nor the door."""
    edges = app.state.edges
    monkeypatch.setattr(edges, "_waits", lambda: (800, 0))  # changes that wait for a commit
    client, known = at(), {"authorization": "Bearer none"}
    for url in ("/tiles/base/1/1/1", "/v1/map", "/v1/public/cases", "/v1/figures.csv"):
        answer = client.get(url)
        assert code(answer) == (503, "edge.overloaded"), url
        assert 1 <= int(answer.headers["retry-after"]) <= 30
    assert client.get("/v1/cases", headers=known).status_code == 503
    for method, url in (("POST", "/v1/cases/x/signature"), ("POST", "/v1/duty/shifts"), ("GET", "/v1/work/next"), ("POST", "/v1/sessions")):
        assert client.request(method, url, json={} if method == "POST" else None, headers=known).status_code != 503, url
    assert client.get("/health").status_code == 200
    assert edges.shedder.sent_away[Lane.work] == 0
    assert edges.shedder.sent_away[Lane.later] >= 2
    monkeypatch.setattr(edges, "_waits", lambda: (0, 0))
    assert client.get("/v1/map").status_code == 200


# what they may bring

@pytest.mark.parametrize(
    ("path", "most"), [("/v1/sessions", 16 * lanes.KIB), ("/v1/track", 64 * lanes.KIB), ("/v1/reports", lanes.MIB), ("/v1/views", lanes.MIB)]
)
def test_a_body_has_a_limit_by_its_path(at, path, most):
    """Said before it is read, and where it does not say how long it is, while it is read."""
    client = at()
    too_much = b'"' + b"x" * most + b'"'
    answer = client.post(path, content=too_much, headers={"content-type": "application/json"})
    assert code(answer) == (413, "edge.body_too_large")
    assert str(most) in answer.json()["detail"]

    def pieces():
        for _ in range(most // 4096 + 2):
            yield b"x" * 4096

    token = {"authorization": "Bearer none"} if path == "/v1/views" else {}
    answer = client.post(path, content=pieces(), headers={"content-type": "application/json"} | token)
    assert answer.status_code in (401, 413), answer.text


def test_a_long_question_and_a_large_head_are_refused(at):
    client = at()
    assert code(client.get("/v1/cases?q=" + "x" * 40_000)) == (414, "edge.address_too_long")
    assert code(client.get("/v1/" + "x" * 5000)) == (414, "edge.address_too_long")
    assert code(client.get("/v1/map", headers={"x-a": "x" * 40_000})) == (431, "edge.head_too_large")
    assert code(client.get("/v1/map", headers={f"x-{each}": "1" for each in range(120)})) == (431, "edge.head_too_large")


BODIES = {
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep members": b'{"text":' * 50_000 + b"1" + b"}" * 50_000,
    "a long number": b'{"text": ' + b"9" * 200_000 + b"}",
    "a huge exponent": b'{"text": 1e999999999}',
    "a number of a million places": b'{"lon": 0.' + b"1" * 900_000 + b"}",
    "not a number": b'{"lon": NaN}',
    "half a letter": b'{"text": "\xff\xfe"}',
    "a lone half": b'{"text": "\\ud800"}',
    "nothing": b"",
    "null": b"null",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_breaks_us(at, body):
    """Deep, long, endless, half: each is refused, none is a fault of ours."""
    for path in ("/v1/reports", "/v1/sessions", "/v1/track", "/v1/classes/proposed"):
        answer = at().post(path, content=body, headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.text[:200])
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_form_has_a_limit_of_parts(at):
    parts = [("text", (None, "x"))] * (lanes.PARTS_MAX + 2)
    answer = at().post("/v1/reports", files=parts)
    assert 400 <= answer.status_code < 500, answer.text
    endless = b"--b\r\n" + b"x: y\r\n" * 20_000 + b"\r\n"
    answer = at().post("/v1/reports", content=endless, headers={"content-type": "multipart/form-data; boundary=b"})
    assert 400 <= answer.status_code < 500, answer.text


# what may not be written down

def test_nothing_of_anybody_is_written_down(at, capsys, caplog):
    """Names, numbers, codes, tokens and words by each way in, and in a fault of ours: none is in a log, an error or a metric."""
    client = at(("127.0.0.1", 5000))
    name, phone, tracking, token, words, mail = NEEDLES
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/sessions", json={"name": name, "password": token})
        client.post("/v1/sessions", json={"name": f"{name}\n\x1b[31mroot", "password": token})
        client.post("/v1/reports", json={"text": words, "contact": {"name": name, "phone": phone}, "lon": "x"})
        client.get(f"/v1/track/{tracking}")
        client.post("/v1/track", json={"codes": [tracking]})
        client.get(f"/v1/cases?q={phone}&token={token}")
        client.get("/v1/me", headers={"authorization": f"Bearer {token}", "x-api-key": token, "cookie": f"cityloop_session={token}"})
        client.get(f"/v1/cameras/{token}/isapi")
        client.get(f"/{tracking}%0A{words}")
        fault = client.get(f"/v1/broken/{tracking}?mail={mail}")
    assert code(fault) == (500, "fault")
    out = capsys.readouterr()
    assert out.out.count("\n") == len(out.out.splitlines()), "no line is forged"
    told = out.out + out.err + json.dumps([each.getMessage() for each in caplog.records if each.name not in ("httpx", "asyncio")])
    assert "fault" in told
    assert "RuntimeError" in told
    assert "get_broken" in told
    for needle in NEEDLES:
        assert needle not in told, needle
        assert needle not in fault.text
    health = client.get("/health").text + "".join(client.get(each).text for each in ("/metrics", "/healthz", "/readyz"))
    assert not [needle for needle in NEEDLES if needle in health]


def test_a_line_of_the_log_is_one_line():
    """Whatever is put into it: no line can be forged, no terminal told what to do."""
    import structlog

    city_app.plain_logs()
    with_newline = structlog.get_config()["processors"][-1](None, "info", {"event": "a\nb\r\x1b[31m\x07\x85", "name": "x\n{}"})
    assert "\n" not in with_newline
    assert "\x1b" not in with_newline
    assert json.loads(with_newline)["event"].startswith("a\nb")


def test_what_libraries_say_of_a_fault_has_no_values(capsys):
    """asyncio, uvicorn, a driver: their lines go the same way."""
    city_app.plain_logs()
    try:
        raise ValueError(NEEDLES[4])
    except ValueError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved\nfuture: <Task exception=%s>", NEEDLES[0])
    said = capsys.readouterr()
    line = said.out + said.err
    assert "ValueError" in line
    assert not [needle for needle in NEEDLES if needle in line]
