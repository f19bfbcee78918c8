"""What a photo becomes, and the sentences with which one is turned away."""

from datetime import datetime
from typing import NamedTuple, Protocol

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused, Unavailable
from cityloop.domain.ids import FileDigest


class PhotoLimits(Protocol):
    """The bounds that the city sets; `policy.settings` is one."""

    @property
    def photo_bytes_max(self) -> int: ...

    @property
    def photo_pixels_max(self) -> int: ...


class Picture(Struct, frozen=True, kw_only=True):
    """A JPEG that we encoded ourselves: pixels and nothing else."""

    raw: bytes
    digest: FileDigest
    width_px: int
    height_px: int

    def __repr__(self) -> str:
        return f"Picture({self.digest[:12]}, {self.width_px}x{self.height_px})"


class PlaceClaim(Struct, frozen=True, kw_only=True):
    """Where the camera says it was. The datum is the camera's own, mostly WGS 84.

    Units: degrees; `error_m` in metres, as the camera judged it.
    """

    lon: float
    lat: float
    error_m: float | None = None


class Photo(Struct, frozen=True, kw_only=True):
    """A photo as it came in, made safe to show. The claims belong in the vault only.

    `digest` is over the bytes as sent and unsalted: whoever has the photo can guess it, so it stays in the vault too.
    `taken_at_claim` has no zone where the camera named none: the city's zone is the caller's to add.
    """

    digest: FileDigest
    kind: str  # jpeg, png, webp
    size_bytes: int
    width_px: int  # as sent, before the camera's orientation
    height_px: int
    shown: Picture
    thumb: Picture
    look: int  # 256 bits of what grows brighter where: the same picture saved anew has nearly the same
    taken_at_claim: datetime | None
    place_claim: PlaceClaim | None

    def __repr__(self) -> str:
        return f"Photo({self.kind}, {self.width_px}x{self.height_px})"  # a log must not learn the rest


class Sealed(NamedTuple):
    """An encrypted original: what was sent, what lies on the disk, and the only key to it."""

    raw_digest: FileDigest
    file_digest: FileDigest
    key: bytes

    def __repr__(self) -> str:
        return f"Sealed({self.file_digest[:12]})"


class Swept(NamedTuple):
    """What a sweep took away."""

    files: int
    size_bytes: int


class PhotoTooLarge(Invalid):
    """More bytes than the city takes."""

    code = "photo.too_large"


class NotAPhoto(Invalid):
    """Another kind of file, a broken one, or a photo with another file inside."""

    code = "photo.not_a_photo"


class PhotoBomb(Invalid):
    """A file that is small to send and huge to open."""

    code = "photo.bomb"


class PhotoUnsupported(Invalid):
    """A picture, of a kind that we do not open."""

    code = "photo.unsupported"


class FileMissing(NotFound):
    """No file of this name in the store."""

    code = "file.missing"


class FilesOfOthers(Refused):
    """Most files of a folder are known to nobody: it is another city's, or the database is."""

    code = "file.of_others"


class DiskFull(Unavailable):
    """The disk has no room for a file."""

    code = "file.disk_full"


class FileDamaged(Unavailable):
    """What lies on the disk is no longer what was put there."""

    code = "file.damaged"


class SealBroken(Unavailable):
    """The key does not open this file."""

    code = "file.seal_broken"
