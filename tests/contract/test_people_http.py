"""The door of people: signing in, sessions, passwords."""

import time

import pytest
from tests.people_world import ACCEPTOR, ADMIN, APPLY, HERE, OPERATOR, PASSWORD, World, code, sign_in

from cityloop import people
from cityloop.db import open_database
from cityloop.journal import Journal, Writer
from cityloop.people import caller as caller_module

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")

# signing in


def test_a_session_is_a_cookie_that_pages_cannot_read(world):
    world.account("li.na", ACCEPTOR)
    answer = sign_in(world.client(), " Li.Na ")
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 201
    assert answer.json()["token"] is None
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert "max-age=" in cookie
    assert "secure" in sign_in(world.client("https://testserver.local"), "li.na").headers["set-cookie"].lower()


def test_me_tells_seats_and_permissions(world):
    client = world.signed_in("li.na", ACCEPTOR)
    me = client.get("/v1/me").json()
    assert me["name"] == "Li.Na"
    assert [seat["post"] for seat in me["seats"]] == [ACCEPTOR]
    assert "case.accept" in me["permissions"]
    assert code(world.client().get("/v1/me")) == (401, "needs_sign_in")


def test_a_token_works_without_a_browser_and_only_its_digest_is_kept(world):
    world.account("li.na", ACCEPTOR)
    client = world.client()
    answer = sign_in(client, "li.na", as_token=True)
    token = answer.json()["token"]
    assert "set-cookie" not in answer.headers
    assert len(token) >= 43
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/v1/me", headers=headers).status_code == 200
    assert client.delete("/v1/sessions/current", headers=headers).status_code == 204  # no Origin: no browser
    assert code(client.get("/v1/me", headers=headers)) == (401, "people.bad_token")
    assert world.value("SELECT count(*) FROM session WHERE city = :city AND digest = :token", token=token) == 0


def test_who_is_unknown_is_told_the_same_as_who_is_wrong(world):
    world.account("li.na")
    client = world.client()
    wrong, unknown = sign_in(client, "li.na", "wrong-wrong-1"), sign_in(client, "nobody.here", "wrong-wrong-1")
    assert wrong.json() == unknown.json()
    assert code(wrong) == (401, "people.wrong_password")


@pytest.mark.parametrize("name", ["li.na", "nobody.here"])
def test_five_wrong_passwords_lock_the_name_whoever_has_it(world, clock, name):
    world.account("li.na")
    client = world.client()
    for _ in range(5):
        assert code(sign_in(client, name, "wrong-wrong-1")) == (401, "people.wrong_password")
    assert code(sign_in(client, name)) == (401, "people.locked")
    again = World(world.database, world.folder)  # a server that starts anew still knows
    assert code(sign_in(again.client(), name)) == (401, "people.locked")
    again.close()
    clock.forward(minutes=14, seconds=59)
    assert code(sign_in(client, name)) == (401, "people.locked")
    clock.forward(seconds=2)
    assert sign_in(client, name).status_code == (201 if name == "li.na" else 401)


def test_a_right_password_forgets_the_wrong_ones(world):
    world.account("li.na")
    client = world.client()
    for _ in range(3):
        for _ in range(4):
            sign_in(client, "li.na", "wrong-wrong-1")
        assert sign_in(client, "li.na").status_code == 201
        client.headers.update(HERE)


def test_a_key_for_once_keeps_nothing_of_the_password(world):
    world.account("li.na")
    client = world.client()
    answer = client.post(
        "/v1/sessions", json={"name": "li.na", "password": PASSWORD}, headers={"idempotency-key": "k1"}
    )
    assert answer.status_code == 201
    assert world.value("SELECT count(*) FROM idempotency WHERE city = :city") == 0


# sessions


def test_a_cookie_changes_nothing_from_another_site(world):
    client = world.signed_in("liu.hao", OPERATOR)
    asked = {"sign_in": "new.one", "name": "New One"}
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://testserver.local", "sec-fetch-site": "cross-site"},
        {"origin": "http://testserver.local", "sec-fetch-site": "same-site"},
    ):
        assert code(client.post("/v1/accounts", json=asked, headers=headers)) == (403, "people.cross_site")
    del client.headers["origin"]
    assert code(client.post("/v1/accounts", json=asked)) == (403, "people.cross_site")
    assert client.post("/v1/accounts", json=asked, headers={"sec-fetch-site": "same-origin"}).status_code == 201


def test_nobody_is_signed_in_from_another_site(world):
    world.account("li.na")
    client = world.client()
    client.headers.update({"origin": "https://evil.example"})
    assert code(sign_in(client, "li.na")) == (403, "people.cross_site")


def test_a_session_ends_when_its_time_is_over(world, clock):
    client = world.signed_in("li.na", ACCEPTOR)
    clock.forward(hours=11, minutes=59)
    assert client.get("/v1/me").status_code == 200
    clock.forward(minutes=2)
    client.cookies.set("cityloop_session", client.cookies.get("cityloop_session") or "gone", domain="testserver.local")
    assert client.get("/v1/me").status_code == 401


def test_signing_out_ends_it_here_and_everywhere(world):
    client = world.signed_in("li.na", ACCEPTOR)
    other = world.client()
    other.cookies = client.cookies
    other.headers.update({"cookie": f"cityloop_session={client.cookies['cityloop_session']}"})
    assert other.get("/v1/me").status_code == 200
    assert client.delete("/v1/sessions/current").status_code == 204
    assert other.get("/v1/me").status_code == 401


def test_one_sees_and_ends_ones_own_sessions_only(world):
    phone, desk = world.signed_in("li.na", ACCEPTOR), world.client()
    sign_in(desk, "li.na")
    desk.headers.update(HERE)
    stranger = world.signed_in("wu.ning")
    mine = desk.get("/v1/me/sessions").json()
    assert sorted(each["current"] for each in mine) == [False, True]
    of_phone = next(each["id"] for each in mine if not each["current"])
    assert code(stranger.delete(f"/v1/me/sessions/{of_phone}")) == (404, "people.session_unknown")
    assert desk.delete(f"/v1/me/sessions/{of_phone}").status_code == 204
    assert phone.get("/v1/me").status_code == 401
    assert desk.get("/v1/me").status_code == 200


def test_what_another_process_revokes_ends_here_within_a_second(world, monkeypatch):
    monkeypatch.setattr(caller_module, "ASK_VERSION_S", 0.05)
    client = world.signed_in("li.na", ACCEPTOR)
    assert client.get("/v1/me").status_code == 200
    elsewhere = open_database(world.database.url, world.database.city, world.database.clock)
    writer = Writer(elsewhere, Journal(APPLY))
    account = client.get("/v1/me").json()["account"]
    writer.change(lambda tx: people.leave_post(tx, account, ACCEPTOR))
    time.sleep(0.06)
    assert client.get("/v1/me").json()["seats"] == []
    writer.change(lambda tx: people.close_account(tx, account, reason="left"))
    time.sleep(0.06)
    assert client.get("/v1/me").status_code == 401
    writer.close()
    elsewhere.close()


def test_the_eleventh_session_ends_the_first(world, clock):
    first = world.signed_in("li.na")
    for _ in range(10):
        clock.forward(seconds=1)
        assert sign_in(world.client(), "li.na").status_code == 201
    assert world.value("SELECT count(*) FROM session WHERE city = :city AND ended_for IS NULL") == 10
    assert code(first.get("/v1/me")) == (401, "session.elsewhere")


# passwords


def test_a_new_password_ends_the_other_sessions(world):
    here, there = world.signed_in("li.na"), world.client()
    sign_in(there, "li.na")
    weak = here.put("/v1/me/password", json={"old": PASSWORD, "new": "password"})
    wrong = here.put("/v1/me/password", json={"old": "not-this-1", "new": "Better-horse-8"})
    assert (code(weak), code(wrong)) == ((400, "people.weak_password"), (401, "people.wrong_password"))
    assert here.put("/v1/me/password", json={"old": PASSWORD, "new": "Better-horse-8"}).status_code == 204
    assert here.get("/v1/me").status_code == 200
    assert there.get("/v1/me").status_code == 401
    assert sign_in(world.client(), "li.na").status_code == 401
    assert sign_in(world.client(), "li.na", "Better-horse-8").status_code == 201


def test_a_password_that_another_chose_opens_nothing_but_the_change(world):
    admin = world.signed_in("liu.hao", ADMIN)
    account = world.account("li.na", ACCEPTOR)
    assert admin.put(f"/v1/accounts/{account}/password", json={"password": "Given-by-hand-1"}).status_code == 204
    client = world.client()
    assert sign_in(client, "li.na", "Given-by-hand-1").json()["must_change_password"]
    client.headers.update(HERE)
    assert client.get("/v1/me").json()["permissions"] == []
    changed = client.put("/v1/me/password", json={"old": "Given-by-hand-1", "new": "My-own-horse-9"})
    assert changed.status_code == 204
    assert "case.accept" in client.get("/v1/me").json()["permissions"]
