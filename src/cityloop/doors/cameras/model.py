"""What the door of cameras speaks of: what a camera says that it saw, and how the door says no."""

from datetime import datetime

from msgspec import Struct

from cityloop.domain.errors import Invalid

BODY_MAX = 16 * 1024 * 1024  # of one message with its pictures
MESSAGES_MAX = 10_000  # of one body


class Box(Struct, frozen=True, kw_only=True):
    """Where in the picture. Units: shares of its width and height, 0 to 1, or pixels: as the source says."""

    left: float
    top: float
    right: float
    bottom: float


class Seen(Struct, frozen=True, kw_only=True):
    """One thing that one camera says that it saw. Nothing of it names a person: plates, faces and names are not read."""

    source: str  # of what kind the message was: frigate, isapi, onvif, gb28181, deepstream, or a recogniser of our own
    cameras: tuple[str, ...]  # names by which the register may know the camera, the most exact first
    labels: tuple[str, ...]  # what was seen, in the source's words, the most exact first
    at: datetime  # without a zone: it is the camera's own
    zone: str = ""
    confidence: float = 1.0
    track: str = ""  # whom or what it follows, in the source's words
    is_over: bool = False  # it is seen no more
    is_sign: bool = False  # nothing was seen: the camera says that it lives
    box: Box | None = None
    stills: tuple[bytes, ...] = ()


class Unreadable(Invalid):
    """A message of a camera that cannot be read."""

    code = "cameras.unreadable"


class MessageTooLarge(Invalid):
    """More than one message may hold."""

    code = "cameras.message_too_large"
