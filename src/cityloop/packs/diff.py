"""What differs between two packs: rows added, taken out and changed, each with what it was and what it is."""

from collections.abc import Callable, Iterator, Mapping
from math import cos, radians
from typing import Any

from msgspec import Struct

from cityloop.packs.columns import SOURCE, TABLES, Table
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row

METRES = 111_195.0  # in a degree of latitude
GROUND_M2 = 1.0  # a change of a cell's or an area's ground up to this is rounding
SOURCES = frozenset(column.name for column in SOURCE)
THING = {file: file.partition(".")[0] for file in (table.file for table in TABLES)}  # "rules.csv" -> "rules"
LIMITS = {"limit_value": "limit", "limit_unit": "limit"}  # columns that are one thing to people
FLAGS_OFF = (None, "", (), False, 0)


class Change(Struct, frozen=True, kw_only=True):
    """One difference. `was` and `now` are given for what changed; a `part` is a column, a setting or a language."""

    thing: str  # rules, classes, units, cells, settings, duties ...
    key: str
    name: dict[str, str]
    how: str  # added, removed, changed, moved
    part: str = ""
    was: str = ""
    now: str = ""


def differences(old: Pack, new: Pack) -> list[Change]:
    """Everything that differs, in the order of the pack's files."""
    found: list[Change] = []
    for section in ("top", "settings", "week"):
        said = [_said(getattr(pack.head, section)) for pack in (old, new)]
        found += _values(section if section != "top" else "head", said[0], said[1])
    for table in TABLES:
        found += _rows(table, old, new)
    found += _cells(old, new)
    found += _ground(old, new)
    found += _values("words", _words(old), _words(new))
    found += _duties(old, new)
    return found


def _said(section: Mapping[str, Any]) -> dict[str, str]:
    """What pack.toml says in one section, as text."""
    return {key: _text(each.value) for key, each in section.items() if key not in ("id", "version", "over")}


def _values(thing: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    for key in sorted({*was, *now}):
        if was.get(key) != now.get(key):
            how = "changed" if key in was and key in now else "added" if key in now else "removed"
            yield Change(thing=thing, key=key, name={}, how=how, was=was.get(key, ""), now=now.get(key, ""))


def _words(pack: Pack) -> dict[str, str]:
    return {key: _text(said) for key, said in pack.words.items()}


def _rows(table: Table, old: Pack, new: Pack) -> Iterator[Change]:
    was, now = old.tables[table.file], new.tables[table.file]
    for key in sorted({*was, *now}, key=lambda key: [str(part) for part in key]):
        before, after = was.get(key), now.get(key)
        pack, row = (new, after) if after else (old, before)
        assert row is not None
        told = {"thing": THING[table.file], "key": "/".join(str(part) for part in key), "name": _name(table, pack, row)}
        if before is None or after is None:
            one = row.values
            limit = f"{one['limit_value']} {one['limit_unit']}" if "limit_unit" in one else ""
            yield Change(**told, how="added" if after else "removed", **({"now": limit} if after else {"was": limit}))
        elif before.values != after.values:
            yield from _parts(told, before.values, after.values)


def _parts(told: dict[str, Any], was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """A line for each part of a row that changed: a limit is one, and so is its source."""
    seen: set[str] = set()
    for column in dict.fromkeys((*was, *now)):
        part = LIMITS.get(column, "source" if column in SOURCES else column)
        before, after = was.get(column), now.get(column)
        if part in seen or before == after or (before in FLAGS_OFF and after in FLAGS_OFF):
            continue
        seen.add(part)
        if part == "limit":
            before, after = (f"{each['limit_value']} {each['limit_unit']}" for each in (was, now))
        elif part == "source":
            before, after = (", ".join(str(each[name.name]) for name in SOURCE) for each in (was, now))
        elif isinstance(before, dict) and isinstance(after, dict):
            for language in after:
                if before.get(language) != after[language]:
                    told_in = {
                        "part": f"{part}_{language}",
                        "was": str(before.get(language, "")),
                        "now": after[language],
                    }
                    yield Change(**told, how="changed", **told_in)
            continue
        yield Change(**told, how="changed", part=part, was=_text(before), now=_text(after))


def _name(table: Table, pack: Pack, row: Row) -> dict[str, str]:
    """What people call the row: its name, or that of the class it belongs to."""
    said = row.values.get("name")
    if isinstance(said, dict):
        return said
    owner = pack.tables["classes.csv"].get((row.values.get("class"),))
    return owner.values["name"] if owner and table.file != "classes.csv" else {"zh": said, "en": said} if said else {}


def _text(value: Any) -> str:
    """A value as a person would write it."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return " | ".join(_text(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if hasattr(value, "unit") and hasattr(value, "value"):  # a limit
        return f"{value.value} {value.unit}"
    return str(value)


def area_m2(ring: tuple[tuple[float, float], ...]) -> float:
    """The ground that a ring encloses.

    >>> round(area_m2(((0, 0), (0.001, 0), (0.001, 0.001), (0, 0.001), (0, 0))))
    12364
    """
    lon, lat = ring[0]
    x = [(point[0] - lon) * METRES * cos(radians(lat)) for point in ring]
    y = [(point[1] - lat) * METRES for point in ring]
    return abs(sum(x[at] * y[at + 1] - x[at + 1] * y[at] for at in range(len(ring) - 1))) / 2


def _cells(old: Pack, new: Pack) -> Iterator[Change]:
    for code in sorted({*old.cells, *new.cells}):
        was, now = old.cells.get(code), new.cells.get(code)
        if was is None or now is None:
            yield Change(thing="cells", key=code, name={}, how="added" if now else "removed")
            continue
        if was.duty_grid != now.duty_grid:
            yield Change(
                thing="cells", key=code, name={}, how="changed", part="duty_grid", was=was.duty_grid, now=now.duty_grid
            )
        if was.ring != now.ring:
            sizes = {"was": _m2(area_m2(was.ring)), "now": _m2(area_m2(now.ring))}
            yield Change(thing="cells", key=code, name={}, how="changed", part="boundary", **sizes)


def _ground(old: Pack, new: Pack) -> Iterator[Change]:
    """Areas whose ground grew or shrank, by the cells in them."""
    names = {key[0]: row.values["name"] for pack in (old, new) for key, row in pack.tables["areas.csv"].items()}
    was, now = _grounds(old, names), _grounds(new, names)
    for code in sorted({*was} & {*now}):
        if abs(was[code] - now[code]) > GROUND_M2:
            yield Change(
                thing="areas", key=code, name=names[code], how="changed", part="ground", was=_m2(was[code]),
                now=_m2(now[code]),
            )  # fmt: skip


def _grounds(pack: Pack, names: Mapping[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for cell in pack.cells.values():
        size = area_m2(cell.ring)
        for length in (6, 9, 12):
            if cell.code[:length] in names:
                found[cell.code[:length]] = found.get(cell.code[:length], 0.0) + size
    return found


def _m2(size: float) -> str:
    return f"{size:,.0f} m²" if size < 1_000_000 else f"{size / 1_000_000:,.2f} km²"


def _duties(old: Pack, new: Pack) -> Iterator[Change]:
    """Rows of the duty table by their ids; which of two comes first counts, for the first that matches answers."""
    was, now = ({row.id: row for row in pack.duties.rows} if pack.duties else {} for pack in (old, new))
    for id in dict.fromkeys((*was, *now)):
        before, after = was.get(id), now.get(id)
        if before is None or after is None:
            row = before or after
            assert row is not None
            said = {"now" if after else "was": f"{_filled(row.asks)} -> {_filled(row.says)}"}
            yield Change(thing="duties", key=id, name={}, how="added" if after else "removed", **said)
            continue
        for part, look in (("asks", _asks), ("says", _says)):
            if look(before) != look(after):
                sides = {"was": _filled(look(before)), "now": _filled(look(after))}
                yield Change(thing="duties", key=id, name={}, how="changed", part=part, **sides)
    both = [[id for id in rows if id in was and id in now] for rows in (was, now)]
    for before_id, after_id in zip(*both, strict=True):
        if before_id != after_id:
            yield Change(thing="duties", key=after_id, name={}, how="moved", was=before_id, now=after_id)
            break


_asks: Callable[[Any], dict[str, str]] = lambda row: {key: said for key, said in row.asks.items() if said}
_says: Callable[[Any], dict[str, str]] = lambda row: {key: said for key, said in row.says.items() if said}


def _filled(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {said}" for key, said in cells.items() if said)
