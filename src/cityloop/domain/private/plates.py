"""Licence plates: of cars, of new-energy cars (six after the letter), of police, learners and trailers; partly hidden too."""

import re

from cityloop.domain.private.kinds import Private, PrivateKind

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[\s.·•・\-_\u200b]{0,2}"
_BODY = r"[A-HJ-NP-Za-hj-np-z0-9*]"
_HALVES = rf"{_BODY}{{2}}[ .·-]{_BODY}{{3,4}}|{_BODY}{{3}}[ .·-]{_BODY}{{2,3}}"  # said with a pause
_PLATE = re.compile(
    rf"[{PROVINCES}]{_GAP}[A-HJ-Za-hj-z]{_GAP}"
    rf"((?:{_BODY}{{6}}|{_BODY}{{5}}|{_BODY}{{4}}[挂学警港澳领使试超]|{_HALVES})(?![A-Za-z0-9*]))"
)
_BARE = re.compile(rf"(?:车牌|牌照|车号|号牌)(?:号码|号)?(?:是|为)?[\s:]{{0,2}}([A-HJ-Za-hj-z]{_GAP}{_BODY}{{5,6}})(?![A-Za-z0-9*])")


def plates_in(flat: str) -> list[Private]:
    """Plates with their province; without it only after the word that announces one."""
    found = [
        Private(PrivateKind.plate, each.start(), each.end(), 970_000)
        for each in _PLATE.finditer(flat)
        if _has_digits(each[1])
    ]
    found += [
        Private(PrivateKind.plate, each.start(1), each.end(1), 850_000)
        for each in _BARE.finditer(flat)
        if _has_digits(each[1])
    ]
    return found


def _has_digits(body: str) -> bool:
    """A plate has at least one digit, and a hidden one still says two characters."""
    return any(char.isdigit() for char in body) and sum(char.isalnum() for char in body) >= 2
