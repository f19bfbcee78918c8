"""GeoJSON and shapefiles: properties as columns, and the shape beside them."""

import io
import struct
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import msgspec
import shapefile

from cityloop.doors.files.model import Cell, FileUnreadable, Line, Mapping
from cityloop.doors.files.read.packed import looked_at
from cityloop.doors.files.read.table import Table
from cityloop.doors.files.read.text import bytes_of


def open_geojson(path: Path, mapping: Mapping) -> Table:
    """A table of a feature collection. Read whole: its format has no lines. Refuses with `FileUnreadable`."""
    try:
        with bytes_of(path) as raw:
            found = msgspec.json.decode(raw.read())
        features = found["features"]
        columns = list(dict.fromkeys(name for each in features for name in each.get("properties") or {}))
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        raise FileUnreadable(f"{path.name} is no GeoJSON feature collection: {error}; export it again.") from None

    def read(wanted: list[str]) -> Iterator[Line]:
        for at, each in enumerate(features, 1):
            said = each.get("properties") or {}
            yield Line(at, [said.get(name) for name in wanted], each.get("geometry"))

    notes = []
    if (crs := found.get("crs")) and "CRS84" not in str(crs) and "4326" not in str(crs):
        notes.append(f"The file names the coordinate system {crs}; the mapping's datum {mapping.datum} was taken.")
    return Table(columns=columns, read=read, shaped=True, notes=notes)


def open_shp(path: Path, mapping: Mapping) -> Table:
    """A table of a shapefile: its .dbf beside it, or all of it in one .zip.

    Refuses with `FileUnreadable`, also where the .prj says projected and the mapping does not.
    """
    if path.suffix.lower() == ".zip":
        looked_at(path)
    try:
        with _reader(path, mapping) as found:
            columns = [each[0] for each in found.fields if each[0] != "DeletionFlag"]
    except (shapefile.ShapefileException, zipfile.BadZipFile, struct.error, OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"{path.name} cannot be read as a shapefile: {error}; keep .shp and .dbf together.") from None
    if _prj(path).startswith("PROJCS") and not mapping.datum.lower().startswith("epsg:"):
        raise FileUnreadable(
            f"{path.name} has projected coordinates ({_prj(path)[:60]}…) and the mapping says {mapping.datum}; say datum = "
            '"epsg:NNNN", or export it in degrees.'
        )

    def read(wanted: list[str]) -> Iterator[Line]:
        with _reader(path, mapping) as found:
            for at, each in enumerate(found.iterShapeRecords(), 1):
                said = each.record.as_dict()
                shape = each.shape.__geo_interface__ if each.shape.shapeType else None
                yield Line(at, [_plain(said[name]) for name in wanted], shape)

    return Table(columns=columns, read=read, shaped=True)


def _reader(path: Path, mapping: Mapping) -> shapefile.Reader:
    if path.suffix.lower() != ".zip":
        return shapefile.Reader(str(path), encoding=mapping.encoding)
    with zipfile.ZipFile(path) as packed:
        parts = {Path(name).suffix.lower().lstrip("."): name for name in packed.namelist()}
        if "shp" not in parts or "dbf" not in parts:
            raise FileUnreadable(f"{path.name} holds no .shp with its .dbf; pack both.")
        opened = {each: io.BytesIO(packed.read(parts[each])) for each in ("shp", "dbf", "shx") if each in parts}
    return shapefile.Reader(encoding=mapping.encoding, **opened)


def _prj(path: Path) -> str:
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as packed:
            name = next((each for each in packed.namelist() if each.lower().endswith(".prj")), None)
            return packed.read(name).decode("utf-8", "replace") if name else ""
    beside = path.with_suffix(".prj")
    return beside.read_text("utf-8", "replace") if beside.exists() else ""


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())
    return cell
