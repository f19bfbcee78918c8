"""Files: photos made safe, kept by their hash, sealed where they are personal."""

from cityloop.files.model import (
    DiskFull,
    FileDamaged,
    FileMissing,
    NotAPhoto,
    Photo,
    PhotoBomb,
    PhotoLimits,
    PhotoTooLarge,
    PhotoUnsupported,
    Picture,
    PlaceClaim,
    SealBroken,
    Sealed,
    Swept,
)
from cityloop.files.photo import take_in
from cityloop.files.store import FileStore, commitment

__all__ = [
    "DiskFull",
    "FileDamaged",
    "FileMissing",
    "FileStore",
    "NotAPhoto",
    "Photo",
    "PhotoBomb",
    "PhotoLimits",
    "PhotoTooLarge",
    "PhotoUnsupported",
    "Picture",
    "PlaceClaim",
    "SealBroken",
    "Sealed",
    "Swept",
    "commitment",
    "take_in",
]
