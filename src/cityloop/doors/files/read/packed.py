"""Archives that are looked at before they are opened: how much they unpack to, and what they call their parts."""

import zipfile
from pathlib import Path, PurePosixPath

from cityloop.doors.files.model import FileUnreadable

UNPACKED_MAX = 8 << 30  # bytes of all parts together
RATIO_MAX, RATIO_FROM = 200, 100 << 20  # times as much as it is packed, once that is more than so many bytes
PARTS_MAX = 10_000


def looked_at(path: Path) -> None:
    """See that an archive, a workbook or a zipped shapefile, is no trap.

    Refuses with `FileUnreadable`.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileUnreadable(f"{path.name} is no {path.suffix[1:].upper()} that can be opened: {error}; save it anew.") from None
    if len(parts) > PARTS_MAX:
        raise FileUnreadable(f"{path.name} has {len(parts)} parts; at most {PARTS_MAX} are opened. Save it anew, or export a CSV.")
    if odd := next((each.filename for each in parts if _leads_out(each.filename)), None):
        raise FileUnreadable(f"{path.name} has a part {odd[:60]!r} that lies outside of it; nothing was opened. Ask who made it.")
    whole, held = sum(each.file_size for each in parts), sum(each.compress_size for each in parts)
    if whole > UNPACKED_MAX or (whole > RATIO_FROM and whole > RATIO_MAX * max(1, held)):
        raise FileUnreadable(
            f"{path.name} unpacks to {whole:,} bytes, {whole // max(1, held)} times what it is; nothing was opened. Export a CSV."
        )


def _leads_out(name: str) -> bool:
    """Whether a part's name leads out of the folder that it would be put into.

    >>> [_leads_out(each) for each in ("xl/a.xml", "../a", "a/../../b", "/etc/a", "C:/a", "a\\\\..\\\\b")]
    [False, True, True, True, True, True]
    """
    parts = PurePosixPath(name.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or ":" in name.partition("/")[0]
