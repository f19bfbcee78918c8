"""Reading: addresses, options, pages; what a stranger sees."""

from tests.sta_world import PLACE, ROOM, V11, stream


def fed(town, count=5, **more):
    """A thing with a stream, and some observations; gives the addresses of both."""
    thing = town.post("Things", ROOM | {"Locations": [PLACE], "Datastreams": [stream(**more)]})
    air = f"Datastreams({town.get(f'{thing}/Datastreams')['value'][0]['@iot.id']})"
    for hour in range(count):
        town.post(f"{air}/Observations", {"result": hour + 0.5, "phenomenonTime": f"2026-03-05T{hour:02}:00:00Z"})
    return thing, air


def test_the_root_lists_the_collections_and_what_is_conformed_to(town):
    root = town.get("")
    assert [each["name"] for each in root["value"]] == [
        "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations",
        "FeaturesOfInterest",
    ]  # fmt: skip
    assert root["value"][0]["url"] == f"http://town.local{V11}/Things"
    assert "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/thing" in root["serverSettings"]["conformance"]
    for each in root["value"]:
        assert town.client.get(each["url"]).json()["value"] == []


def test_an_entity_shows_its_control_information(town):
    thing, _ = fed(town, 0)
    shown = town.get(thing)
    link = f"http://town.local{V11}/Things('{shown['@iot.id']}')"
    assert shown["@iot.selfLink"] == link
    assert shown["Datastreams@iot.navigationLink"] == f"{link}/Datastreams"
    assert set(shown) == {
        "@iot.id", "@iot.selfLink", "name", "description", "properties", "Locations@iot.navigationLink",
        "HistoricalLocations@iot.navigationLink", "Datastreams@iot.navigationLink",
    }  # fmt: skip
    assert town.client.get(link, headers=town.auth).json() == shown


def test_a_datastream_tells_when_it_spoke(town):
    _, air = fed(town, 3)
    assert town.get(air)["phenomenonTime"] == "2026-03-05T00:00:00.000Z/2026-03-05T02:00:00.000Z"
    assert town.names("Datastreams", filter="phenomenonTime gt 2026-03-04T00:00:00Z") == ["Air"]
    assert town.names("Datastreams", filter="phenomenonTime gt 2026-03-05T01:00:00Z") == []


def test_every_kind_of_address(town):
    thing, air = fed(town, 2)
    observation = town.get(f"{air}/Observations")["value"][0]
    assert town.get("Things")["value"][0]["name"] == "Room"
    assert town.get(f"{thing}/name") == {"name": "Room"}
    assert town.get(f"{thing}/name/$value") == "Room"
    assert town.get(f"{thing}/properties/who/unit/$value") == "x"
    assert town.get(f"{thing}/properties/nothing/$value", status=204) == ""
    assert town.get(f"{air}/Thing")["name"] == "Room"
    assert town.get(f"{air}/Thing/Locations")["value"][0]["location"] == PLACE["location"]
    assert town.get(f"{thing}/{air}/Observations('{observation['@iot.id']}')/FeatureOfInterest")["name"] == "Yard"
    assert town.get(f"{thing}/Datastreams/$ref") == {"value": [{"@iot.selfLink": f"http://town.local{V11}/{air}"}]}
    assert town.get(f"{air}/Thing/$ref")["@iot.selfLink"].endswith(thing)
    assert town.get(f"Observations('{observation['@iot.id']}')/Datastream")["name"] == "Air"


NOWHERE = (
    "Nothings", "Things('none')", "Things(1)", "Things('none')/Datastreams", "Datastreams(999999999999999999)", "Things/name",
    "Things/Datastreams", "Observations('x')", "Observations('1-2-3-4')", "Observations(7)", "Things('a", "$ref", "$value",
    "Datastreams('x')", "Observations('9223372036854775808-1')", "Things('none')/name/$value/$value", "Sensors(1)/Things",
)  # fmt: skip


def test_addresses_that_lead_nowhere(town):
    for path in NOWHERE:
        assert town.get(path, status=404)["code"] == "sta.unknown", path


def test_select(town):
    thing, _ = fed(town, 1)
    assert town.get(thing, select="name,Datastreams") == {
        "name": "Room", "Datastreams@iot.navigationLink": f"http://town.local{V11}/{thing}/Datastreams",
    }  # fmt: skip
    assert town.get("Observations", select="result,id")["value"][0].keys() == {"@iot.id", "@iot.selfLink", "result"}
    assert town.get("Things", select="colour", status=400)["code"] == "sta.query"


def test_expand(town):
    thing, air = fed(town, 5)
    options = "Datastreams($select=name;$expand=Observations($filter=result gt 1;$orderby=result desc;$top=2;$count=true),Sensor),Locations"
    shown = town.get(thing, expand=options)
    inside = shown["Datastreams"][0]
    assert [each["result"] for each in inside["Observations"]] == [4.5, 3.5]
    assert inside["Observations@iot.count"] == 4
    following = town.client.get(inside["Observations@iot.nextLink"], headers=town.auth).json()
    assert len(following["value"]) == 2
    assert inside["Sensor"]["encodingType"] == "application/pdf"
    assert set(inside) == {"name", "Observations", "Observations@iot.count", "Observations@iot.nextLink", "Sensor"}
    assert shown["Locations"][0]["name"] == "Yard"
    assert town.get(air, expand="Thing/Locations,Thing/HistoricalLocations")["Thing"]["Locations"][0]["name"] == "Yard"
    assert town.get("Observations", top="1", expand="Datastream/Thing,FeatureOfInterest")["value"][0]["Datastream"]["Thing"]["name"] == "Room"


def test_order_top_skip_count(town):
    for number in range(7):
        town.post("Things", {"name": f"T{number}", "description": "even" if number % 2 == 0 else "odd"})
    assert town.names("Things", orderby="description desc,name asc", top=3) == ["T1", "T3", "T5"]
    assert town.names("Things", orderby="name", skip=5) == ["T5", "T6"]
    page = town.get("Things", filter="description eq 'even'", orderby="name desc", top=3, count="true")
    assert (page["@iot.count"], [each["name"] for each in page["value"]]) == (4, ["T6", "T4", "T2"])
    rest = town.client.get(page["@iot.nextLink"], headers=town.auth).json()
    assert ([each["name"] for each in rest["value"]], "@iot.nextLink" in rest) == (["T0"], False)
    assert town.get("Things", top=0, count="true") == {"@iot.count": 7, "value": []}
    for name, value in (("top", "-1"), ("top", "x"), ("skip", "1.5"), ("count", "yes"), ("orderby", "colour"), ("format", "xml")):
        assert town.get("Things", status=400, **{name: value})["code"] == "sta.query", (name, value)


def test_what_strangers_see(town):
    """Streams that are open, what they lead to, and nothing else."""
    fed(town, 2)
    town.post("Things", {"name": "Kiosk", "description": "open", "Locations": [PLACE | {"name": "Square"}],
                         "Datastreams": [stream("Open", properties={"open": True}), stream("Shut")]})  # fmt: skip
    town.post("FeaturesOfInterest", {"name": "Pond", "description": "d", "encodingType": "application/geo+json",
                                     "feature": PLACE["location"]})  # fmt: skip
    for path, names in {
        "Things": ["Kiosk"], "Datastreams": ["Open"], "Locations": ["Square"], "Sensors": ["S1"], "ObservedProperties": ["Temperature"],
        "FeaturesOfInterest": ["Square"],
    }.items():  # fmt: skip
        assert [each["name"] for each in town.get(path, token=None)["value"]] == names, path
    assert len(town.get("HistoricalLocations", token=None)["value"]) == 1
    assert town.get("Observations", token=None)["value"] == []
    shut = town.get("Datastreams", filter="name eq 'Shut'")["value"][0]["@iot.id"]
    town.get(f"Datastreams({shut})", token=None, status=404)
    assert town.get("Datastreams", token=town.signed_in("stranger"))["value"][0]["name"] == "Open"
    basic = ("anybody", town.token)
    assert len(town.client.get(f"{V11}/Datastreams", auth=basic).json()["value"]) == 3
    assert town.client.get(f"{V11}/Datastreams", auth=("anybody", "no-token")).status_code == 401
