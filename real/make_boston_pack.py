"""Makes real/packs/boston from the export: its types become classes, its departments units, a grid its cells.

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
    departments = sorted(set(department_of.values()))
    units = [[name.lower(), name.lower(), "city", "", "", name, name] for name in departments]
    units += [[f"{each}-centre", each, "city", "", "", each, each] for each in ("supervision", "command")]
    write("units.csv", ["id", "kind", "level", "area", "parent", "name_zh", "name_en"], units)
    write("areas.csv", ["code", "parent", "name_zh", "name_en"],
          [[DISTRICT, "", "Boston", "Boston"], [STREET, DISTRICT, "Boston", "Boston"], [COMMUNITY, STREET, "Boston", "Boston"]])  # fmt: skip
    posts = [["collector-1", "collector", "supervision-centre", "", "", "Collector", "Collector"],
             ["collector-2", "collector", "supervision-centre", "", "", "Collector", "Collector"],
             ["acceptor-1", "acceptor", "supervision-centre", "", "", "Acceptor", "Acceptor"],
             ["duty-leader-1", "duty_leader", "supervision-centre", "", "", "Duty leader", "Duty leader"],
             ["dispatcher-1", "dispatcher", "command-centre", "", "", "Dispatcher", "Dispatcher"]]  # fmt: skip
    posts += [[f"handler-{name.lower()}", "handler", name.lower(), "", "", name, name] for name in departments]
    write("posts.csv", ["id", "role", "unit", "area", "duty_grid", "name_zh", "name_en"], posts)
    (PACK / "cells.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": list(cells())}, indent=0) + "\n"
    )
    (PACK / "duties.jdm.json").write_text(json.dumps(duties(keys, department_of), indent=0) + "\n")
    (PACK / "pack.toml").write_text(HEAD)


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
            zip([f"out-{name}" for name in outputs], [json.dumps(department.lower()), '"city"', *said], strict=True)
        )
        rules.append({"_id": f"b{number:02d}", **{f"in-{name}": "" for name in INPUTS}, "in-class": mine, **answers})
    return duty_table(outputs, rules)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
