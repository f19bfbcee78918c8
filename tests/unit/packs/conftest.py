"""A sound little city over the shipped base, which each test breaks in one place."""

import json
from pathlib import Path

import pytest

from cityloop.packs import Problem, check

SQUARE = 0.002  # degrees
WEST, NORTH = 112.5, 28.5
SCHEME = "gbt30428_2_2013"


def cell_line(number: int, column: int, row: int) -> str:
    """A feature of one square cell."""
    west, north = WEST + column * SQUARE, NORTH - row * SQUARE
    corners = ((0, 0), (0, -1), (1, -1), (1, 0), (0, 0))
    ring = [[round(west + x * SQUARE, 7), round(north + y * SQUARE, 7)] for x, y in corners]
    properties = {"code": f"990101001001{number:03d}", "duty_grid": "g1"}
    return json.dumps(
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    )


def duty_line(id: str, **cells: str) -> str:
    """A row of the duty table."""
    source = {"source.document": '"Duty list"', "source.clause": '"1"', "source.date": '"2026"'}
    return json.dumps({"_id": id, **cells, **source})


def duties(*rows: str) -> str:
    """A JDM file with one line for each row."""
    inputs = ("class", "major", "level", "area", "hour", "workday", "load")
    outputs = ("unit_kind", "answer", "assist", "limit.value", "limit.unit")
    outputs += ("source.document", "source.clause", "source.date")
    columns = [
        ",".join(
            json.dumps({"id": each, "name": each, "field": "level" if each == "answer" else each}) for each in part
        )
        for part in (inputs, outputs)
    ]
    return "\n".join(
        [
            '{"nodes": [{"id": "i", "type": "inputNode", "name": "i"}, {"id": "o", "type": "outputNode", "name": "o"},',
            '{"id": "t", "type": "decisionTableNode", "name": "t", "content": {"hitPolicy": "collect",',
            f'"inputs": [{columns[0]}],',
            f'"outputs": [{columns[1]}],',
            '"rules": [',
            ",\n".join(rows),
            "]}}],",
            '"edges": [{"id": "1", "sourceId": "i", "targetId": "t", "type": "edge"},',
            '{"id": "2", "sourceId": "t", "targetId": "o", "type": "edge"}]}',
        ]
    )


FILES = {
    "pack.toml": """id = "tiny"
version = "1"
over = "base"
city = true
simulated = true
schemes = ["gbt30428_2_2013"]

[name]
zh = "小城"
en = "Tiny"

[settings]
bounds = [112.49, 28.49, 112.51, 28.51]
lamp_yellow_ppm = 700000
""",
    "rules.csv": f"""class,no,file_condition_zh,file_condition_en,close_condition_zh,close_condition_en,limit_value,limit_unit,words,is_default,source_document,source_clause,source_date
{SCHEME}/event/0110,1,有垃圾,Rubbish,清理,Cleared,4,work_hour,,true,List,1,2026
{SCHEME}/component/0101,1,缺失,Missing,恢复,In place,2,urgent_hour,missing,,List,2,2026
{SCHEME}/component/0101,2,破损,Broken,更换,Replaced,4,work_hour,,true,List,3,2026-03
""",
    "areas.csv": """code,parent,name_zh,name_en
990101,,东区,East
990101001,990101,一街,First Street
990101001001,990101001,甲社区,Alpha
""",
    "units.csv": """id,kind,level,area,parent,name_zh,name_en
watch,supervision,city,,,监督中心,Watch
desk,command,city,,,指挥中心,Desk
clean,sanitation,district,990101,,环卫,Clean
pipes,water,city,,,水务,Pipes
""",
    "posts.csv": """id,role,unit,area,duty_grid,name_zh,name_en
c1,collector,watch,990101001001,g1,采集员,Collector
a1,acceptor,watch,,,受理员,Acceptor
l1,duty_leader,watch,,,值班长,Leader
d1,dispatcher,desk,,,派遣员,Dispatcher
h1,handler,clean,990101,,环卫工,Cleaner
h2,handler,pipes,,,水工,Plumber
""",
    "calendar.csv": """date,kind,name,source_document,source_clause,source_date
2026-10-01,holiday,国庆节,Notice,7,2025-11-04
""",
    "components.csv": f"""code,class,cell,lon,lat,owner,maintainer,state
9901010101000001,{SCHEME}/component/0101,990101001001001,112.501,28.499,pipes,pipes,intact
""",
    "words.toml": '"city.title" = { zh = "小城", en = "Tiny city" }\n',
    "cells.geojson": "\n".join(
        [
            '{"type": "FeatureCollection", "features": [',
            ",\n".join(cell_line(number, *place) for number, place in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)], 1)),
            "]}",
        ]
    ),
    "duties.jdm.json": duties(
        duty_line(
            "d1", major=f'"{SCHEME}/event/01"', unit_kind='"sanitation"', answer='"district"', assist='["water"]'
        ),
        duty_line("d2", **{"class": f'"{SCHEME}/component/0101"', "unit_kind": '"water"', "answer": '"city"'}),
    ),
}


class City:
    """The pack in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, file: str, text: str | bytes) -> None:
        (self.folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())

    def edit(self, file: str, old: str, new: str) -> None:
        """Put `new` where `old` stands first."""
        text = (self.folder / file).read_bytes().decode()
        assert old in text, f"{old!r} is not in {file}"
        self.write(file, text.replace(old, new, 1))

    def problems(self) -> list[Problem]:
        return check(self.folder)


@pytest.fixture
def city(tmp_path: Path) -> City:
    """A sound little city."""
    return City(tmp_path / "tiny")
