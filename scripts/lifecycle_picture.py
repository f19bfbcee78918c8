"""Draws docs/reference/lifecycle.svg from the one table of moves: states in one column, moves as lanes beside it.

The layout is made, not drawn: a new state or move takes its place by itself. A move that leaves the state alone stands in
its box; one to the box below is an arrow down; any other has a lane of its own, to the right where the case goes on, to
the left where it goes back, with its name at every end.
"""

from functools import cache
from html import escape
from textwrap import wrap

from msgspec import Struct

from cityloop.domain.lifecycle import MOVES, OVER, Move, State
from cityloop.domain.words import say

WIDE, GAP, PORT, LINE = 330, 34, 17, 15
NAMES = 104  # room for the name of a move beside a box
LANE = 13  # between lanes
CHARS = 50  # of a line in a box
HUES = ("#0b5cad", "#8a3b00", "#1d6b3a", "#7a1f6b", "#5b5b00", "#a3212b", "#22577a", "#4b3f9e")
START = "start"
Row = State | str


class Box(Struct, frozen=True):
    """A state's place: its upper edge, its height, and the y of each port by side and move."""

    row: Row
    y: float
    height: float
    ports: dict[tuple[str, str], float]


class Arrow(Struct, frozen=True):
    """A move's lines, each from x, y to x, y; its head is at the end of the last. `crosses`: boxes it runs over."""

    name: str
    side: str  # right, left, down
    lines: tuple[tuple[float, float, float, float], ...]
    labels: tuple[tuple[float, float], ...]
    hue: str
    crosses: tuple[str, ...] = ()


def lifecycle_picture() -> str:
    """The picture, as SVG."""
    column = boxes()
    drawn = arrows()
    right = max([each[2] for arrow in drawn for each in arrow.lines] + [left_edge() + WIDE + NAMES]) + 20
    height = column[-1].y + column[-1].height + 24
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:.0f} {height:.0f}" width="{right:.0f}" '
        f'height="{height:.0f}" role="img" aria-label="The life of a case: its states and the moves between them" '
        'font-family="system-ui, sans-serif" font-size="12">'
    )
    parts = [head, '<rect width="100%" height="100%" fill="#fff"/>']
    parts += [each for arrow in drawn for each in _arrow_parts(arrow)]
    parts += [each for box in column for each in _box_parts(box)]
    return "\n".join([*parts, "</svg>", ""])


def stays(row: Row) -> list[str]:
    """The moves that leave a state alone; of the start, those whose fact says where the case stands."""
    before = None if row == START else row
    return [move.name for move in MOVES if before in move.before and (move.after is None or move.after == before)]


def words_in(row: Row) -> list[str]:
    """The lines of words below the name of a place: its own moves. The start's are short, for arrows leave beside them."""
    return wrap(" · ".join(stays(row)), 12 if row == START else CHARS)


def moved() -> list[Move]:
    """The moves that lead from one state to another."""
    return [move for move in MOVES if move.after and any(each != move.after for each in move.before)]


def befores(move: Move) -> list[Row]:
    """The states that a move leads out of; the start is one."""
    return [each or START for each in move.before if each != move.after]


@cache
def rows() -> tuple[Row, ...]:
    return (START, *State)


def side_of(move: Move) -> str:
    """Down where the next box is the goal, left where every way leads back, else right."""
    places = [rows().index(each) for each in befores(move)]
    goal = rows().index(move.after)
    if places == [goal - 1]:
        return "down"
    return "left" if all(each > goal for each in places) else "right"


@cache
def boxes() -> tuple[Box, ...]:
    """Every state's place, from the top."""
    found, y = [], 16.0
    for row in rows():
        lines = (1 if row == START else 2) + len(words_in(row))
        ends: dict[str, list[str]] = {"right": [], "left": []}
        for move in moved():
            if side_of(move) != "down" and row in (*befores(move), move.after):
                ends[side_of(move)].append(move.name)
        height = max(lines * LINE + 14, max(map(len, ends.values())) * PORT + 8)
        ports = {
            (side, name): y + (place + 1) * height / (len(names) + 1)
            for side, names in ends.items()
            for place, name in enumerate(names)
        }
        found.append(Box(row, y, height, ports))
        y += height + GAP
    return tuple(found)


@cache
def lanes() -> dict[str, int]:
    """The lane of each move beside the column: the shortest nearest, none shared by two that lie side by side."""
    spans = {}
    for move in moved():
        ends = [_box(each).ports[side, move.name] for each in (*befores(move), move.after) if (side := side_of(move)) != "down"]
        if ends:
            spans[move.name] = (side_of(move), min(ends), max(ends))
    taken: dict[tuple[str, int], list[tuple[float, float]]] = {}
    found: dict[str, int] = {}
    for name, (side, top, bottom) in sorted(spans.items(), key=lambda each: each[1][2] - each[1][1]):
        lane = 0
        while any(top < below and above < bottom for above, below in taken.get((side, lane), [])):
            lane += 1
        taken.setdefault((side, lane), []).append((top, bottom))
        found[name] = lane
    return found


@cache
def left_edge() -> float:
    """Where the column begins: after the lanes to its left."""
    left = [lanes()[move.name] for move in moved() if side_of(move) == "left"]
    return 20 + NAMES + LANE * (max(left, default=-1) + 1)


@cache
def arrows() -> tuple[Arrow, ...]:
    """Every move that leads somewhere, as lines."""
    return tuple(_arrow(move, HUES[place % len(HUES)]) for place, move in enumerate(moved()))


def _arrow(move: Move, hue: str) -> Arrow:
    side, goal = side_of(move), _box(move.after)
    if side == "down":
        above, x = _box(befores(move)[0]), left_edge() + 40
        lines = [(x, above.y + above.height, x, goal.y)]
        labels = [(x + 8, goal.y - GAP / 2 + 4)]
    else:
        edge = left_edge() + (WIDE if side == "right" else 0)
        out = 1 if side == "right" else -1
        lane = edge + out * (NAMES + LANE * lanes()[move.name])
        ends = [_box(each).ports[side, move.name] for each in befores(move)]
        to = goal.ports[side, move.name]
        begins = [left_edge() + 136 if each == START else edge for each in befores(move)]
        lines = [(begin, end, lane, end) for begin, end in zip(begins, ends, strict=True)]
        lines += [(lane, min(*ends, to), lane, max(*ends, to)), (lane, to, edge, to)]
        labels = [(edge + out * 9, end - 3) for end in (*ends, to)]
    own = {*befores(move), move.after}
    crosses = tuple(str(box.row) for box in boxes() if box.row not in own and any(_over(each, box) for each in lines))
    return Arrow(move.name, side, tuple(lines), tuple(labels), hue, crosses)


def _over(line: tuple[float, float, float, float], box: Box) -> bool:
    """Whether an upright or level line runs over a box."""
    x1, y1, x2, y2 = line
    left, right = left_edge(), left_edge() + WIDE
    return min(x1, x2) < right and max(x1, x2) > left and min(y1, y2) < box.y + box.height and max(y1, y2) > box.y


def _box(row: Row | None) -> Box:
    return next(each for each in boxes() if each.row == row)


def _arrow_parts(arrow: Arrow) -> list[str]:
    path = " ".join(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" for x1, y1, x2, y2 in arrow.lines)
    x1, y1, x, y = arrow.lines[-1]
    dx, dy = (x > x1) - (x < x1), (y > y1) - (y < y1)
    head = f"M{x:.1f} {y:.1f}L{x - 7 * dx - 4 * dy:.1f} {y - 7 * dy - 4 * dx:.1f}L{x - 7 * dx + 4 * dy:.1f} {y - 7 * dy + 4 * dx:.1f}Z"
    anchor = "end" if arrow.side == "left" else "start"
    words = "".join(
        f'<text x="{lx:.1f}" y="{ly:.1f}" text-anchor="{anchor}" fill="{arrow.hue}">{escape(arrow.name)}</text>'
        for lx, ly in arrow.labels
    )
    return [
        f'<g data-move="{arrow.name}"><path d="{path}" fill="none" stroke="{arrow.hue}"/>'
        f'<path d="{head}" fill="{arrow.hue}"/>{words}</g>'
    ]


def _box_parts(box: Box) -> list[str]:
    x, row = left_edge(), box.row
    marks = "".join(f'<g data-move="{name}"/>' for name in stays(row))
    if row == START:
        found = [f'<circle cx="{x + 40}" cy="{box.y + 18:.1f}" r="7" fill="#222"/>',
                 f'<text x="{x + 56}" y="{box.y + 22:.1f}">上报 · a report</text>']  # fmt: skip
        return [*found, *_words_parts(x + 56, box.y + 22 + LINE, words_in(row)), marks]
    edge = ' stroke-width="3"' if row in OVER else ""
    found = [
        f'<g data-state="{row}"><rect x="{x}" y="{box.y:.1f}" width="{WIDE}" height="{box.height:.1f}" rx="6" '
        f'fill="#f5f7fa" stroke="#333"{edge}/>',
        f'<text x="{x + 10}" y="{box.y + 18:.1f}" font-weight="600">{say(f"state.{row}", "zh")} · {row}</text>',
        f'<text x="{x + 10}" y="{box.y + 18 + LINE:.1f}" fill="#444">{escape(say(f"state.{row}", "en"))}</text>',
    ]
    return [*found, *_words_parts(x + 10, box.y + 18 + 2 * LINE, words_in(row)), f"{marks}</g>"]


def _words_parts(x: float, y: float, lines: list[str]) -> list[str]:
    return [
        f'<text x="{x}" y="{y + place * LINE:.1f}" fill="#666" font-size="11">{escape(line)}</text>'
        for place, line in enumerate(lines)
    ]


if __name__ == "__main__":
    print(lifecycle_picture())
