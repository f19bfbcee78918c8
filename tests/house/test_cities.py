"""A region is data: no pack's id and no city's name in the product."""

import ast
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from tests.trees import parsed

REAL = (
    "北京", "上海", "天津", "重庆", "广州", "深圳", "杭州", "长沙", "运城", "成都", "武汉", "南京", "西安", "苏州", "青岛",
    "Beijing", "Shanghai", "Guangzhou", "Shenzhen", "Hangzhou", "Changsha", "Yuncheng", "Chengdu", "Boston", "Zurich",
    "Helsinki", "Montreal",
)  # fmt: skip
ZONE = re.compile(r"Asia/Shanghai")  # the name of a time zone, which names a city and means a clock


def city_names(packs: Path) -> set[str]:
    """The names of packs, and of the places in them, in every language."""
    found = set(REAL)
    for path in packs.glob("*/pack.toml"):
        head = tomllib.loads(path.read_text(encoding="utf-8"))
        if head.get("city"):
            found |= {name.split("（")[0].split(" (")[0] for name in head["name"].values()}
    return found


def pack_ids(packs: Path) -> set[str]:
    """The ids of the packs that are shipped."""
    return {path.parent.name for path in packs.glob("*/pack.toml")}


def named(tree: Mapping[str, str], names: Collection[str], ids: Collection[str]) -> list[str]:
    """Strings that are a pack's id or hold a city's name."""
    found = []
    for path, text in tree.items():
        module = parsed(text)
        said = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
        for node in ast.walk(module):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in said:
                continue
            bare = re.sub(ZONE, "", node.value)
            if bare in ids or any(name in bare for name in names):
                found.append(f"{path}::{node.lineno} {node.value[:40]}")
    return found


def test_no_city_is_named_in_the_product(repo, sources, excepted):
    """The next city must find nothing of this one in the code."""
    off = excepted("cities")
    found = named(sources, city_names(repo / "packs"), pack_ids(repo / "packs"))
    assert [each for each in found if each.split("::")[0] not in off] == []


@pytest.mark.parametrize("text", ['x = "demo"', 'x = "长沙市"', 'x = "the city of Boston"', 'f"{a} in Jichuan"'])
def test_a_planted_name_is_seen(repo, text):
    assert named({"src/cityloop/a.py": text}, city_names(repo / "packs"), pack_ids(repo / "packs"))
