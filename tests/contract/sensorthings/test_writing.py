"""Writing: entities made alone and together, changed, removed."""

import pytest
from tests.sta_world import CELSIUS, OM, PLACE, ROOM, SENSOR, TEMPERATURE, stream

PAST = {"time": "2026-03-01T00:00:00.000Z"}
FEATURE = {"name": "F", "description": "a feature", "encodingType": "application/geo+json", "feature": PLACE["location"], "properties": {"a": [1]}}


def shown(town, address):
    """An entity's own properties."""
    return {name: each for name, each in town.get(address).items() if "@iot" not in name}


def test_all_that_is_sent_comes_back(town):
    sensor = SENSOR | {"properties": {"serial": "7"}, "metadata": {"any": ["json"]}}
    for path, body in (
        ("Things", ROOM), ("Locations", PLACE | {"properties": {"x": 1}}), ("Sensors", sensor),
        ("ObservedProperties", TEMPERATURE | {"properties": {"y": None}}), ("FeaturesOfInterest", FEATURE),
    ):  # fmt: skip
        made = town.post(path, body)
        assert made.startswith(f"{path}('")
        there = shown(town, made)
        there["properties"].pop("simulated", None)
        assert there == {"properties": {}} | body
    long = "A name that is much longer than the register of devices would hold of it, and is shown whole here, to its end"
    assert town.get(town.post("Things", ROOM | {"name": long}))["name"] == long


def test_nested_collections(town):
    thing = town.post("Things", ROOM)
    town.post(f"{thing}/Locations", PLACE)
    air = town.post(f"{thing}/Datastreams", stream(observedArea=PLACE["location"], properties={"height": 2}))
    assert town.names(f"{thing}/Locations") == ["Yard"]
    assert shown(town, air) | {"phenomenonTime": None} == {
        "name": "Air", "description": "Air said", "observationType": f"{OM}OM_Measurement", "unitOfMeasurement": CELSIUS,
        "observedArea": PLACE["location"], "properties": {"height": 2}, "phenomenonTime": None, "resultTime": None,
    }  # fmt: skip
    sensor = town.get(f"{air}/Sensor")["@iot.id"]
    body = {name: each for name, each in stream("Second").items() if name != "Sensor"}
    second = town.post(f"Sensors('{sensor}')/Datastreams", body | {"Thing": {"@iot.id": town.get(thing)["@iot.id"]}})
    assert town.names(f"Sensors('{sensor}')/Datastreams") == ["Air", "Second"]
    assert town.get(f"{second}/Thing")["name"] == "Room"
    assert town.post(f"{air}/Thing", ROOM, status=404)


def test_linking_to_what_is_there(town):
    """The register knows the device and its streams as well; the unit is that of UCUM."""
    ids = {}
    for name, path, body in (("Thing", "Things", ROOM), ("Sensor", "Sensors", SENSOR), ("ObservedProperty", "ObservedProperties", TEMPERATURE)):
        ids[name] = {"@iot.id": town.get(town.post(path, body))["@iot.id"]}
    air = town.post("Datastreams", stream() | ids)
    number = town.get(air)["@iot.id"]
    register = town.parts.register.refresh()
    assert register.streams[number].unit == "Cel"
    assert register.streams[number].property == "temperature"
    assert register.things[ids["Thing"]["@iot.id"]].name == "Room"
    said = town.post("Datastreams", stream() | ids | {"Sensor": {"@iot.id": "none"}}, status=400)
    assert "There is no Sensor 'none'" in said
    device = town.client.get(f"/v1/devices/{ids['Thing']['@iot.id']}", headers=town.auth).json()
    assert (device["name"], device["properties"]["floor"]) == ("Room", "3")


def test_a_device_that_nobody_described_here_is_shown_too(town):
    body = {"key": "n-1", "name": "Noise 1", "vendor": "Hao", "model": "N3", "lon": 112.9, "lat": 28.2,
            "streams": [{"key": "hum", "unit": "dB[SPL]"}]}  # fmt: skip
    id = town.client.post("/v1/devices", json=body, headers=town.auth).json()["id"]
    town.parts.register.refresh()
    everything = "Locations,Datastreams/Sensor,Datastreams/ObservedProperty"
    thing = town.get(f"Things('{id}')", expand=everything)
    air = thing["Datastreams"][0]
    assert (thing["name"], thing["properties"]["vendor"], thing["Locations"][0]["location"]["coordinates"]) == ("Noise 1", "Hao", [112.9, 28.2])
    assert (air["name"], air["Sensor"]["name"], air["ObservedProperty"]["@iot.id"]) == ("n-1/hum", "Hao N3", "hum")
    town.post(f"Datastreams({air['@iot.id']})/Observations", {"result": 61})
    assert town.names("FeaturesOfInterest", filter="name eq 'Noise 1'") == ["Noise 1"]
    assert town.results(f"FeaturesOfInterest('{id}')/Observations") == [61]
    town.send("PATCH", f"Things('{id}')", {"description": "at the gate"}, status=200)
    assert town.get(f"Things('{id}')")["description"] == "at the gate"
    assert town.get(f"Things('{id}')/Locations")["value"][0]["location"]["coordinates"] == [112.9, 28.2]


def test_all_or_none(town):
    bad = stream("Bad", observationType=None)
    said = town.post("Things", ROOM | {"Locations": [PLACE], "Datastreams": [stream(), bad]}, status=400)
    assert "observationType of a Datastream" in said
    for path in ("Things", "Locations", "Datastreams", "Sensors", "ObservedProperties", "HistoricalLocations"):
        assert town.get(path, count="true")["@iot.count"] == 0, path


def test_what_is_wanted_must_be_sent(town):
    thing = town.post("Things", ROOM)
    for path, body, said in (
        ("Things", {"name": "x"}, "needs description"), ("Things", {"name": " ", "description": ""}, "name of a Thing"),
        ("Things", [], "no object"), ("Things", {"name": 5, "description": ""}, "name of a Thing"),
        ("Things", ROOM | {"properties": []}, "properties of a Thing"), ("Things", ROOM | {"Locations": "x"}, "Locations"),
        ("Locations", {**PLACE, "location": None}, "location of a Location"), (f"{thing}/Datastreams", {**stream(), "Sensor": None}, "needs Sensor"),
        ("Datastreams", stream(), "needs Thing"), ("Observations", {"result": 1}, "needs Datastream"),
        (f"{thing}/HistoricalLocations", PAST, "needs Locations"), (f"{thing}/HistoricalLocations", {"time": "yesterday"}, "time 'yesterday'"),
        ("Things", ROOM | {"properties": {"a": "x" * 70_000}}, "bytes at most"), ("Things", ROOM | {"name": "x" * 5000}, "name of a Thing"),
    ):  # fmt: skip
        assert said in town.post(path, body, status=400), (path, said)
    answer = town.client.post("/sta/v1.1/Things", content=b"{nonsense", headers=town.auth)
    assert (answer.status_code, answer.json()["code"]) == (400, "sta.body")
    deep = b'{"name":"x","description":"","properties":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}}"
    assert town.client.post("/sta/v1.1/Things", content=deep, headers=town.auth).status_code in (400, 413)


def test_a_thing_that_moves_leaves_a_trace(town):
    thing = town.post("Things", ROOM | {"Locations": [PLACE]})
    town.clock.forward(hours=1)
    town.post(f"{thing}/Locations", PLACE | {"name": "Street", "location": {"type": "Point", "coordinates": [112.94, 28.23]}})
    assert town.names(f"{thing}/Locations") == ["Street"]
    past = town.get(f"{thing}/HistoricalLocations", expand="Locations", orderby="time")["value"]
    assert [(each["time"], each["Locations"][0]["name"]) for each in past] == [
        ("2026-03-06T01:00:00.000Z", "Yard"), ("2026-03-06T02:00:00.000Z", "Street"),
    ]  # fmt: skip
    id = town.get(thing)["@iot.id"]
    assert town.parts.register.refresh().things[id].where.lon == pytest.approx(112.94)
    yard = town.get("Locations", filter="name eq 'Yard'")["value"][0]["@iot.id"]
    town.send("PATCH", thing, {"Locations": [{"@iot.id": yard}]}, status=200)
    assert town.names(f"{thing}/Locations") == ["Yard"]
    assert len(town.get(f"{thing}/HistoricalLocations")["value"]) == 3
    town.send("PATCH", f"Locations('{yard}')", {"location": {"type": "Point", "coordinates": [112.95, 28.24]}}, status=200)
    assert town.parts.register.refresh().things[id].where.lon == pytest.approx(112.95)
    made = town.post(f"{thing}/HistoricalLocations", PAST | {"Locations": [{"@iot.id": yard}]})
    assert town.get(made)["time"] == PAST["time"]


def test_patch_put_and_json_patch(town):
    thing = town.post("Things", ROOM | {"Datastreams": [stream(properties={"a": 1})]})
    air = f"Datastreams({town.get(f'{thing}/Datastreams')['value'][0]['@iot.id']})"
    town.send("PATCH", thing, {"name": "Hall"}, status=200)
    assert (town.get(thing)["name"], town.get(thing)["properties"]["floor"]) == ("Hall", 3)
    town.send("PUT", thing, {"name": "Cell", "description": "small"}, status=200)
    assert set(town.get(thing)["properties"]) <= {"simulated"}
    assert "needs description" in town.send("PUT", thing, {"name": "Cell"}, status=400).json()["detail"]
    operations = [{"op": "test", "path": "/name", "value": "Cell"}, {"op": "add", "path": "/properties/a~1b", "value": [1]},
                  {"op": "add", "path": "/properties/a~1b/-", "value": 2}, {"op": "copy", "from": "/name", "path": "/description"}]  # fmt: skip
    town.send("PATCH", thing, operations, status=200, **{"content-type": "application/json-patch+json"})
    assert (town.get(thing)["properties"]["a/b"], town.get(thing)["description"]) == ([1, 2], "Cell")
    for odd in ([{"op": "test", "path": "/name", "value": "x"}], [{"op": "jump", "path": "/name"}], [{"op": "remove", "path": "/nothing"}], [5], {"op": 1}):
        town.send("PATCH", thing, odd, status=400, **{"content-type": "application/json-patch+json"})
    town.send("PATCH", air, {"name": "Wind", "unitOfMeasurement": {"name": "m/s", "symbol": "m/s", "definition": ""}}, status=200)
    assert (town.get(air)["name"], town.get(air)["properties"]) == ("Wind", {"a": 1})
    assert town.parts.register.refresh().streams[town.get(air)["@iot.id"]].unit == "m/s"
    sensor = town.post("Sensors", SENSOR | {"name": "S2"})
    town.send("PATCH", air, {"Sensor": {"@iot.id": town.get(sensor)["@iot.id"]}}, status=200)
    assert town.get(f"{air}/Sensor")["name"] == "S2"
    town.send("PATCH", sensor, {"metadata": "new"}, status=200)
    assert town.get(f"{sensor}/metadata") == {"metadata": "new"}
    assert "cannot be changed" in town.send("PATCH", thing, {"@iot.id": "other"}, status=400).json()["detail"]


def test_deleting_takes_dependents_along(town):
    thing = town.post("Things", ROOM | {"Locations": [PLACE], "Datastreams": [stream("A"), stream("B"), stream("C")]})
    a, b, c = town.get("Datastreams", orderby="name")["value"]
    town.post(f"Datastreams({a['@iot.id']})/Observations", {"result": 1})
    town.send("DELETE", f"Datastreams({a['@iot.id']})", status=200)
    assert town.results("Observations") == []
    assert town.parts.senses.history.latest([a["@iot.id"]]).value.tolist() == [1.0], "the history keeps what was said"
    sensor = town.get(f"Datastreams({b['@iot.id']})/Sensor")["@iot.id"]
    town.send("DELETE", f"Sensors('{sensor}')", status=200)
    assert town.names("Datastreams") == ["C"]
    yard = town.get("Locations")["value"][0]["@iot.id"]
    town.send("DELETE", f"Locations('{yard}')", status=200)
    assert town.get("HistoricalLocations")["value"] == town.get(f"{thing}/Locations")["value"] == []
    town.send("DELETE", thing, status=200)
    for path in ("Things", "Datastreams", "HistoricalLocations"):
        assert town.get(path)["value"] == [], path
    town.get(thing, status=404)
    town.send("DELETE", thing, status=404)
    assert town.post(f"Datastreams({c['@iot.id']})/Observations", {"result": 1}, status=404)
    assert town.replayed() == []


def test_who_may(town):
    thing = town.post("Things", ROOM | {"Datastreams": [stream()]})
    air = f"Datastreams({town.get('Datastreams')['value'][0]['@iot.id']})"
    gateway, stranger = (f"Bearer {town.signed_in(name)}" for name in ("gateway", "stranger"))
    town.send("POST", f"{air}/Observations", {"result": 1}, status=201, authorization=gateway)
    for method, path, body in (("POST", "Things", ROOM), ("PATCH", thing, {"name": "x"}), ("DELETE", thing, None), ("PUT", thing, ROOM)):
        assert town.send(method, path, body, status=403, authorization=gateway).json()["code"] == "not_allowed"
    town.send("POST", f"{air}/Observations", {"result": 1}, status=403, authorization=stranger)
