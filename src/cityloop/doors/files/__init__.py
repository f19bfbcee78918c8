"""Files of other systems: old cases, reports, people and places come in; and a comparison with what is here."""

from cityloop.doors.files.accounts import import_people
from cityloop.doors.files.compare import compare_file
from cityloop.doors.files.into import import_into
from cityloop.doors.files.mapping import mapping_in, sketch
from cityloop.doors.files.model import IN_PACK, Kind, Mapping, Tally
from cityloop.doors.files.read import columns_of, format_of, open_table
from cityloop.doors.files.service import Import, import_file

ROUTES: list[object] = []

__all__ = [
    "IN_PACK",
    "ROUTES",
    "Import",
    "Kind",
    "Mapping",
    "Tally",
    "columns_of",
    "compare_file",
    "format_of",
    "import_file",
    "import_into",
    "import_people",
    "mapping_in",
    "open_table",
    "sketch",
]
