"""Partner keys over HTTP: made once, seen never again, as wide as scopes and posts allow, as fast as agreed."""

import pytest
from tests.people_world import ADMIN, HERE, OPERATOR, PASSWORD, code, sign_in

from cityloop.http.limits import BUCKETS_MAX, Buckets, CameTooOften, Pace
from cityloop.people.sessions import token_digest

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
POST = "auditor"  # reads cases, facts and the audit


def partner_at(world, admin, *posts):
    """A partner's path, sitting in posts."""
    system = world.signed_in("zhang.gang", OPERATOR)
    made = system.post("/v1/partners", json={"name": "12345", "phone": "073112345"})
    path = f"/v1/accounts/{made.json()['id']}"
    for post in posts:
        answer = admin.post(f"{path}/posts", json={"post": post}, headers=seen(admin, path))
        assert answer.status_code == 201, answer.text
    return path


def seen(admin, path):
    return {"if-match": admin.get(path).headers["etag"]}


def key_at(admin, path, *scopes, **more):
    asked = {"scopes": list(scopes)} | more
    answer = admin.post(f"{path}/keys", json=asked, headers=seen(admin, path))
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def test_a_key_is_shown_once_and_only_its_digest_is_kept(world):
    admin = world.signed_in("liu.hao", ADMIN)
    path = partner_at(world, admin, POST)
    made = key_at(admin, path, "facts.read")
    assert made["key"].startswith("ck_")
    assert len(made["key"]) == 46
    assert world.value("SELECT count(*) FROM key_digest WHERE city = :city AND digest = :d", d=token_digest(made["key"]))
    for table in ("fact", "vault"):
        column = "body" if table == "fact" else "bytes"
        held = world.value(f"SELECT count(*) FROM {table} WHERE city = :city AND {column} = :key", key=made["key"].encode())
        assert held == 0
    assert world.facts(path.removeprefix("/v1/accounts/").join(("account/", ""))) == ["AccountOpened", "PostTaken", "KeyMade"]
    listed = admin.get(f"{path}/keys").json()
    assert [(each["id"], each["scopes"]) for each in listed] == [(made["id"], ["facts.read"])]
    assert made["key"] not in admin.get(f"{path}/keys").text


@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
def test_a_key_opens_what_its_scopes_and_its_posts_both_give(world, header):
    admin = world.signed_in("liu.hao", ADMIN)
    path = partner_at(world, admin, POST)
    drawn = key_at(admin, path, "case.read", "person.reveal")["key"]
    client = world.client()
    client.headers[header] = drawn if header == "x-api-key" else f"Bearer {drawn}"
    me = client.get("/v1/me").json()
    assert me["permissions"] == ["case.read"], "the post gives more, the scopes ask for more: only what is in both"
    assert code(client.get("/v1/accounts")) == (403, "not_allowed")
    wider = world.client()
    wider.headers["x-api-key"] = key_at(admin, path, "facts.read")["key"]
    assert wider.get("/v1/me").json()["permissions"] == ["facts.read"]


def test_a_key_that_is_none_is_refused_not_ignored(world):
    client = world.client()
    for sent in ({"x-api-key": "ck_" + "x" * 43}, {"authorization": "Bearer ck_none"}, {"x-api-key": ""}):
        assert code(client.get("/v1/me", headers=sent)) == (401, "people.bad_key")


def test_a_revoked_or_expired_key_is_out_at_once_and_so_are_all_of_a_closed_account(world, clock):
    admin = world.signed_in("liu.hao", ADMIN)
    path = partner_at(world, admin, POST)
    first, second, third = (key_at(admin, path, "case.read", days=days) for days in (30, 2, 60))
    client = world.client()
    ask = lambda key: client.get("/v1/me", headers={"x-api-key": key["key"]}).status_code
    assert [ask(first), ask(second), ask(third)] == [200, 200, 200]

    where = f"{path}/keys/{first['id']}/revocation"
    assert code(admin.post(where, json={"reason": "boredom"}, headers=seen(admin, path))) == (400, "people.reason_unknown")
    assert admin.post(where, json={"reason": "lost"}, headers=seen(admin, path)).status_code == 201
    assert [ask(first), ask(second), ask(third)] == [401, 200, 200]
    assert code(admin.post(where, json={"reason": "lost"}, headers=seen(admin, path))) == (409, "people.key_is_over")
    none = f"{path}/keys/none/revocation"
    assert code(admin.post(none, json={"reason": "lost"}, headers=seen(admin, path))) == (404, "people.key_unknown")

    clock.forward(days=2)
    sign_in(admin, "liu.hao")
    assert [ask(second), ask(third)] == [401, 200]
    closed = admin.post(f"{path}/closure", json={"reason": "contract_ended"}, headers=seen(admin, path))
    assert closed.status_code == 201, closed.text
    assert ask(third) == 401
    reasons = {each["revoked_for"] for each in admin.get(f"{path}/keys").json()}
    assert reasons == {"lost", "account_closed"}


def test_who_comes_too_often_is_told_when_to_come_again(world, clock):
    admin = world.signed_in("liu.hao", ADMIN)
    path = partner_at(world, admin, POST)
    client, other = world.client(), world.client()
    client.headers["x-api-key"] = key_at(admin, path, "case.read", per_min=6, burst=3)["key"]
    other.headers["x-api-key"] = key_at(admin, path, "case.read", per_min=6, burst=3)["key"]
    assert [client.get("/v1/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/v1/me")
    assert code(refused) == (429, "rate.too_often")
    assert refused.headers["retry-after"] == "10"
    assert other.get("/v1/me").status_code == 200, "each key has a bucket of its own"
    clock.forward(seconds=10)
    assert [client.get("/v1/me").status_code for _ in range(2)] == [200, 429]


def test_what_is_refused_of_a_key(world):
    admin = world.signed_in("liu.hao", ADMIN)
    path = partner_at(world, admin, POST)
    person = f"/v1/accounts/{world.account('li.na', 'acceptor-1')}"

    def asked(path, **body):
        return code(admin.post(f"{path}/keys", json=body, headers=seen(admin, path)))

    assert asked(person, scopes=["case.read"]) == (409, "people.not_a_partner")
    for scopes in ([], ["case.fly"], ["account.manage"], ["operate"], ["pack.adopt"]):
        assert asked(path, scopes=scopes) == (400, "people.scope_unknown"), scopes
    for more in ({"per_min": 0}, {"burst": 0}, {"days": 0}, {"days": 5000}, {"per_min": 10**9}):
        assert asked(path, scopes=["case.read"], **more) == (400, "people.bad_pace"), more
    assert code(admin.post(f"{path}/keys", json={"scopes": ["case.read"]})) == (428, "needs_match")
    put = admin.put(f"{path}/password", json={"password": PASSWORD})
    assert code(put) == (409, "people.is_a_partner")
    assert code(admin.get("/v1/accounts/none/keys")) == (404, "people.account_unknown")


def test_made_twice_with_one_idempotency_key_is_one_key_shown_once(world):
    admin = world.signed_in("liu.hao", ADMIN)
    path = partner_at(world, admin, POST)
    headers = seen(admin, path) | {"idempotency-key": "k-1"}
    first, second = (admin.post(f"{path}/keys", json={"scopes": ["case.read"]}, headers=headers) for _ in range(2))
    assert (first.json()["id"], second.json()["key"]) == (second.json()["id"], None)
    assert len(admin.get(f"{path}/keys").json()) == 1


def test_a_key_makes_no_keys_and_a_browser_of_another_site_is_no_matter(world):
    admin = world.signed_in("liu.hao", ADMIN)
    path = partner_at(world, admin, POST)
    client = world.client()
    client.headers["x-api-key"] = key_at(admin, path, "case.read")["key"]
    assert code(client.post("/v1/partners", json={"name": "x"})) == (403, "not_allowed")
    assert client.get("/v1/me", headers={"origin": "http://elsewhere.example"} | HERE).status_code == 200


def test_the_buckets_of_a_process_are_bounded():
    buckets, pace = Buckets(), Pace(per_min=60, burst=1)
    for n in range(BUCKETS_MAX * 2):
        buckets.take(f"k{n}", pace, now=n / 1000)
    assert len(buckets._all) <= BUCKETS_MAX


def test_processes_share_the_pace():
    buckets, pace = Buckets(share=2), Pace(per_min=60, burst=4)
    for _ in range(2):
        buckets.take("k", pace, now=0.0)
    with pytest.raises(CameTooOften):
        buckets.take("k", pace, now=0.0)
