"""The broker of the devices dies under load and comes back: who reports is answered meanwhile, what was said before is kept, and it is heard again."""

import json
import signal
import time

from tests.brokers import Broker

from bench.faults.database import ACKS, folder
from bench.faults.outcome import Outcome
from bench.faults.town import Town

HEARD_S = 40


def gone(seed: int, tries: int) -> Outcome:
    found = Outcome()
    with folder() as place:
        broker = Broker(place / "broker")
        town = Town(place / "home", seed=seed, environment={"CITYLOOP_MQTT_URL": broker.url})
        try:
            town.begin()
            town.start()
            for number in range(tries):
                found.wrong += _heard(town, broker, 10 * number + 1, "before")
                broker.stop(signal.SIGKILL)
                town.load(ACKS)
                broker.start()
                found.wrong += _heard(town, broker, 10 * number + 2, "after")
                found.tries += 1
            found.wrong += town.unexpected(set())
            town.stop()
            found.acknowledged, found.lost = town.told.count, town.lost()
            found.wrong += town.settled() + town.told.wrong
        finally:
            town.stop(hard=True)
            broker.stop(signal.SIGKILL)
    return found


def _heard(town: Town, broker: Broker, number: int, when: str) -> list[str]:
    """A device says something until it is on our disk: who joins late hears only what is said from then on."""
    at, ends = 1_760_000_000_000_000 + number, time.monotonic() + HEARD_S
    said = json.dumps({"stream": "f-1/s1", "at": at, "value": 1.0})
    while time.monotonic() < ends:
        broker.publish(f"cityloop/{town.city}/observations", said)
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            if at in town.moments():
                return []
            time.sleep(0.05)
    return [f"what a device said {when} the broker was gone was not heard"]
