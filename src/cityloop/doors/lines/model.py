"""What the lines of text speak of, and how they say no."""

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid
from cityloop.domain.ids import ClassKey
from cityloop.domain.personal import Personal
from cityloop.domain.policy import MenuDeed

TYPED = "to report for who cannot by an application"


class LineUnreadable(Invalid):
    """A message of a gateway that cannot be read."""

    code = "lines.unreadable"


class Standing(Struct, frozen=True, kw_only=True):
    """Where somebody stands in a menu, and what they have said."""

    node: str
    class_key: ClassKey | None = None
    words: Annotated[str, Personal(TYPED, keep_days=1)] = ""
    place: Annotated[str, Personal(TYPED, keep_days=1)] = ""
    code: str = ""
    deed: MenuDeed | None = None  # it ended so
    wrong: bool = False  # what came last is in no row


class TextLine(Struct, frozen=True, kw_only=True):
    """A menu that is not at its end."""

    id: str
    node: str
    class_key: ClassKey | None
    words: Annotated[str, Personal(TYPED, keep_days=1)]
    place: Annotated[str, Personal(TYPED, keep_days=1)]
    language: str
    until: datetime


class Ussd(Struct, frozen=True, kw_only=True):
    """A turn of USSD. `text`: all that was pressed so far, divided by *; or the last alone, as the gateway does it."""

    session: str
    phone: Annotated[str, Personal("to call back", keep_days=365)]
    text: str


class Sms(Struct, frozen=True, kw_only=True):
    """A text message that came in."""

    phone: Annotated[str, Personal("to call back", keep_days=365)]
    text: Annotated[str, Personal("to find and handle what was reported", keep_days=1095)]
    id: str = ""  # of the gateway: the same message twice is one
