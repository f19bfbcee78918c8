"""The city's gazetteer: what has a name or a number, found by a part of it; and what a point is called."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.facts import Where
from cityloop.domain.policy import Policy, Words

FOUND_MAX = 20
CODE_DIGITS_MIN = 4  # a number is looked for from so many digits on
Middle = tuple[float, float]
Box = tuple[float, float, float, float]


class PlaceKind(StrEnum):
    """What is found, in the order in which it is shown where names fit equally well."""

    area = "area"
    road = "road"
    landmark = "landmark"
    cell = "cell"
    component = "component"


class Named(Struct, frozen=True, kw_only=True):
    """Something of the city with its name, in each language, and its middle. Units: degrees (WGS 84)."""

    kind: PlaceKind
    code: str
    name: Words
    within: Words  # the areas in which it lies, the largest first in Chinese
    lon: float
    lat: float
    bounds: Box | None = None  # of an area


def places_named(policy: Policy, text: str, *, limit: int = 10) -> list[Named]:
    """What bears a name or number like the text: the same first, then what begins so, then what holds it."""
    said = " ".join(text.split()).casefold()
    if not said:
        return []
    is_code = said.isascii() and said.isdigit() and len(said) >= CODE_DIGITS_MIN
    kinds = list(PlaceKind)
    found: list[tuple[int, int, int, Named]] = []
    for each, names in _entries(policy):
        fit = _fit(said, names)
        if fit is None and is_code and each.code.startswith(said):
            fit = 0 if each.code == said else 1
        if fit is not None:
            found.append((fit, kinds.index(each.kind), len(each.code), each))
    found.sort(key=lambda one: (*one[:3], one[3].code))
    return [each for *_, each in found[: min(limit, FOUND_MAX)]]


def address_of(policy: Policy, where: Where) -> Words:
    """The areas of a place as one writes them, in each language of the city; empty where it lies in none."""
    codes = [code for code in (where.district, where.street, where.community) if code]
    return _written(policy, codes)


def _fit(said: str, names: tuple[str, ...]) -> int | None:
    best = None
    for name in names:
        if name == said:
            return 0
        if name.startswith(said):
            best = 1
        elif said in name and best is None:
            best = 2
    return best


def _entries(policy: Policy) -> list[tuple[Named, tuple[str, ...]]]:
    """Everything with its names in small letters, gathered once for a policy."""
    found = policy.__dict__.get("_gazetteer")
    if found is None:
        found = policy.__dict__["_gazetteer"] = [
            (each, tuple({name.casefold() for name in each.name.values()})) for each in _named(policy)
        ]
    return found


def _named(policy: Policy) -> Iterator[Named]:
    boxes: dict[str, Box] = {}
    middles: dict[str, Middle] = {}
    for cell in policy.cells:
        box = _box(cell.ring)
        middles[cell.code] = _middle(cell.ring)
        for length in (6, 9, 12):
            code = cell.code[:length]
            boxes[code] = _both(boxes[code], box) if code in boxes else box
    for area in policy.areas:
        if (around := boxes.get(area.code)) is not None:
            lon, lat = (around[0] + around[2]) / 2, (around[1] + around[3]) / 2
            above = [area.code[:length] for length in (6, 9) if length < len(area.code)]
            yield Named(
                kind=PlaceKind.area, code=area.code, name=area.name, within=_written(policy, above), lon=lon, lat=lat,
                bounds=around,
            )  # fmt: skip
    for code, (lon, lat) in middles.items():
        within = _written(policy, [code[:length] for length in (6, 9, 12)])
        yield Named(kind=PlaceKind.cell, code=code, name={}, within=within, lon=lon, lat=lat)
    for thing in policy.components:
        kind = policy.class_by_key.get(thing.class_key)
        if kind and not (kind.internal or kind.private_place):
            within = _written(policy, [thing.cell[:length] for length in (6, 9, 12)])
            yield Named(kind=PlaceKind.component, code=thing.code, name={}, within=within, lon=thing.lon, lat=thing.lat)


def _written(policy: Policy, codes: list[str]) -> Words:
    """Names of areas, the largest first given: run together in Chinese, with commas and the smallest first elsewhere."""
    kept = policy.__dict__.setdefault("_addresses", {})
    key = tuple(codes)
    if key not in kept:
        areas = [policy.area_by_code[code] for code in codes if code in policy.area_by_code]  # type: ignore[index]
        kept[key] = {
            tag: "".join(each.name[tag] for each in areas)
            if tag.startswith("zh")
            else ", ".join(each.name[tag] for each in reversed(areas))
            for tag in policy.settings.languages
            if areas and all(tag in each.name for each in areas)
        }
    return kept[key]


def _middle(ring: tuple[Middle, ...]) -> Middle:
    return sum(lon for lon, _ in ring[:-1]) / (len(ring) - 1), sum(lat for _, lat in ring[:-1]) / (len(ring) - 1)


def _box(ring: tuple[Middle, ...]) -> Box:
    lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
    return min(lons), min(lats), max(lons), max(lats)


def _both(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
