"""Port: what looks at frames. A recogniser of a city's own is joined by its name, as an entry point."""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from cityloop.domain.errors import Invalid, Unavailable
from cityloop.doors.cameras.model import Box

GROUP = "cityloop.recognisers"  # of entry points: name -> what makes a `Recogniser`
Ring = tuple[tuple[float, float], ...]
Zones = Mapping[str, Ring]


class Frame(NamedTuple):
    """A picture of a camera at a moment. Shape: `picture` height x width x 3, blue, green, red, 0 to 255."""

    at: datetime
    picture: Any


class Found(Struct, frozen=True, kw_only=True):
    """What a recogniser sees in a frame. Units: the box in shares of the picture; none: it is said of the whole zone."""

    by: str
    label: str
    confidence: float
    box: Box | None = None
    zone: str = ""


class Recogniser(Protocol):
    """Looks at frame after frame of one camera; may remember what it saw, and keeps no frame."""

    name: str

    def look(self, frame: Frame) -> list[Found]:
        """What is in this frame."""
        ...


class VisionMissing(Unavailable):
    """What looks at pictures is not installed."""

    code = "cameras.vision_missing"


class VideoClosed(Unavailable):
    """A video or a stream that cannot be opened."""

    code = "cameras.video_closed"


class RecogniserWrong(Invalid):
    """A recogniser that is not there, or is described wrongly."""

    code = "cameras.recogniser_wrong"


def vision() -> ModuleType:
    """OpenCV, loaded when it is first wanted.

    Refuses with `VisionMissing`.
    """
    try:
        import cv2
    except ImportError:
        raise VisionMissing("OpenCV is not installed; install cityloop[vision].") from None
    return cv2


def recogniser_named(name: str) -> Callable[..., Recogniser]:
    """What makes the recogniser of that name, from what is installed beside Cityloop.

    Refuses with `RecogniserWrong`.
    """
    made = [each.load() for each in entry_points(group=GROUP, name=name)]
    if not made:
        raise RecogniserWrong(f"There is no recogniser {name[:40]!r}; use still, a description of a model, or install one.")
    return made[0]
