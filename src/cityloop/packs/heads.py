"""pack.toml of every layer: what is said once for the city, merged key by key, each key in its bounds."""

import math
import re
from collections.abc import Callable
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from cityloop.domain.policy import Limit, LimitUnit
from cityloop.packs.columns import PACK_FILE, TABLES
from cityloop.packs.layers import ID, Layer, toml_of, toml_place
from cityloop.packs.problems import Problem
from cityloop.packs.settings import (
    FIGURES,
    HEAD,
    NUMBER_WORDS,
    ORDER_WORDS,
    SECTIONS,
    SETTINGS,
    WEEK,
    WEEKDAYS,
    Holds,
    Key,
)
from cityloop.packs.values import LANGUAGE, Wrong, nearest

WINDOW = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
TILES = re.compile(r"https://[\w.-]+(?::\d+)?/(?=[^\s;,'\"]*\{z\})(?=[^\s;,'\"]*\{x\})(?=[^\s;,'\"]*\{y\})[^\s;,'\"]+")
LANGUAGES = ("zh", "en")


class Said(Struct, frozen=True):
    """A value of pack.toml and the layer that says it."""

    layer: Layer
    section: str
    key: str
    value: Any

    def problem(self, what: str, remedy: str) -> Problem:
        return _problem(self.layer, self.section, self.key, what, remedy)


class Head(Struct, frozen=True, kw_only=True):
    """All that the layers' pack.toml say, later over earlier."""

    top: dict[str, Said]  # the keys of the highest layer, and inherited languages and schemes
    settings: dict[str, Said]
    week: dict[str, Said]
    figures: dict[str, Said]
    without: dict[str, Said]  # layer -> the rows below that it takes out
    unread: set[tuple[str, str]]  # section and key said in a way that cannot be read

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.top["languages"].value) if "languages" in self.top else LANGUAGES

    @property
    def city(self) -> bool:
        return "city" in self.top and self.top["city"].value


INHERITED = ("languages", "schemes")


def read_head(layers: tuple[Layer, ...], problems: list[Problem]) -> Head:
    """The merged head; what cannot be read goes to `problems`."""
    top: dict[str, Said] = {}
    settings: dict[str, Said] = {}
    week: dict[str, Said] = {}
    figures: dict[str, Said] = {}
    without: dict[str, Said] = {}
    unread: set[tuple[str, str]] = set()
    for layer in layers:
        whole = toml_of(layer, PACK_FILE)
        top = {key: said for key, said in top.items() if key in INHERITED}
        for section, into in (("", top), ("settings", settings), ("week", week), ("figures", figures)):
            part = whole if not section else whole.get(section, {})
            if not isinstance(part, dict):
                problems.append(_problem(layer, "", section, f"{section} is no table", f"write [{section}]"))
                continue
            found, wrong = _section(layer, section, part, problems)
            into.update(found)
            without |= {layer.id: found["without"]} if "without" in found else {}
            unread |= {(section, key) for key in wrong}
        problems += [
            _problem(layer, "", key.name, f"{key.name} is missing", f"add it: {key.says}")
            for key in HEAD
            if key.needed and key.name not in whole
        ]
    head = Head(top=top, settings=settings, week=week, figures=figures, without=without, unread=unread)
    name = top.get("name")
    absent = [language for language in head.languages if name and language not in name.value]
    if name and absent:
        problems.append(
            name.problem(f"name has no words in {', '.join(absent)}", "give them; the pack declares the language")
        )
    return head


def missing(head: Head, layer: Layer) -> list[Problem]:
    """What a city must say and no layer says."""
    return [
        _problem(layer, section, key.name, f"{section}.{key.name} is said by no layer", f"add it: {key.says}")
        for section, keys, said in (
            ("settings", SETTINGS, head.settings),
            ("week", WEEK, head.week),
            ("figures", FIGURES, head.figures),
        )
        for key in keys
        if key.needed and key.name not in said and (section, key.name) not in head.unread
    ]


def _section(
    layer: Layer, section: str, part: dict[str, Any], problems: list[Problem]
) -> tuple[dict[str, Said], set[str]]:
    """What could be read, and the keys of what could not."""
    keys = {key.name: key for key in SECTIONS[section]}
    found: dict[str, Said] = {}
    wrong: set[str] = set()
    for name, value in part.items():
        if not section and name and name in SECTIONS:
            continue
        if name not in keys:
            problems.append(_problem(layer, section, name, f"{name} is unknown", nearest(name, tuple(keys))))
            continue
        try:
            found[name] = Said(layer, section, name, read_value(keys[name], value))
        except Wrong as error:
            problems.append(_problem(layer, section, name, error.what, error.remedy))
            wrong.add(name)
    return found, wrong


def _problem(layer: Layer, section: str, key: str, what: str, remedy: str) -> Problem:
    line, column = toml_place(layer.files[PACK_FILE].decode(), section, key)
    return Problem(file=f"{layer.id}/{PACK_FILE}", line=line, column=column, what=what, remedy=remedy)


def read_value(key: Key, value: Any) -> Any:
    """The value of a key as the policy wants it; refuses with `Wrong`."""
    try:
        return HOLDS[key.holds](key, value)
    except (TypeError, KeyError, AttributeError, ValueError):
        raise Wrong(f"{key.name} is not a {key.holds}", f"write one: {key.says}") from None


def _text(key: Key, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    if key.choices and value not in key.choices:
        raise Wrong(f"{key.name} {value!r} is unknown", nearest(value, key.choices))
    if key.name == "id" and not ID.fullmatch(value):
        raise Wrong(f"id {value!r} is not {key.says}", "rename the pack")
    if key.name == "zone":
        _zone(value)
    if key.name == "case_number":
        _number(key.name, value, NUMBER_WORDS, "{date")
    if key.name == "supervise_number":
        _number(key.name, value, ORDER_WORDS, "")
    return value


def _zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise Wrong(f"zone {value!r} is unknown", "write a name of the IANA list, e.g. Asia/Shanghai") from None


def _number(name: str, value: str, words: tuple[str, ...], must: str) -> None:
    """A format of numbers that can be filled in and does not repeat; case numbers are counted by day, orders by year."""
    sample = dict.fromkeys(words, "0") | {"seq": 1}
    try:
        varies = value.format(**sample) != value.format(**(sample | {"seq": 2}))
    except (KeyError, IndexError, ValueError):
        raise Wrong(f"{name} {value!r} cannot be filled in", f"use only {', '.join(words)} in braces") from None
    if not varies or must not in value or not ("{date" in value or "{year" in value):
        raise Wrong(f"{name} {value!r} would repeat", "hold {date} and {seq}" if must else "hold {year} and {seq}")


def _texts(key: Key, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not (value or key.empty) or not all(isinstance(each, str) for each in value):
        raise TypeError
    if key.name == "languages" and not all(LANGUAGE.fullmatch(each) for each in value):
        raise Wrong(f"languages {value} are not all language tags", 'write tags such as "zh", "en"')
    if key.name == "side_by_side" and not all(len(set(each.split("+"))) == 2 for each in value):
        raise Wrong(f"side_by_side {value} are not all two languages", 'join two tags by +, e.g. "zh+en"')
    if key.name == "basemap_urls" and not all(TILES.fullmatch(each) for each in value):
        raise Wrong("basemap_urls are not all addresses of tiles", "write https://host/path with {z}, {x} and {y}")
    return tuple(value)


def _words(key: Key, value: Any) -> dict[str, str]:
    if not value or not all(isinstance(each, str) and each for each in value.values()):
        raise TypeError
    return dict(value)


def _lists(key: Key, value: Any) -> dict[str, tuple[str, ...]]:
    if not all(isinstance(each, str) for keys in value.values() for each in keys):
        raise TypeError
    files = tuple(table.file for table in TABLES)
    for file in value:
        if file not in files:
            raise Wrong(f"{key.name}: {file!r} is no table", nearest(file, files))
    return {file: tuple(keys) for file, keys in value.items()}


def _flag(key: Key, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(key: Key, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    if key.least is not None and key.most is not None and not key.least <= value <= key.most:
        raise Wrong(f"{key.name} {value} is out of range", f"keep it from {key.least} to {key.most}")
    return value


def _limit(key: Key, value: Any) -> Limit:
    if set(value) != {"value", "unit"} or not isinstance(value["value"], int):
        raise TypeError
    if value["unit"] not in tuple(LimitUnit):
        raise Wrong(f"{key.name}: unit {value['unit']!r} is unknown", nearest(str(value["unit"]), tuple(LimitUnit)))
    if not 1 <= value["value"] <= 10_000:
        raise Wrong(f"{key.name}: value {value['value']} is out of range", "keep it from 1 to 10000")
    return Limit(value=value["value"], unit=LimitUnit(value["unit"]))


def _bounds(key: Key, value: Any) -> tuple[float, float, float, float]:
    west, south, east, north = (float(each) for each in value)
    if not all(math.isfinite(each) for each in (west, south, east, north)):
        raise TypeError
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        remedy = "write longitude west, latitude south, longitude east, latitude north"
        raise Wrong(f"bounds {value} are no box on the earth", remedy)
    return west, south, east, north


def _windows(key: Key, value: Any) -> dict[int, tuple[tuple[time, time], ...]]:
    found = {}
    for day, windows in value.items():
        if day not in WEEKDAYS:
            raise Wrong(f"weekday {day!r} is unknown", nearest(day, WEEKDAYS))
        found[WEEKDAYS.index(day)] = tuple(_window(each) for each in windows)
        edges = [edge for window in found[WEEKDAYS.index(day)] for edge in minutes(window)]
        if edges != sorted(edges) or any(opens >= closes for opens, closes in map(minutes, found[WEEKDAYS.index(day)])):
            raise Wrong(f"the windows of {day} overlap or run backwards", "write them in the order of the day, apart")
    if not any(found.values()):
        raise Wrong("windows hold no working time", "give at least one day a window")
    return found


def minutes(window: tuple[time, time]) -> tuple[int, int]:
    """Opening and closing in minutes of the day; closing 00:00 is midnight."""
    opens, closes = (each.hour * 60 + each.minute for each in window)
    return opens, closes or 1440


def _window(said: str) -> tuple[time, time]:
    match = WINDOW.fullmatch(said)
    try:
        hours = [int(each) for each in match.groups()] if match else []
        return time(hours[0], hours[1]), time(hours[2], hours[3])
    except (IndexError, ValueError):
        raise Wrong(f"window {said!r} is not HH:MM-HH:MM", "write it as in 08:00-12:00") from None


HOLDS: dict[Holds, Callable[[Key, Any], Any]] = {
    Holds.text: _text,
    Holds.texts: _texts,
    Holds.words: _words,
    Holds.flag: _flag,
    Holds.whole: _whole,
    Holds.ppm: _whole,
    Holds.limit: _limit,
    Holds.bounds: _bounds,
    Holds.windows: _windows,
    Holds.lists: _lists,
}
