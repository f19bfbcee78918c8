"""What the city calls what its cameras see, and the menus of its lines of text."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.ids import ClassKey
from cityloop.domain.policy.rows import Words


class SeenBy(StrEnum):
    """In whose words a label is."""

    frigate = "frigate"
    isapi = "isapi"
    onvif = "onvif"
    gb28181 = "gb28181"
    deepstream = "deepstream"
    own = "own"  # a recogniser of our own
    any = "any"  # whoever says it


class SeenLabel(Struct, frozen=True, kw_only=True):
    """What a source's label is to the city."""

    source: SeenBy
    label: str
    word: str  # the city's own, as rules name it
    name: Words
    class_key: ClassKey | None = None


class MenuTakes(StrEnum):
    """What a line of free text is."""

    none = "none"  # it is no free text
    place = "place"
    words = "words"
    code = "code"  # a tracking code


class MenuDeed(StrEnum):
    """Where a menu ends."""

    report = "report"
    follow = "follow"
    stop = "stop"


MENU_START = "start"  # the node with which it begins
MENU_WORDS = "sms"  # the node whose rows are words that an SMS may begin with
MENU_TITLE, MENU_TEXT = "title", "text"  # keys of a row that nobody presses
SMS_WORDS = ("menu", "follow", "stop", "start", "help")


class MenuRow(Struct, frozen=True, kw_only=True):
    """A line of a menu: what is pressed, what is shown, where it leads."""

    node: str
    key: str
    says: Words
    leads: str
    class_key: ClassKey | None = None
    takes: MenuTakes = MenuTakes.none
