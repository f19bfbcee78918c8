"""What the cameras' door reads by MQTT: the events of Frigate, under its usual prefix and under prefixes of several."""

from cityloop.doors.cameras.read import frigate_seen
from cityloop.stages.sense.model import Heard


async def frigate_heard(heard: Heard) -> None:
    """Keep what an event of Frigate says; returns once it is on the disk.

    Refuses with `Unreadable` or `TooMuch`.
    """
    await heard.parts.senses.cameras.take(frigate_seen(heard.payload), now=heard.now)


TOPICS = {"frigate/events": frigate_heard, "frigate/+/events": frigate_heard}
