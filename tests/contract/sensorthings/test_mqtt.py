"""SensorThings by MQTT: a plain client publishes observations, and subscribes to what is new."""

import time
from collections.abc import Callable, Iterator

import msgspec
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from tests.brokers import Broker
from tests.contract.sensorthings.test_writing import FEATURE
from tests.sta_world import PLACE, ROOM, Town, stream, town_at


@pytest.fixture(scope="module")
def broker(tmp_path_factory) -> Iterator[Broker]:
    found = Broker(tmp_path_factory.mktemp("broker"))
    yield found
    found.stop()


@pytest.fixture
def town(places, clock, broker) -> Iterator[Town]:
    """The town with a broker that it listens to, and tells of everything."""
    clock.set("2026-03-06 09:00")
    with town_at(places, clock, mqtt_url=broker.url, sta_publish="all") as found:
        until(lambda: found.parts.link is not None and found.parts.link.is_up)
        yield found


@pytest.fixture
def device(broker) -> Iterator[paho.Client]:
    """A client that knows nothing but the standard; `heard` is what it was told: topic, entity."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.heard = []
    client.on_message = lambda _, __, message: client.heard.append((message.topic, msgspec.json.decode(message.payload)))
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


def until(there: Callable[[], bool], most_s: float = 30) -> None:
    end = time.monotonic() + most_s
    while not there():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_observations_come_by_the_topics_of_the_standard(town, device):
    thing = town.post("Things", ROOM | {"Locations": [PLACE]})
    air = town.post(f"{thing}/Datastreams", stream())
    number = town.get(air)["@iot.id"]
    feature = town.get(town.post("FeaturesOfInterest", FEATURE))["@iot.id"]
    for topic, body in (
        (f"v1.1/{air}/Observations", {"result": 1.5, "phenomenonTime": "2026-03-05T00:00:00Z"}),
        ("v1.1/Observations", {"result": 2.5, "phenomenonTime": "2026-03-05T01:00:00Z", "Datastream": {"@iot.id": number}}),
        (f"v1.1/{air}/Observations", {"result": 3.5, "phenomenonTime": "2026-03-05T02:00:00Z", "parameters": {"a": 1},
                                      "FeatureOfInterest": {"@iot.id": feature}}),
        (f"v1.1/{air}/Observations", {"result": "x"}), ("v1.1/Datastreams(99)/Observations", {"result": 1}), ("v1.1/Observations", [1]),
        ("v1.1/Nothing(1)/Observations", {"result": 1}), ("v1.1/Observations", {"result": 4}),
        (f"v1.1/{air}/Observations", {"result": 4.5, "phenomenonTime": "2026-03-05T03:00:00Z"}),
    ):  # fmt: skip
        device.publish(topic, msgspec.json.encode(body), qos=1).wait_for_publish(20)
    until(lambda: town.results(f"{air}/Observations")[-1:] == [4.5])
    assert town.results("Observations") == [1.5, 2.5, 3.5, 4.5]
    assert town.results("Observations", filter="parameters/a eq 1 and FeatureOfInterest/name eq 'F'") == [3.5]


def test_who_subscribes_is_told_what_is_new(town, device):
    device.subscribe([("v1.1/#", 1)])
    thing = town.post("Things", ROOM | {"Locations": [PLACE]})
    air = town.post(f"{thing}/Datastreams", stream())
    until(lambda: f"v1.1/{thing}/Datastreams" in [topic for topic, _ in device.heard])
    town.post(f"{air}/Observations", {"result": 5, "parameters": {"b": 2}})
    until(lambda: f"v1.1/{air}/Observations" in [topic for topic, _ in device.heard])
    told = dict(device.heard)
    assert (told[f"v1.1/{thing}"]["name"], told["v1.1/Things"]["name"]) == ("Room", "Room")
    assert told[f"v1.1/{thing}/Datastreams"]["name"] == "Air"
    assert (told[f"v1.1/{air}/Observations"]["result"], told["v1.1/Observations"]["parameters"]) == (5, {"b": 2})
    town.send("PATCH", thing, {"name": "Hall"}, status=200)
    until(lambda: dict(device.heard)[f"v1.1/{thing}"]["name"] == "Hall")
    assert town.results("Observations") == [5], "what we told ourselves is not taken for news"
    root = town.get("")["serverSettings"]
    assert any("receive-updates-via-mqtt" in each for each in root["conformance"])
