"""Makes real/packs/boston and its mapping from the export: types become classes, departments units, a grid the cells.

Names of types and departments are facts of the export; codes, limits and the grid are ours. Run again after a change:
`python -m real.make_boston_pack ../shared/data/requests_311/boston_2011/service_requests_2011_jul_to_mid_nov.csv.gz`.
"""

import csv
import gzip
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from scripts.duty_table import INPUTS, duty_table

PACK = Path(__file__).parent / "packs" / "boston"
MAPPING = Path(__file__).parent / "mappings" / "boston_2011.toml"
WEST, SOUTH, EAST, NORTH = -71.2, 42.22, -70.98, 42.41
GRID = 16
DISTRICT, STREET, COMMUNITY = "990201", "990201001", "990201001001"
SOURCE = ("Boston 311 service requests 2011, as exported", "columns type, reason, department", "2011")
SOURCE_COLUMNS = ["source_document", "source_clause", "source_date"]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The requests of the export."""
    with gzip.open(path, "rt", newline="") as text:
        return list(csv.DictReader(text))


def class_keys(rows: list[dict[str, str]]) -> dict[str, str]:
    """type -> class key: a reason is a major class, numbered from 31; its types count up."""
    reason_of = {
        kind: Counter(r["reason"] for r in rows if r["type"] == kind).most_common(1)[0][0]
        for kind in {r["type"] for r in rows}
    }
    majors = {reason: 31 + place for place, reason in enumerate(sorted(set(reason_of.values())))}
    numbers: dict[str, int] = defaultdict(int)
    keys = {}
    for kind in sorted(reason_of):
        reason = reason_of[kind]
        numbers[reason] += 1
        keys[kind] = f"gbt30428_2_2013/event/{majors[reason]}{numbers[reason]:02d}"
    return keys


def unit_of(department: str) -> str:
    """The id of a department's unit."""
    return department.lower().replace(" ", "-").rstrip("_")


def write(name: str, columns: list[str], rows: list[list[object]]) -> None:
    with (PACK / name).open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows([columns, *rows])


def make(path: Path) -> None:
    """Write the pack."""
    rows = rows_of(path)
    keys = class_keys(rows)
    PACK.mkdir(parents=True, exist_ok=True)
    reason_of = {kind: Counter(r["reason"] for r in rows if r["type"] == kind).most_common(1)[0][0] for kind in keys}
    department_of = {
        kind: Counter(r["department"] for r in rows if r["type"] == kind).most_common(1)[0][0] for kind in keys
    }
    write(
        "classes.csv",
        ["class", "major_name_zh", "major_name_en", "name_zh", "name_en", *SOURCE_COLUMNS],
        [[keys[kind], reason_of[kind], reason_of[kind], kind, kind, *SOURCE] for kind in sorted(keys)],
    )
    write(
        "rules.csv",
        ["class", "no", "file_condition_zh", "file_condition_en", "close_condition_zh", "close_condition_en", "limit_value",
         "limit_unit", "is_default", "auto_file", *SOURCE_COLUMNS],
        [[keys[kind], 1, "报修属实", "The request is genuine", "已处理", "Dealt with", 5, "work_day", "true", "true", *SOURCE]
         for kind in sorted(keys)],
    )  # fmt: skip
    departments = sorted({row["department"] for row in rows})  # some answer for no type, and had requests all the same
    units = [[unit_of(name), unit_of(name), "city", "", "", name, name] for name in departments]
    units += [[f"{each}-centre", each, "city", "", "", each, each] for each in ("supervision", "command")]
    write("units.csv", ["id", "kind", "level", "area", "parent", "name_zh", "name_en"], units)
    write("areas.csv", ["code", "parent", "name_zh", "name_en"],
          [[DISTRICT, "", "Boston", "Boston"], [STREET, DISTRICT, "Boston", "Boston"], [COMMUNITY, STREET, "Boston", "Boston"]])  # fmt: skip
    posts = [["collector-1", "collector", "supervision-centre", "", "", "Collector", "Collector"],
             ["collector-2", "collector", "supervision-centre", "", "", "Collector", "Collector"],
             ["acceptor-1", "acceptor", "supervision-centre", "", "", "Acceptor", "Acceptor"],
             ["duty-leader-1", "duty_leader", "supervision-centre", "", "", "Duty leader", "Duty leader"],
             ["dispatcher-1", "dispatcher", "command-centre", "", "", "Dispatcher", "Dispatcher"]]  # fmt: skip
    posts += [[f"handler-{unit_of(name)}", "handler", unit_of(name), "", "", name, name] for name in departments]
    write("posts.csv", ["id", "role", "unit", "area", "duty_grid", "name_zh", "name_en"], posts)
    (PACK / "cells.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": list(cells())}, indent=0) + "\n"
    )
    (PACK / "duties.jdm.json").write_text(json.dumps(duties(keys, department_of), indent=0) + "\n")
    (PACK / "pack.toml").write_text(HEAD)
    MAPPING.parent.mkdir(exist_ok=True)
    MAPPING.write_text(mapping(keys, departments))


HEAD = f"""# Made by real/make_boston_pack.py; change that, not this.
id = "boston"
version = "1"
over = "base"
city = true
simulated = false
schemes = ["gbt30428_2_2013"]

[name]
zh = "Boston"
en = "Boston"

[settings]
bounds = [{WEST}, {SOUTH}, {EAST}, {NORTH}]
report_age_days_max = 36600

[week]
zone = "America/New_York"
"""


CHANNELS = {"Constituent Call": "hotline", "Employee Generated": "collector", "Self Service": "app",
            "Citizens Connect App": "app", "Maximo Integration": "partner", "Twitter": "text"}  # fmt: skip


def mapping(keys: dict[str, str], departments: list[str]) -> str:
    """How `cityloop import` reads the export. `ontime` stands in [compare] only: the import never reads it."""
    tables = {
        "state": {"Open": "open", "Closed": "closed"},
        "unit": {name: unit_of(name) for name in departments},
        "channel": CHANNELS,
        "class": {kind: keys[kind] for kind in sorted(keys)},
    }
    said = [
        f"[values.{field}]\n" + "".join(f"{json.dumps(word)} = {json.dumps(ours)}\n" for word, ours in words.items())
        for field, words in tables.items()
    ]
    return MAPPED + "\n" + "\n".join(said)


MAPPED = """# Made by real/make_boston_pack.py; change that, not this.
source = "boston-311"
kind = "cases"
key = ["case_enquiry_id"]
zone = "America/New_York"
time_format = "%Y-%m-%d %H:%M:%S"
as_of = "2024-10-04 00:00:00"  # the export came to us on that day; it is not older than its last closing, 2019-10-31
datum = "wgs84"

[deadline]
document = "Boston 311 service requests 2011, as exported"
clause = "column target_dt"
date = "2011"

[columns]
number = "case_enquiry_id"
opened_at = "open_dt"
due_at = "target_dt"
closed_at = "closed_dt"
state = "case_status"
class = "type"
unit = "department"
channel = "source"
text = "case_title"
address = "location"
note = "closure_reason"
lon = "longitude"
lat = "latitude"

[compare]
on_time = "ontime"

[compare.values]
ONTIME = true
OVERDUE = false
"""


def cells():
    """A grid of cells, numbered from west to east, from north to south, with shared corners."""
    lons = [round(WEST + (EAST - WEST) * n / GRID, 6) for n in range(GRID + 1)]
    lats = [round(NORTH - (NORTH - SOUTH) * n / GRID, 6) for n in range(GRID + 1)]
    for row in range(GRID):
        for column in range(GRID):
            west, east, north, south = lons[column], lons[column + 1], lats[row], lats[row + 1]
            ring = [[west, north], [west, south], [east, south], [east, north], [west, north]]
            code = f"{COMMUNITY}{row * GRID + column + 1:03d}"
            yield {"type": "Feature", "properties": {"code": code, "duty_grid": f"{COMMUNITY}-{row // 4 + 1}"},
                   "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip


def duties(keys: dict[str, str], department_of: dict[str, str]) -> dict:
    """A decision table with a row for each department."""
    outputs = ["unit_kind", "level", "source.document", "source.clause", "source.date"]
    said = [json.dumps(each) for each in SOURCE]
    rules = []
    for number, department in enumerate(sorted(set(department_of.values())), 1):
        mine = ", ".join(json.dumps(keys[kind]) for kind in sorted(keys) if department_of[kind] == department)
        answers = dict(
            zip([f"out-{name}" for name in outputs], [json.dumps(unit_of(department)), '"city"', *said], strict=True)
        )
        rules.append({"_id": f"b{number:02d}", **{f"in-{name}": "" for name in INPUTS}, "in-class": mine, **answers})
    return duty_table(outputs, rules)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
