"""What a reporter said, as the vault keeps it: words and place, as given and as read."""

from datetime import datetime

from msgspec import Struct


class RawPlace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The numbers as they came, in the datum that the sender named."""

    lon: float
    lat: float
    coords: str  # wgs84, gcj02, bd09


class PhotoClaim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a camera says of one photo; believed by nobody until checked."""

    digest: str  # of the bytes as sent; unsalted, so it lies in the vault only
    taken_at: datetime | None = None  # without a zone where the camera named none
    lon: float | None = None
    lat: float | None = None
    error_m: float | None = None
    look: str = ""  # 256 bits in hex, `files.looks`: by it the same picture is known that was saved anew
    hashed: bool = False  # the sender declared the digest, made at capture, and what came has it


class Said(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The vault item of kind `said`. `lon` and `lat` are WGS 84, whatever came in."""

    text: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    raw_place: RawPlace | None = None
    raw_time: str | None = None
    claims: tuple[PhotoClaim, ...] = ()
    answers: dict[str, tuple[str, ...]] = {}  # to the attributes of the class, by their code
    media_url: str = ""  # of a picture that lies elsewhere
