"""MQTT: one connection to a broker. Knows topics and bytes, and nothing of what they mean."""

from cityloop.mqtt.link import Link, Message, matches

__all__ = ["Link", "Message", "matches"]
