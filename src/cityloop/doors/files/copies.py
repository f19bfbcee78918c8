"""A private copy of a file, whose digest is known, and which nobody writes to while it is read."""

import codecs
import gzip
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from msgspec import Struct

from cityloop.doors.files.model import FileChanged, FileUnreadable, Mapping
from cityloop.doors.files.read import TEXTS, format_of
from cityloop.doors.files.read.text import bytes_of

CHUNK = 1 << 20
BESIDE = (".dbf", ".shx", ".prj", ".cpg")  # what belongs to a .shp


class Copy(Struct, frozen=True, kw_only=True):
    """A copy: where it lies, the digest of the file's bytes, and about how many records it has, where that is known."""

    path: Path
    digest: str
    records: int | None


@contextmanager
def copied(path: Path, folder: Path, mapping: Mapping) -> Iterator[Copy]:
    """The file, copied into the folder and taken away at the end.

    A file that changes while it is copied is refused, and so is text in another encoding than the declared one: before
    anything of it is kept.

    Refuses with `FileUnreadable` or `FileChanged`.
    """
    if not path.is_file():
        raise FileUnreadable(f"There is no file {path}; look at its name.")
    folder.mkdir(parents=True, exist_ok=True)
    inside = Path(mkdtemp(prefix="import-", dir=folder))
    try:
        files = [path, *(each for end in BESIDE if path.suffix.lower() == ".shp" and (each := path.with_suffix(end)).exists())]
        before = [_state(each) for each in files]
        digests = [_copy(each, inside / each.name) for each in files]
        again = [_digest(each) for each in files]
        if digests != again or before != [_state(each) for each in files]:
            raise FileChanged(f"{path.name} changed while it was read; wait until it is written, and import it again.")
        digest = sha256("".join(digests).encode()).hexdigest() if len(digests) > 1 else digests[0]
        own = inside / path.name
        is_text = format_of(path, mapping.format) in TEXTS
        yield Copy(path=own, digest=digest, records=_text_checked(own, mapping) if is_text else None)
    finally:
        shutil.rmtree(inside, ignore_errors=True)


def _copy(path: Path, to: Path) -> str:
    digest = sha256()
    with path.open("rb") as raw, to.open("wb") as out:
        while chunk := raw.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as raw:
        while chunk := raw.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _state(path: Path) -> tuple[int, int, int]:
    found = os.stat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns


def _text_checked(path: Path, mapping: Mapping) -> int:
    """How many lines a text has, once all of it is seen to be in the declared encoding."""
    lines = 0
    try:
        decode = codecs.getincrementaldecoder(mapping.encoding)("strict").decode
        with bytes_of(path) as raw:
            while chunk := raw.read(CHUNK):
                decode(chunk)
                lines += chunk.count(b"\n")
            decode(b"", True)
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            f"{path.name} is not in {mapping.encoding} (near line {lines + 1}: {error.reason}); say its encoding in the "
            "mapping, e.g. gb18030."
        ) from None
    except LookupError:
        raise FileUnreadable(f"There is no encoding {mapping.encoding}; say e.g. utf-8 or gb18030.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileUnreadable(f"{path.name} is packed and broken: {error}; fetch it again.") from None
    return lines
