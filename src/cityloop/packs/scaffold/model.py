"""What a scaffold speaks of."""

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from cityloop.domain.errors import Invalid, Refused

Ring = tuple[tuple[float, float], ...]


class BoundaryUnreadable(Invalid):
    """The boundary file is no GeoJSON of named polygons."""

    code = "pack.boundary_unreadable"


class UnitsUnreadable(Invalid):
    """The list of organisations is no table of names and kinds."""

    code = "pack.units_unreadable"


class FolderTaken(Refused):
    """Something stands already where the pack would be written."""

    code = "pack.folder_taken"


class Datum(StrEnum):
    """What the boundary's numbers mean."""

    wgs84 = "wgs84"
    cgcs2000 = "cgcs2000"
    gcj02 = "gcj02"
    bd09 = "bd09"


class Patch(Struct, frozen=True, kw_only=True):
    """One polygon of the boundary file: a street, or a district that is not yet divided. WGS 84."""

    code: str  # as the file says: 9 digits a street, 6 a district, 3 a street of the district, empty none
    name: dict[str, str]
    shape: object  # shapely, which only this folder and the checks need


class Street(Struct, frozen=True, kw_only=True):
    """A street of the new city with its provisional cells."""

    code: str  # 9 digits
    name: dict[str, str]
    rings: tuple[Ring, ...]

    @property
    def community(self) -> str:
        """The number that stands for the street as a whole, until its communities are surveyed."""
        return f"{self.code}000"

    @property
    def duty_grid(self) -> str:
        return f"{self.code}-1"


class Organisation(Struct, frozen=True, kw_only=True):
    """A row of units.csv to be."""

    id: str
    kind: str
    level: str
    area: str
    name: dict[str, str]


class Scaffold(Struct, frozen=True, kw_only=True):
    """What was written: for the one who asked."""

    folder: Path
    districts: int
    streets: int
    cells: int
    units: int
    posts: int
    stand_ins: dict[str, str]  # what no organisation of the list answers for -> the kind that does instead
