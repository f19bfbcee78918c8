"""Coming in by a provider: a real one, over the wire; its key changes; what is forged or not begun here is refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.people_world import ACCEPTOR, ADMIN, HERE, PASSWORD, code, policy
from tests.provider_world import OURS, SECRET, RealProvider, path_of
from tests.sign_in_world import enrolled, said

from cityloop.http.outward import networks
from cityloop.notices.wire import Wire
from cityloop.people import Reply
from cityloop.people.elsewhere import Provider, Providers, providers_in
from cityloop.people.elsewhere.providers import BadProviders
from cityloop.people.elsewhere.store import link_account

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture(scope="module")
def provider():
    found = RealProvider()
    yield found
    found.stop()


class Asked:
    """How our server asks the provider: over the guarded wire, noting what, and changing an answer where a test says so."""

    def __init__(self, allowed: str = "127.0.0.1"):
        self.wire = Wire(networks(allowed))
        self.paths: list[str] = []
        self.change = lambda path, body: body

    def __call__(self, method, url, headers, body=b""):
        path = url.split("/", 3)[-1].split("?")[0]
        self.paths.append(path)
        status, read, error = self.wire.ask(method, url, headers, body)
        return Reply(status=status, body=self.change(path, read), error=error)


@pytest.fixture
def asked():
    found = Asked()
    yield found
    found.wire.close()


@pytest.fixture
def city(world, clock, provider, asked):
    """The city of tests, in the very minute of the provider, which trusts it."""
    clock.now = datetime.now(UTC)
    trusts(world, provider, asked)
    return world


def trusts(world, provider, asked, **more):
    office = Provider(
        name_zh="统一身份", name_en="The office", issuer=provider.issuer, client_id="cityloop", client_secret=SECRET, **more
    )
    world.client()
    world._server.app.state.providers = Providers(OURS, {"office": office}, asked)


def begun(client, back="/people/me"):
    answer = client.get("/v1/sign-in/office", params={"back": back})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def linked(city, provider, name="li.na", login="li-at-the-office"):
    """A browser of somebody who has linked their account."""
    client = city.signed_in(name, ACCEPTOR)
    sent = client.post("/v1/me/links/office", json={"back": "/people/me"})
    assert sent.status_code == 201, sent.text
    back = client.get(path_of(provider.walk(sent.json()["address"], login)))
    assert (back.status_code, back.headers["location"]) == (302, "/people/me")
    return client


def how(client):
    """With what whoever sits here came in."""
    return next(each["how"] for each in client.get("/v1/me/sessions").json() if each["current"])


def came_back(client, provider, login="li-at-the-office"):
    return client.get(path_of(provider.walk(begun(client), login)))


def test_who_is_linked_comes_in_by_the_provider_and_nobody_else(city, provider):
    """Never by an address that matches: the provider tells one, and nobody looks."""
    assert came_back(city.client(), provider).headers["location"] == "/people/me?refused=people.no_link"
    linked(city, provider)
    client = city.client()
    back = came_back(client, provider)
    assert back.headers["location"] == "/people/me"
    assert "samesite=strict" in back.headers["set-cookie"].lower()
    me = client.get("/v1/me").json()
    assert (me["name"], "case.accept" in me["permissions"]) == ("Li.Na", True)
    assert came_back(city.client(), provider, "somebody-else").headers["location"].endswith("refused=people.no_link")
    assert how(client) == "provider/office"
    assert client.get("/v1/me/links").json()[0]["subject"] == "li-at-the-office"
    with city.database.reading() as tx:
        told = b"".join(bytes(row.body) for row in tx.all("SELECT body FROM fact WHERE city = :city"))
    assert b"li-at-the-office" not in told
    assert SECRET.encode() not in told


def test_what_goes_to_the_provider_is_bound_to_the_browser(city, provider):
    client = city.client()
    asked = dict(httpx.QueryParams(begun(client).partition("?")[2]))
    assert (asked["code_challenge_method"], asked["response_type"], asked["scope"]) == ("S256", "code", "openid")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert dict(httpx.QueryParams(begun(client).partition("?")[2]))["nonce"] != asked["nonce"]


def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(city, provider):
    """Login CSRF: somebody else's answer, an answer twice, a wrong state, one that took too long."""
    linked(city, provider)
    thief, victim = city.client(), city.client()
    theirs = path_of(provider.walk(begun(thief), "li-at-the-office"))
    assert victim.get(theirs).headers["location"].endswith("refused=people.not_from_here")
    begun(victim)
    assert victim.get(theirs).headers["location"].endswith("refused=people.not_from_here")
    assert victim.get("/v1/me").status_code == 401
    assert thief.get(theirs).headers["location"] == "/people/me"
    assert thief.get(theirs).headers["location"].endswith("refused=people.not_from_here"), "once"


def test_the_answer_of_one_provider_is_none_of_another(city, provider, asked):
    """Mix-up: another provider of ours, or one that names itself, answers for the one that was asked. Nor is one's person another's."""
    client = linked(city, provider)
    with city.database.reading() as tx:
        assert link_account(tx, "office", "li-at-the-office")
        assert link_account(tx, "other", "li-at-the-office") is None
    one = city._server.app.state.providers.way("office")._provider
    city._server.app.state.providers = Providers(OURS, {"office": one, "other": one}, asked)
    back = path_of(provider.walk(begun(client), "li-at-the-office"))
    assert client.get(back.replace("/office/", "/other/")).headers["location"].endswith("refused=people.not_from_here")
    with_iss = path_of(provider.walk(begun(client), "li-at-the-office")).partition("&iss=")[0]
    assert client.get(f"{with_iss}&iss=https://evil.example").headers["location"].endswith("refused=people.provider_refused")


def test_a_visit_ends_after_ten_minutes(city, provider, clock):
    client = city.client()
    back = path_of(provider.walk(begun(client), "li-at-the-office"))
    clock.forward(minutes=11)
    assert client.get(back).headers["location"].endswith("refused=people.not_from_here")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:x"])
def test_one_comes_back_to_a_page_of_ours_only(city, provider, back):
    client = linked(city, provider)
    found = client.get(path_of(provider.walk(begun(client, back), "li-at-the-office"))).headers["location"]
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert "\n" not in found


def test_the_providers_key_may_change_and_is_asked_for_at_most_so_often(city, provider, asked):
    linked(city, provider)
    fetched = lambda: asked.paths.count("jwks")
    before = fetched()
    provider.rotate()
    assert came_back(city.client(), provider).headers["location"] == "/people/me?refused=people.provider_refused", "a moment ago"
    assert fetched() == before
    way = city._server.app.state.providers.way("office")
    way._keys_at -= 31
    assert came_back(city.client(), provider).headers["location"] == "/people/me"
    assert fetched() == before + 1
    provider.rotate()
    for _ in range(3):
        assert came_back(city.client(), provider).headers["location"].endswith("refused=people.provider_refused")
    assert fetched() == before + 1


def changed(**claims):
    """The token endpoint's answer with another ID token, signed by nobody."""

    def change(path, body):
        if path != "token":
            return body
        import base64

        answer = msgspec.json.decode(body)
        head, said, signature = answer["id_token"].split(".")
        inner = msgspec.json.decode(base64.urlsafe_b64decode(said + "==")) | claims
        answer["id_token"] = f"{head}.{base64.urlsafe_b64encode(msgspec.json.encode(inner)).decode().rstrip('=')}.{signature}"
        return msgspec.json.encode(answer)

    return change


def test_a_token_that_was_changed_on_the_way_is_refused(city, provider, asked):
    linked(city, provider)
    asked.change = changed(sub="li-at-the-office", aud="another")
    assert came_back(city.client(), provider).headers["location"].endswith("refused=people.provider_refused")
    asked.change = lambda path, body: body
    assert came_back(city.client(), provider).headers["location"] == "/people/me"


def test_a_provider_inside_is_not_asked_unless_the_operator_allows_it(city, provider):
    guarded = Asked("")
    trusts(city, provider, guarded)
    answer = city.client().get("/v1/sign-in/office")
    assert answer.headers["location"].endswith("refused=people.provider_down")
    guarded.wire.close()


def test_our_second_factor_is_asked_for_unless_the_provider_has_two(city, provider, asked, clock):
    phone, _ = enrolled(city, linked(city, provider))
    clock.forward(seconds=30)
    client = city.client()
    assert came_back(client, provider).headers["location"] == "/people/me?code_owed=1"
    assert client.get("/v1/me").status_code == 401, "not yet"
    client.headers.update(HERE)
    assert code(client.post("/v1/sessions/second", json={"code": "000000"})) == (401, "people.wrong_code")
    assert client.post("/v1/sessions/second", json={"code": phone.shows()}).status_code == 201
    assert how(client) == "provider/office+code"
    assert code(city.client().post("/v1/sessions/second", json={"code": phone.shows()})) == (401, "people.not_from_here")
    trusts(city, provider, asked, two_factors=True)
    provider.shows(amr=["pwd", "mfa"])
    other = city.client()
    came_back(other, provider)
    assert how(other) == "provider/office+own"


@pytest.mark.parametrize(
    ("strong", "shows", "own"),
    [
        ({}, {}, False),
        ({}, {"amr": ["pwd"]}, False),
        ({}, {"acr": "gold"}, False),
        ({}, {"amr": ["pwd", "mfa"]}, True),
        ({"strong_acr": ("gold",)}, {"acr": "gold"}, True),
        ({"strong_acr": ("gold",)}, {"acr": "silver", "amr": ["pwd"]}, False),
        ({"strong_acr": ("gold",), "strong_amr": ()}, {"acr": "silver", "amr": ["pwd", "mfa"]}, False),
        ({"strong_amr": ("hwk",)}, {"amr": ["hwk"]}, True),
    ],
    ids=str,
)
def test_two_factors_are_what_the_token_says_not_what_our_file_hopes(city, provider, asked, clock, strong, shows, own):
    """What is not said was not shown: then our own second factor is asked for."""
    provider.shows()
    enrolled(city, linked(city, provider))
    clock.forward(seconds=30)
    trusts(city, provider, asked, two_factors=True, **strong)
    provider.shows(**shows)
    client = city.client()
    sent = dict(httpx.QueryParams(begun(client).partition("?")[2]))
    assert sent.get("acr_values") == (" ".join(strong["strong_acr"]) if "strong_acr" in strong else None)
    back = came_back(client, provider).headers["location"]
    assert back == ("/people/me" if own else "/people/me?code_owed=1")
    assert client.get("/v1/me").status_code == (200 if own else 401)
    provider.shows()


def test_a_session_is_no_older_than_what_its_person_showed_the_provider(city, provider, clock):
    """The hours run from `auth_time`; who showed it too long ago goes back there."""
    linked(city, provider)
    hours = policy().settings.session_hours
    client = city.client()
    assert dict(httpx.QueryParams(begun(client).partition("?")[2]))["max_age"] == str(hours * 3600)
    ago_s = 3600
    provider.shows(loginTs=int(clock.now.timestamp()) - ago_s)
    client = city.client()
    assert came_back(client, provider).headers["location"] == "/people/me"
    ends = datetime.fromisoformat(next(each["expires_at"] for each in client.get("/v1/me/sessions").json() if each["current"]))
    assert abs(ends - (clock.now + timedelta(hours=hours) - timedelta(seconds=ago_s))) < timedelta(seconds=5)
    with said(session_hours=1):
        client = city.client()
        asked_of_it = begun(client).replace("&max_age=3600", "")  # a provider that heeds no max_age
        back = client.get(path_of(provider.walk(asked_of_it, "li-at-the-office"))).headers["location"]
        assert back.endswith("refused=people.provider_refused")
    provider.shows()


def test_a_proof_at_the_provider_is_a_fresh_one(city, provider, clock):
    with said(step_up_min=30):
        client = linked(city, provider)
        clock.forward(minutes=5)
        sent = client.post("/v1/me/proof/office", json={"back": "/people/me"}).json()["address"]
        assert "prompt=login" in sent
        assert "max_age=0" in sent
        clock.now -= timedelta(minutes=5)
        sent = client.post("/v1/me/proof/office", json={"back": "/people/me"}).json()["address"]
        assert client.get(path_of(provider.walk(sent, "li-at-the-office"))).headers["location"] == "/people/me"
        sent = client.post("/v1/me/proof/office", json={"back": "/people/me"}).json()["address"]
        stranger = client.get(path_of(provider.walk(sent, "somebody-else"))).headers["location"]
        assert stranger.endswith("refused=people.no_link")


def test_links_are_made_by_an_administrator_too_and_end(city, provider):
    account = city.account("wu.ning", ACCEPTOR)
    admin = city.signed_in("liu.hao", ADMIN)
    path = f"/v1/accounts/{account}/links"
    made = admin.post(path, json={"provider": "office", "subject": "wu"})
    assert made.status_code == 201, made.text
    other = city.account("xie.chen")
    assert code(admin.post(f"/v1/accounts/{other}/links", json={"provider": "office", "subject": "wu"})) == (409, "people.link_taken")
    assert code(admin.post(path, json={"provider": "nobody", "subject": "wu"})) == (404, "people.provider_unknown")
    mine = admin.get("/v1/me").json()["account"]
    assert code(admin.post(f"/v1/accounts/{mine}/links", json={"provider": "office", "subject": "me"})) == (409, "people.own_account")
    client = city.client()
    came_back(client, provider, "wu")
    assert client.get("/v1/me").status_code == 200
    assert admin.delete(f"{path}/office").status_code == 204
    assert code(client.get("/v1/me")) == (401, "session.ended")
    assert came_back(city.client(), provider, "wu").headers["location"].endswith("refused=people.no_link")
    assert city.facts(f"way_in/{account}") == ["WayInChanged", "WayInChanged"]


def test_signing_out_goes_to_the_provider_too(city, provider):
    answer = city.client().get("/v1/sign-in/office/out")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{provider.issuer}/session/end?client_id=cityloop&")
    assert [each["id"] for each in city.client().get("/v1/sign-in/providers").json()] == ["office"]


FILE = """
address = "https://city.example"
[provider.office]
name_zh = "统一身份"
name_en = "The office"
issuer = "https://id.example"
client_id = "cityloop"
client_secret = "hidden"
"""


def test_the_file_of_providers_is_read_or_says_what_is_wrong(tmp_path: Path):
    fetch = lambda method, url, headers, body=b"": Reply(status=0)
    assert providers_in(tmp_path, fetch).named == {}
    path = tmp_path / "providers.toml"
    path.write_text(FILE)
    found = providers_in(tmp_path, fetch)
    assert found.redirect("office") == "https://city.example/v1/sign-in/office/callback"
    for wrong in (FILE.replace("issuer", "isuer"), FILE.replace("https://id", "ftp://id"), FILE + "x", FILE.replace("office]", "providers]")):
        path.write_text(wrong)
        with pytest.raises(BadProviders):
            providers_in(tmp_path, fetch)


def test_a_password_is_still_a_way_in(city):
    city.account("wu.ning")
    assert city.client().post("/v1/sessions", json={"name": "wu.ning", "password": PASSWORD}).status_code == 201
