"""Discovery, services and their definitions, and what holds for every method."""

from datetime import datetime
from xml.etree import ElementTree

import pytest
from tests.open311_world import INTERNAL, POTHOLE, RUBBISH, V2

from cityloop.doors.open311.wire import read

METHODS = ("services", f"services/{POTHOLE}", "requests", "requests/none", "tokens/none", "servicerequestupdates")


def test_xml_is_the_rule(town):
    assert town.get("services").headers["content-type"] == "text/xml; charset=utf-8"
    asked = town.client.get(f"{V2}/services", headers={"accept": "application/json"})
    assert asked.headers["content-type"] == "application/json; charset=utf-8"
    assert town.client.get(f"{V2}/services", headers={"accept": "text/xml, application/json"}).text.startswith("<?xml")


@pytest.mark.parametrize("what", [*METHODS, "../discovery"])
def test_both_formats_say_the_same(town, what):
    town.case(state="closed")
    spelled = town.get(f"{what}.json"), town.get(f"{what}.xml")
    assert spelled[0].status_code == spelled[1].status_code
    told = [plain(read(each.content)) for each in spelled]
    assert told[0] == told[1]


def plain(value):
    """What both formats can say: in XML all is text, and nothing is an empty element."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("what", ["requests.csv", "services.rss", f"services/{POTHOLE}.pdf", "tokens/none.html", "discovery.yaml"])
def test_an_unknown_format_is_refused(town, what):
    answer = town.get(what) if what != "discovery.yaml" else town.client.get("/open311/discovery.yaml")
    assert answer.status_code == 400
    assert ElementTree.fromstring(answer.content).findtext("error/code") == "400"


def test_all_is_utf8(town):
    raw = town.get("services.xml").content
    assert raw.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert "暴露生活垃圾" in raw.decode("utf-8")
    assert "暴露生活垃圾" in town.get("services.json").content.decode("utf-8")


def test_words_come_in_the_callers_language(town):
    names = {
        lang: town.client.get(f"{V2}/services.json", headers={"accept-language": lang}).json()[0]["group"]
        for lang in ("zh-CN", "en-GB, zh;q=0.5", "fr")
    }
    assert list(names.values()) == ["公用设施", "Public utilities", "公用设施"]


def test_times_name_their_zone(town):
    town.case(state="closed", at="2026-03-06 09:00")
    shown = town.get("requests.json").json()[0]
    assert shown["requested_datetime"] == "2026-03-06T09:00:00+08:00"
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert datetime.fromisoformat(shown[name]).tzinfo


def test_the_citys_own_jurisdiction_may_be_left_out(town):
    assert town.get("services.json", jurisdiction_id="town.example").json() == town.get("services.json").json()


@pytest.mark.parametrize("what", METHODS)
def test_an_unknown_jurisdiction_is_404(town, what):
    answer = town.get(f"{what}.json", jurisdiction_id="atlantis")
    assert answer.status_code == 404
    assert "jurisdiction_id 'atlantis' was not found" in answer.json()[0]["description"] or what == "tokens/none"


def test_errors_are_lists_of_code_and_description(town):
    answer = town.get("requests/none.json")
    (error,) = answer.json()
    assert (answer.status_code, error["code"], set(error)) == (404, 404, {"code", "description"})
    root = ElementTree.fromstring(town.get("requests/none.xml").content)
    assert (root.tag, root[0].tag, [each.tag for each in root[0]]) == ("errors", "error", ["code", "description"])


def test_a_refusal_has_one_of_three_statuses(town):
    """404 for what is not there, 403 for keys, else 400; what is told of it in the body is the same."""
    for answer, status in (
        (town.client.post(f"{V2}/requests.json", json={"a": 1}), 400), (town.get("nothing.json"), 404),
        (town.get("requests.json", page="0"), 400),
        (town.client.get(f"{V2}/requests.json", headers={"authorization": "Bearer nobody"}), 403),
    ):  # fmt: skip
        assert answer.status_code == status, answer.text


def test_xml_has_no_namespace_and_nothing_foreign(town):
    town.case(state="closed")
    for what in (*METHODS, "../discovery"):
        raw = town.get(f"{what}.xml").text
        assert "xmlns" not in raw, what
        assert ":" not in "".join(each.tag for each in ElementTree.fromstring(raw).iter()), what
    (shown,) = ElementTree.fromstring(town.get("requests.xml").text)
    assert "extended_attributes" not in [each.tag for each in shown]


def test_all_that_is_wrong_is_listed(town):
    answer = town.get("requests.json", start_date="yesterday", status="lost", page="0")
    assert answer.status_code == 400
    assert [each["description"].split()[0] for each in answer.json()] == ["start_date", "status", "page"]


def test_what_is_not_known_is_ignored(town):
    town.case()
    assert len(town.get("requests.json", utm_source="app", page_size="5").json()) == 1


def test_reading_needs_no_key(town):
    for what in METHODS:
        assert town.get(f"{what}.json").status_code in (200, 404)


# discovery


def test_discovery_names_its_endpoints(town):
    told = town.client.get("/open311/discovery.json").json()
    (endpoint,) = told["endpoints"]
    assert set(endpoint) == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert town.client.get(f"{endpoint['url']}/services.json").status_code == 200


def test_discovery_says_whom_to_ask_and_of_what_kind_it_is(town):
    told = town.client.get("/open311/discovery.json").json()
    assert told["contact"]
    assert told["key_service"]
    assert datetime.fromisoformat(told["changeset"]).tzinfo
    assert told["endpoints"][0]["type"] == "test", "the town is fictional"


# services


def test_services_have_the_fields_of_the_specification(town):
    root = ElementTree.fromstring(town.get("services.xml").content)
    assert root.tag == "services"
    names = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
    assert {each.tag for each in root} == {"service"}
    assert all([field.tag for field in each] == names for each in root)


def test_service_codes_are_unique_and_fit_for_an_address(town):
    codes = [each["service_code"] for each in town.get("services.json").json()]
    assert len(codes) == len(set(codes)) > 100
    assert all(code.replace("-", "").replace("_", "").isalnum() for code in codes)


def test_metadata_says_whether_something_is_asked_besides(town):
    told = {each["service_code"]: each for each in town.get("services.json").json()}
    assert told[POTHOLE]["metadata"] is True
    assert told[RUBBISH]["metadata"] is False
    assert town.get(f"services/{RUBBISH}.json").json() == {"service_code": RUBBISH, "attributes": []}


def test_a_service_says_when_its_id_comes(town):
    assert {each["type"] for each in town.get("services.json").json()} == {"batch"}, "a token first"


def test_keywords_are_divided_by_commas_and_groups_are_major_classes(town):
    told = {each["service_code"]: each for each in town.get("services.json").json()}
    assert told[POTHOLE]["keywords"].split(", ")[0] == "路面坑洼"
    assert told[POTHOLE]["group"] == told[RUBBISH]["group"] == "市容环境"


def test_a_class_of_the_citys_own_is_not_offered(town):
    assert INTERNAL not in {each["service_code"] for each in town.get("services.json").json()}
    assert town.get(f"services/{INTERNAL}.json").status_code == 404


# definitions


def test_a_definition_has_the_fields_of_the_specification(town):
    root = ElementTree.fromstring(town.get(f"services/{POTHOLE}.xml").content)
    assert (root.tag, root.findtext("service_code")) == ("service_definition", POTHOLE)
    fields = ["variable", "code", "datatype", "required", "datatype_description", "order", "description"]
    for each in root.iterfind("attributes/attribute"):
        assert [field.tag for field in each][:7] == fields


def test_attributes_come_in_their_order(town):
    told = town.get(f"services/{POTHOLE}.json").json()["attributes"]
    assert [each["order"] for each in told] == sorted(each["order"] for each in told)
    assert len({each["code"] for each in told}) == len(told) == 7


def test_every_datatype_is_one_of_six(town):
    told = {each["code"]: each for each in town.get(f"services/{POTHOLE}.json").json()["attributes"]}
    six = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
    assert {each["datatype"] for each in told.values()} == six
    assert all(each["datatype_description"] for each in told.values())


def test_required_and_variable_are_true_or_false(town):
    told = {each["code"]: each for each in town.get(f"services/{POTHOLE}.json").json()["attributes"]}
    assert [code for code, each in told.items() if each["required"] is True] == ["DEPTH", "LANE"]
    assert [code for code, each in told.items() if each["variable"] is False] == ["CALL"]


def test_only_lists_have_values_each_with_key_and_name(town):
    told = {each["code"]: each for each in town.get(f"services/{POTHOLE}.json").json()["attributes"]}
    assert [code for code, each in told.items() if "values" in each] == ["LANE", "DANGER"]
    assert told["LANE"]["values"] == [{"key": "left", "name": "左侧"}, {"key": "right", "name": "右侧"}]
    root = ElementTree.fromstring(town.get(f"services/{POTHOLE}.xml").content)
    assert root.findtext("attributes/attribute/values/value/key") == "left"


def test_an_unknown_service_has_no_definition(town):
    answer = town.get("services/dragons.json")
    assert answer.status_code == 404
    assert "service_code 'dragons' was not found" in answer.json()[0]["description"]
