"""A first duty table: the layer says which kinds of unit could answer, the city's list says which there are."""

import csv
import io
import json
from typing import Any

from msgspec import Struct

from cityloop.packs.decision import INPUTS, OUTPUTS
from cityloop.packs.scaffold.model import Organisation, Street
from cityloop.packs.scaffold.organisations import STREET

DUTY_KINDS_FILE = "duty_kinds.csv"
KINDS = {"E": "event", "C": "component"}
MAJOR_CHARS = 3  # E01; a class has more: E0113


class Asked(Struct, frozen=True, kw_only=True):
    """A row of duty_kinds.csv: majors (E01) and classes (E0113), the kinds that could answer, the best first."""

    asks: tuple[str, ...]
    kinds: tuple[str, ...]
    assist: tuple[str, ...]
    what: str


def read_duty_kinds(raw: bytes) -> list[Asked]:
    """The rows of a layer's duty_kinds.csv."""
    many = lambda text: tuple(part for part in text.split("|") if part)
    return [
        Asked(asks=many(row["asks"]), kinds=many(row["kinds"]), assist=many(row["assist"]), what=row["what"])
        for row in csv.DictReader(io.StringIO(raw.decode()))
    ]


def duty_table(
    asked: list[Asked],
    scheme: str,
    known: set[str],
    units: list[Organisation],
    streets: list[Street],
    source: tuple[str, str],
) -> tuple[dict[str, Any], dict[str, str]]:
    """The table as JDM, and for what has no unit of its own, the kind that stands in.

    Shape: `known` are the class and major keys of the layers, what none has is left out; `source` is document and date.
    """
    rows: list[dict[str, str]] = []
    stand_ins: dict[str, str] = {}
    for major in (False, True):  # what is said of a class goes before what is said of its whole major class
        for row in asked:
            said = [_key(ask, scheme) for ask in row.asks if (len(ask) == MAJOR_CHARS) is major]
            said = [key for key in said if key in known]
            if not said:
                continue
            kind, level = _answers(row.kinds, units, streets)
            if kind != row.kinds[0]:
                stand_ins[row.what] = kind
            assist = [each for each in row.assist if each != kind and _level(each, units, streets)]
            rows.append(_row(len(rows) + 1, row.what, "major" if major else "class", said, kind, level, assist, source))
    return _whole(rows), stand_ins


def _key(ask: str, scheme: str) -> str:
    return f"{scheme}/{KINDS[ask[0]]}/{ask[1:]}"


def _answers(kinds: tuple[str, ...], units: list[Organisation], streets: list[Street]) -> tuple[str, str]:
    """The first kind that answers everywhere, and the level at which it stands; the street in the end."""
    for kind in kinds:
        if level := _level(kind, units, streets):
            return kind, level
    return STREET, STREET


def _level(kind: str, units: list[Organisation], streets: list[Street]) -> str:
    """The level at which units of this kind serve every street; empty if at none."""
    for level in ("city", "district", "street"):
        served = tuple(each.area for each in units if each.kind == kind and each.level == level)
        if served and all(street.code.startswith(served) for street in streets):
            return level
    return ""


def _row(
    number: int,
    what: str,
    field: str,
    said: list[str],
    kind: str,
    level: str,
    assist: list[str],
    source: tuple[str, str],
) -> dict[str, str]:
    asks = {f"in-{each}": "" for each in INPUTS} | {f"in-{field}": ", ".join(json.dumps(key) for key in said)}
    says = {
        "unit_kind": json.dumps(kind), "level": json.dumps(level), "assist": json.dumps(assist),
        "limit.value": "", "limit.unit": "", "source.document": json.dumps(source[0], ensure_ascii=False),
        "source.clause": json.dumps(f"row {number}"), "source.date": json.dumps(source[1]),
    }  # fmt: skip
    return {"_id": f"n{number:02d}", "_description": what} | asks | {f"out-{each}": text for each, text in says.items()}


def _whole(rows: list[dict[str, str]]) -> dict[str, Any]:
    table = {
        "hitPolicy": "first",  # one answer: a second unit would share the certainty, and a person would have to dispatch
        "passThrough": False,
        "inputs": [{"id": f"in-{each}", "name": each, "field": each} for each in INPUTS],
        "outputs": [{"id": f"out-{each}", "name": each, "field": each} for each in OUTPUTS],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "name": "case", "type": "inputNode", "position": {"x": 80, "y": 120}},
        {
            "id": "duties", "name": "duties", "type": "decisionTableNode", "position": {"x": 380, "y": 120},
            "content": table,
        },
        {"id": "out", "name": "duty", "type": "outputNode", "position": {"x": 680, "y": 120}},
    ]  # fmt: skip
    edges = [
        {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
        for start, end in (("in", "duties"), ("duties", "out"))
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
