"""GET service requests: every filter, every limit, and what strangers may see."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from tests.open311_world import BUILDING, INTERNAL, LAT, LON, POTHOLE, RUBBISH, V2, VAGRANT, told
from tests.report_world import photo

from cityloop.cases import case_get
from cityloop.domain.facts import TaskSigned
from cityloop.people.erasure import erase_asked
from cityloop.places import locate

FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
]  # fmt: skip


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["service_request_id"] for each in answer.json()]


def refused(answer, *words: str) -> bool:
    """Whether a question is refused with 400, each complaint beginning so."""
    assert answer.status_code == 400, answer.text
    return [each["description"].split()[0] for each in answer.json()] == list(words)


def test_a_request_has_the_fields_of_the_specification(town):
    town.case(state="dispatched")
    root = ElementTree.fromstring(town.get("requests.xml").content)
    assert (root.tag, [each.tag for each in root]) == ("service_requests", ["request"])
    assert [each.tag for each in root[0]] == FIELDS
    assert list(town.get("requests.json").json()[0]) == FIELDS


def test_who_acts_by_when_and_what_is_to_be_reached_is_told(town):
    id = town.case(state="dispatched")
    (shown,) = town.client.get(f"/open311/v2/requests/{id}.json", headers={"accept-language": "en"}).json()
    assert shown["agency_responsible"] == town.policy.units[0].name["en"]
    assert shown["expected_datetime"] == "2026-03-06T09:00:00+08:00"
    assert shown["service_notice"] == "To be reached: No rubbish is left; within 4 working hours."
    assert (shown["status"], shown["status_notes"]) == ("open", "waiting to be signed for")


def test_one_request_by_its_id(town):
    id = town.case()
    assert ids(town.get(f"requests/{id}.json")) == [id]


def test_an_unknown_request_is_404(town):
    answer = town.get("requests/42.json")
    assert answer.status_code == 404
    assert answer.json()[0]["description"] == "The service_request_id '42' was not found."


def test_several_ids_are_divided_by_commas(town):
    first, second, _ = town.case(), town.case(), town.case()
    assert set(ids(town.get("requests.json", service_request_id=f"{first}, {second},none"))) == {first, second}


def test_ids_override_everything_else(town):
    id = town.case(at="2025-03-06 09:00")
    town.clock.set("2026-03-06 09:00")
    asked = {"service_code": VAGRANT, "status": "closed", "start_date": "nonsense", "page": "0"}
    assert ids(town.get("requests.json", service_request_id=id, **asked)) == [id]


def test_more_ids_than_an_answer_holds_are_refused(town):
    assert refused(town.get("requests.json", service_request_id=",".join(map(str, range(1001)))), "1001")


def test_several_service_codes_are_divided_by_commas(town):
    hole, rubbish = town.case(kind="event/0113"), town.case()
    town.case(kind="event/0498")
    assert ids(town.get("requests.json", service_code=POTHOLE)) == [hole]
    assert ids(town.get("requests.json", service_code=f"{POTHOLE},{RUBBISH}")) == [rubbish, hole]


def test_a_common_class_is_looked_for_among_all_that_came(town, monkeypatch):
    monkeypatch.setattr("cityloop.doors.open311.store.FEW", 1)
    test_several_service_codes_are_divided_by_commas(town)


def test_an_unknown_service_code_is_404(town):
    answer = town.get("requests.json", service_code=f"{POTHOLE},dragons")
    assert answer.status_code == 404
    assert "service_code 'dragons' was not found" in answer.json()[0]["description"]


def test_a_range_is_of_when_requests_were_made(town):
    old, middle, late = (town.case(at=f"2026-03-0{day} 09:00") for day in (2, 3, 4))
    asked = {"start_date": "2026-03-03T00:00:00Z", "end_date": "2026-03-03T23:59:59Z"}
    assert ids(town.get("requests.json", **asked)) == [middle]
    assert ids(town.get("requests.json", end_date="2026-03-03T01:00:00Z")) == [middle, old], "both ends count"
    assert ids(town.get("requests.json", start_date="2026-03-03T09:00:00+08:00")) == [late, middle]


def test_a_range_of_ninety_days_is_answered_and_one_second_more_is_refused(town):
    asked = {"start_date": "2025-12-06T01:00:00Z"}
    assert ids(town.get("requests.json", **asked, end_date="2026-03-06T01:00:00Z")) == []
    assert refused(town.get("requests.json", **asked, end_date="2026-03-06T01:00:01Z"), "start_date")


def test_without_a_range_the_last_ninety_days_are_meant(town):
    old = town.case(at="2025-12-06 08:59")
    new = town.case(at="2025-12-06 09:00")
    town.clock.set("2026-03-06 09:00")
    assert ids(town.get("requests.json")) == [new]
    assert ids(town.get("requests.json", start_date="2025-11-01T00:00:00Z")) == [new, old], "90 days from there"
    assert ids(town.get("requests.json", end_date="2025-12-06T00:59:00Z")) == [old], "90 days up to there"


@pytest.mark.parametrize(
    "given", ["2026-03-06", "2026-03-06T09:00:00", "06.03.2026", "2026-13-01T00:00:00Z", "-1", "9999-12-31T23:59:59-23:00"]
)
def test_a_date_must_be_a_moment_with_its_zone(town, given):
    assert refused(town.get("requests.json", start_date=given), "start_date")
    assert town.get("requests.json", updated_after=given).status_code == 400


def test_a_range_that_runs_backwards_is_refused(town):
    asked = {"start_date": "2026-03-06T00:00:00Z", "end_date": "2026-03-05T00:00:00Z"}
    assert refused(town.get("requests.json", **asked), "end_date")


def test_a_plus_that_was_not_escaped_is_understood(town):
    id = town.case()
    answer = town.client.get("/open311/v2/requests.json?start_date=2026-03-06T09:00:00+08:00")
    assert ids(answer) == [id]


def test_status_is_open_or_closed_or_both(town):
    open, closed = town.case(), town.case(state="closed")
    assert ids(town.get("requests.json", status="open")) == [open]
    assert ids(town.get("requests.json", status="closed")) == [closed]
    assert set(ids(town.get("requests.json", status="open,closed"))) == {open, closed} == set(ids(town.get("requests.json")))
    assert refused(town.get("requests.json", status="pending"), "status")


def test_the_newest_request_comes_first(town):
    came = [town.case(at=f"2026-03-0{day} 09:00") for day in (3, 5, 4)]
    town.clock.set("2026-03-06 09:00")
    assert ids(town.get("requests.json")) == [came[1], came[2], came[0]]


def test_an_answer_holds_a_thousand_requests_at_most(town):
    key = "gbt30428_2_2013/event/0110"
    where = locate(town.policy, LON, LAT)
    town.parts.writer.change(lambda tx: [told(tx, town.policy, key, where, "filed") for _ in range(1003)] and None)
    first = town.get("requests.json")
    assert len(set(ids(first))) == 1000
    assert 'rel="next"' in first.headers["link"]
    assert len(set(ids(town.get("requests.json", page="2")))) == 3
    assert refused(town.get("requests.json", page_size="1001"), "page_size")


def test_pages_follow_one_another(town):
    came = [town.case(at=f"2026-03-06 0{hour}:00") for hour in range(1, 6)]
    town.clock.set("2026-03-06 09:00")
    pages = [town.get("requests.json", page=str(page), page_size="2") for page in (1, 2, 3, 4)]
    assert [ids(page) for page in pages] == [[came[4], came[3]], [came[2], came[1]], [came[0]], []]
    assert ["link" in page.headers for page in pages] == [True, True, False, False]
    following = pages[0].headers["link"].split(">")[0].strip("<")
    assert ids(town.client.get(following)) == [came[2], came[1]]


@pytest.mark.parametrize(("name", "value"), [("page", "0"), ("page", "-1"), ("page_size", "0"), ("page_size", "many")])
def test_a_page_out_of_bounds_is_refused(town, name, value):
    assert refused(town.get("requests.json", **{name: value}), name)


def test_what_changed_since_a_moment_whenever_it_was_made(town):
    old = town.case(at="2025-09-01 09:00", state="closed")
    town.case(at="2026-03-05 09:00", state="closed")
    town.clock.set("2026-03-06 08:00")
    token = town.report()
    new = town.get(f"tokens/{token}.json").json()[0]["service_request_id"]
    town.clock.set("2026-03-06 09:00")
    assert ids(town.get("requests.json", updated_after="2026-03-06T07:00:00+08:00")) == [new]
    until = {"updated_after": "2025-08-30T00:00:00Z", "updated_before": "2025-09-02T00:00:00Z"}
    assert ids(town.get("requests.json", **until)) == [old]
    assert ids(town.get("requests.json", **until, status="open")) == []
    assert refused(town.get("requests.json", **until | {"updated_before": "2026-03-02T00:00:00Z"}), "updated_after")


def test_a_change_counts_from_the_last_thing_that_happened(town):
    town.clock.set("2026-03-01 09:00")
    id = town.get(f"tokens/{town.report()}.json").json()[0]["service_request_id"]
    town.clock.set("2026-03-05 09:00")
    moved(town, id)
    town.clock.set("2026-03-06 09:00")
    assert town.get(f"requests/{id}.json").json()[0]["updated_datetime"] == "2026-03-05T09:00:00+08:00"
    assert ids(town.get("requests.json", updated_after="2026-03-05T00:00:00Z")) == [id]
    assert ids(town.get("requests.json", updated_after="2026-02-27T00:00:00Z", updated_before="2026-03-02T00:00:00Z")) == []


def test_a_closed_request_was_updated_when_it_was_closed(town):
    """Whatever is said of it afterwards."""
    town.clock.set("2026-03-06 09:00")
    id = town.case(state="closed", at="2026-03-05 09:00")
    before = town.get(f"requests/{id}.json", extensions="true").json()[0]
    assert before["updated_datetime"] == before["extended_attributes"]["closed_datetime"]
    town.clock.set("2026-03-09 09:00")
    said = {"service_request_id": id, "update_id": "u1", "updated_datetime": "2026-03-09T00:00:00Z", "status": "FIXED"}
    assert town.client.post(f"{V2}/servicerequestupdates.json", data=said | {"description": "done"}).status_code == 201
    assert town.get(f"requests/{id}.json").json()[0]["updated_datetime"] == before["updated_datetime"]


def test_lists_may_be_declared_several_times(town):
    first, second = town.case(), town.case(state="closed", cell="e1")

    def ask(*pairs: tuple[str, str]) -> list[str]:
        return ids(town.client.get(f"{V2}/requests.json?{urlencode(pairs)}"))

    assert set(ask(("service_request_id", first), ("service_request_id", second))) == {first, second}
    assert set(ask(("status", "open"), ("status", "closed"))) == {first, second}
    assert ask(("status", "closed")) == [second]
    codes = {each["service_code"] for each in town.get("requests.json").json()}
    assert set(ask(*(("service_code", each) for each in sorted(codes)))) == {first, second}


def test_an_empty_parameter_is_one_that_was_not_sent(town):
    town.case()
    town.case(state="closed")
    plain = town.get("requests.json").json()
    names = ("service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size", "updated_after",
             "updated_before", "lat", "long", "radius", "extensions", "jurisdiction_id")  # fmt: skip
    for name in names:
        assert town.get("requests.json", **{name: ""}).json() == plain, name
    assert town.get("requests.json", **dict.fromkeys(names, "")).json() == plain


def moved(town, id: str) -> None:
    """The unit that is answerable signs for the case."""

    def use_case(tx):
        case = case_get(tx, id)
        tx.emit(TaskSigned(case_id=id, task_id=case.task_id, by="handler", at=tx.now))

    town.parts.writer.change(use_case)


def test_requests_near_a_place(town):
    near, far = town.case(cell="a1"), town.case(cell="e1")
    lon, lat = (town.get(f"requests/{near}.json").json()[0][name] for name in ("long", "lat"))
    assert set(ids(town.get("requests.json"))) == {near, far}
    assert ids(town.get("requests.json", lat=lat, long=lon, radius="50")) == [near]
    assert ids(town.get("requests.json", lat=lat, long=lon + 0.0006, radius="50")) == [], "57 m to the east"
    assert ids(town.get("requests.json", lat=lat, long=lon + 0.0006, radius="60")) == [near]


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"lat": "30"}, "long"),
        ({"lat": "91", "long": "0"}, "lat"),
        ({"lat": "north", "long": "0"}, "lat"),
        ({"lat": "nan", "long": "0"}, "lat"),
        ({"lat": "30", "long": "100", "radius": "0"}, "radius"),
        ({"lat": "30", "long": "100", "radius": "50001"}, "radius"),
        ({"radius": "50"}, "radius"),
    ],
)
def test_half_a_place_is_refused(town, asked, word):
    assert refused(town.get("requests.json", **asked), word)


def test_extensions_tell_the_steps(town):
    id = town.case(state="closed")
    assert "extended_attributes" not in town.get("requests.json").json()[0]
    (listed,) = town.get("requests.json", extensions="true").json()
    assert listed == town.get(f"requests/{id}.json", extensions="true").json()[0]
    more = listed["extended_attributes"]
    assert [each["status"] for each in more["steps"]] == ["OPEN", "ACTION_SCHEDULED", "IN_PROGRESS", "INVESTIGATING", "FIXED"]
    assert (more["state"], more["on_time"], more["reports"]) == ("closed", True, 1)
    assert refused(town.get("requests.json", extensions="perhaps"), "extensions")


# what strangers may see


def test_a_private_place_is_told_as_the_middle_of_its_cell(town):
    town.case(kind="event/0498")
    (shown,) = town.get("requests.json").json()
    ring = next(each.ring for each in town.policy.cells if each.code.startswith("990201001001"))[:-1]
    assert shown["long"] == pytest.approx(sum(lon for lon, _ in ring) / 4, abs=1e-4)
    assert shown["lat"] == pytest.approx(sum(lat for _, lat in ring) / 4, abs=1e-4)


def test_a_place_that_becomes_private_is_told_no_longer(town):
    """The case's own fact still has its point: it was filed before. Nobody may feel for it with circles."""
    town.case()
    id = town.case()
    point = [town.get(f"requests/{id}.json").json()[0][name] for name in ("long", "lat")]
    columns = "class,major_name_zh,major_name_en,name_zh,name_en,private_place,source_document,source_clause,source_date\n"
    names = "市容环境,City appearance and environment,暴露生活垃圾,Exposed rubbish"
    town.adopt_with("", classes=f"{columns}gbt30428_2_2013/event/0110,{names},true,a town,made for tests,2026-01-01\n")
    (shown,) = town.get(f"requests/{id}.json").json()
    assert [shown["long"], shown["lat"]] == [100.005, 30.015]
    assert point != [100.005, 30.015]
    assert ids(town.get("requests.json", long=point[0], lat=point[1], radius="30")) == []


def test_a_class_of_the_citys_own_is_seen_by_nobody(town):
    id = town.case(kind="event/0136", state="closed")
    assert ids(town.get("requests.json")) == []
    assert ids(town.get("requests.json", updated_after="2026-03-01T00:00:00Z")) == []
    assert ids(town.get("requests.json", service_request_id=id)) == []
    assert town.get(f"requests/{id}.json").status_code == 404
    assert town.get("requests.json", service_code=INTERNAL).status_code == 404
    assert town.get("servicerequestupdates.json").json() == []


def test_what_nobody_filed_is_not_listed_and_tells_only_how_it_stands(town):
    refusal, waiting = town.case(state="refused"), town.case(kind="event/0101", state="waiting")
    assert ids(town.get("requests.json")) == []
    (shown,) = town.get(f"requests/{refusal}.json").json()
    assert (shown["status"], shown["status_notes"]) == ("closed", "不予立案: 未达到立案条件")
    assert [shown[name] for name in ("lat", "long", "address", "description", "media_url")] == [None] * 5
    (shown,) = town.get(f"requests/{waiting}.json").json()
    assert (shown["status"], shown["service_code"], shown["lat"]) == ("open", BUILDING, None)


def test_words_and_photos_are_told_only_where_the_city_says_so(shy_town):
    assert shy_town.policy.settings.open311_public_text is False
    sent = {"lat": str(LAT), "long": str(LON), "service_code": RUBBISH, "address_string": "behind number 7"}
    answer = shy_town.post(files={"media": ("p.jpg", photo(), "image/jpeg")}, description="my neighbour Li", **sent)
    assert answer.status_code == 201, answer.text
    shy_town.drain()
    (shown,) = shy_town.get("requests.json", extensions="true").json()
    assert (shown["description"], shown["media_url"], shown["address"]) == (None, None, "甲社区, 一街, 北区")
    for what in ("requests.json", "requests.xml", "servicerequestupdates.json"):
        text = shy_town.get(what, extensions="true").text
        assert "neighbour" not in text
        assert "number 7" not in text
    digest = shy_town.value("SELECT digest FROM file_shown WHERE city = :city")
    assert shy_town.get(f"media/{digest}").status_code == 404


def test_words_and_photos_are_told_where_the_city_says_so(town):
    town.report(files={"media": ("p.jpg", photo(), "image/jpeg")}, address_string="behind number 7")
    (shown,) = town.get("requests.json").json()
    assert (shown["description"], shown["address"]) == ("a deep hole", "behind number 7")
    seen = town.client.get(shown["media_url"])
    assert (seen.status_code, seen.headers["content-type"], seen.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert town.get(f"media/{'0' * 64}").status_code == 404


def test_pictures_alone_may_be_public(town):
    town.adopt_with("open311_public_text = false\n")
    town.report(address_string="behind number 7", media_url="https://pictures.example/1.jpg")
    (shown,) = town.get("requests.json").json()
    assert (shown["description"], shown["address"]) == (None, "甲社区, 一街, 北区")
    assert shown["media_url"] == "https://pictures.example/1.jpg"


def test_what_was_erased_is_told_no_longer(town):
    town.report()
    report = town.value("SELECT id FROM report WHERE city = :city")
    asked = {"subjects": [f"report/{report}"], "ids": [], "reason": "asked_by_person"}
    town.parts.writer.change(lambda tx: erase_asked(tx, erased=town.parts.erased, **asked))
    (shown,) = town.get("requests.json").json()
    assert shown["description"] is None
    assert datetime.fromisoformat(shown["requested_datetime"]) > town.clock.now - timedelta(minutes=1)
