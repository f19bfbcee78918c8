"""Who reported is hidden: their name, phone and mail stand in no answer that anybody gets who did not ask for them by name.

The cells of the matrix are searched for the same needles (test_matrix.py); here is what no single cell reaches.
"""

import json
from math import asinh, pi, radians, tan
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from cityloop.cases import scope
from cityloop.domain import private
from cityloop.pages import gathered, stream
from cityloop.people import Person, open_account, take_post
from cityloop.people.sessions import make_token, token_digest
from tests.matrix.needles import IN_TEXT, MAIL, NAME, PHONE, needles_in
from tests.matrix.oracle import sees_case
from tests.matrix.world import Matrix

HANDS = ("handler", "grid_worker", "unit_manager", "street_desk", "dispatcher")
PATHS = ("/v1/cases/{}", "/v1/screens/case/{}", "/cases/{}/file", "/v1/cases/{}/evidence.zip", "/v1/cases/{}/helped")
JSON = {"content-type": "application/json"}


def of_hands(matrix: Matrix):
    """Everybody in a seat that commands, handles or calls for help."""
    return [each for each in matrix.city.people if each.role in HANDS]


def test_every_case_that_hands_see_names_nobody(matrix):
    """Not one case by lot, as in the matrix, but each; as data, as a page, as a file to print, with its evidence."""
    looked = 0
    for who in of_hands(matrix):
        for case in [each for each in matrix.rows.cases if sees_case(who, each)][:8]:
            for path in PATHS:
                answer = matrix.city.door.ask("GET", path.format(case.id), token=who.token)
                assert needles_in(answer.body, matrix.needles) == [], (who.name, path)
                looked += answer.status == 200
    assert looked > 100


def test_no_event_of_the_stream_names_them(matrix, monkeypatch):
    """All that ever happened, up to the first pause."""
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.05)
    who = matrix.city.who("dispatcher-1")
    answer = matrix.city.door.ask("GET", "/v1/facts/stream", token=who.token, query="after=0", until=b"still here")
    assert answer.body.count(b"data:") > 100
    assert needles_in(answer.body, matrix.needles) == []


def test_no_bulletin_names_them(matrix):
    """Every form in which a bulletin is made, read by a head of a unit."""
    door, who = matrix.city.door, matrix.city.who("unit-manager-sanitation-990101")
    asked = {"kind": "daily", "day": "2026-03-12", "area": "990101"}
    job = door.ask("POST", "/v1/bulletins/jobs", token=who.token, body=json.dumps(asked).encode(), headers=JSON)
    assert job.status in (201, 202), job.body
    while door.loop.run_until_complete(matrix.city.parts.press.round()):
        pass
    done = json.loads(door.ask("GET", f"/v1/bulletins/jobs/{json.loads(job.body)['id']}", token=who.token).body)
    made = json.loads(door.ask("GET", f"/v1/bulletins/{done['bulletin']}", token=who.token).body)
    assert len(made["files"]) >= 3
    for each in made["files"]:
        answer = door.ask("GET", each["href"], token=who.token)
        assert answer.status == 200
        assert needles_in(answer.body, matrix.needles) == [], each["form"]


def test_no_tile_and_no_public_list_names_them(matrix):
    z, lon, lat = 12, 112.53, 28.48
    x, y = int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)
    here = f"lon={lon}&lat={lat}"
    paths = ((f"/tiles/cases/{z}/{x}/{y}.pbf", "ended=true"), ("/v1/public/cases", here), ("/v1/public/done", here))
    for who in (None, *(each.token for each in of_hands(matrix))):
        for path, query in paths:
            answer = matrix.city.door.ask("GET", path, token=who, query=query)
            assert answer.status == 200, (path, answer.body)
            assert needles_in(answer.body, matrix.needles) == [], path


@pytest.mark.parametrize("words", [NAME, IN_TEXT, PHONE, MAIL])
def test_no_search_finds_a_case_by_who_reported_it(matrix, words):
    """A name that finds their case tells whose it is, as surely as one that is shown."""
    for who in matrix.city.people:
        if "case.read" in who.holds:
            answer = matrix.city.door.ask("GET", "/v1/screens/queue", token=who.token, query=f"q={quote(words)}")
            assert answer.status in (200, 400), answer.body
            assert answer.status == 400 or json.loads(answer.body)["items"] == [], (who.name, words)


def test_whoever_may_ask_gets_them_and_it_is_a_fact(matrix):
    """Masked without a reason; whole with one, and then a fact says who asked. Hands get neither."""
    city, who = matrix.city, matrix.city.who("acceptor-1")
    report = next(each for each in matrix.rows.reports if each.contact and each.case and each.case.unit == "greening")
    path, body = f"/v1/reports/{report.id}", json.dumps({"reason": "call_back"}).encode()
    masked = city.door.ask("GET", f"{path}/contact", token=who.token)
    assert masked.status == 200
    assert needles_in(masked.body, matrix.needles) == []
    for hand in of_hands(matrix):
        assert city.door.ask("POST", f"{path}/reveal", token=hand.token, body=body, headers=JSON).status in (403, 404)
    size = city.size()
    whole = city.door.ask("POST", f"{path}/reveal", token=who.token, body=body, headers=JSON)
    assert {NAME, PHONE, MAIL} <= set(needles_in(whole.body, matrix.needles))
    assert city.size() == size + 1
    last = city.rows("SELECT type, actor FROM fact WHERE city = :city ORDER BY seq DESC LIMIT 1")[0]
    assert tuple(last) == ("PersonRevealed", f"account:{who.account}")


@pytest.fixture(scope="module")
def two_seats(matrix):
    """Somebody with one seat that sees a case without its words, and another that reads words elsewhere."""

    def use_case(tx):
        account = open_account(tx, sign_in_name="two.seats", person=Person(name="Two Seats"))
        for post in ("auditor-990101", "acceptor-990102"):
            take_post(tx, account, post, policy=matrix.city.policy)
        make_token(tx, account, digest=token_digest("two-seats"), label="matrix", days=30)

    matrix.city.parts.writer.change(use_case)
    return matrix


def test_two_seats_are_not_added_up(two_seats):
    """Together they read no more than each."""
    matrix = two_seats
    east = [each for each in matrix.rows.cases if (each.cell or "").startswith("990101")]
    west = [each for each in matrix.rows.cases if (each.cell or "").startswith("990102")]
    assert {shows(matrix, case) for case in east} == {False}
    assert True in {shows(matrix, case) for case in west}


def shows(matrix: Matrix, case) -> bool:
    """Whether the page of a case has what its reporters wrote, for the one with two seats."""
    answer = matrix.city.door.ask("GET", f"/v1/cases/{case.id}", token="two-seats")
    assert answer.status == 200, answer.body
    return "我叫".encode() in answer.body  # the beginning of what every report here says


def test_words_that_are_not_masked_are_seen(matrix, monkeypatch):
    """Planted: a page shows what was said as it was said."""
    need = replace(matrix.need("GET /v1/cases/{case_id}"))
    assert matrix.wrong([need]) == []
    monkeypatch.setattr(gathered, "for_reader", lambda said: said)
    assert any(PHONE in each for each in matrix.wrong([need]))


def test_seats_that_are_added_up_are_seen(two_seats, monkeypatch):
    """Planted: the permission of any seat counts for every case."""
    matrix = two_seats
    monkeypatch.setattr(scope, "reads", lambda caller, case, permission=None: True)
    east = next(each for each in matrix.rows.cases if (each.cell or "").startswith("990101") and each.unit)
    assert shows(matrix, east)
    assert private.for_work(PHONE) != PHONE
