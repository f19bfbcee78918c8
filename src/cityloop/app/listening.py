"""What comes by MQTT: read by the door whose topic it is, kept, and only then acknowledged."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from cityloop.app.parts import Parts
from cityloop.domain.calendar import epoch_us
from cityloop.domain.errors import CityloopError, Unavailable
from cityloop.doors import DOORS
from cityloop.mqtt import Link, Message, matches
from cityloop.stages.sense import Heard, Named
from cityloop.stages.sense.rules.reading import Odd, Rows, either_read, rows_joined, topic_read
from cityloop.stages.sense.rules.sifting import rows_of

Read = tuple[list[Rows], list[Odd]]
Reader = Callable[[Heard], Any]
_NOTHING: Read = ([], [])
log = structlog.get_logger("cityloop")


def topics_of(city: str, doors: Sequence[Any] = DOORS, only: str = "") -> dict[str, Reader]:
    """Which function reads what comes by which topics; our own ones first. `only`: filters to which it is confined."""
    found: dict[str, Reader] = {f"cityloop/{city}/#": _own(f"cityloop/{city}/")}
    for door in doors:
        for filter, reader in getattr(door, "TOPICS", {}).items():
            found[filter.replace("{city}", city)] = reader
    wanted = {each.strip() for each in only.split(",") if each.strip()}
    return {filter: reader for filter, reader in found.items() if not wanted or filter in wanted}


def link_of(parts: Parts) -> Link:
    """The connection that the settings ask for."""
    settings = parts.settings
    readers = topics_of(settings.city, only=settings.mqtt_topics)

    async def take(messages: Sequence[Message]) -> None:
        await taken(parts, readers, messages)

    return Link(
        settings.mqtt_url, list(readers), take, client_id=f"cityloop-{settings.city}", user=settings.mqtt_user,
        password=settings.mqtt_password, version=settings.mqtt_version,
    )  # fmt: skip


async def taken(parts: Any, readers: dict[str, Reader], messages: Sequence[Message]) -> None:
    """Keep what messages say; ends when it is on the disk. What cannot be read goes aside, and holds up no other.

    Refuses with `TooMuch`, `NotKept` or `CommitFailed`: then nothing of them counts as kept.
    """
    now = parts.database.clock()
    several: list[Rows] = []
    odd: list[Odd] = []
    register, policy = parts.register.now(), parts.book.in_force()
    for message in messages:
        heard = Heard(message.topic, message.payload, now, register, policy, parts)
        rows, wrong = await _read_or_aside(readers, heard)
        several += rows
        odd += wrong
    if several or odd:
        await parts.sensing.rows_taken([(rows_joined(several or [rows_of(Named([], [], []))]), odd)], source="mqtt", now=now)


async def _read_or_aside(readers: dict[str, Reader], heard: Heard) -> Read:
    try:
        return await _read(readers, heard)
    except Unavailable:
        raise  # it comes again, and is read then
    except CityloopError:
        pass
    except Exception:  # a port: a message over which its reader stumbles would else come again for ever, and all others behind it
        log.exception("a reader stumbled over a message; it went aside")
    return [], [Odd(heard.topic, "unreadable")]


async def _read(readers: dict[str, Reader], heard: Heard) -> Read:
    for filter, reader in readers.items():
        if not matches(filter, heard.topic):
            continue
        found = reader(heard)
        if inspect.isawaitable(found):
            found = await found
        if found is None:
            return _NOTHING
        if isinstance(found, Named):
            return [rows_of(found)], []
        if isinstance(found, tuple):
            return found  # rows as they are, and what could not be read
        return [rows_of(each) for each in found], []
    return _NOTHING


def _own(prefix: str) -> Reader:
    """Our own topics: `observations` takes what POST /v1/observations takes; one of a stream, a number or an object."""

    def read(heard: Heard) -> Read:
        name, now = heard.topic.removeprefix(prefix), epoch_us(heard.now)
        if name == "observations":
            found = either_read(heard.payload, now)
        else:
            found = topic_read(heard.payload, name, now)
        return ([], [Odd(name, "unreadable")]) if found is None else ([found[0]], found[1])

    return read
