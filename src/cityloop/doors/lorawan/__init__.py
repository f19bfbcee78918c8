"""LoRaWAN: uplinks as network servers send them on: ChirpStack 4 and 3, The Things Stack 3."""

from cityloop.doors.lorawan.routes import ROUTES
from cityloop.doors.lorawan.service import LoraWan
from cityloop.doors.lorawan.topics import TOPICS

__all__ = ["ROUTES", "TOPICS", "LoraWan"]
