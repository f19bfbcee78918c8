"""Accounts over HTTP, and what one may know, or make gone, of residents."""

import pytest
from tests.people_world import ACCEPTOR, ADMIN, CELL, DISPATCHER, HANDLER, OPERATOR, code, sign_in

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")

# accounts


def test_an_account_opens_sits_leaves_and_closes(world):
    admin = world.signed_in("liu.hao", ADMIN)
    system = world.signed_in("zhang.gang", OPERATOR)
    made = system.post("/v1/accounts", json={"sign_in": "li.na", "name": "李娜", "phone": "13812345678"})
    path = f"/v1/accounts/{made.json()['id']}"
    assert (made.status_code, made.headers["etag"], made.json()["posts"]) == (201, '"1"', [])

    assert code(admin.post(f"{path}/posts", json={"post": ACCEPTOR})) == (428, "needs_match")
    match = {"if-match": made.headers["etag"]}
    seated = admin.post(f"{path}/posts", json={"post": ACCEPTOR}, headers=match)
    assert (seated.json()["posts"], seated.headers["etag"]) == ([ACCEPTOR], '"2"')
    stale = admin.post(f"{path}/posts", json={"post": "acceptor-2"}, headers=match)
    assert code(stale) == (412, "stale")
    assert [each["fact"] for each in stale.json()["changed"]] == ["PostTaken"]

    left = admin.delete(f"{path}/posts/{ACCEPTOR}", headers={"if-match": seated.headers["etag"]})
    assert left.json()["posts"] == []
    closed = admin.post(f"{path}/closure", json={"reason": "left"}, headers={"if-match": left.headers["etag"]})
    assert (closed.json()["state"], closed.json()["sign_in"]) == ("closed", None)
    assert world.facts(f"account/{made.json()['id']}") == ["AccountOpened", "PostTaken", "PostLeft", "AccountClosed"]


def test_supervision_and_command_never_sit_in_one_person(world):
    admin = world.signed_in("liu.hao", ADMIN)
    for name, first, second in (("li.na", ACCEPTOR, DISPATCHER), ("wu.ning", HANDLER, "duty-leader-1")):
        path = f"/v1/accounts/{world.account(name, first)}"
        match = {"if-match": admin.get(path).headers["etag"]}
        assert code(admin.post(f"{path}/posts", json={"post": second}, headers=match)) == (409, "people.both_axes")


def test_what_is_refused_of_an_account(world):
    admin = world.signed_in("liu.hao", ADMIN)
    me = f"/v1/accounts/{admin.get('/v1/me').json()['account']}"
    path = f"/v1/accounts/{world.account('li.na', ACCEPTOR)}"

    def asked(path, deed, body):
        return code(admin.post(f"{path}/{deed}", json=body, headers={"if-match": admin.get(path).headers["etag"]}))

    assert asked(path, "posts", {"post": "no-such-post"}) == (400, "people.post_unknown")
    assert asked(path, "posts", {"post": ACCEPTOR}) == (409, "people.post_held")
    assert asked(path, "closure", {"reason": "he was rude"}) == (400, "people.reason_unknown")
    assert asked(me, "posts", {"post": OPERATOR}) == (409, "people.own_account")
    assert asked(me, "closure", {"reason": "left"}) == (409, "people.own_account")
    system = world.signed_in("zhang.gang", OPERATOR)
    assert code(system.post("/v1/accounts", json={"sign_in": "LI.NA", "name": "x"})) == (409, "people.name_taken")
    assert code(admin.get("/v1/accounts/none")) == (404, "people.account_unknown")


def test_a_closed_account_is_out_at_once(world):
    admin, client = world.signed_in("liu.hao", ADMIN), world.signed_in("li.na", ACCEPTOR)
    path = f"/v1/accounts/{client.get('/v1/me').json()['account']}"
    match = {"if-match": admin.get(path).headers["etag"]}
    assert admin.post(f"{path}/closure", json={"reason": "left"}, headers=match).status_code == 201
    assert client.get("/v1/me").status_code == 401
    assert code(sign_in(world.client(), "li.na")) == (401, "people.wrong_password")


def test_a_lost_phone_is_out_at_once_and_its_owner_may_come_in_again(world):
    """Whoever manages accounts ends every session of somebody; it is a fact, told to its owner; nobody ends their own so."""
    admin, phone = world.signed_in("liu.hao", ADMIN), world.signed_in("li.na", ACCEPTOR)
    account = phone.get("/v1/me").json()["account"]
    path = f"/v1/accounts/{account}/sessions"
    assert code(world.signed_in("xie.chen", ACCEPTOR).delete(path)) == (403, "not_allowed")
    assert phone.get("/v1/me").status_code == 200
    assert admin.delete(path).status_code == 204
    assert code(phone.get("/v1/me")) == (401, "session.ended")
    assert world.facts(f"way_in/{account}") == ["WayInChanged"]
    assert sign_in(world.client(), "li.na").status_code == 201
    own = admin.get("/v1/me").json()["account"]
    assert code(admin.delete(f"/v1/accounts/{own}/sessions")) == (409, "people.own_account")


def test_opening_twice_with_one_key_is_once(world):
    admin = world.signed_in("zhang.gang", OPERATOR)
    asked, key = {"sign_in": "li.na", "name": "李娜"}, {"idempotency-key": "open-1"}
    first, second = (admin.post("/v1/accounts", json=asked, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())


def test_accounts_are_listed_by_pages(world):
    admin = world.signed_in("liu.hao", ADMIN)
    for n in range(5):
        world.account(f"person.{n}", f"acceptor-{n + 1}")
    seen, after = [], None
    while True:
        page = admin.get("/v1/accounts", params={"limit": 2} | ({"after": after} if after else {})).json()
        seen += page["items"]
        if (after := page["next"]) is None:
            break
    posts = {each["sign_in"]: each["posts"] for each in seen}
    assert posts == {"liu.hao": [ADMIN]} | {f"person.{n}": [f"acceptor-{n + 1}"] for n in range(5)}
    ids = [each["id"] for each in seen]
    assert ids == sorted(set(ids)), "each once; the order of the ids is that of opening, to the millisecond"
    assert code(admin.get("/v1/accounts", params={"after": "x"})) == (400, "list.bad_mark")


# residents


def test_a_contact_is_masked_until_a_reason_is_given_and_that_is_a_fact(world):
    report = world.report(said="a hole", contact={"name": "张伟", "phone": "13812345678"}, cell=CELL)
    acceptor = world.signed_in("li.na", ACCEPTOR)
    masked = acceptor.get(f"/v1/reports/{report}/contact")
    assert masked.json()["contact"] == {"name": "张*", "phone": "138****5678"}
    assert masked.headers["cache-control"] == "no-store"

    assert code(acceptor.post(f"/v1/reports/{report}/reveal", json={"reason": "curious"})) == (
        400,
        "report.reveal_reason_unknown",
    )
    assert world.facts(f"report/{report}") == ["ReportReceived"]
    whole = acceptor.post(f"/v1/reports/{report}/reveal", json={"reason": "call_back"})
    assert (whole.status_code, whole.json()["contact"]["phone"]) == (201, "13812345678")
    assert world.facts(f"report/{report}") == ["ReportReceived", "PersonRevealed"]


def test_who_commands_or_handles_never_learns_who_reported(world):
    report = world.report(said="a hole", contact={"phone": "13812345678"}, cell=CELL)
    for name, post in (("gao.tao", DISPATCHER), ("xie.chen", HANDLER)):
        client = world.signed_in(name, post)
        assert client.get(f"/v1/reports/{report}/contact").status_code == 403
        assert client.post(f"/v1/reports/{report}/reveal", json={"reason": "call_back"}).status_code == 403


def test_a_report_without_contact_or_of_nowhere(world):
    acceptor = world.signed_in("li.na", ACCEPTOR)
    silent = world.report(said="a hole", contact=None, cell=CELL)
    assert code(acceptor.post(f"/v1/reports/{silent}/reveal", json={"reason": "call_back"})) == (
        404,
        "report.no_contact",
    )
    assert code(acceptor.post("/v1/reports/none/reveal", json={"reason": "call_back"})) == (404, "report.unknown")


# erasing


def test_erasing_a_report_takes_words_contact_photos_and_files(world):
    photo = b"\xff\xd8 a face"
    report = world.report(said="my neighbour", contact={"phone": "13812345678"}, cell=CELL, photo=photo)
    same = world.report(said="another", contact=None, photo=photo)  # the same photo again: what shows it stays
    files = lambda: sum(1 for path in (world.folder / "files").rglob("*") if len(path.name) == 64)
    operator, acceptor = world.signed_in("zhang.gang", OPERATOR), world.signed_in("li.na", ACCEPTOR)
    assert files() == 4
    asked, key = {"report": report, "reason": "asked_by_person"}, {"idempotency-key": "e1"}
    first, second = (operator.post("/v1/erasures", json=asked, headers=key) for _ in range(2))
    assert first.status_code == 201, first.text
    assert first.json() == second.json()
    assert len(first.json()["ids"]) == 3
    assert set(world.erased.path.read_text().split()) == set(first.json()["ids"])
    assert files() == 3
    assert code(acceptor.get(f"/v1/reports/{report}/contact")) == (404, "vault.gone")
    assert code(operator.post("/v1/erasures", json=asked)) == (404, "people.nothing_to_erase")
    operator.post("/v1/erasures", json={"report": same, "reason": "ordered"})
    assert files() == 0


def test_what_is_refused_of_an_erasure(world):
    operator = world.signed_in("zhang.gang", OPERATOR)
    me = operator.get("/v1/me").json()["account"]
    person = world.value("SELECT person FROM account WHERE city = :city AND id = :me", me=me)
    assert code(operator.post("/v1/erasures", json={"ids": [person], "reason": "ordered"})) == (
        409,
        "people.still_needed",
    )
    assert code(operator.post("/v1/erasures", json={"ids": [person], "reason": "why not"})) == (
        400,
        "people.reason_unknown",
    )
