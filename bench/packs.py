"""How long a big city's pack takes to load: 3,000 classes, 6,000 rules, 2,000 cells, 20,000 components;
and the same with 100,000 roads and landmarks, what a search for one costs, and what finding the places in a sentence.

The plain part beside it reads the same bytes as CSV and JSON and does nothing with them: what no loader can save.
"""

import csv
import io
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scripts.duty_table import duty_table

from cityloop.packs import load
from cityloop.packs.layers import Layer, find_layers
from cityloop.places import locate, places_in, places_named
from cityloop.stages.understand.rules import guess_of

LIMIT_S = 2.0
SCHEME = "gbt30428_2_2013"
CLASSES, RULES_EACH, CELLS, COMPONENTS = 3_000, 2, 2_000, 20_000
AROUND = 50  # cells in a row
SIDE_DEG, WEST, SOUTH = 0.001, 100.0, 30.0
DISTRICT = "990101"
SOURCE = ("an invented city", "made for a bench", "2026-01-01")
SOURCE_COLUMNS = ("source_document", "source_clause", "source_date")
WORDS = "路灯井盖护栏垃圾污水树木广告施工噪音摊贩车辆积水破损缺失倾斜堆放占道堵塞裂缝脱落"
RUNS = 5
ROADS, LANDMARKS = 20_000, 80_000
SYLLABLES = "青云锦绣金桂香樟丹枫白玉兰碧波紫藤翠竹银杏星河朗月晨曦海棠芳草蓝湖和平建设朝阳文昌学府滨望花溪屏山松涛"
SENTENCE = "{}与{}交叉口往东，{}门口有人乱倒垃圾，已经好几天没有人来清运了"


def main() -> None:
    quick = bool(os.environ.get("QUICK"))
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "big_city"
        make(folder)
        layers = find_layers(folder)
        size = sum(len(raw) for layer in layers for raw in layer.files.values())
        policy = load(folder)
        runs = 2 if quick else RUNS
        plain_s, loaded_s = measured(runs, lambda: plain(layers)), measured(runs, lambda: load(folder))
        first_s = measured(1, lambda: guess_of("路灯坏了", None, policy))
        place_s = measured(1, lambda: locate(policy, WEST + SIDE_DEG / 2, SOUTH + SIDE_DEG / 2))
        named = with_names(folder, runs)
    print(f"{len(policy.classes):,} classes, {len(policy.rules):,} rules, {len(policy.cells):,} cells, "
          f"{len(policy.components):,} components: {size / 1e6:.1f} MB in {len(layers)} layers")  # fmt: skip
    print(
        f"load             {loaded_s:6.2f} s   limit {LIMIT_S:.0f} s: {'held' if loaded_s <= LIMIT_S else 'NOT HELD'}"
    )
    print(f"plain reading    {plain_s:6.2f} s   the same bytes as CSV and JSON, nothing done with them")
    print(f"ratio            {loaded_s / plain_s:6.1f}")
    print(f"then, once: words {first_s:.2f} s, cells {place_s:.2f} s")
    print(named)


def with_names(folder: Path, runs: int) -> str:
    """The same city with roads and landmarks: what they add to loading, what is made once, what a search and a sentence cost."""
    before_s = measured(runs, lambda: load(folder))
    _addresses(folder, random.Random(100_000))
    loaded_s = measured(runs, lambda: load(folder))
    policy = load(folder)
    road, other, mark = policy.roads[7].name["zh"], policy.roads[8].name["zh"], policy.landmarks[99].name["zh"]
    text = SENTENCE.format(road, other, mark)
    names_s = measured(1, lambda: places_in(policy, text))
    search_s = measured(1, lambda: places_named(policy, road))
    many = 200
    asked = [each.name["zh"] for each in (*policy.roads[:100], *policy.landmarks[:100])]
    look_s = measured(runs, lambda: [places_named(policy, each) for each in asked]) / many
    part_s = measured(runs, lambda: [places_named(policy, each[1:3]) for each in asked]) / many
    read_s = measured(runs, lambda: [places_in(policy, text) for _ in range(many)]) / many
    return (
        f"{len(policy.roads):,} roads, {len(policy.landmarks):,} landmarks: load {loaded_s:.2f} s, {loaded_s - before_s:.2f} s of it theirs; "
        f"then, once: names and crossings {names_s:.2f} s, gazetteer {search_s:.2f} s; a search {look_s * 1e3:.2f} ms, "
        f"by a part {part_s * 1e3:.2f} ms; a sentence {read_s * 1e6:.0f} us"
    )


def _addresses(folder: Path, chance: random.Random) -> None:
    """Roads along rows and columns, and landmarks here and there."""

    def name(end: str) -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3)))) + end

    (east, north), side = _corner(CELLS - 1), SIDE_DEG
    rows = []
    for n in range(ROADS):
        lon, lat = WEST + chance.random() * (east - WEST), SOUTH + chance.random() * (north - SOUTH)
        step = (0.0, side) if n % 2 else (side, 0.0)
        line = ", ".join(f"{lon + step[0] * at / 4:.7f} {lat + step[1] * at / 4:.7f}" for at in range(5))
        rows.append([f"r{n}", name("路"), f"Road {n}", "", f"LINESTRING ({line})"])
    _csv(folder / "roads.csv", ["code", "name_zh", "name_en", "aliases", "wkt"], rows)
    marks = [
        [f"p{n}", "estate", name("小区"), f"Estate {n}", f"POINT ({WEST + chance.random() * (east - WEST):.7f} {SOUTH + chance.random() * (north - SOUTH):.7f})"]
        for n in range(LANDMARKS)
    ]  # fmt: skip
    _csv(folder / "landmarks.csv", ["code", "kind", "name_zh", "name_en", "wkt"], marks)


def measured(runs: int, work: Callable[[], object]) -> float:
    """The best of some runs, in seconds of the processor."""
    found = []
    for _ in range(runs):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


def plain(layers: tuple[Layer, ...]) -> int:
    """Read every table and map, and count the cells."""
    count = 0
    for layer in layers:
        for name, raw in layer.files.items():
            if name.endswith(".csv"):
                count += sum(map(len, csv.reader(io.StringIO(raw.decode(), newline=""))))
            elif name.endswith("json"):
                count += len(json.loads(raw))
    return count


def make(folder: Path) -> None:
    """Write the pack of an invented big city."""
    chance = random.Random(3_000)
    folder.mkdir()
    keys = [
        f"{SCHEME}/{kind}/{n // 75 + 11:02d}{n % 75 + 1:02d}"
        for n in range(CLASSES // 2)
        for kind in ("event", "component")
    ]
    cells = [f"{DISTRICT}{n // 400 + 1:03d}{n % 400 // 100 + 1:03d}{n % 100 + 1:03d}" for n in range(CELLS)]
    _catalogue(folder, keys, chance)
    _organisations(folder, cells)
    _things(folder, [key for key in keys if "/component/" in key], cells, chance)
    majors = ", ".join(json.dumps(each) for each in sorted({key[:-2] for key in keys}))
    outs = ("unit_kind", "level", *(name.replace("_", ".") for name in SOURCE_COLUMNS))
    row = {"_id": "d1", "in-major": majors}
    row |= {f"out-{name}": json.dumps(said) for name, said in zip(outs, ("works", "city", *SOURCE), strict=True)}
    (folder / "duties.jdm.json").write_text(json.dumps(duty_table(outs, [row])))
    (east, north), side = _corner(CELLS - 1), SIDE_DEG
    (folder / "pack.toml").write_text(
        f'id = "{folder.name}"\nversion = "1"\nover = "base"\ncity = true\nsimulated = true\nschemes = ["{SCHEME}"]\n'
        f'[name]\nzh = "大城"\nen = "Big city"\n[settings]\n'
        f"bounds = [{WEST}, {SOUTH}, {east + AROUND * side}, {north + side}]\n"
    )


def _catalogue(folder: Path, keys: list[str], chance: random.Random) -> None:
    """Classes, each with as many rules."""

    def word() -> str:
        return "".join(chance.choices(WORDS, k=4))

    head = ["class", "major_name_zh", "major_name_en", "name_zh", "name_en", "synonyms", *SOURCE_COLUMNS]
    _csv(folder / "classes.csv", head, [
        [key, f"大类{key[:-2]}", f"Major {key[:-2]}", word() + key[-4:], f"Class {key[-4:]}",
         "|".join(word() for _ in range(4)), *SOURCE]
        for key in keys
    ])  # fmt: skip
    head = ["class", "no", "file_condition_zh", "file_condition_en", "close_condition_zh", "close_condition_en"]
    _csv(folder / "rules.csv", [*head, "limit_value", "limit_unit", "words", "is_default", *SOURCE_COLUMNS], [
        [key, no, f"{word()}达到立案条件 {no}", f"Condition {no} of {key}", "已恢复", "Put right", chance.randint(1, 9),
         "work_hour", f"{word()[:2]}|{word()[:2]}", "true" if no == 1 else "", *SOURCE]
        for key in keys for no in range(1, RULES_EACH + 1)
    ])  # fmt: skip


def _organisations(folder: Path, cells: list[str]) -> None:
    """Areas, units and the posts without which no case goes its way."""
    areas = [[DISTRICT, "", "区", "District"]]
    areas += [[code, DISTRICT, "街道", "Street"] for code in sorted({each[:9] for each in cells})]
    areas += [[code, code[:9], "社区", "Community"] for code in sorted({each[:12] for each in cells})]
    _csv(folder / "areas.csv", ["code", "parent", "name_zh", "name_en"], areas)
    kinds = ("supervision", "command", "works")
    _csv(folder / "units.csv", ["id", "kind", "level", "area", "name_zh", "name_en"],
         [[f"{kind}-1", kind, "city", "", kind, kind] for kind in kinds])  # fmt: skip
    posts = {"collector": "supervision-1", "acceptor": "supervision-1", "duty_leader": "supervision-1",
             "dispatcher": "command-1", "handler": "works-1"}  # fmt: skip
    _csv(folder / "posts.csv", ["id", "role", "unit", "name_zh", "name_en"],
         [[f"{role}-1", role, unit, role, role] for role, unit in posts.items()])  # fmt: skip


def _things(folder: Path, classes: list[str], cells: list[str], chance: random.Random) -> None:
    """Components, and the cells in which they stand."""
    seqs: dict[str, int] = {}
    rows = []
    for _ in range(COMPONENTS):
        key, at = chance.choice(classes), chance.randrange(CELLS)
        seqs[key] = seqs.get(key, 0) + 1
        lon, lat = (round(side + SIDE_DEG / 3, 7) for side in _corner(at))
        rows.append([f"{DISTRICT}{key[-4:]}{seqs[key]:06d}", key, cells[at], lon, lat, "works-1", "works-1", "intact"])
    _csv(folder / "components.csv", ["code", "class", "cell", "lon", "lat", "owner", "maintainer", "state"], rows)
    features = [
        {"type": "Feature", "properties": {"code": code, "duty_grid": "g1"},
         "geometry": {"type": "Polygon", "coordinates": [_ring(at)]}}
        for at, code in enumerate(cells)
    ]  # fmt: skip
    (folder / "cells.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def _corner(at: int) -> tuple[float, float]:
    return round(WEST + at % AROUND * SIDE_DEG, 7), round(SOUTH + at // AROUND * SIDE_DEG, 7)


def _ring(at: int) -> list[list[float]]:
    (west, south), side = _corner(at), SIDE_DEG
    east, north = round(west + side, 7), round(south + side, 7)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _csv(file: Path, head: list[str], rows: object) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows([head, *rows])  # type: ignore[misc]


if __name__ == "__main__":
    main()
