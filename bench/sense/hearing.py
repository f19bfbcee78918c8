"""A device that speaks MQTT with QoS 1 as fast as the broker takes it; in a process of its own."""

import sys
import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from bench.sense.city import stream_name


def spoken(host: str, port: int, city: str, count: int) -> None:
    """Publish so many, each of another stream, and wait for the broker."""
    device = paho.Client(CallbackAPIVersion.VERSION2, f"bench-{time.time_ns()}")
    device.max_inflight_messages_set(1_000)
    device.connect(host, port)
    device.loop_start()
    now = time.time_ns() // 1000 - count
    sent = [
        device.publish(f"cityloop/{city}/{stream_name(n)}", f'{{"value": {60 + n % 7}, "at": {now + n}}}', qos=1) for n in range(count)
    ]
    for each in sent:
        each.wait_for_publish(60)
    device.disconnect()
    device.loop_stop()


if __name__ == "__main__":
    spoken(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
