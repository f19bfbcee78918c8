"""A ZIP whose bytes follow from its files alone: their order as it was, their moment always the same."""

import io
import re
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
CORE = "docProps/core.xml"
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def packed_again(raw: bytes, at: datetime) -> bytes:
    """An office file, packed again: its own moments are `at`, those of its parts the beginning of time."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(raw)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == CORE:
                content = _MOMENT.sub(rb"\g<1>" + f"{at:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>", content)
            info = ZipInfo(part.filename, EPOCH)
            info.compress_type, info.create_system = ZIP_DEFLATED, 3
            new.writestr(info, content)
    return out.getvalue()
