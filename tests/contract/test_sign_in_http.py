"""Coming in with a second factor, limits of sessions, known devices, proofs, and three administrators."""

import pytest
from tests.people_world import ACCEPTOR, ADMIN, CELL, DISPATCHER, HANDLER, HERE, OPERATOR, PASSWORD, code, sign_in
from tests.sign_in_world import enrolled, said

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
AUDITOR = "audit-admin"


def with_code(client, name, given):
    return sign_in(client, name, code=given)


# the second factor


def test_a_second_factor_counts_once_a_code_confirms_it(world, clock):
    client = world.signed_in("li.na", ACCEPTOR)
    begun = client.post("/v1/me/second-factor").json()
    assert begun["address"].startswith("otpauth://totp/")
    assert begun["picture"].startswith("<svg")
    assert sign_in(world.client(), "li.na").status_code == 201, "not confirmed: not asked for"
    wrong = client.post("/v1/me/second-factor/confirmation", json={"code": "000000"})
    assert code(wrong) == (401, "people.wrong_code")
    phone, paper = enrolled(world, client)
    assert len(set(paper)) == 10
    assert code(sign_in(world.client(), "li.na")) == (401, "people.needs_code")
    assert code(with_code(world.client(), "li.na", phone.shows())) == (401, "people.wrong_code"), "used to confirm"
    clock.forward(seconds=30)
    assert with_code(world.client(), "li.na", phone.shows()).status_code == 201
    kept = world.value("SELECT sealed FROM second_factor WHERE city = :city")
    assert phone.secret not in bytes(kept)
    assert world.facts(f"way_in/{client.get('/v1/me').json()['account']}")[0] == "WayInChanged"


def test_no_code_is_taken_twice_and_one_is_good_for_half_a_minute_either_side(world, clock):
    phone, _ = enrolled(world, world.signed_in("li.na"))
    clock.forward(minutes=5)
    for steps, good in ((-2, False), (2, False), (-1, True), (0, True), (1, True), (0, False), (1, False)):
        answer = with_code(world.client(), "li.na", phone.shows(steps=steps))
        assert (answer.status_code == 201) is good, steps


def test_a_code_on_paper_is_good_once_however_it_is_written(world):
    _, paper = enrolled(world, world.signed_in("li.na"))
    assert with_code(world.client(), "li.na", paper[0].lower().replace("-", " ")).status_code == 201
    assert code(with_code(world.client(), "li.na", paper[0])) == (401, "people.wrong_code")
    assert with_code(world.client(), "li.na", paper[1]).status_code == 201
    assert world.value("SELECT count(*) FROM recovery_code WHERE city = :city") == 8
    digests = world.value("SELECT min(digest) FROM recovery_code WHERE city = :city")
    assert paper[2].replace("-", "") not in str(digests)


def test_wrong_codes_lock_as_wrong_passwords_do(world, clock):
    phone, paper = enrolled(world, world.signed_in("li.na"))
    client = world.client()
    for _ in range(5):
        assert code(with_code(client, "li.na", "000000")) == (401, "people.wrong_code")
    clock.forward(seconds=30)
    assert code(with_code(client, "li.na", phone.shows())) == (401, "people.locked")
    assert code(with_code(client, "li.na", paper[0])) == (401, "people.locked")


def test_a_wrong_password_is_not_told_whether_a_code_is_asked_for(world):
    enrolled(world, world.signed_in("li.na"))
    world.account("wu.ning")
    answers = [sign_in(world.client(), name, "wrong-Wrong-1", code="123456") for name in ("li.na", "wu.ning", "no.one")]
    assert len({answer.text for answer in answers}) == 1


def test_who_must_have_a_second_factor_has_no_posts_until_then(world):
    with said(second_factor_roles=("acceptor",)):
        client = world.signed_in("li.na", ACCEPTOR)
        me = client.get("/v1/me").json()
        assert (me["owes"], me["permissions"]) == ("second", [])
        enrolled(world, client)
        me = client.get("/v1/me").json()
        assert (me["owes"], "case.accept" in me["permissions"]) == (None, True)
        assert code(client.delete("/v1/me/second-factor")) == (409, "people.second_needed")
        assert world.signed_in("wu.ning", DISPATCHER).get("/v1/me").json()["owes"] is None
    assert client.delete("/v1/me/second-factor").status_code == 204


def test_two_people_are_needed_to_take_an_account_over(world):
    client = world.signed_in("li.na", ACCEPTOR)
    enrolled(world, client)
    path = f"/v1/accounts/{client.get('/v1/me').json()['account']}"
    system, security = world.signed_in("zhang.gang", OPERATOR), world.signed_in("liu.hao", ADMIN)
    given = {"password": "Given-by-hand-1"}
    assert code(system.put(f"{path}/password", json=given)) == (403, "not_allowed")
    assert code(security.delete(f"{path}/second-factor")) == (403, "not_allowed")
    assert security.put(f"{path}/password", json=given).status_code == 204
    assert code(sign_in(world.client(), "li.na", "Given-by-hand-1")) == (401, "people.needs_code")
    assert system.delete(f"{path}/second-factor").status_code == 204
    assert sign_in(world.client(), "li.na", "Given-by-hand-1").status_code == 201


# sessions


def test_a_session_that_nobody_uses_ends_and_says_why(world, clock):
    with said(session_idle_min=30):
        client = world.signed_in("li.na", ACCEPTOR)
        for _ in range(4):
            clock.forward(minutes=20)
            assert client.get("/v1/me").status_code == 200
        for _ in range(2):
            clock.forward(minutes=16)
            client.get("/v1/me", headers={"x-quiet": "1"})  # a page that asks by itself
        assert code(client.get("/v1/me")) == (401, "session.idle")
        assert code(client.get("/v1/accounts")) == (401, "session.idle")


def test_a_screen_on_the_wall_does_not_fall_asleep(world, clock):
    """Nobody touches it, and it asks by itself; it ends with its hours. Who has another post besides sleeps like all."""
    with said(session_idle_min=30, session_hours=12, standing_roles=("dispatcher",)):
        wall, desk = world.signed_in("li.na", DISPATCHER), world.signed_in("wu.ning", DISPATCHER, HANDLER)
        assert (wall.get("/v1/me").json()["idle_min"], desk.get("/v1/me").json()["idle_min"]) == (0, 30)
        for hours in range(11):
            clock.forward(hours=1)
            assert wall.get("/v1/me", headers={"x-quiet": "1"}).status_code == 200, hours
        assert code(desk.get("/v1/me")) == (401, "session.idle")
        clock.forward(minutes=61)
        assert wall.get("/v1/me", headers={"x-quiet": "1"}).status_code == 401


def test_one_session_where_the_pack_says_so_and_the_older_one_is_told(world, clock):
    with said(sessions_max=1):
        first = world.signed_in("li.na", ACCEPTOR)
        clock.forward(seconds=1)
        second = world.client()
        assert sign_in(second, "li.na").status_code == 201
        assert code(first.get("/v1/me")) == (401, "session.elsewhere")
        assert second.get("/v1/me").status_code == 200


def test_all_others_are_ended_at_once(world):
    here, there = world.signed_in("li.na"), world.client()
    token = sign_in(world.client(), "li.na", as_token=True).json()["token"]
    sign_in(there, "li.na")
    assert here.delete("/v1/me/sessions").status_code == 204
    assert code(there.get("/v1/me")) == (401, "session.ended")
    assert code(world.client().get("/v1/me", headers={"authorization": f"Bearer {token}"})) == (401, "people.bad_token")
    assert here.get("/v1/me").status_code == 200


def test_a_session_is_never_one_that_the_browser_brought(world):
    """Session fixation: a cookie that somebody planted is not the session after signing in."""
    client = world.client()
    client.cookies.set("cityloop_session", "planted" * 7, domain="testserver.local")
    world.account("li.na")
    sign_in(client, "li.na")
    fresh = [each.value for each in client.cookies.jar if each.name == "cityloop_session"]
    assert any(each != "planted" * 7 for each in fresh)
    thief = world.client()
    thief.headers["cookie"] = "cityloop_session=" + "planted" * 7
    assert thief.get("/v1/me").status_code == 401


# devices


def test_a_stranger_who_knows_the_name_locks_nobody_out_of_a_known_browser(world, clock):
    client = world.signed_in("li.na")
    stranger = world.client()
    for _ in range(5):
        sign_in(stranger, "li.na", "wrong-Wrong-1")
    assert code(sign_in(stranger, "li.na")) == (401, "people.locked")
    assert sign_in(client, "li.na").status_code == 201, "with the browser that she always uses"
    for _ in range(5):
        sign_in(client, "li.na", "wrong-Wrong-1")
    assert code(sign_in(client, "li.na")) == (401, "people.locked"), "a stolen browser guesses no longer either"


def test_a_new_device_is_told_to_its_owner_and_the_first_is_not(world, clock):
    home = world.signed_in("li.na")
    assert home.get("/v1/me").json()["new_device"] is None
    clock.forward(minutes=1)
    other = world.client()
    other.headers["user-agent"] = "Strange/1.0"
    sign_in(other, "li.na")
    clock.forward(minutes=1)
    sign_in(home, "li.na")
    assert home.get("/v1/me").json()["new_device"]["agent"] == "Strange/1.0"
    seen = home.get("/v1/me/sign-ins").json()
    assert [(each["outcome"], each["new_device"]) for each in seen] == [("in", False), ("in", True), ("in", False)]
    assert home.post("/v1/me/sign-ins/notice").status_code == 204
    assert home.get("/v1/me").json()["new_device"] is None
    devices = home.get("/v1/me/devices").json()
    assert [each["current"] for each in devices] == [True, False]
    assert home.delete(f"/v1/me/devices/{devices[1]['id']}").status_code == 204
    assert code(home.delete("/v1/me/devices/none")) == (404, "people.device_unknown")


def test_its_owner_sees_who_tried(world):
    client = world.signed_in("li.na")
    sign_in(world.client(), "li.na", "wrong-Wrong-1")
    assert client.get("/v1/me/sign-ins").json()[0]["outcome"] == "wrong_password"
    assert world.signed_in("wu.ning").get("/v1/me/sign-ins").json()[0]["outcome"] == "in"


# passwords


def test_none_of_the_last_passwords_is_taken_again(world, clock):
    with said(password_past=3, password_kinds_min=3):
        client = world.signed_in("li.na")
        last = PASSWORD

        def change(new):
            nonlocal last
            clock.forward(seconds=1)
            answer = client.put("/v1/me/password", json={"old": last, "new": new})
            last = new if answer.status_code == 204 else last
            return answer

        assert code(change("long but of one kind")) == (400, "people.weak_password")
        assert code(change(PASSWORD)) == (409, "people.password_again")
        for n in (1, 2):
            assert change(f"Another-horse-{n}").status_code == 204
            assert code(change(PASSWORD)) == (409, "people.password_again")
        assert change("Another-horse-3").status_code == 204
        assert change(PASSWORD).status_code == 204
        assert world.value("SELECT count(*) FROM password_past WHERE city = :city") == 2


def test_a_password_that_is_too_old_opens_nothing_but_the_change(world, clock):
    with said(password_days=90):
        client = world.signed_in("li.na", ACCEPTOR)
        assert client.get("/v1/me").json()["owes"] is None
        clock.forward(days=90)
        again = world.client()
        sign_in(again, "li.na")
        again.headers.update(HERE)
        me = again.get("/v1/me").json()
        assert (me["owes"], me["must_change_password"], me["permissions"]) == ("old_password", True, [])
        assert again.put("/v1/me/password", json={"old": PASSWORD, "new": "Another-horse-1"}).status_code == 204
        assert again.get("/v1/me").json()["owes"] is None


# proofs


def test_a_reveal_asks_for_a_proof_once_the_last_is_too_old(world, clock):
    report = world.report(said="a hole", contact={"phone": "13812345678"}, cell=CELL)
    reveal = lambda client: client.post(f"/v1/reports/{report}/reveal", json={"reason": "call_back"})
    with said(step_up_min=30):
        client = world.signed_in("li.na", ACCEPTOR)
        assert reveal(client).status_code == 201, "signing in is a proof"
        clock.forward(minutes=31)
        refused = reveal(client)
        assert (code(refused), refused.json()["minutes"]) == ((403, "session.step_up"), 30)
        assert code(client.post("/v1/me/proof", json={"password": "wrong-Wrong-1"})) == (401, "people.wrong_password")
        assert code(reveal(client)) == (403, "session.step_up")
        assert client.post("/v1/me/proof", json={"password": PASSWORD}).status_code == 201
        assert reveal(client).status_code == 201


def test_with_a_second_factor_the_proof_is_a_code(world, clock):
    with said(step_up_min=30):
        client = world.signed_in("li.na", ACCEPTOR)
        phone, _ = enrolled(world, client)
        clock.forward(minutes=31)
        assert client.get("/v1/me").json()["proof_by"] == "code"
        assert code(client.post("/v1/me/proof", json={"password": PASSWORD})) == (401, "people.needs_code")
        asked = {"code": phone.shows()}
        assert client.post("/v1/me/proof", json=asked).status_code == 201
        assert code(client.post("/v1/me/proof", json=asked)) == (401, "people.wrong_code")


def test_rights_and_keys_need_a_proof(world, clock):
    account = world.account("wu.ning")
    with said(step_up_min=30):
        security, system = world.signed_in("liu.hao", ADMIN), world.signed_in("zhang.gang", OPERATOR)
        clock.forward(minutes=31)
        path = f"/v1/accounts/{account}"
        match = {"if-match": '"1"'}
        for answer in (
            security.post(f"{path}/posts", json={"post": ACCEPTOR}, headers=match),
            security.post(f"{path}/keys", json={"scopes": ["case.read"]}, headers=match),
            security.put(f"{path}/password", json={"password": "Given-by-hand-1"}),
            system.delete(f"{path}/second-factor"),
            system.post("/v1/erasures", json={"ids": [], "reason": "ordered"}),
            security.post("/v1/me/second-factor"),
        ):
            assert code(answer) == (403, "session.step_up")


# three administrators


def test_nobody_sits_in_two_of_the_three_chairs(world):
    security = world.signed_in("liu.hao", ADMIN)
    for name, first, second in (
        ("a.one", OPERATOR, ADMIN), ("a.two", ADMIN, AUDITOR), ("a.three", AUDITOR, OPERATOR), ("a.four", "auditor", ADMIN)
    ):  # fmt: skip
        path = f"/v1/accounts/{world.account(name, first)}"
        match = {"if-match": security.get(path).headers["etag"]}
        answer = security.post(f"{path}/posts", json={"post": second}, headers=match)
        assert code(answer) == (409, "people.three_apart"), (first, second)


def test_each_administrator_does_only_their_part_and_the_audit_sees_all(world):
    system, security, audit = (
        world.signed_in(name, post) for name, post in (("zhang.gang", OPERATOR), ("liu.hao", ADMIN), ("wu.ning", AUDITOR))
    )
    everybody = {"system": system, "security": security, "audit": audit}
    account = system.post("/v1/accounts", json={"sign_in": "li.na", "name": "李娜"}).json()["id"]
    path, match = f"/v1/accounts/{account}", {"if-match": '"1"'}
    deeds = {
        ("POST", "/v1/accounts"): "system", ("POST", "/v1/partners"): "system", ("GET", "/v1/held"): "system",
        ("POST", "/v1/erasures"): "system", ("DELETE", f"{path}/second-factor"): "system",
        ("POST", f"{path}/posts"): "security", ("POST", f"{path}/keys"): "security",
        ("PUT", f"{path}/password"): "security", ("GET", f"{path}/keys"): "security",
        ("GET", "/v1/audit/acts"): "audit", ("GET", "/v1/audit/sign-ins"): "audit",
    }  # fmt: skip
    for (method, where), whose in deeds.items():
        for name, client in everybody.items():
            body = {"post": DISPATCHER, "scopes": [], "password": "x", "name": "y", "sign_in": "z.z", "reason": "ordered"}
            answer = client.request(method, where, headers=match, **({} if method in ("GET", "DELETE") else {"json": body}))
            assert (answer.status_code != 403) is (name == whose), (method, where, name, answer.text)
    assert all(client.get("/v1/accounts").status_code == 200 for client in (system, security))
    assert audit.get("/v1/accounts").status_code == 403
    acts = audit.get("/v1/audit/acts", params={"limit": 3}).json()
    assert [each["seq"] for each in acts["items"]] == sorted((each["seq"] for each in acts["items"]), reverse=True)
    more = audit.get("/v1/audit/acts", params={"after": acts["next"]}).json()["items"]
    told = {(each["fact"], each["by_name"]) for each in [*acts["items"], *more]}
    assert ("AccountOpened", "Zhang.Gang") in told
    assert ("PostTaken", "Liu.Hao") in told
    tries = audit.get("/v1/audit/sign-ins").json()["items"]
    assert {each["name"] for each in tries} == {"Zhang.Gang", "Liu.Hao", "Wu.Ning"}


def test_closing_an_account_leaves_nothing_of_how_it_came_in(world):
    client = world.signed_in("li.na", ACCEPTOR)
    enrolled(world, client)
    account = client.get("/v1/me").json()["account"]
    system = world.signed_in("zhang.gang", OPERATOR)
    match = {"if-match": system.get(f"/v1/accounts/{account}").headers["etag"]}
    system.post(f"/v1/accounts/{account}/closure", json={"reason": "left"}, headers=match)
    for table in ("second_factor", "recovery_code", "known_device", "sign_in_seen", "session", "password_past"):
        assert world.value(f"SELECT count(*) FROM {table} WHERE city = :city AND account = :a", a=account) == 0, table
