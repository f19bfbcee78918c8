"""Writes a city's first pack. Streets are enough: each has a provisional cell until its cells are surveyed."""

import csv
import json
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from cityloop.domain.errors import Invalid
from cityloop.packs.columns import (
    CELLS_FILE,
    DOORS,
    DUTIES_FILE,
    LANDMARKS,
    PACK_FILE,
    ROADS,
    RULES,
    WORDS_FILE,
    Table,
    Takes,
)
from cityloop.packs.layers import ID, Layer, find_layers, shipped
from cityloop.packs.reading import Pack, read_pack
from cityloop.packs.scaffold.boundary import divided, read_boundary
from cityloop.packs.scaffold.duties import DUTY_KINDS_FILE, duty_table, read_duty_kinds
from cityloop.packs.scaffold.model import BoundaryUnreadable, Datum, FolderTaken, Patch, Scaffold, Street
from cityloop.packs.scaffold.organisations import posts_of, read_units
from cityloop.packs.values import major_of

DISTRICT = re.compile(r"\d{6}")
MARGIN_DEG = 0.005  # of the city's box around its cells: about half a kilometre
CELLS_OF_STREET_MAX = 999
SOURCE = "drawn up by `cityloop pack new` from the organisation list; replace by the city's duty list"


class CodeWrong(Invalid):
    """The city's code is not six digits, or the folder's name is no id."""

    code = "pack.code_wrong"


def new_pack(
    folder: Path, *, boundary: Path, units: Path, name: dict[str, str], code: str, today: date,
    datum: Datum = Datum.wgs84, over: str | None = None,
) -> Scaffold:  # fmt: skip
    """A pack that passes the check, over the sample rules. Refuses where the files cannot be read, or the folder is taken."""
    if not DISTRICT.fullmatch(code) or not ID.fullmatch(folder.name):
        raise CodeWrong(
            f"Code {code!r}, folder {folder.name!r}: write the six digits of the county or city, and call the folder "
            "by a short name of small letters, digits and _."
        )
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(f"{folder} is not empty; name another folder, or empty it first.")
    layer = over or lowest_city_layer()
    below = read_pack(find_layers(layer))
    patches = read_boundary(boundary, datum)
    districts, streets = _areas(patches, divided(patches), code, name)
    organisations = read_units(units, streets)
    posts = posts_of(organisations, streets)
    scheme = _scheme(below)
    duties, stand_ins = duty_table(
        read_duty_kinds(_duty_kinds(below.layers)), scheme, _known(below), organisations, streets,
        (SOURCE, today.isoformat()),
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    area_rows = [(each, "", *names.values()) for each, names in districts.items()]
    for street in streets:
        area_rows.append((street.code, street.code[:6], *street.name.values()))
        area_rows.append(
            (street.community, street.code, f"{street.name['zh']}（未划社区）", f"{street.name['en']} (undivided)")
        )
    _csv(folder / "areas.csv", "code,parent,name_zh,name_en", area_rows)
    _csv(folder / "units.csv", "id,kind,level,area,parent,name_zh,name_en",
         ((each.id, each.kind, each.level, each.area, "", *each.name.values()) for each in organisations))  # fmt: skip
    _csv(folder / "posts.csv", "id,role,unit,area,duty_grid,name_zh,name_en", posts)
    for table in (ROADS, LANDMARKS, DOORS):  # empty: to be filled by `cityloop import … --into`
        _csv(folder / table.file, ",".join(_heads(table, list(name))), ())
    (folder / CELLS_FILE).write_text(_cells(streets), encoding="utf-8")
    (folder / DUTIES_FILE).write_text(json.dumps(duties, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / PACK_FILE).write_text(_head(folder.name, layer, scheme, name, streets), encoding="utf-8")
    title = {"zh": f"{name['zh']}城市运行管理服务平台", "en": f"{name['en']} city operation platform"}
    (folder / WORDS_FILE).write_text(f'"city.title" = {_inline(title)}\n', encoding="utf-8")
    return Scaffold(
        folder=folder, districts=len(districts), streets=len(streets), cells=sum(len(each.rings) for each in streets),
        units=len(organisations), posts=len(posts), stand_ins=stand_ins,
    )  # fmt: skip


def lowest_city_layer() -> str:
    """The id of the shipped layer that cities start from: no city itself, and under no other layer."""
    heads = {
        path.parent.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in shipped().glob("*/pack.toml")
    }
    layers = {id: head for id, head in heads.items() if not head.get("city")}
    under = {head.get("over") for head in layers.values()}
    return sorted(id for id in layers if id not in under)[0]


def _areas(
    patches: list[Patch], rings: list[list], code: str, name: dict[str, str]
) -> tuple[dict[str, dict[str, str]], list[Street]]:
    """Districts by code, and the streets with codes of their own or counted from west to east."""
    districts: dict[str, dict[str, str]] = {}
    found: list[Street] = []
    for patch in patches:
        if len(patch.code) == 6:
            districts[patch.code] = patch.name
    taken = {_street_code(each.code, code) for each in patches if len(each.code) != 6 and each.code}
    order = sorted(range(len(patches)), key=lambda at: (patches[at].shape.centroid.x, -patches[at].shape.centroid.y))  # type: ignore[attr-defined]
    for at in order:
        patch = patches[at]
        own = _street_code(patch.code, code)
        if not own:
            district = patch.code or code
            own = next(each for n in range(1, 1000) if (each := f"{district}{n:03d}") not in taken)
            taken.add(own)
        if own in [each.code for each in found] or len(rings[at]) > CELLS_OF_STREET_MAX:
            raise BoundaryUnreadable(
                f"The street {own} ({patch.name['zh']}) stands twice; give each street one feature."
            )
        if own[:6] not in districts:
            districts[own[:6]] = name
        found.append(Street(code=own, name=patch.name, rings=tuple(rings[at])))
    return dict(sorted(districts.items())), sorted(found, key=lambda each: each.code)


def _street_code(said: str, code: str) -> str:
    return said if len(said) == 9 else f"{code}{said}" if len(said) == 3 else ""


def _known(below: Pack) -> set[str]:
    """Class keys that rules stand for, and their major classes."""
    keys = {row.values["class"] for row in below.rows(RULES)}
    return keys | {major_of(key) for key in keys}


def _scheme(below: Pack) -> str:
    """The scheme in which the layer has its rules."""
    keys = [row.values["class"].split("/")[0] for row in below.rows(RULES)]
    return max(sorted(set(keys)), key=keys.count)


def _duty_kinds(layers: Iterable[Layer]) -> bytes:
    """The highest layer's table of which kinds could answer."""
    for layer in reversed(list(layers)):
        file = shipped() / layer.id / DUTY_KINDS_FILE
        if file.is_file():
            return file.read_bytes()
    raise Invalid(f"No layer has a {DUTY_KINDS_FILE}; start from a layer that is shipped.")


def _heads(table: Table, languages: list[str]) -> list[str]:
    return [
        f"{each.name}_{tag}" if tag else each.name
        for each in table.columns
        for tag in (languages if each.takes is Takes.words else ("",))
    ]


def _csv(file: Path, head: str, rows: Iterable[tuple]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows([head.split(","), *rows])


def _cells(streets: list[Street]) -> str:
    """The provisional cells as GeoJSON, a line each."""
    features = []
    for street in streets:
        for number, ring in enumerate(street.rings, start=1):
            properties = {"code": f"{street.community}{number:03d}", "duty_grid": street.duty_grid, "provisional": True}
            geometry = {"type": "Polygon", "coordinates": [ring]}
            features.append(json.dumps({"type": "Feature", "properties": properties, "geometry": geometry}))
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _inline(words: dict[str, str]) -> str:
    return (
        "{ "
        + ", ".join(f"{language} = {json.dumps(said, ensure_ascii=False)}" for language, said in words.items())
        + " }"
    )


def _head(id: str, over: str, scheme: str, name: dict[str, str], streets: list[Street]) -> str:
    points = [point for street in streets for ring in street.rings for point in ring]
    low, high = (
        [min(each) - MARGIN_DEG for each in zip(*points, strict=True)],
        [max(each) + MARGIN_DEG for each in zip(*points, strict=True)],
    )
    bounds = ", ".join(f"{each:.3f}" for each in (*low, *high))
    return f"""# Begun by `cityloop pack new`; the city's own from now on.
id = "{id}"
version = "1"
over = "{over}"
city = true
simulated = false
schemes = ["{scheme}"]

[name]
zh = {json.dumps(name["zh"], ensure_ascii=False)}
en = {json.dumps(name["en"], ensure_ascii=False)}

[settings]
bounds = [{bounds}]
"""
