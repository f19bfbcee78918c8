"""What is wrong with the labels of cameras and with the menus of lines of text."""

import re
from collections.abc import Iterator

from cityloop.domain.policy.seeing import MENU_START, MENU_TEXT, MENU_TITLE, MENU_WORDS, SMS_WORDS, MenuDeed
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.seeing import DETECTIONS, MENUS
from cityloop.packs.tables import Row
from cityloop.packs.values import nearest

WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
PRESSED = re.compile(r"[0-9]{1,2}|\*|#")
SCREEN_CHARS = 160  # what a USSD screen holds at most, in letters of GSM; half of it in others


def seeing_problems(pack: Pack) -> Iterator[Problem]:
    """Labels that no rule could name, and menus in which a caller is lost."""
    yield from _label_problems(pack)
    yield from _menu_problems(pack)


def _label_problems(pack: Pack) -> Iterator[Problem]:
    first: dict[str, Row] = {}
    for row in pack.rows(DETECTIONS):
        v = row.values
        if not WORD.fullmatch(v["word"]):
            what = f"word {v['word']!r} cannot be named by a rule"
            yield pack.problem(DETECTIONS, row, "word", what, "use small letters, digits and _, at most 40")
        same = first.setdefault(v["word"], row)
        if (same.values["name"], same.values.get("class")) != (v["name"], v.get("class")):
            what = f"word {v['word']!r} has another name or class on line {same.line} of {same.layer}"
            yield pack.problem(DETECTIONS, row, "word", what, "give the rows of one word one name and one class")


def _menu_problems(pack: Pack) -> Iterator[Problem]:
    rows = list(pack.rows(MENUS))
    nodes = {row.values["node"] for row in rows} - {MENU_WORDS}
    titled = {row.values["node"] for row in rows if row.values["key"] == MENU_TITLE}
    for row in rows:
        v = row.values
        if v["node"] == MENU_WORDS:
            if v["key"] not in SMS_WORDS:
                yield pack.problem(MENUS, row, "key", f"key {v['key']!r} is no deed of an SMS", nearest(v["key"], SMS_WORDS))
            continue
        yield from _line_problems(pack, row, nodes)
        if v["node"] not in titled:
            yield pack.problem(MENUS, row, "node", f"node {v['node']!r} has no heading", f"add a row with the key {MENU_TITLE}")
    if nodes and MENU_START not in nodes:
        yield pack.problem(MENUS, rows[0], "node", f"no node is called {MENU_START}", f"call the first one {MENU_START}")


def _line_problems(pack: Pack, row: Row, nodes: set[str]) -> Iterator[Problem]:
    """A line that cannot be pressed, or leads nowhere."""
    v = row.values
    leads, key, takes = v.get("leads", ""), v["key"], v.get("takes", "none")
    if key == MENU_TITLE:
        return
    if key != MENU_TEXT and not PRESSED.fullmatch(key):
        yield pack.problem(MENUS, row, "key", f"key {key!r} is on no phone", "write one or two digits, *, #, title or text")
    if (key == MENU_TEXT) != (takes != "none"):
        what = "what is written is taken for nothing" if key == MENU_TEXT else "only the key text takes what is written"
        yield pack.problem(MENUS, row, "takes", what, "write place, words or code beside the key text, else none")
    if leads not in nodes and leads not in tuple(MenuDeed):
        known = (*sorted(nodes), *MenuDeed)
        yield pack.problem(MENUS, row, "leads", f"{leads!r} is neither a node nor an end", nearest(leads, known))
