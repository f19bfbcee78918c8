"""A poor county with five streets, as it comes to `pack new`: a hand-drawn boundary and a short list of organisations."""

import json
from pathlib import Path

STREETS = {  # name: west, south, east, north; two rows whose corners do not meet
    "城关镇": (100.0, 30.05, 100.05, 30.1),
    "东河街道": (100.05, 30.05, 100.1, 30.1),
    "南坪乡": (100.1, 30.05, 100.15, 30.1),
    "西山乡": (100.0, 30.0, 100.08, 30.05),
    "北石镇": (100.08, 30.0, 100.15, 30.05),
}
UNITS = "name,kind\n住建局,municipal\n环卫所,sanitation\n综合执法大队,enforcement\n"


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(name: str | None, *rings: list[list[float]], **properties: str) -> dict:
    said = properties | ({"name": name} if name else {})
    return {"type": "Feature", "properties": said, "geometry": {"type": "Polygon", "coordinates": list(rings)}}


def write(folder: Path, features: list[dict] | None = None, units: str = UNITS) -> tuple[Path, Path]:
    """The boundary and the list as files."""
    if features is None:
        features = [feature(name, box(*sides)) for name, sides in STREETS.items()]
    boundary, listed = folder / "streets.geojson", folder / "units_listed.csv"
    boundary.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    listed.write_text(units, encoding="utf-8")
    return boundary, listed
