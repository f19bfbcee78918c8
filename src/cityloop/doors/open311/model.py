"""What Open311 speaks of: questions, answers, and how it says no. Field names are the specification's."""

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Unavailable
from cityloop.domain.ids import AccountId, ClassKey
from cityloop.domain.personal import Personal

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
KEEP_DAYS = 1095
TOLD = "to tell what another system told"
SPAN_DAYS_MAX = 90
REQUESTS_MAX = 1_000  # of one answer
DESCRIPTION_CHARS_MAX = 4_000


class Query(Struct, frozen=True, kw_only=True):
    """Which requests are asked for. Units: `radius_m` in metres. `ids` override everything else."""

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    is_open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    radius_m: float = 0.0
    page: int = 1
    page_size: int = REQUESTS_MAX
    extensions: bool = False


class Posted(Struct, frozen=True, kw_only=True):
    """A request as it is sent, before it is asked whether the city can take it."""

    service: ClassKey
    text: Annotated[str, Personal(TOLD, keep_days=KEEP_DAYS)] = ""
    lon: Annotated[float, Personal(TOLD, keep_days=KEEP_DAYS)] | None = None
    lat: Annotated[float, Personal(TOLD, keep_days=KEEP_DAYS)] | None = None
    address: Annotated[str, Personal(TOLD, keep_days=KEEP_DAYS)] = ""
    name: Annotated[str, Personal(TOLD, keep_days=KEEP_DAYS)] = ""
    phone: Annotated[str, Personal(TOLD, keep_days=KEEP_DAYS)] = ""
    email: Annotated[str, Personal(TOLD, keep_days=KEEP_DAYS)] = ""
    media_url: Annotated[str, Personal(TOLD, keep_days=KEEP_DAYS)] = ""
    answers: Annotated[dict[str, tuple[str, ...]], Personal(TOLD, keep_days=KEEP_DAYS)] = {}


class UpdatePosted(Struct, frozen=True, kw_only=True):
    """An update as it is sent."""

    request_id: str
    their_id: str
    status: str
    updated_at: datetime
    text: Annotated[str, Personal(TOLD, keep_days=KEEP_DAYS)] = ""


class Fields(Struct, frozen=True, kw_only=True):
    """Another city's words, as the vault keeps them: field by field, as they came."""

    fields: Annotated[dict[str, str | int | float | bool | None], Personal(TOLD, keep_days=KEEP_DAYS)]


class Partner(Struct, frozen=True, kw_only=True):
    """Whose key it is."""

    account: AccountId


class Complaint(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a question; an answer may list several."""

    code: int
    description: str


class BadQuestion(Invalid):
    """Fields that are missing, unknown or out of bounds."""

    code = "open311.bad_question"

    def __init__(self, wrong: list[str]):
        super().__init__(" ".join(wrong))
        self.complaints = [Complaint(code=400, description=each) for each in wrong]


class FormatUnknown(Invalid):
    """An answer is asked for that is neither XML nor JSON."""

    code = "open311.format_unknown"


class JurisdictionUnknown(NotFound):
    """The city neither is that jurisdiction nor has read it."""

    code = "open311.jurisdiction_unknown"


class ServiceUnknown(NotFound):
    """No such service code, or none that the public is offered."""

    code = "open311.service_unknown"


class RequestUnknown(NotFound):
    """No such request, or none that the public may see."""

    code = "open311.request_unknown"


class TokenUnknown(NotFound):
    """No report answers to the token."""

    code = "open311.token_unknown"


class TokenEarly(NotFound):
    """The report is kept, and has no request id yet."""

    code = "open311.token_early"


class MediaUnknown(NotFound):
    """No such picture, or none that the public may see."""

    code = "open311.media_unknown"


class KeyRefused(NotAllowed):
    """The key is missing, or is nobody's."""

    code = "open311.key_refused"


class AnswerUnreadable(Invalid):
    """Another city's answer cannot be read."""

    code = "open311.answer_unreadable"


class CityUnreachable(Unavailable):
    """Another city does not answer, or says no."""

    code = "open311.city_unreachable"
