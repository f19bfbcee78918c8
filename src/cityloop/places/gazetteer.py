"""The city's gazetteer: what has a name or a number, found by a part of it; and what a point is called."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from heapq import nsmallest
from typing import NamedTuple

from msgspec import Struct

from cityloop.domain.facts import Where
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy, Words
from cityloop.places.locate import locate
from cityloop.places.words import Heard, PlaceKind, places_in
from cityloop.places.words.grounds import Box, area_box, area_middle
from cityloop.places.words.roads import roads_of

FOUND_MAX = 20
CODE_DIGITS_MIN = 4  # a number is looked for from so many digits on
ASKED = "交叉口"  # two roads beside each other in a search are asked for as their crossing
MADE_UP = (PlaceKind.crossing, PlaceKind.address)  # of others, by their place in a sentence
END = "\n"


class Named(Struct, frozen=True, kw_only=True):
    """Something of the city with its name, in each language, and its middle. Units: degrees (WGS 84)."""

    kind: PlaceKind
    code: str
    name: Words
    within: Words  # the areas in which it lies, the largest first in Chinese
    lon: float
    lat: float
    bounds: Box | None = None  # of an area, a road, a landmark's ground


class Entry(NamedTuple):
    """Something that can be found. Entries lie in the order in which equally good ones are shown."""

    kind: PlaceKind
    code: str


class Gazetteer(Struct, frozen=True):
    """All names as one text, so that looking for a part of one is a look into memory; and all codes in order."""

    entries: list[Entry]
    text: str  # END, a name, END, a name, END …
    starts: list[int]  # of each name in it
    owners: list[int]  # the entry of each name
    codes: list[tuple[str, int]]

    def named(self, said: str, many: int) -> Iterator[int]:
        """Entries by how well a name or number fits: the same, then what begins so, then what holds it."""
        is_code = said.isascii() and said.isdigit() and len(said) >= CODE_DIGITS_MIN
        codes = self._codes(said) if is_code else []
        seen: set[int] = set()
        for names, numbers in (
            (self._hits(f"{END}{said}{END}"), (at for code, at in codes if code == said)),
            (self._hits(f"{END}{said}"), (at for _, at in codes)),
            (self._hits(said), iter(())),
        ):
            level = {*_some(names, many, seen), *nsmallest(many, (n for n in numbers if n not in seen))}
            seen |= level
            yield from sorted(level)

    def _hits(self, piece: str) -> Iterator[int]:
        at = self.text.find(piece)
        shift = 1 if piece.startswith(END) else 0
        while at >= 0:
            yield self.owners[bisect_right(self.starts, at + shift) - 1]
            at = self.text.find(piece, at + 1)

    def _codes(self, said: str) -> list[tuple[str, int]]:
        return self.codes[bisect_left(self.codes, (said, -1)) : bisect_left(self.codes, (said + "~", -1))]


def places_named(policy: Policy, text: str, *, limit: int = 10) -> list[Named]:
    """What bears a name or number like the text: the same first, then what begins so, then what holds it. Before them what a
    text says of several names, a crossing or a number on a road; after them what else a sentence names.
    """
    said = " ".join(text.split()).casefold().replace(END, " ")
    if not said:
        return []
    many = min(limit, FOUND_MAX)
    heard = places_in(policy, text)
    if not any(each.kind is PlaceKind.crossing for each in heard):
        heard += [each for each in places_in(policy, f"{text}{ASKED}") if each.kind is PlaceKind.crossing]
    gazetteer = policy.__dict__.get("_gazetteer") or _gathered(policy)
    found: dict[Entry, Named] = {}
    for each in heard:
        if each.kind in MADE_UP:
            found[Entry(each.kind, each.code)] = _made_up(policy, each)
    for at in gazetteer.named(said, many):
        if len(found) >= many:
            break
        entry = gazetteer.entries[at]
        found[entry] = named(policy, entry.kind, entry.code)
    for each in heard:
        entry = Entry(each.kind, each.code)
        if each.kind not in MADE_UP and entry not in found:
            found[entry] = named(policy, *entry)
    return list(found.values())[:many]


def named(policy: Policy, kind: PlaceKind, code: str) -> Named:
    """An area, road, landmark, cell or thing of the policy, as the gazetteer shows it."""
    if kind is PlaceKind.area:
        lon, lat, _ = area_middle(policy, code)
        above = [code[:length] for length in (6, 9) if length < len(code)]
        area = policy.area_by_code[AreaCode(code)]
        return Named(kind=kind, code=code, name=area.name, within=_written(policy, above), lon=lon, lat=lat, bounds=area_box(policy, code))  # fmt: skip
    if kind is PlaceKind.cell:
        ring = policy.cell_by_code[code].ring  # type: ignore[index]
        lon, lat = (sum(point[axis] for point in ring[:-1]) / (len(ring) - 1) for axis in (0, 1))
        return Named(kind=kind, code=code, name={}, within=_above(policy, code), lon=lon, lat=lat)
    if kind is PlaceKind.component:
        thing = policy.component_by_code[code]  # type: ignore[index]
        return Named(kind=kind, code=code, name={}, within=_above(policy, thing.cell), lon=thing.lon, lat=thing.lat)
    if kind is PlaceKind.road:
        road = policy.road_by_code[code]
        spot = roads_of(policy).middle_of(road)
        box = _box([point for line in road.lines for point in line])
        return Named(kind=kind, code=code, name=road.name, within=_around(policy, spot.lon, spot.lat), lon=spot.lon, lat=spot.lat, bounds=box)  # fmt: skip
    landmark = policy.landmark_by_code[code]
    box = _box(landmark.ring) if landmark.ring else None
    within = _around(policy, landmark.lon, landmark.lat)
    return Named(kind=kind, code=code, name=landmark.name, within=within, lon=landmark.lon, lat=landmark.lat, bounds=box)


def name_of(policy: Policy, kind: PlaceKind, code: str) -> Words:
    """What a place that a sentence named is called, in each language: also a crossing and a number. Nothing where the pack has
    it no more.
    """
    try:
        return _name_of(policy, kind, code)
    except KeyError:
        return {}


def _name_of(policy: Policy, kind: PlaceKind, code: str) -> Words:
    if kind is PlaceKind.crossing:
        one, other = (policy.road_by_code[each].name for each in code.split("+"))
        return {tag: f"{one[tag]}{other[tag]}路口" if tag.startswith("zh") else f"{one[tag]} and {other[tag]}" for tag in one if tag in other}  # fmt: skip
    if kind is PlaceKind.address:
        owner, _, number = code.partition("/")
        if (road := policy.road_by_code.get(owner)) is not None:
            return {tag: f"{name}{number}号" if tag.startswith("zh") else f"{number} {name}" for tag, name in road.name.items()}
        name = policy.landmark_by_code[owner].name
        return {tag: f"{said}{number}栋" if tag.startswith("zh") else f"Building {number}, {said}" for tag, said in name.items()}
    return named(policy, kind, code).name


def address_of(policy: Policy, where: Where) -> Words:
    """The areas of a place as one writes them, in each language of the city; empty where it lies in none."""
    codes = [code for code in (where.district, where.street, where.community) if code]
    return _written(policy, codes)


def _made_up(policy: Policy, heard: Heard) -> Named:
    name = name_of(policy, heard.kind, heard.code)
    within = _around(policy, heard.lon, heard.lat)
    return Named(kind=heard.kind, code=heard.code, name=name, within=within, lon=heard.lon, lat=heard.lat)


def _some(hits: Iterator[int], many: int, without: set[int]) -> set[int]:
    """The first of the hits: they come in the order of the entries."""
    found: set[int] = set()
    for each in hits:
        if each not in without:
            found.add(each)
            if len(found) == many:
                break
    return found


def _gathered(policy: Policy) -> Gazetteer:
    """Everything with its names in small letters, gathered once for a policy."""
    entries: list[Entry] = []
    names: list[str] = []
    owners: list[int] = []
    for entry, said in sorted(_entries(policy), key=lambda one: (KINDS[one[0].kind], len(one[0].code), one[0].code)):
        for name in dict.fromkeys(each.casefold().replace(END, " ") for each in said):
            names.append(name)
            owners.append(len(entries))
        entries.append(entry)
    starts, at = [], 1
    for name in names:
        starts.append(at)
        at += len(name) + 1
    codes = sorted((each.code, number) for number, each in enumerate(entries) if each.code.isdigit())
    found = policy.__dict__["_gazetteer"] = Gazetteer(entries, END + "".join(f"{name}{END}" for name in names), starts, owners, codes)
    return found


KINDS = {kind: number for number, kind in enumerate(PlaceKind)}


def _entries(policy: Policy) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    for area in policy.areas:
        if area_box(policy, area.code):
            yield Entry(PlaceKind.area, area.code), tuple(area.name.values())
    for road in policy.roads:
        yield Entry(PlaceKind.road, road.code), (*road.name.values(), *road.aliases)
    for landmark in policy.landmarks:
        yield Entry(PlaceKind.landmark, landmark.code), (*landmark.name.values(), *landmark.aliases)
    for cell in policy.cells:
        yield Entry(PlaceKind.cell, cell.code), ()
    for thing in policy.components:
        kind = policy.class_by_key.get(thing.class_key)
        if kind and not (kind.internal or kind.private_place):
            yield Entry(PlaceKind.component, thing.code), ()


def _above(policy: Policy, cell: str) -> Words:
    return _written(policy, [cell[:length] for length in (6, 9, 12)])


def _around(policy: Policy, lon: float, lat: float) -> Words:
    return address_of(policy, locate(policy, lon, lat))


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


def _box(points: list[tuple[float, float]] | tuple[tuple[float, float], ...]) -> Box:
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return min(lons), min(lats), max(lons), max(lats)
