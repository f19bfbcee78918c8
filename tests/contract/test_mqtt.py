"""MQTT as clients really speak it: `mosquitto_pub` and paho; kept before it is acknowledged; the broker killed and back."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from tests.brokers import Broker
from tests.engines import Clock
from tests.sensing_world import SensingWorld, the_sensing_app

from cityloop.app import observing
from cityloop.app.listening import link_of, taken, topics_of
from cityloop.app.settings import Settings
from cityloop.db import open_database
from cityloop.domain.errors import Invalid, Unavailable
from cityloop.domain.ids import CityId
from cityloop.mqtt import Link, Message
from cityloop.operate.turns import Turns
from cityloop.stages.sense import Heard, Named

AT = 1_772_413_200_000_000


@pytest.fixture(scope="module")
def broker(tmp_path_factory) -> Iterator[Broker]:
    found = Broker(tmp_path_factory.mktemp("broker"))
    yield found
    found.stop()


@pytest.fixture
def town(tmp_path) -> Iterator[SensingWorld]:
    """A town with one device, n-1; the broker is not part of it."""
    clock = Clock("2026-03-02T01:00:00+00:00")
    with the_sensing_app() as client:
        found = SensingWorld(open_database(str(tmp_path / "city.db"), CityId("demo"), clock=clock), clock, tmp_path, client)
        found.meter()
        yield found
        found.close()


@asynccontextmanager
async def running(link: Link):
    """A link while it listens."""
    task = asyncio.create_task(link.run())
    try:
        await until(lambda: link.is_up)
        await asyncio.sleep(0.1)
        yield link
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(there: Callable[[], bool], most_s: float = 20) -> None:
    for _ in range(int(most_s / 0.02)):
        if there():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come")


def listening(town: SensingWorld, broker: Broker, **more) -> Link:
    parts = SimpleNamespace(
        settings=Settings(city="demo", mqtt_url=broker.url, **more), database=town.database, register=town.register,
        book=town.book, sensing=town.sensing,
    )  # fmt: skip
    return link_of(parts)  # type: ignore[arg-type]


def test_a_shell_script_speaks_and_is_heard(town, broker):
    """`mosquitto_pub` unchanged: a bare number, an object, a whole request; with QoS 0 and 1."""

    async def story() -> None:
        async with running(listening(town, broker)):
            for topic, said, qos in (
                ("cityloop/demo/n-1/laeq", "51.5", 1),
                ("cityloop/demo/n-1/laeq", '{"value": 52, "at": "2026-03-02T00:59:00Z"}', 0),
                ("cityloop/demo/observations", '[{"stream": "n-1/state", "at": 1772413100, "value": "leak"}]', 1),
                ("cityloop/demo/observations", '{"stream": "n-1/open", "value": true}\n{"stream": "n-1/open", "value": NaN}', 1),
                ("cityloop/demo/n-1/laeq", "loud", 1),
                ("cityloop/demo/n-9/laeq", "7", 1),
                ("cityloop/other/n-1/laeq", "99", 1),
            ):  # fmt: skip
                await asyncio.to_thread(broker.publish, topic, said, qos=qos)
            await until(lambda: town.kept().size == 4)
            await until(lambda: len(town.senses.asides._values) == 0)

    asyncio.run(story())
    assert sorted(town.kept_values()) == [(1, 51.5), (1, 52.0), (2, 1.0), (3, 2.0)]
    assert town.asides() == [
        ("n-1/laeq", "unreadable", 1, None), ("n-1/open", "not_a_number", 1, None), ("n-9/laeq", "unknown", 1, 7.0),
    ]  # fmt: skip


@pytest.mark.parametrize(("version", "spoken"), [(5, MQTTProtocolVersion.MQTTv5), (4, MQTTProtocolVersion.MQTTv311)])
def test_paho_speaks_and_is_heard(town, broker, version, spoken):
    """As a device with the usual library speaks, by both versions; a thousand messages, each kept once."""

    async def story() -> None:
        async with running(listening(town, broker, mqtt_version=version)):
            device = paho.Client(CallbackAPIVersion.VERSION2, f"device-{version}", protocol=spoken)
            device.connect("127.0.0.1", broker.port)
            device.loop_start()
            for number in range(1_000):
                device.publish("cityloop/demo/n-1/laeq", f'{{"value": {number}, "at": {AT - 1_000_000_000 + number}}}', qos=1)
            await until(lambda: town.kept().size >= 1_000)
            device.disconnect()
            device.loop_stop()

    asyncio.run(story())
    assert sorted(value for _, value in town.kept_values()) == list(range(1_000))


def test_what_was_not_kept_is_not_acknowledged_and_comes_again(broker):
    """The disk refuses and the process dies: the broker sends it to the next. While it refuses, it is tried again."""
    heard: list[bytes] = []

    async def refuse(messages) -> None:
        heard.append(b"refused")
        raise Unavailable("not now")

    async def keep(messages) -> None:
        heard.extend(each.payload for each in messages)

    async def story() -> None:
        async with running(Link(broker.url, ["once/#"], refuse, client_id="once")):
            await asyncio.to_thread(broker.publish, "once/a", "1")
            await until(lambda: heard.count(b"refused") >= 2)
        await asyncio.to_thread(broker.publish, "once/a", "2")  # while nobody listens
        async with running(Link(broker.url, ["once/#"], keep, client_id="once")):
            await until(lambda: {b"1", b"2"} <= set(heard))
        size = len(heard)
        async with running(Link(broker.url, ["once/#"], keep, client_id="once")):
            await asyncio.sleep(0.3)
        assert len(heard) == size

    asyncio.run(story())


def test_a_fault_of_whoever_takes_is_told(broker, monkeypatch):
    """The work counts as failing, as any other would; what was not taken is not acknowledged."""

    async def stumbles(messages) -> None:
        raise ValueError("not as it was meant")

    async def alone(work) -> bool:
        return True

    parts = SimpleNamespace(
        settings=SimpleNamespace(mqtt_url=broker.url), database=SimpleNamespace(city="demo"), writer=SimpleNamespace(alone=alone),
        cuts=SimpleNamespace(is_cut=lambda name: False), turns=Turns(), link=None,
    )  # fmt: skip
    monkeypatch.setattr(observing, "link_of", lambda parts: Link(broker.url, ["fault/#"], stumbles, client_id="fault"))

    async def story() -> None:
        listening = asyncio.create_task(observing.listen(parts))  # type: ignore[arg-type]
        await until(lambda: parts.link is not None and parts.link.is_up)
        await asyncio.sleep(0.1)
        await asyncio.to_thread(broker.publish, "fault/a", "1")
        await until(lambda: [*parts.turns.samples()] != [])
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    asyncio.run(story())
    assert [each.labels for each in parts.turns.samples()] == [(("work", "hear_the_broker"),)]


def test_the_broker_is_killed_and_comes_back(tmp_path):
    """The link comes back by itself, its topics with it; a device that waits for its acknowledgement loses nothing."""
    broker, heard = Broker(tmp_path / "broker"), set()

    async def keep(messages) -> None:
        heard.update(int(each.payload) for each in messages)

    async def story() -> None:
        async with running(Link(broker.url, ["k/#"], keep, client_id="killed")) as link:
            device = paho.Client(CallbackAPIVersion.VERSION2, "k-device", clean_session=False)
            device.reconnect_delay_set(1, 1)
            device.connect("127.0.0.1", broker.port)
            device.loop_start()
            for number in range(100):
                device.publish("k/a", str(number), qos=1)
            await until(lambda: len(heard) == 100)
            broker.stop(signal.SIGKILL)
            await until(lambda: not link.is_up)
            await asyncio.to_thread(broker.start)
            await until(lambda: link.is_up, 30)  # a broker that forgot our session has nobody to keep messages for
            await asyncio.sleep(0.2)
            for number in range(100, 200):
                device.publish("k/a", str(number), qos=1)
            await until(lambda: heard == set(range(200)), 30)
            device.disconnect()
            device.loop_stop()

    try:
        asyncio.run(story())
    finally:
        broker.stop()


def test_doors_say_what_they_read(town):
    """A door's reader gives names, nothing, or a no; it may take its time. What it refuses, or stumbles over, goes aside."""

    async def slow(heard: Heard) -> list[Named]:
        return [Named(["n-1/laeq"], [AT], [float(heard.payload)]), Named(["n-1/open"], [AT], [1.0])]

    def refuses(heard: Heard) -> None:
        raise Invalid("that is nothing")

    def stumbles(heard: Heard) -> None:
        raise KeyError(heard.topic)

    def cannot_now(heard: Heard) -> None:
        raise Unavailable("not now")

    door = SimpleNamespace(
        TOPICS={"{city}/slow/+": slow, "no/#": refuses, "none": lambda heard: None, "stumbles": stumbles, "later": cannot_now}
    )
    readers = topics_of("demo", [door])
    assert list(readers) == ["cityloop/demo/#", "demo/slow/+", "no/#", "none", "stumbles", "later"]
    assert list(topics_of("demo", [door], only="none, no/#")) == ["no/#", "none"]
    parts = SimpleNamespace(database=town.database, register=town.register, book=town.book, sensing=town.sensing)
    said = [("no/x", b"?"), ("stumbles", b"?"), ("demo/slow/x", b"51"), ("none", b""), ("elsewhere", b"1")]
    asyncio.run(taken(parts, readers, [Message(topic, payload, False) for topic, payload in said]))
    assert town.kept_values() == [(1, 51.0), (2, 1.0)]
    assert town.asides() == [("no/x", "unreadable", 1, None), ("stumbles", "unreadable", 1, None)]
    with pytest.raises(Unavailable):
        asyncio.run(taken(parts, readers, [Message("demo/slow/x", b"52", False), Message("later", b"1", False)]))
    assert town.kept_values() == [(1, 51.0), (2, 1.0)]
