"""What intake speaks of, and how it says no."""

from datetime import datetime
from typing import Annotated

from msgspec import Struct, field

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Refused
from cityloop.domain.facts import Channel
from cityloop.domain.ids import ClassKey, ReportId
from cityloop.domain.personal import Personal
from cityloop.domain.phone import phone_plain
from cityloop.domain.said import RawPlace
from cityloop.domain.tracking import TrackingUnknown as TrackingUnknown  # also known from here

SAID_DAYS = 1095  # words, place and photos: as long as figures of the year before last may be asked about
CONTACT_DAYS = 365
SAID, CONTACT = "said", "contact"  # kinds of vault items

CALL_BACK = "to call back, and to tell what became of it"
FIND = "to find and handle what was reported"


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who reported. Nothing of it: anonymous."""

    name: Annotated[str, Personal(CALL_BACK, keep_days=CONTACT_DAYS)] = ""
    phone: Annotated[str, Personal(CALL_BACK, keep_days=CONTACT_DAYS)] = ""
    email: Annotated[str, Personal(CALL_BACK, keep_days=CONTACT_DAYS)] = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """By what the contact is found again when its holder calls."""
        return (phone_plain(self.phone),)


class ReportAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report as it is sent. A form names the contact's parts `contact_name`, `contact_phone`, `contact_email`,
    and may bring `photos`."""

    text: Annotated[str, Personal(FIND, keep_days=SAID_DAYS)] = ""
    lon: Annotated[float, Personal(FIND, keep_days=SAID_DAYS)] | None = None
    lat: Annotated[float, Personal(FIND, keep_days=SAID_DAYS)] | None = None
    coords: str = "wgs84"
    address: Annotated[str, Personal(FIND, keep_days=SAID_DAYS)] = ""
    declared_class: str | None = field(default=None, name="class")
    happened_at: str | None = None
    contact: Contact | None = None
    channel: Channel = Channel.app
    simulated: bool = False


class Sound(Struct, frozen=True, kw_only=True):
    """A report that may be kept: cleaned, in bounds, its words known to the city."""

    channel: Channel
    text: Annotated[str, Personal(FIND, keep_days=SAID_DAYS)]
    address: Annotated[str, Personal(FIND, keep_days=SAID_DAYS)]
    lon: Annotated[float, Personal(FIND, keep_days=SAID_DAYS)] | None
    lat: Annotated[float, Personal(FIND, keep_days=SAID_DAYS)] | None
    raw_place: RawPlace | None
    raw_time: str | None
    happened_at: datetime | None
    declared_class: ClassKey | None
    contact: Contact | None
    simulated: bool
    answers: Annotated[dict[str, tuple[str, ...]], Personal(FIND, keep_days=SAID_DAYS)] = {}
    media_url: Annotated[str, Personal(FIND, keep_days=SAID_DAYS)] = ""


class PhotoDeclared(Struct, frozen=True, kw_only=True):
    """What the sender says of one photo, from the moment of capture: the digest of its bytes, and when."""

    sha256: str
    taken_at: datetime | None = None


class Receipt(Struct, frozen=True, kw_only=True):
    """What the reporter gets."""

    id: ReportId
    tracking_code: str
    received_at: datetime


class TextTooLong(Invalid):
    """More characters than the city takes."""

    code = "intake.text_too_long"


class NothingToExpect(Refused):
    """A case that is open, or that says neither what nor where."""

    code = "intake.nothing_to_expect"


class NothingSaid(Invalid):
    """Neither words nor a photo nor a class."""

    code = "intake.nothing_said"


class HalfPlace(Invalid):
    """Longitude without latitude, or the other way round."""

    code = "intake.half_place"


class CoordsUnknown(Invalid):
    """A system of coordinates that we do not know."""

    code = "intake.coords_unknown"


class BadContact(Invalid):
    """A contact through which nobody can be reached."""

    code = "intake.bad_contact"


class TooManyPhotos(Invalid):
    """More photos than the city takes with one report."""

    code = "intake.too_many_photos"


class PhotoAltered(Invalid):
    """What came is not what was hashed at capture."""

    code = "intake.photo_altered"


class Unreadable(Invalid):
    """A body that is no report: broken JSON, an unknown field, a wrong type."""

    code = "intake.unreadable"


class CityIsReal(Invalid):
    """A simulated report belongs in a simulated city."""

    code = "intake.city_is_real"


class ChannelClosed(NotAllowed):
    """The channel belongs to posts that the caller does not hold."""

    code = "intake.channel_closed"


class CaseNotPublic(NotFound):
    """No such case that a stranger may know of, or it is over."""

    code = "intake.case_not_public"


class FileUnknown(NotFound):
    """No such file, or not for this caller."""

    code = "intake.file_unknown"


class NotClearedSo(Invalid):
    """This class is not put right on the spot by who sees it."""

    code = "intake.not_cleared_so"


class ClearingUnproved(Invalid):
    """Nothing shows that it was put right, or where."""

    code = "intake.clearing_unproved"
