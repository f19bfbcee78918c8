"""Observations: of every type, with all that stands beside the number; many at once; put right, and deleted."""

from tests.contract.sensorthings.test_reading import fed
from tests.contract.sensorthings.test_writing import FEATURE
from tests.sta_world import PLACE, ROOM, V11, stream

AT = "2026-03-05T12:00:00.000Z"


def one(town, **more):
    """A stream; gives its address."""
    thing = town.post("Things", ROOM | {"Locations": [PLACE]})
    return town.post(f"{thing}/Datastreams", stream(**more))


def test_results_by_type(town):
    for kind, good, bad, more in (
        ("OM_Measurement", [1.5, -3, "2.25", 1e300], ["x", None, True, {"a": 1}, "NaN", "inf"], {}),
        ("OM_CountObservation", [3, 0, "7"], [1.5, "x"], {}),
        ("OM_TruthObservation", [True, False, "true", 1], ["x", 2, None], {}),
        ("OM_CategoryObservation", ["low", "high"], ["none", 1, None], {"properties": {"words": ["low", "high"]}}),
    ):
        air = one(town, kind=kind, **more)
        made = [town.get(town.post(f"{air}/Observations", {"result": each, "phenomenonTime": f"2026-03-05T00:00:0{place}Z"}))["result"]
                for place, each in enumerate(good)]  # fmt: skip
        meant = [float(each) if kind == "OM_Measurement" else each for each in good]
        meant = [int(each) for each in meant] if kind == "OM_CountObservation" else meant
        meant = [each in (True, "true", 1) for each in meant] if kind == "OM_TruthObservation" else meant
        assert made == meant
        assert [type(each) for each in made] == [type(made[0])] * len(made) or kind == "OM_Measurement"
        for each in bad:
            assert town.send("POST", f"{air}/Observations", {"result": each}, status=400).json()["code"] in ("sta.result", "sta.body")
        number = town.get(air)["@iot.id"]
        asked = "result eq 'high'" if kind.startswith("OM_Cat") else "result eq true" if kind.startswith("OM_T") else "result gt 1"
        assert len(town.results("Observations", filter=f"Datastream/id eq {number} and {asked}")) == sum(
            each in (True, "high") or (not isinstance(each, str | bool) and each > 1) for each in made
        )
    assert len(town.results("Observations", orderby="result desc,phenomenonTime")) == 13


def test_all_of_an_observation(town):
    air = one(town)
    body = {
        "result": 5, "phenomenonTime": "2026-03-05T11:00:00.000Z/2026-03-05T12:00:00.000Z", "resultTime": "2026-03-05T12:05:00.000Z",
        "resultQuality": {"nameOfMeasure": "x"}, "validTime": "2026-03-05T00:00:00.000Z/2026-03-06T00:00:00.000Z", "parameters": {"wind": 3},
    }  # fmt: skip
    made = town.post(f"{air}/Observations", body)
    assert {name: each for name, each in town.get(made).items() if "@iot" not in name} == body
    assert town.results("Observations", filter="parameters/wind gt 2 and resultTime gt phenomenonTime") == [5]
    assert town.results("Observations", filter="resultQuality/nameOfMeasure eq 'x' and validTime lt 2026-03-07T00:00:00Z") == [5]
    assert town.results("Observations", filter="phenomenonTime lt 2026-03-05T11:30:00Z") == [], "it lasted longer"
    bare = town.get(town.post(f"{air}/Observations", {"result": 6}))
    assert (bare["phenomenonTime"], bare["resultTime"], bare["parameters"]) == ("2026-03-06T01:00:00.000Z", "2026-03-06T01:00:00.000Z", {})
    assert "put aside (future)" in town.post(f"{air}/Observations", {"result": 6, "phenomenonTime": "2027-01-01T00:00:00Z"}, status=400)
    assert "is no time" in town.post(f"{air}/Observations", {"result": 6, "phenomenonTime": "noon"}, status=400)
    assert "is no time" in town.post(f"{air}/Observations", {"result": 6, "validTime": 5}, status=400)


def test_what_an_observation_is_about(town):
    air = one(town)
    bare = town.post(f"{air}/Observations", {"result": 1, "phenomenonTime": "2026-03-05T00:00:00Z"})
    about = town.post(f"{air}/Observations", {"result": 2, "phenomenonTime": "2026-03-05T01:00:00Z", "FeatureOfInterest": FEATURE})
    assert (town.get(f"{bare}/FeatureOfInterest")["name"], town.get(f"{about}/FeatureOfInterest")["name"]) == ("Yard", "F")
    feature = town.get(f"{about}/FeatureOfInterest")["@iot.id"]
    town.post(f"FeaturesOfInterest('{feature}')/Observations",
              {"result": 3, "phenomenonTime": "2026-03-05T02:00:00Z", "Datastream": {"@iot.id": town.get(air)["@iot.id"]}})  # fmt: skip
    assert town.results(f"FeaturesOfInterest('{feature}')/Observations") == [2, 3]
    assert town.results(f"FeaturesOfInterest('{town.get(f'{bare}/FeatureOfInterest')['@iot.id']}')/Observations") == [1]
    assert town.results("Observations", filter="FeatureOfInterest/name eq 'F'", orderby="phenomenonTime desc") == [3, 2]
    town.send("DELETE", f"FeaturesOfInterest('{feature}')", status=200)
    assert town.results("Observations") == [1]


def test_data_arrays(town):
    air, truth = one(town), one(town, kind="OM_TruthObservation")
    numbers = [town.get(each)["@iot.id"] for each in (air, truth)]
    arrays = [
        {"Datastream": {"@iot.id": numbers[0]}, "components": ["phenomenonTime", "result"], "dataArray@iot.count": 4,
         "dataArray": [["2026-03-05T00:00:00Z", 1], ["2026-03-05T01:00:00Z", 2.5], ["noon", 3], ["2027-01-01T00:00:00Z", 4]]},
        {"Datastream": {"@iot.id": numbers[1]}, "components": ["result", "phenomenonTime", "parameters"],
         "dataArray": [[True, "2026-03-05T00:00:00Z", {"a": 1}], [7, "2026-03-05T01:00:00Z", {}], [False]]},
        {"Datastream": {"@iot.id": 999}, "components": ["result"], "dataArray": [[1]]},
    ]  # fmt: skip
    said = town.send("POST", "CreateObservations", arrays, status=201).json()
    assert [each.partition(":")[0] for each in said] == ["http", "http", "error", "error", "http", "error", "error", "error"]
    assert town.client.get(said[1], headers=town.auth).json()["result"] == 2.5
    assert "future" in said[3]
    assert town.results("Observations", filter="parameters/a eq 1") == [True]
    shown = town.get("Observations", resultFormat="dataArray", select="phenomenonTime,result", count="true")
    assert shown["@iot.count"] == 3
    assert shown["value"][0] == {
        "Datastream@iot.navigationLink": f"http://town.local{V11}/{air}", "components": ["phenomenonTime", "result"],
        "dataArray@iot.count": 2, "dataArray": [["2026-03-05T00:00:00.000Z", 1], ["2026-03-05T01:00:00.000Z", 2.5]],
    }  # fmt: skip
    for odd in ({}, [5], [{"Datastream": {"@iot.id": 1}, "components": ["x"], "dataArray": []}], [{"components": ["result"]}]):
        assert town.send("POST", "CreateObservations", odd, status=400).json()["code"] == "sta.body"


def test_putting_an_observation_right(town):
    _, air = fed(town, 3)
    first, second, _ = (f"Observations('{each['@iot.id']}')" for each in town.get(f"{air}/Observations")["value"])
    town.send("PATCH", first, {"result": 9.5, "parameters": {"why": "mended"}}, status=200)
    assert (town.get(first)["result"], town.get(first)["parameters"]) == (9.5, {"why": "mended"})
    assert town.results("Observations", filter="result gt 9") == [9.5]
    town.send("PATCH", first, {"result": 0.5}, status=200)
    town.send("PUT", first, {"result": 0.5}, status=200)
    assert town.get(first)["parameters"] == {}
    town.send("DELETE", second, status=200)
    town.get(second, status=404)
    assert town.get(f"{air}/Observations", count="true")["@iot.count"] == 2
    town.post(f"{air}/Observations", {"result": 7.5, "phenomenonTime": "2026-03-05T01:00:00Z"})
    assert town.results(f"{air}/Observations") == [0.5, 7.5, 2.5]
    said = town.send("PATCH", first, {"phenomenonTime": "2026-03-05T09:00:00Z"}, status=400).json()["detail"]
    assert "known by its time" in said


def test_many_pages_each_once(town):
    air = one(town)
    rows = [[f"2026-03-05T{hour:02}:{minute:02}:00Z", hour * 60 + minute] for hour in range(10) for minute in range(60)]
    array = {"Datastream": {"@iot.id": town.get(air)["@iot.id"]}, "components": ["phenomenonTime", "result"], "dataArray": rows}
    assert len(town.send("POST", "CreateObservations", [array], status=201).json()) == 600
    for order in ("", "phenomenonTime desc", "result desc"):
        link, found = f"{V11}/{air}/Observations?$top=97" + (f"&$orderby={order}" if order else ""), []
        while link:
            page = town.client.get(link, headers=town.auth).json()
            found += [each["result"] for each in page["value"]]
            link = page.get("@iot.nextLink", "")
        assert found == sorted(range(600), reverse=bool(order)), order
