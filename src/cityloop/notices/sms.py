"""Port: how a text message leaves the house. No provider is built in; a city's own is joined by its name."""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Annotated, Protocol

from msgspec import Struct

from cityloop.domain.errors import Invalid, Unavailable
from cityloop.domain.personal import Personal

GROUP = "cityloop.sms"  # of entry points: name -> what makes an `Sms`


class Message(Struct, frozen=True, kw_only=True):
    """A message on its way; it is kept nowhere."""

    to: Annotated[str, Personal("to tell the reporter what became of it", keep_days=1)]
    text: str


class SmsDown(Unavailable):
    """The provider did not take the message, or did not say; it is tried again."""

    code = "sms.down"


class SmsRefused(Invalid):
    """The provider will never send this message, e.g. as the number is none."""

    code = "sms.refused"


class Sms(Protocol):
    """What sends text messages.

    A provider that is given the same `key` twice sends one message, as far as it can. Raises `SmsDown` where it may work
    later, `SmsRefused` where it never will.
    """

    def send(self, message: Message, *, key: str) -> None:
        """Hand a message over; when this returns, the provider has it."""
        ...


def sms_named(name: str) -> Sms | None:
    """The port of that name, from what is installed beside Cityloop; None where the city sends no messages.

    Refuses with `SmsDown` where nothing of that name is installed.
    """
    if not name:
        return None
    made: list[Callable[[], Sms]] = [each.load() for each in entry_points(group=GROUP, name=name)]
    if not made:
        raise SmsDown(f"No port {name!r} is installed; install what provides it, or take sms_provider out of the pack.")
    return made[0]()
