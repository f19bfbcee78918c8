"""Which column of a file is what: the device, the moment, the streams. A TOML file beside the data."""

from pathlib import Path

import msgspec
from msgspec import Struct

from cityloop.domain.errors import Invalid


class PastMappingWrong(Invalid):
    """A mapping that cannot be read, or says too little."""

    code = "past.mapping_wrong"


class Moment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the moment stands: in one column by a format of strptime (none: ISO 8601), or in columns of numbers."""

    column: str = ""
    format: str = ""
    columns: tuple[str, ...] = ()  # year, month, day, hour, minute, second: as many as there are
    zone: str  # whose clock it is, where the text names none, e.g. Asia/Shanghai or UTC


class PastMapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file's columns are. `streams`: column -> key of the stream within its device."""

    thing: str = ""  # the key of the device, where the whole file is of one
    thing_column: str = ""  # else the column that names it
    at: Moment
    streams: dict[str, str]
    missing: tuple[str, ...] = ("", "NA", "NaN", "nan", "null", "-")  # what stands where nothing was said
    delimiter: str = ","
    encoding: str = "utf-8-sig"


def mapping_in(path: Path) -> PastMapping:
    """The mapping in a file.

    Refuses with `PastMappingWrong`.
    """
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=PastMapping)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise PastMappingWrong(f"{path.name}: {error}; see docs/explain/sensing.md for what a mapping says.") from None
    if bool(found.thing) == bool(found.thing_column):
        raise PastMappingWrong(f"{path.name}: say either thing, the device's key, or thing_column, the column that names it.")
    if bool(found.at.column) == bool(found.at.columns) or not found.streams:
        raise PastMappingWrong(f"{path.name}: say at.column or at.columns, and at least one of [streams].")
    return found
