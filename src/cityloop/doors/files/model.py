"""What importing speaks of: a mapping, lines of a file, what is wrong with one, what a run came to; and how it says no."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from msgspec import Struct, field

from cityloop.domain.errors import CityloopError, Invalid, Refused
from cityloop.domain.facts import Origin, Where
from cityloop.domain.ids import ClassKey, RuleCode, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Level, Source

FIND = "to find what was reported in the other system"
WORDS_DAYS, CONTACT_DAYS = 1095, 365  # as those of reports that come in here
Cell = Any  # text, a number, a moment, or None, as the file has it


class MappingWrong(Invalid):
    """The mapping cannot be used for this file."""

    code = "import.mapping_wrong"


class ColumnMissing(Invalid):
    """The mapping names a column that the file does not have."""

    code = "import.column_missing"


class FileUnreadable(Invalid):
    """The file is not what it says it is, or not in the encoding that the mapping declares."""

    code = "import.file_unreadable"


class FileChanged(Refused):
    """The file changed while it was read. Nothing of it was kept."""

    code = "import.file_changed"


class DatumSuspicious(Refused):
    """The places fit better if they are read in another datum than the declared one."""

    code = "import.datum_suspicious"


class ImportRunning(Refused):
    """Another import of the same source is under way."""

    code = "import.running"


class ImportTakenOver(Refused):
    """Another process goes on with this import."""

    code = "import.taken_over"


class PackRowWrong(Invalid):
    """The rows cannot become a part of the pack."""

    code = "import.pack_rows_wrong"


class Kind(StrEnum):
    """What the rows of a file are."""

    cases = "cases"  # old cases 案卷, each with its first report
    reports = "reports"
    people = "people"  # accounts
    units = "units"  # organisations: rows of a pack, as are all that follow
    areas = "areas"
    components = "components"
    roads = "roads"
    landmarks = "landmarks"
    doors = "doors"


IN_PACK = frozenset({Kind.units, Kind.areas, Kind.components, Kind.roads, Kind.landmarks, Kind.doors})


class Datum(StrEnum):
    """In which datum the file gives places; also `epsg:NNNN` for projected coordinates."""

    wgs84 = "wgs84"
    cgcs2000 = "cgcs2000"  # geographic; within centimetres of WGS 84
    gcj02 = "gcj02"
    bd09 = "bd09"


class Compare(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the other system says of its own verdict; read by the difference report only, never by the import."""

    on_time: str  # a column
    values: dict[str, bool]


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """How a file of another system is read: columns to fields, words to codes. A TOML file."""

    source: str  # the other system; with the key it is a row's identity, for ever
    kind: Kind
    key: list[str]  # columns
    columns: dict[str, str]  # field -> column
    constants: dict[str, str] = {}  # field -> value
    values: dict[str, dict[str, str]] = {}  # field -> the file's word -> ours
    format: str = ""  # csv, xlsx, jsonl, geojson, shp; else by the name
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""  # XLSX; else the first
    header_row: int = 1  # XLSX and CSV
    zone: str = ""  # of times without one; else the city's
    time_format: str = "iso"
    as_of: str = ""  # the moment of the export, in the same form; else that of the import
    datum: str = Datum.wgs84
    scheme: str = ""  # of bare class codes
    code_kind: str = "event"  # of bare class codes
    deadline: Source | None = None  # where the given deadlines come from
    compare: Compare | None = None

    @cached_property
    def places(self) -> dict[str, tuple[str, int]]:
        """Field -> its column, and the place of its cell in a line."""
        order = {column: place for place, column in enumerate(self.wanted)}
        return {field: (column, order[column]) for field, column in self.columns.items()}

    @cached_property
    def wanted(self) -> list[str]:
        """The columns that are read; no other is."""
        return list(dict.fromkeys([*self.key, *self.columns.values()]))


class Line(Struct, frozen=True):
    """One record: where it stands, its wanted cells in their order, and its point or rings where it has a shape."""

    no: int
    cells: list[Cell]
    shape: dict | None = None  # GeoJSON geometry
    odd: dict[str, tuple[str, str]] | None = None  # column -> what is wrong, what to do: seen by the reader


class Bad(Struct, frozen=True, kw_only=True):
    """What is wrong with a row: where, and what to do."""

    line: int
    column: str
    value: str
    what: str
    remedy: str


class BadCell(CityloopError):
    """A cell that cannot be read. Never leaves the import: it becomes a row of the bad rows."""

    code = "import.bad_cell"

    def __init__(self, column: str, value: object, what: str, remedy: str):
        super().__init__(f"{column}: {what}; {remedy}.")
        self.column, self.value, self.what, self.remedy = column, str(value)[:200], what, remedy


class Words(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The personal part of a row. Goes to the vault."""

    text: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] = ""
    address: Annotated[str, Personal(FIND, keep_days=WORDS_DAYS)] = ""
    note: Annotated[str, Personal("to show how it ended", keep_days=WORDS_DAYS)] = ""
    name: Annotated[str, Personal("to call back", keep_days=CONTACT_DAYS)] = ""
    phone: Annotated[str, Personal("to call back", keep_days=CONTACT_DAYS)] = ""
    raw_lon: float | None = None
    raw_lat: float | None = None


class Row(Struct, frozen=True, kw_only=True):
    """A record, read: codes are ours, moments aware, the place WGS 84."""

    line: int
    origin: Origin
    opened_at: datetime
    words: Words
    channel: str
    number: str | None = None
    state: State | None = None  # None: wherever an open case goes on
    accepted_at: datetime | None = None
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    due_at: datetime | None = None
    class_key: ClassKey | None = None
    rule: RuleCode | None = None
    unit: UnitId | None = None
    level: Level | None = None
    refused_for: str | None = None
    where: Where = Where()


class Tally(Struct, kw_only=True):
    """What a run came to."""

    records: int = 0
    added: int = 0
    same: int = 0
    renewed: int = 0  # the file tells otherwise now, and nobody here had touched the case
    differing: int = 0  # the file tells otherwise, and somebody here had, or it is a report
    bad: int = 0
    seconds: float = 0.0
    bad_rows: Path | None = None
    notes: list[str] = field(default_factory=list)
