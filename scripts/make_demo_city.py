"""The fictional demo city, the same bytes at every run: python -m scripts.make_demo_city [folder]."""

import csv
import json
import math
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from scripts import demo_city_data as data
from scripts import demo_seeing_data as seeing
from scripts import demo_sense_rules as sense
from scripts import demo_shops_data as shops
from scripts.demo_devices_data import KINDS, OURS, SENSE_RULES, STREAMS
from scripts.demo_places import make_places
from scripts.duty_table import duty_table

SEED = 990101
SCHEME = "gbt30428_2_2013"
COLUMNS, ROWS = 30, 20  # unit cells
WEST, NORTH = 112.5, 28.5
CELL_M = 220.0
DEGREE_LAT_M = 110_850.0
DEGREE_LON_M = 97_900.0  # at this latitude
DISTRICT_COLUMNS = 10
STREET_ROWS = ((0, 7), (7, 14), (14, 20))
COMPONENTS = 3000
Point = tuple[float, float]


class Square(NamedTuple):
    """A unit cell: its code, duty grid and ring."""

    code: str
    grid: str
    ring: list[Point]


class Town(NamedTuple):
    """Rows of areas.csv, the cells, and the corners that they share."""

    areas: list[tuple[str, str, str, str]]
    cells: list[Square]
    points: dict[tuple[int, int], Point]


def warped(x: float, y: float) -> Point:
    """Degrees of a place on the grid (columns east, rows south), bent so that no street is straight."""
    east = x * CELL_M + 260 * math.sin(y / 5.1) + 90 * math.sin(x / 3.7 + y / 9)
    south = y * CELL_M + 240 * math.sin(x / 6.3 + 1) + 70 * math.cos(y / 2.9)
    return round(WEST + east / DEGREE_LON_M, 7), round(NORTH - south / DEGREE_LAT_M, 7)


def shared_points(rng: random.Random) -> dict[tuple[int, int], Point]:
    """Corners (even, even) and middles of sides of all cells, in half cells: what neighbours share, they share exactly."""
    points = {}
    for row in range(2 * ROWS + 1):
        for column in range(2 * COLUMNS + 1):
            if row % 2 and column % 2:
                continue  # the middle of a cell
            reach = 0.16 if not row % 2 and not column % 2 else 0.07
            shift = [(rng.random() * 2 - 1) * reach for _ in range(2)]
            points[column, row] = warped(column / 2 + shift[0], row / 2 + shift[1])
    return points


def ring_of(points: dict[tuple[int, int], Point], column: int, row: int) -> list[Point]:
    """The cell's outline, counter-clockwise from the north-west corner, closed."""
    x, y = 2 * column, 2 * row
    around = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))
    return [points[x + dx, y + dy] for dx, dy in around]


def make_town(rng: random.Random) -> Town:
    """Districts side by side, streets from north to south in each, four communities in a street."""
    points = shared_points(rng)
    areas: list[tuple[str, str, str, str]] = []
    cells: list[Square] = []
    streets = iter(data.STREETS)
    communities = iter(data.COMMUNITIES)
    for d, (zh, en) in enumerate(data.DISTRICTS):
        district = f"{data.PREFIX}{d + 1:02d}"
        areas.append((district, "", zh, f"{en} District"))
        for s, (top, bottom) in enumerate(STREET_ROWS):
            street = f"{district}{s + 1:03d}"
            zh, en = next(streets)
            areas.append((street, district, zh, f"{en} Street"))
            middle = top + (bottom - top + 1) // 2
            left = d * DISTRICT_COLUMNS
            half = left + DISTRICT_COLUMNS // 2
            quarters = [
                (columns, rows)
                for rows in (range(top, middle), range(middle, bottom))
                for columns in (range(left, half), range(half, left + DISTRICT_COLUMNS))
            ]
            for c, (columns, rows) in enumerate(quarters):
                community = f"{street}{c + 1:03d}"
                zh, en = next(communities).split()
                areas.append((community, street, f"{zh}社区", f"{en} Community"))
                cells += community_cells(community, columns, rows, points)
    return Town(areas, cells, points)


def community_cells(
    community: str, columns: range, rows: range, points: dict[tuple[int, int], Point]
) -> Iterator[Square]:
    """The community's cells, numbered from west to east, then from north to south; duty grids of five to eight cells."""
    snake = [(x, y) for x in columns for y in (rows if (x - columns.start) % 2 == 0 else reversed(rows))]
    grids = round(len(snake) / 6.5)
    of = {place: index * grids // len(snake) + 1 for index, place in enumerate(snake)}
    for number, (y, x) in enumerate(((y, x) for y in rows for x in columns), start=1):
        yield Square(f"{community}{number:03d}", f"{community}-{of[x, y]}", ring_of(points, x, y))


def make_units(town: Town) -> list[tuple[str, ...]]:
    """Rows of units.csv."""
    rows = [(id, kind, "city", "", "", data.CITY[0] + zh, en) for id, kind, zh, en in data.CITY_UNITS]
    for code, _, zh, en in town.areas:
        if len(code) == 6:
            rows += [
                (f"{id}-{code}", kind, "district", code, "", zh + name_zh, f"{en} {name_en}")
                for id, kind, name_zh, name_en in data.DISTRICT_UNITS
            ]
    for code, _, zh, en in town.areas:
        if len(code) == 9:
            rows.append((f"street-{code}", "street", "street", code, "", f"{zh}办事处", f"{en} Office"))
    return rows


def make_posts(town: Town, units: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows of posts.csv: a collector for each duty grid, a handler for each unit, the desks of both centres."""
    posts: list[tuple[str, ...]] = []

    def add(role: str, unit: str, area: str, zh: str, en: str, count: int = 1, grid: str = "", tag: str = "") -> None:
        for n in range(1, count + 1):
            id = "-".join(part for part in (role.replace("_", "-"), tag, str(n) if count > 1 else "") if part)
            number = f" {n}" if count > 1 else ""
            posts.append((id, role, unit, area, grid, zh + number, en + number))

    watch, command = "supervision-centre", "command-centre"
    for grid in dict.fromkeys(cell.grid for cell in town.cells):
        add("collector", watch, grid[:12], f"采集员 {grid}", f"Collector {grid}", grid=grid, tag=grid)
    add("acceptor", watch, "", "受理员", "Acceptor", 5)
    add("duty_leader", watch, "", "值班长", "Duty leader", 3)
    add("hotline_seat", watch, "", "热线坐席", "Hotline seat", 3)
    add("dispatcher", command, "", "派遣员", "Dispatcher", 4)
    add("leader", command, "", "市领导", "City leader")
    add("supervisor", watch, "", "考核员", "Assessor")
    add("auditor", watch, "", "审计员", "Auditor")
    for role, zh, en in (
        ("system_admin", "系统管理员", "System administrator"),
        ("security_admin", "安全管理员", "Security administrator"),
        ("audit_admin", "审计管理员", "Audit administrator"),
    ):
        add(role, watch, "", zh, en)
    for code, _, zh, en in town.areas:
        if len(code) == 6:
            add("dispatcher", command, code, f"{zh}派遣员", f"Dispatcher {en}", tag=code)
            add("leader", command, code, f"{zh}领导", f"Leader {en}", tag=code)
            sanitation = f"sanitation-{code}"
            add("unit_manager", sanitation, code, f"{zh}环卫负责人", f"Sanitation manager {en}", tag=sanitation)
        if len(code) == 9:
            add("grid_worker", f"street-{code}", code, f"{zh}网格员", f"Grid worker {en}", tag=code)
    for id, kind, _, area, _, zh, en in units:
        if kind not in ("supervision", "command"):
            add("handler", id, area, f"{zh}处置员", f"Handler {en}", tag=id)
    for code, _, zh, en in town.areas:  # last: who sits where is drawn by the place in this list
        if len(code) == 9:
            add("street_desk", f"street-{code}", code, f"{zh}值班员", f"Desk {en}", tag=code)
    for code, _, zh, en in town.areas:
        if len(code) == 6:
            add("counter_clerk", watch, code, f"{zh}窗口", f"Counter {en}", tag=code)
    add("hotline_link", watch, "", "热线平台", "Hotline link")
    add("partner", watch, "", "合作系统", "Partner system")
    add("visitor", watch, "", "第三方考察员", "Visitor", 2)
    return posts


def make_components(rng: random.Random, town: Town, units: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows of components.csv, each inside its cell."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for id, kind, _, area, *_ in units:
        by_kind.setdefault(kind, []).append((id, area))

    def unit(kind: str, cell: str) -> str:
        return next(id for id, area in by_kind[kind] if cell.startswith(area))

    total = sum(weight for _, weight, _, _ in data.COMPONENTS)
    serial: dict[str, int] = {}
    rows = []
    for _ in range(COMPONENTS):
        at = rng.random() * total
        code, _, owner, maintainer = next(each for each, upto in running(data.COMPONENTS, 1) if at < upto)
        cell = town.cells[int(rng.random() * len(town.cells))]
        lon, lat = inside(rng, cell.ring)
        at = rng.random()
        state = next(each[0] for each, upto in running(data.STATES, 1) if at < upto)
        key = cell.code[:6] + code
        serial[key] = serial.get(key, 0) + 1
        spot = (f"{key}{serial[key]:06d}", f"{SCHEME}/component/{code}", cell.code, f"{lon:.7f}", f"{lat:.7f}")
        rows.append((*spot, unit(owner, cell.code), unit(maintainer, cell.code), state))
    return sorted(rows)


def running(rows: Iterable[tuple], index: int) -> Iterator[tuple[tuple, float]]:
    """Each row with the running sum of one of its columns."""
    upto = 0.0
    for row in rows:
        upto += row[index]
        yield row, upto


def inside(rng: random.Random, ring: list[Point]) -> Point:
    """A place on the line from the cell's middle towards a point of its outline, and off the outline."""
    middle = [sum(point[axis] for point in ring[:-1]) / (len(ring) - 1) for axis in (0, 1)]
    side = int(rng.random() * (len(ring) - 1))
    along, out = rng.random(), 0.1 + 0.8 * math.sqrt(rng.random())
    edge = [ring[side][axis] + along * (ring[side + 1][axis] - ring[side][axis]) for axis in (0, 1)]
    lon, lat = (round(middle[axis] + out * (edge[axis] - middle[axis]), 7) for axis in (0, 1))
    return lon, lat


def make_duties() -> dict:
    """The duty table as GoRules JDM."""
    outputs = ("unit_kind", "level", "assist", "limit.value", "limit.unit")
    outputs += ("source.document", "source.clause", "source.date")
    return duty_table(outputs, [duty_row(number, line) for number, line in enumerate(data.DUTIES.splitlines(), start=1)])


def duty_row(number: int, line: str) -> dict[str, str]:
    """One row of the table from one line of the data."""
    what, classes, level, hour, workday, load, unit, assist, limit = (part.strip() for part in line.split("|"))
    kind, at = unit.split("@")
    value, limit_unit = limit.split() if limit else ("", "")
    keys = [f"{SCHEME}/{'event' if each[0] == 'E' else 'component'}/{each[1:]}" for each in classes.split()]
    said = ", ".join(json.dumps(key) for key in keys)
    whole_major = len(classes) == 3
    asks = {"class": "" if whole_major else said, "major": said if whole_major else "", "level": level, "area": ""}
    asks |= {"hour": hour, "workday": workday, "load": load}
    says = {
        "unit_kind": json.dumps(kind),
        "level": json.dumps(at),
        "assist": json.dumps(assist.split()),
        "limit.value": value,
        "limit.unit": json.dumps(limit_unit) if limit_unit else "",
        "source.document": json.dumps(data.DOCUMENT, ensure_ascii=False),
        "source.clause": json.dumps(f"第{number}条", ensure_ascii=False),
        "source.date": json.dumps(data.DATE),
    }
    row = {"_id": f"d{number:02d}", "_description": what}
    return row | {f"in-{k}": v for k, v in asks.items()} | {f"out-{k}": v for k, v in says.items()}


def json_lines(whole: dict, lists: tuple[str, ...]) -> str:
    """JSON with one line for each item of the lists named, so that a difference can be read."""
    marks: list[str] = []

    def mark(value: object) -> object:
        if isinstance(value, dict):
            return {k: [hold(each) for each in v] if k in lists else mark(v) for k, v in value.items()}
        return [mark(each) for each in value] if isinstance(value, list) else value

    def hold(value: object) -> str:
        marks.append(json.dumps(value, ensure_ascii=False))
        return f"@{len(marks) - 1}@"

    text = json.dumps(mark(whole), ensure_ascii=False, indent=1)
    for number, line in enumerate(marks):
        text = text.replace(f'"@{number}@"', line, 1)
    return text + "\n"


def write_csv(file: Path, head: str, rows: Iterable[tuple]) -> None:
    """A table with LF line ends."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(head.split(","))
        writer.writerows(rows)


def pack_toml(town: Town) -> str:
    """The head of the pack; the bounds leave 500 m around the cells."""
    lons = [lon for cell in town.cells for lon, _ in cell.ring]
    lats = [lat for cell in town.cells for _, lat in cell.ring]
    bounds = [min(lons) - 0.005, min(lats) - 0.005, max(lons) + 0.005, max(lats) + 0.005]
    return f"""# A fictional city. Made by scripts/make_demo_city.py; change that, not this.
id = "demo"
version = "1"
over = "sample_limits"
city = true
simulated = true
schemes = ["{SCHEME}"]

[name]
zh = "{data.CITY[0]}（虚构）"
en = "{data.CITY[1]} (fictional)"

[settings]
session_idle_min = 0                  # a demonstration stays open, and its people share one password
sessions_max = 10
password_days = 0
second_factor_roles = []
service_phone = "12345"
side_by_side = ["zh+en"]
public_photos = true
open311_public_media = true
self_handle = [                       # trifles that a collector clears on the spot
    "gbt30428_2_2013/event/0201",     # a small advertisement is torn off
    "gbt30428_2_2013/event/0110",     # a bag of rubbish is carried to the bin
]
bounds = [{", ".join(f"{each:.3f}" for each in bounds)}]

# the city gives these extension codes to classes of its own, and counts fire lanes among parked cars
[without]
"classes.csv" = [{quoted(f"{SCHEME}/{each}" for each in data.NOT_OURS)}]
"rules.csv" = [{quoted(f"{SCHEME}/{each}/{no}" for each, rules in data.NOT_OURS.items() for no in rules)}]
"""


def quoted(texts: Iterable[str]) -> str:
    """Texts as items of a TOML list."""
    return ", ".join(json.dumps(each) for each in texts)


def make_demo_city(folder: Path) -> None:
    """Write the whole pack."""
    rng = random.Random(SEED)  # only random(), which is the same in every version of Python
    folder.mkdir(parents=True, exist_ok=True)
    town = make_town(rng)
    units = make_units(town)
    source = ",source_document,source_clause,source_date"
    cited = lambda rows: [(f"{SCHEME}/{r[0]}", *r[1:], data.CATALOGUE, f"{r[0]}", data.DATE) for r in rows]
    classes = "class,major_name_zh,major_name_en,name_zh,name_en,synonyms,private_place,join_radius_m,join_hours,internal"
    rules = "class,no,file_condition_zh,file_condition_en,close_condition_zh,close_condition_en,limit_value,limit_unit"
    rules += ",urgency,words,is_default,verify,auto_file"
    ours = [(*row, "") for row in data.CLASSES] + [(*row, "true") for row in shops.CLASSES]
    write_csv(folder / "classes.csv", classes + source, cited(ours))
    write_csv(folder / "rules.csv", rules + source, cited(data.RULES))
    stages = "class,no,stage,code,name_zh,name_en,limit_value,limit_unit"
    write_csv(folder / "stages.csv", stages + source, cited(data.STAGES))
    write_csv(folder / "areas.csv", "code,parent,name_zh,name_en", town.areas)
    write_csv(folder / "units.csv", "id,kind,level,area,parent,name_zh,name_en", units)
    write_csv(folder / "posts.csv", "id,role,unit,area,duty_grid,name_zh,name_en", make_posts(town, units))
    write_csv(folder / "roster.csv", "who,days,begins,ends", data.ROSTER)
    write_csv(folder / "detections.csv", "source,label,word,name_zh,name_en,class", seeing.DETECTIONS)
    write_csv(folder / "menus.csv", "node,key,says_zh,says_en,leads,class,takes", seeing.MENUS)
    write_csv(folder / "systems.csv", "id,kind,name_zh,name_en" + source, data.SYSTEMS)
    write_csv(
        folder / "device_kinds.csv", "kind,name_zh,name_en,class,calibrate_days" + source,
        [(kind, zh, en, f"{SCHEME}/{OURS}", days, data.CATALOGUE, kind, data.DATE) for kind, zh, en, days in KINDS],
    )  # fmt: skip
    streams = "kind,stream,property,every_s,silent_s,freeze_s,freeze_within,drift,drift_radius_m,drift_s,least,most,low,is_open"
    write_csv(folder / "device_streams.csv", streams, STREAMS)
    rows = [*map(sense.whole, SENSE_RULES), *sense.RULES]
    write_csv(folder / "sense_rules.csv", sense.HEAD + source, [(*row, data.CATALOGUE, row[0], data.DATE) for row in rows])
    risks = [(*row, data.CATALOGUE, row[0], data.DATE) for row in sense.RISKS]
    write_csv(folder / "platform_risks.csv", sense.RISKS_HEAD + source, risks)
    components = make_components(rng, town, units)
    stems = {code: zh.removesuffix("社区").removesuffix("街道") for code, _, zh, _ in sorted(town.areas, key=lambda a: -len(a[0]))}
    rings = {each.code: each.ring for each in town.cells}
    places = make_places(random.Random(SEED + 1), town.points, COLUMNS, ROWS, rings, stems)
    write_csv(folder / "roads.csv", "code,name_zh,name_en,aliases,wkt", places.roads)
    write_csv(folder / "landmarks.csv", "code,kind,name_zh,name_en,aliases,wkt", places.landmarks)
    write_csv(folder / "doors.csv", "road,number,lon,lat", places.doors)
    components = [(*row, "") for row in components] + shops.make_shops(random.Random(SEED + 2), places.doors, rings, SCHEME)
    write_csv(folder / "components.csv", "code,class,cell,lon,lat,owner,maintainer,state,name", sorted(components))
    write_outside(folder, source)
    features = [
        {
            "type": "Feature",
            "properties": {"code": cell.code, "duty_grid": cell.grid},
            "geometry": {"type": "Polygon", "coordinates": [cell.ring]},
        }
        for cell in town.cells
    ]
    texts = {
        "pack.toml": pack_toml(town),
        "cells.geojson": json_lines({"type": "FeatureCollection", "features": features}, ("features",)),
        "duties.jdm.json": json_lines(make_duties(), ("rules", "inputs", "outputs", "edges")),
        "words.toml": f'"city.title" = {{ zh = "{data.CITY[0]}城市运行管理服务平台（演示）", '
        f'en = "{data.CITY[1]} city operation platform (demo)" }}\n',
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def write_outside(folder: Path, source: str) -> None:
    """Who answers beside the units: companies, their contracts, and what is looked at with a shop."""
    write_csv(folder / "contractors.csv", "id,name_zh,name_en", shops.CONTRACTORS)
    contracts = [(*row, shops.DOCUMENT, row[0], data.DATE) for row in shops.CONTRACTS]
    write_csv(folder / "contracts.csv", "id,contractor,unit,since,until" + source, contracts)
    fronts = [(f"{SCHEME}/{each}", f"{SCHEME}/{shops.THING}", shops.WITHIN_M, data.CATALOGUE, each, data.DATE) for each in shops.FRONTAGES]
    write_csv(folder / "frontages.csv", "class,thing,within_m" + source, fronts)


if __name__ == "__main__":
    make_demo_city(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "packs" / "demo")
