"""Photos that come with a request: read, made safe and put on the disk, before any transaction."""

from collections.abc import Sequence

from litestar.datastructures import UploadFile

from cityloop.files.keep import StoredPhoto, store_photo
from cityloop.files.store import FileStore
from cityloop.http import Door


async def stored_photos(door: Door, sent: Sequence[UploadFile]) -> tuple[StoredPhoto, ...]:
    """The photos of a form, in their order.

    Refuses with `PhotoTooLarge`, `NotAPhoto`, `PhotoBomb` or `PhotoUnsupported`.
    """
    files: FileStore = door.request.app.state.parts.files
    limits = door.policy.settings
    found = []
    for each in sent[: limits.photos_max + 1]:
        raw = await each.read()
        found.append(await door.aside(lambda raw=raw: store_photo(files, raw, limits)))
    return tuple(found)
