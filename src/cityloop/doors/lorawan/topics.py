"""What the LoRaWAN door reads by MQTT: uplinks and states of ChirpStack, uplinks of The Things Stack."""

from cityloop.doors.lorawan.read import uplinks_in
from cityloop.stages.sense.model import Heard


async def uplink_heard(heard: Heard) -> None:
    """Keep what an uplink says; returns once it is on the disk.

    Refuses with `UplinkUnreadable` or `TooMuch`.
    """
    await heard.parts.senses.lorawan.take(uplinks_in(heard.payload), now=heard.now)


TOPICS = {
    "application/+/device/+/event/up": uplink_heard,
    "application/+/device/+/event/status": uplink_heard,
    "v3/+/devices/+/up": uplink_heard,
}
