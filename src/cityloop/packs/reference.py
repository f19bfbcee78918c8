"""The page about the pack format, made from the declarations that the reader and the check use."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from cityloop.domain.permission import COMMAND, SUPERVISION, Permission
from cityloop.packs.columns import CELLS_FILE, DUTIES_FILE, TABLES, WORDS_FILE, Column, Table, Takes
from cityloop.packs.decision import INPUTS, NEEDED, OUTPUTS
from cityloop.packs.settings import FIGURES, HEAD, NUMBER_WORDS, SETTINGS, WEEK, WEEKDAYS, Key
from cityloop.packs.tables import columns_of

INTRO = """# The pack: a city as data

*Made from the declarations in `src/cityloop/packs/` by `python -m cityloop.packs.reference docs/reference/pack_format.md`;
a test fails when this page is stale.*

A pack is a folder. `pack.toml` is its head; every other file may be absent. A pack lies over another one, named by
`over`, that one perhaps over a third: `base`, then a region, then the city. A row of a later layer replaces the row of
the same key in a lower one, and `without` takes rows out; settings replace one another key by key; of `{duties}` the highest layer's counts, whole.
The layer below is looked for beside the pack, then among the packs shipped with Cityloop.

A pack with `city = true` is complete with its layers and can be loaded; without it, it is only a layer.
A version of a pack is named by the sha256 of one plain tar of all layers, with fixed order and dates; a byte order mark
and CRLF line ends make no difference.

All files are UTF-8. In a CSV file the first line names the columns, in any order. A column of **words** stands once for
each language that the pack declares: `name_zh`, `name_en`; columns of further languages may stand there unused.
Codes are digits and keep their zeros. Rows that are rules, classes, schemes, dates or duties **cite their source**.

`cityloop pack check FOLDER` finds everything that is wrong, with file, line and column.
"""

CELLS = """## `{file}`

Unit cells 单元网格, as a GeoJSON FeatureCollection in WGS 84 degrees, longitude first. Each feature is a `Polygon` of one
closed ring with the properties

| property | says |
|---|---|
| `code` | 15 digits: district 6, street 3, community 3, cell 3; numbered from west to east, north to south in a community |
| `duty_grid` | the duty grid 责任网格 it belongs to |
| `provisional` (may be absent) | true: it stands for a street whose cells are not surveyed yet |

Neighbours share their line point by point: overlaps and gaps of more than one square metre are problems, and so is a
cell whose community is not in `areas.csv`.
"""

WORDS = """## `{file}`

The city's own words over the product's: `"key" = {{ zh = "…", en = "…" }}`, in each language of the pack.
"""

DUTIES = """## `{file}`

The duty table 权责清单: a GoRules JDM file with one input, one decision table and one output, as the JDM editor saves it.
Hit policy `collect`: all matching rows come back in the table's order; **the first one answers**, the others are the next
best (with `first` there are none). It is keyed on the *kind* of unit; which unit that is, follows from kind, level and
place in `units.csv`. Each row has an `_id` of its own, which comes back as `row`. A condition is a ZEN unary expression
(`"a", "b"` is one of them, `>= 19`, `[7..18]`, `< 6 or >= 22`, `startsWith($, "990101")`), an answer a ZEN expression
(`"sanitation"`, `["street"]`, `2`); an empty condition is always met.

| input | holds |
|---|---|
{inputs}

| output | holds |
|---|---|
{outputs}
"""


def pack_format_page() -> str:
    """The whole page, as Markdown."""
    parts = [
        INTRO.format(duties=DUTIES_FILE),
        "## `pack.toml`\n",
        *_keys("At the top", HEAD),
        *_keys("`[settings]`", SETTINGS),
        'A limit is a table: `{ value = 2, unit = "work_hour" }`. '
        f"Words of `case_number`: {', '.join(f'`{each}`' for each in NUMBER_WORDS)}.\n",
        *_keys("`[figures]`", FIGURES),
        *_keys("`[week]`", WEEK),
        f"Weekdays: {', '.join(WEEKDAYS)}. A working day that the calendar puts on a free weekday has the windows of the "
        "first weekday that has any. A window may close at 00:00, which is midnight.\n",
        *(line for table in TABLES for line in _table(table)),
        _permissions(),
        CELLS.format(file=CELLS_FILE),
        DUTIES.format(file=DUTIES_FILE, inputs=_rows(INPUTS.items()), outputs=_rows(_outputs())),
        WORDS.format(file=WORDS_FILE),
    ]
    return "\n".join(parts)


def _outputs() -> Iterator[tuple[str, str]]:
    for field, says in OUTPUTS.items():
        yield field, says + ("; needed" if field in NEEDED else "")


def _rows(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"| `{name}` | {says} |" for name, says in pairs)


def _keys(title: str, keys: tuple[Key, ...]) -> Iterator[str]:
    yield f"### {title}\n\n| key | holds | says |\n|---|---|---|"
    for key in keys:
        span = f", {key.least} to {key.most}" if key.least is not None else ""
        choices = f": {', '.join(f'`{each}`' for each in key.choices)}" if key.choices else ""
        yield f"| `{key.name}`{'' if key.needed else ' (may be absent)'} | {key.holds}{span}{choices} | {key.says} |"
    yield ""


def _table(table: Table) -> Iterator[str]:
    yield f"## `{table.file}`\n\n{table.says}\n\nKey: {', '.join(f'`{each}`' for each in table.key)}.\n"
    yield "| column | holds | says |\n|---|---|---|"
    for column in columns_of(table):
        name = f"`{column.name}_…`" if column.takes is Takes.words else f"`{column.name}`"
        yield f"| {name}{'' if column.needed else ' (may be empty or absent)'} | {_holds(column)} | {column.says} |"
    yield ""


def _holds(column: Column) -> str:
    said = str(column.takes)
    if column.choices:
        said += f": {', '.join(f'`{each}`' for each in column.choices)}"
    if column.least is not None and column.most is not None:
        said += f", {column.least:g} to {column.most:g}"
    if column.default:
        said += f"; empty is {column.default}"
    if column.refers:
        said += f"; must be in `{column.refers}`"
    return said


def _permissions() -> str:
    lines = [
        "### Permissions\n\nSupervision and command are apart 监督与指挥分离: no role holds words of both lists.\n",
        "| word | list |\n|---|---|",
    ]
    for word in Permission:
        side = "supervision" if word in SUPERVISION else "command" if word in COMMAND else ""
        lines.append(f"| `{word}` | {side} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(pack_format_page(), encoding="utf-8", newline="\n")
