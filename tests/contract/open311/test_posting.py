"""POST service requests, and the token that tells under which id one is handled."""

import re
from xml.etree import ElementTree

import msgspec
import pytest
from tests.open311_world import HOLE, INTERNAL, LAT, LON, POTHOLE, RUBBISH, V2
from tests.report_world import photo

from cityloop.cases import report_get
from cityloop.domain.facts import ReportReceived
from cityloop.http import Caller
from cityloop.journal import story, vault_open
from cityloop.stages.intake import said_of

PLACE = {"lat": str(LAT), "long": str(LON)}
LITTER = {"service_code": RUBBISH, "description": "bags"}


def kept(town):
    """The last report, and what was said."""

    def ask(tx):
        id = tx.value("SELECT id FROM report WHERE city = :city ORDER BY id DESC LIMIT 1")
        report = report_get(tx, id)
        return report, said_of(tx, report)

    return town.ask(ask)


def refused(answer, *words: str, status: int = 400) -> None:
    """The answer refuses; each complaint holds these words."""
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert [each["code"] for each in told] == [status] * len(told)
    assert len(told) == len(words), told
    for each, word in zip(told, words, strict=True):
        assert word in each["description"]


def test_a_request_is_answered_with_a_token_and_no_id(town):
    answer = town.post(**HOLE, **PLACE)
    assert answer.status_code == 201
    (told,) = answer.json()
    assert re.fullmatch("[0-9A-Z]{12}", told["token"])
    assert "service_request_id" not in told
    assert set(told) == {"token", "service_notice", "account_id"}
    assert "pothole" in told["service_notice"]
    root = ElementTree.fromstring(town.post("requests.xml", **LITTER, **PLACE).content)
    assert (root.tag, root[0].tag) == ("service_requests", "request")
    assert root.findtext("request/token")


def test_a_service_code_is_needed(town):
    refused(town.post(description="bags", **PLACE), "service_code was not provided")


@pytest.mark.parametrize("code", ["dragons", INTERNAL])
def test_a_service_code_must_be_one_that_is_offered(town, code):
    refused(town.post(service_code=code, **PLACE), f"service_code '{code}' was not found", status=404)


def test_a_place_is_needed(town):
    refused(town.post(**LITTER), "No place was provided")


@pytest.mark.parametrize(("sent", "word"), [({"lat": "30"}, "long was not"), ({"lat": "x", "long": "100"}, "lat 'x' is no place")])
def test_a_place_has_latitude_and_longitude(town, sent, word):
    answer = town.post(**LITTER, **sent)
    assert answer.status_code == 400
    assert word in answer.json()[0]["description"]


def test_a_place_outside_the_city_is_refused(town):
    refused(town.post(**LITTER, lat="48.1", long="11.6"), "outside")


def test_a_point_goes_before_an_address(town):
    assert town.post(**LITTER, **PLACE, address_string="三街", address_id="nonsense").status_code == 201
    said = kept(town)[1]
    assert (said.lat, said.lon, said.address) == (LAT, LON, "三街")


def test_an_address_alone_is_a_place(town):
    assert town.post(**LITTER, address_string="三街 7 号").status_code == 201
    _, said = kept(town)
    assert (said.lat, said.address) == (None, "三街 7 号")


def test_an_address_id_is_a_component_of_the_city(town):
    assert town.post(**LITTER, address_id="9902010101000001").status_code == 201
    _, said = kept(town)
    assert (said.lon, said.lat) == (100.005, 30.015)
    refused(town.post(**LITTER, address_id="42"), "address_id '42' is not known")


def test_what_is_required_must_be_answered(town):
    refused(town.post(service_code=POTHOLE, **PLACE), "attribute[DEPTH] is required", "attribute[LANE] is required")
    refused(town.post(**HOLE | {"attribute[DEPTH]": " "}, **PLACE), "attribute[DEPTH] is required")


@pytest.mark.parametrize(
    ("code", "good", "bad", "word"),
    [
        ("DEPTH", "12.5", "deep", "is no number"),
        ("DEPTH", "-3", "nan", "is no number"),
        ("LANE", "right", "middle", "is none of its values: left, right"),
        ("DANGER", "walkers", "cats", "is none of its values"),
        ("SEEN", "2026-03-06T08:00:00+08:00", "this morning", "is no moment"),
        ("NEAR", "the bridge", "the bridge\nand the tree", "more than one line"),
        ("MORE", "one\ntwo", "x" * 1001, "is longer than 1000 characters"),
    ],
)
def test_an_answer_is_of_its_datatype(town, code, good, bad, word):
    assert town.post(**HOLE | {f"attribute[{code}]": good}, **PLACE).status_code == 201
    assert kept(town)[1].answers[code] == (good,)
    refused(town.post(**HOLE | {f"attribute[{code}]": bad}, **PLACE), word)


def test_several_answers_to_a_list(town):
    many = {"attribute[DANGER][]": ["cyclists", "walkers"]}
    assert town.post(**HOLE, **many, **PLACE).status_code == 201
    assert kept(town)[1].answers == {"DEPTH": ("12",), "LANE": ("left",), "DANGER": ("cyclists", "walkers")}
    refused(town.post(**HOLE | {"attribute[LANE]": ["left", "right"]}, **PLACE), "answered twice")


def test_what_is_not_asked_is_refused(town):
    refused(town.post(**HOLE, **{"attribute[CALL]": "yes"}, **PLACE), "attribute[CALL] is not asked")


def test_a_description_has_four_thousand_characters_at_most(town):
    long = "字" * 3_999 + "\n"
    assert len(long) > town.policy.settings.text_chars_max, "wider than the city's own pages"
    assert town.post(**PLACE, **LITTER | {"description": long + "end"}).status_code == 400
    assert town.post(**PLACE, **LITTER | {"description": "one\nline " + "字" * 3_991}).status_code == 201
    text = kept(town)[1].text
    assert (len(text), text[:8]) == (4_000, "one\nline")
    refused(town.post(**PLACE, **LITTER | {"description": "x" * 4_001}), "description is longer than 4000")


def test_who_reports_may_say_who_they_are(town):
    who = {"first_name": "Mei", "last_name": "Li", "phone": "13800000000", "email": "mei@example.org"}
    more = {"account_id": "7", "device_id": "d1"}
    assert town.post(**LITTER, **PLACE, **who, **more).status_code == 201
    report, _ = kept(town)
    contact = msgspec.json.decode(town.ask(lambda tx: vault_open(tx, report.contact)).bytes)
    assert contact == {"name": "Mei Li", "phone": "13800000000", "email": "mei@example.org"}


def test_nobody_need_say_who_they_are(town):
    assert town.post(**LITTER, **PLACE).status_code == 201
    assert kept(town)[0].contact is None
    assert town.post(**LITTER, **PLACE, first_name="Mei").status_code == 201, "a name alone reaches nobody"
    assert kept(town)[0].contact is None


def test_a_contact_that_reaches_nobody_is_refused(town):
    refused(town.post(**LITTER, **PLACE, email="nonsense"), "e-mail")


def test_what_was_said_lies_in_the_vault_and_in_no_fact(town):
    who = {"phone": "13800000000", "media_url": "https://pictures.example/1.jpg"}
    town.post(**HOLE | {"attribute[NEAR]": "Li's house", "description": "secret words"}, **PLACE, **who)
    bodies = town.ask(lambda tx: b"".join(row[0] for row in tx.tuples("SELECT body FROM fact WHERE city = :city")))
    for word in ("secret", "Li's", "13800000000", "pictures.example"):
        assert word.encode() not in bodies
    said = kept(town)[1]
    assert (said.answers["NEAR"], said.media_url) == (("Li's house",), "https://pictures.example/1.jpg")


def test_a_picture_may_lie_elsewhere(town):
    town.report(media_url="https://pictures.example/1.jpg")
    assert town.get("requests.json").json()[0]["media_url"] == "https://pictures.example/1.jpg"
    refused(town.post(**LITTER, **PLACE, media_url="javascript:alert(1)"), "media_url is no address")


def test_pictures_may_be_sent(town):
    sent = [("media", (f"{i}.jpg", photo(60 + i, 40), "image/jpeg")) for i in range(2)]
    assert town.post(files=sent, **LITTER, **PLACE).status_code == 201
    report, said = kept(town)
    assert len(msgspec.json.decode(report.photos)) == len(said.claims) == 2


@pytest.mark.parametrize(("field", "content"), [("media", b"no picture"), ("file", b"\xff\xd8")])
def test_what_is_no_picture_is_refused(town, field, content):
    answer = town.post(files={field: ("p.jpg", content, "image/jpeg")}, **LITTER, **PLACE)
    assert answer.status_code == 400
    assert town.value("SELECT count(*) FROM report WHERE city = :city") == 0


def test_only_forms_are_taken(town):
    answer = town.client.post(f"{V2}/requests.json", json=LITTER | PLACE)
    refused(answer, "The body is no form")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><request>&a;</request>'
    refused(town.client.post(f"{V2}/requests.json", content=bomb, headers={"content-type": "text/xml"}), "The body is no form")


def test_what_is_refused_leaves_nothing(town):
    before = town.size()
    for sent in ({}, LITTER, HOLE, LITTER | PLACE | {"email": "x"}, LITTER | {"lat": "1", "long": "1"}):
        assert town.post(**sent).status_code in (400, 404)
    assert town.size() == before
    assert town.value("SELECT count(*) FROM vault WHERE city = :city AND kind = 'said'") == 0


def test_sent_twice_with_one_key_it_is_kept_once(town):
    head = {"idempotency-key": "k1"}
    picture = {"media": ("p.jpg", photo(), "image/jpeg")}
    first, second = (town.post(files=picture, headers=head, **LITTER, **PLACE) for _ in range(2))
    assert first.json() == second.json()
    assert town.value("SELECT count(*) FROM report WHERE city = :city") == 1
    assert town.post(headers=head, **LITTER, **PLACE, phone="13800000000").status_code == 400


def test_a_request_of_another_jurisdiction_is_not_taken(town):
    refused(town.post(**LITTER, **PLACE, jurisdiction_id="atlantis"), "'atlantis' is not this city's", status=404)
    assert town.post(**LITTER, **PLACE, jurisdiction_id="town.example").status_code == 201


# keys


class Ring:
    """One partner with one key."""

    async def partner_of(self, connection, key):
        return Caller(account="partner-1") if key == "good" else None


def test_where_a_key_is_needed_it_must_be_somebodys(town):
    town.adopt_with("open311_keys_required = true\n")
    town.client.app.state.open311_keys = Ring()
    refused(town.post(**LITTER, **PLACE), "api_key was not provided", status=403)
    refused(town.post(**LITTER, **PLACE, api_key="bad"), "api_key is nobody's", status=403)
    assert town.post(**LITTER, **PLACE, api_key="good").status_code == 201
    report, _ = kept(town)
    assert (report.channel, report.by) == ("partner", "partner-1")
    assert town.ask(lambda tx: story(tx, f"report/{report.id}"))[0].actor == "account:partner-1"
    assert town.client.post(f"{V2}/requests.json?api_key=good", data=LITTER | PLACE).status_code == 201
    refused(town.post("servicerequestupdates.json", service_request_id="x"), "api_key was not provided", status=403)
    assert "密钥" in town.client.get("/open311/discovery.json").json()["key_service"]


def test_a_city_without_keys_that_asks_for_them_takes_nothing(town):
    town.adopt_with("open311_keys_required = true\n")
    refused(town.post(**LITTER, **PLACE, api_key="any"), "api_key is nobody's", status=403)


def test_without_a_key_it_came_from_anybody(town):
    town.report()
    report, _ = kept(town)
    fact = town.ask(lambda tx: story(tx, f"report/{report.id}"))[0].fact
    assert isinstance(fact, ReportReceived)
    assert (report.channel, report.by) == ("app", None)


# tokens


def test_a_token_tells_the_id_once_there_is_one(town):
    token = town.report()
    (told,) = town.get(f"tokens/{token}.json").json()
    assert set(told) == {"service_request_id", "token"}
    assert told["token"] == token
    (shown,) = town.get(f"requests/{told['service_request_id']}.json").json()
    assert (shown["service_code"], shown["status"]) == (POTHOLE, "open")
    assert town.client.get(f"/v1/track/{token}").status_code == 200, "the reporter's own code: one secret, not two"


def test_a_token_asked_too_early_says_so(town):
    token = town.post(**LITTER, **PLACE).json()[0]["token"]
    answer = town.get(f"tokens/{token}.json")
    refused(answer, "no service_request_id yet", status=404)
    assert answer.headers["retry-after"] == "5"
    town.drain()
    assert town.get(f"tokens/{token}.json").status_code == 200


@pytest.mark.parametrize("token", ["AAAAAAAAAAAA", "none", "x" * 300])
def test_an_unknown_token_is_404(town, token):
    refused(town.get(f"tokens/{token}.json"), "was not found", status=404)


def test_reports_of_one_problem_are_one_request(town):
    first, second = (town.report() for _ in range(2))
    ids = {town.get(f"tokens/{token}.json").json()[0]["service_request_id"] for token in (first, second)}
    assert len(ids) == 1
    assert len(town.get("requests.json").json()) == 1
