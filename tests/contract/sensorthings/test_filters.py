"""$filter over entities and over observations."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.sensorthings.test_reading import fed
from tests.sta_world import PLACE, stream


@pytest.fixture
def full(town):
    """A room with observations 0.5 to 4.5 at the hours of a day, and a hall without a stream."""
    fed(town)
    town.post("Things", {"name": "Hall", "description": "a hall", "properties": {"floor": 1}})
    return town


OPERATORS = (
    ("result gt 2", [2.5, 3.5, 4.5]), ("result ge 2.5 and result lt 4", [2.5, 3.5]), ("result eq 0.5 or result eq 4.5", [0.5, 4.5]),
    ("not (result le 3)", [3.5, 4.5]), ("result ne 2.5", [0.5, 1.5, 3.5, 4.5]), ("result add 1 gt 5", [4.5]),
    ("result sub 1 lt 0", [0.5]), ("result mul 2 eq 5", [2.5]), ("result div 2 gt 2", [4.5]), ("result mod 2 eq 0.5", [0.5, 2.5, 4.5]),
    ("-(result) lt -4", [4.5]), ("phenomenonTime gt 2026-03-05T03:00:00Z", [4.5]), ("resultTime le 2026-03-05T00:00:00Z", [0.5]),
    ("phenomenonTime ge 2026-03-05T10:00:00+08:00 and phenomenonTime lt now()", [2.5, 3.5, 4.5]), ("3 lt result", [3.5, 4.5]),
    ("phenomenonTime gt '2026-03-05T03:00:00Z'", [4.5]), ("parameters/x eq 1", []), ("result eq 'x'", []),
    ("result gt 1 and (Datastream/name eq 'Air' or Datastream/name eq 'x')", [1.5, 2.5, 3.5, 4.5]),
    ("resultTime sub phenomenonTime eq duration'PT0S' and result gt 4", [4.5]), ("result div 0 gt 1", []),
)  # fmt: skip


def test_operators(full):
    for question, results in OPERATORS:
        assert full.results("Observations", filter=question) == results, question
        assert full.get("Observations", filter=question, count="true", top=1)["@iot.count"] == len(results), question


FUNCTIONS = (
    ("substringof('oo',name)", ["Room"]), ("contains(name,'al')", ["Hall"]), ("startswith(name,'H')", ["Hall"]),
    ("endswith(name,'m')", ["Room"]), ("length(name) eq 4", ["Hall", "Room"]), ("indexof(name,'o') eq 1", ["Room"]),
    ("substring(name,1) eq 'oom'", ["Room"]), ("substring(name,1,2) eq 'al'", ["Hall"]), ("tolower(name) eq 'room'", ["Room"]),
    ("toupper(name) eq 'ROOM'", ["Room"]), ("trim(concat(name,' ')) eq 'Hall'", ["Hall"]),
    ("concat(concat(name,': '),description) eq 'Hall: a hall'", ["Hall"]), ("properties/floor add 1 eq 4", ["Room"]),
    ("properties/tags/1 eq 'b'", ["Room"]), ("properties/who/unit eq null", ["Hall"]), ("round(2.5) eq 3 and floor(1.7) eq 1 and ceiling(1.2) eq 2", ["Hall", "Room"]),
    ("year(Datastreams/phenomenonTime) eq 2026", ["Room"]), ("month(now()) eq 3 and day(now()) eq 6 and hour(now()) eq 1", ["Hall", "Room"]),
    ("minute(2026-03-05T03:04:05.5Z) eq 4 and second(2026-03-05T03:04:05.5Z) eq 5 and fractionalseconds(2026-03-05T03:04:05.5Z) eq 0.5", ["Hall", "Room"]),
    ("date(2026-03-05T03:04:05Z) eq 2026-03-05 and time(2026-03-05T03:04:05Z) eq 03:04:05 and totaloffsetminutes(now()) eq 0", ["Hall", "Room"]),
    ("mindatetime() lt now() and maxdatetime() gt now()", ["Hall", "Room"]),
    ("geo.distance(Locations/location,geography'POINT (112.93 28.22)') lt 0.001", ["Room"]), ("geo.length(Locations/location) eq 0", ["Room"]),
    ("geo.intersects(Locations/location,geography'POLYGON ((112 28,113 28,113 29,112 29,112 28))')", ["Room"]),
    ("st_within(Locations/location,geography'POLYGON ((112 28,113 28,113 29,112 29,112 28))')", ["Room"]),
    ("st_disjoint(Locations/location,geography'POINT (1 2)')", ["Room"]), ("st_equals(Locations/location,geography'POINT (112.93 28.22)')", ["Room"]),
    ("st_relate(Locations/location,geography'POINT (112.93 28.22)','0FFFFFFF2')", ["Room"]),
    ("st_touches(Locations/location,geography'LINESTRING (112.93 28.22,1 1)')", ["Room"]),
    ("st_intersects(Locations/location,geography'POINT (112.93 28.22)') and st_contains(Locations/location,geography'POINT (112.93 28.22)')", ["Room"]),
    ("st_crosses(Locations/location,geography'POINT (112.93 28.22)') or st_overlaps(Locations/location,geography'POINT (112.93 28.22)')", []),
)  # fmt: skip


def test_functions(full):
    for question, names in FUNCTIONS:
        assert sorted(full.names("Things", filter=question)) == names, question


FUNCTIONS_OF_OBSERVATIONS = (
    ("year(phenomenonTime) eq 2026 and month(resultTime) eq 3 and day(phenomenonTime) eq 5 and hour(phenomenonTime) ge 3", [3.5, 4.5]),
    ("date(resultTime) eq 2026-03-05 and time(resultTime) gt 02:30:00", [3.5, 4.5]), ("round(result) eq 3", [2.5]),
    ("floor(result) eq 3", [3.5]), ("ceiling(result) eq 3", [2.5]), ("st_within(FeatureOfInterest/feature,geography'POLYGON ((112 28,113 28,113 29,112 29,112 28))') and result gt 3", [3.5, 4.5]),
    ("substringof('Ai',Datastream/name) and result lt 1", [0.5]), ("Datastream/unitOfMeasurement/symbol eq '°C' and result lt 1", [0.5]),
    ("FeatureOfInterest/name eq 'Yard' and result lt 1", [0.5]), ("geo.distance(Datastream/Thing/Locations/location,geography'POINT (112 28)') gt result", [0.5]),
)  # fmt: skip


def test_functions_of_observations(full):
    for question, results in FUNCTIONS_OF_OBSERVATIONS:
        assert full.results("Observations", filter=question) == results, question


def test_paths_along_relations(full):
    names = full.names
    assert names("Things", filter="Datastreams/ObservedProperty/name eq 'Temperature'") == ["Room"]
    assert names("Things", filter="Datastreams/ObservedProperty/name eq 'Temperature' and Datastreams/Sensor/name eq 'S1'") == ["Room"]
    assert names("Locations", filter="Things/Datastreams/name eq 'Air'") == ["Yard"]
    assert names("Datastreams", filter="Thing/Locations/name eq 'Yard'") == ["Air"]
    assert names("Sensors", filter="Datastreams/Thing/properties/floor eq 3") == ["S1"]
    assert names("Things", filter="HistoricalLocations/Locations/name eq 'Yard' and year(HistoricalLocations/time) eq 2026") == ["Room"]
    number = full.get("Datastreams")["value"][0]["@iot.id"]
    assert full.results("Observations", filter=f"Datastream/id eq {number} and Datastream/Thing/name eq 'Room' and result gt 4") == [4.5]
    id = full.get("Observations", filter="result eq 1.5")["value"][0]["@iot.id"]
    assert full.results("Observations", filter=f"id eq '{id}'") == [1.5]
    full.post("Things", {"name": "Both", "description": "", "Locations": [PLACE], "Datastreams": [stream("A"), stream("B", "OM_CountObservation")]})
    one = "Datastreams/name eq 'A' and substringof('Count',Datastreams/observationType)"
    assert names("Things", filter=one) == [], "the same relation, written twice, is the same one of them"


BAD_QUESTIONS = (
    ("Things", "name eq", "The end"), ("Things", "colour eq 1", "character 1"), ("Things", "name eq 'a", "character 9"),
    ("Things", "foo(name)", "'foo'"), ("Things", "length(name,1)", "takes 1"), ("Things", "Datastreams eq 1", "ends with"),
    ("Things", "name/x eq 1", "nothing inside"), ("Datastreams", "Observations/result gt 1", "asked themselves"),
    ("Observations", "Datastream/Observations/result gt 1", "asked themselves"), ("Things", "(" * 60 + "1" + ")" * 60, "nested deeper"),
    ("Things", " add ".join(["1"] * 60) + " eq 1", "strung together"), ("Things", "x" * 20_000, "characters"),
    ("Things", "name eq 1 name", "character 11"), ("Things", "geo.distance(Locations/location,geography'POINT (x)') lt 1", "character 33"),
    ("Things", "2026-13-01T00:00:00Z eq 1", "no such value"), ("Things", "not", "The end"), ("Observations", "result gt 1 and", "The end"),
    ("Things", "1 eq 1 or" * 2000 + " 1 eq 1", "characters"),
)  # fmt: skip


def test_bad_questions(town):
    """400, and where; never a fault of ours."""
    for path, question, said in BAD_QUESTIONS:
        answer = town.get(path, filter=question, status=400)
        assert answer["code"] == "sta.query"
        assert answer["detail"].startswith("In $filter: ")
        assert said in answer["detail"], question[:80]
    assert town.get("Things", filter="name")["value"] == []


WORDS = st.sampled_from(
    [
        "name", "result", "id", "phenomenonTime", "Datastream", "Thing", "Locations", "location", "properties/a", "/", "(", ")", ",", "'", "'x'",
        "1", "-1", "1e999", "2026-03-05T00:00:00Z", "2026-03-05", "12:00:00", "and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le", "add", "sub",
        "mul", "div", "mod", "null", "true", "duration'PT1H'", "geography'POINT(1 2)'", "now()", "length(", "st_within(", "geo.distance(",
        "substring(", "year(", "round(", "concat(", "@iot.id", "$filter", ";", "=", "Observations",
    ]
)  # fmt: skip
ANYTHING = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join), st.lists(WORDS, max_size=10).map("".join))




@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["Things", "Datastreams", "Observations", "Locations", "HistoricalLocations", "FeaturesOfInterest"]),
    option=st.sampled_from(["filter", "filter", "filter", "orderby", "expand", "select", "top", "skip", "count", "resultFormat", "skiptoken"]),
    text=ANYTHING,
)  # fmt: skip
def test_any_question_is_answered_or_refused_in_words(town, path, option, text):
    """Whatever is asked: an answer, or a 400 that says what is wrong. Never a fault of ours."""
    if not town.get("Things")["value"]:
        fed(town, 3)
    answer = town.client.get(f"/sta/v1.1/{path}", params={f"${option}": text}, headers=town.auth)
    assert answer.status_code in (200, 400), (path, option, text, answer.text)
    if answer.status_code == 400:
        assert answer.json()["code"] == "sta.query"


PIECES = ["Things", "Datastreams", "(1)", "('x')", "(", "'", "/", "$ref", "$value", "name", "Observations", "%27", "%2F", "%00"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)))
def test_any_address_is_answered(town, path):
    answer = town.client.get(f"/sta/v1.1/{quote(path, safe='%/')}", headers=town.auth)
    assert answer.status_code < 500, (path, answer.text)
