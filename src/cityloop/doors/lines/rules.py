"""Pure decisions of the lines of text: where a key leads, what is shown, what a message wants."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from cityloop.domain.policy import MenuDeed, MenuRow, MenuTakes
from cityloop.domain.policy.seeing import MENU_START, MENU_TEXT, MENU_TITLE, MENU_WORDS
from cityloop.domain.tracking import code_read
from cityloop.doors.lines.model import Standing

Menus = Mapping[str, Mapping[str, MenuRow]]
START = Standing(node=MENU_START)
SCREEN_CHARS = 182  # the most that a gateway passes on to a phone
TURNS_MAX = 40


class Wanted(NamedTuple):
    """What a text message wants: a word of the pack with what follows it, or "report"."""

    deed: str
    rest: str
    language: str | None


def pressed(menus: Menus, at: Standing, text: str) -> Standing:
    """Where a key, or what was written, leads from here. What is in no row leads nowhere."""
    rows = menus.get(at.node, {})
    row = rows.get(text.strip())
    if row is None or row.key in (MENU_TITLE, MENU_TEXT):
        row = rows.get(MENU_TEXT) if text.strip() else None
    if row is None:
        return replace(at, wrong=True)
    said = replace(at, class_key=row.class_key or at.class_key, wrong=False)
    if row.takes is MenuTakes.place:
        said = replace(said, place=text.strip())
    elif row.takes is MenuTakes.words:
        said = replace(said, words=text.strip())
    elif row.takes is MenuTakes.code:
        said = replace(said, code=text.strip())
    if row.leads in menus:
        return replace(said, node=row.leads)
    return replace(said, deed=MenuDeed(row.leads)) if row.leads in tuple(MenuDeed) else replace(at, wrong=True)


def played(menus: Menus, inputs: Sequence[str]) -> Standing:
    """Where all that was pressed leads, from the beginning. What comes after the end belongs to what was written last."""
    at = START
    for place, text in enumerate(inputs[:TURNS_MAX]):
        at = pressed(menus, at, text)
        if at.deed is not None:
            rest = inputs[place + 1 :]
            return replace(at, place="*".join([at.place, *rest])) if rest and at.place else at
    return at


def screen(menus: Menus, at: Standing, language: str, wrong: str) -> str:
    """What the phone shows: heading and lines."""
    rows = menus.get(at.node, {})
    lines = [named(row.says, language) for key, row in rows.items() if key not in (MENU_TITLE, MENU_TEXT)]
    title = named(rows[MENU_TITLE].says, language) if MENU_TITLE in rows else ""
    return "\n".join([each for each in ([wrong] if at.wrong else []) + [title, *lines] if each])[:SCREEN_CHARS]


def named(words: Mapping[str, str], language: str) -> str:
    """What is said in the language, else in any."""
    return words.get(language) or next(iter(words.values()), "")


def wanted(menus: Menus, text: str) -> Wanted:
    """What a message wants, by the word with which it begins; whatever begins with none is a report.

    A code that follows "FOLLOW" may be written in pieces; a word that only begins a sentence is no command.
    """
    plain = text.strip()
    for key, row in menus.get(MENU_WORDS, {}).items():
        for language, said in row.says.items():
            found = re.fullmatch(rf"{re.escape(said)}(?:[\s:：,，]+(.*)|([0-9A-Za-z -]*))", plain, re.IGNORECASE | re.DOTALL)
            rest = (found[1] or found[2] or "").strip() if found else ""
            if found and ((key == "follow" and code_read(rest)) or not rest):
                return Wanted(key, rest, language)
    return Wanted("report", plain, None)
