"""Telephones, identity cards and bank cards: runs of digits, with gaps, in Chinese numerals, partly hidden."""

import re
from collections.abc import Iterator

from cityloop.domain.private.kinds import Private, PrivateKind

_NUMERALS = str.maketrans(
    "零〇一二三四五六七八九幺两洞拐壹贰叁肆伍陆柒捌玖", "00123456789120712345678" + "9"
)
_HAN_DIGITS = "零〇一二三四五六七八九幺两洞拐壹贰叁肆伍陆柒捌玖"
_GAP = r"[ \t\-.—–_·()\u200b\u00a0\u2003]"
_RUN = re.compile(rf"(?:\+{_GAP}{{0,2}})?\(?[0-9*]+(?:{_GAP}{{1,3}}[0-9*]+)*[Xx]?")
_HAN_RUN = re.compile(rf"[0-9{_HAN_DIGITS}]+(?:{_GAP}{{1,3}}[0-9{_HAN_DIGITS}]+)*")
_GROUP = re.compile(r"[0-9*]+[Xx]?")
DIGITS_MIN = 7
GROUPS_MAX = 20  # of one number: written one by one
CHARS_MAX = 22  # of one number, without gaps

_MOBILE = re.compile(r"(?:86|0086|0)?1[3-9][0-9][0-9]{8}\Z")
_LAND = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}\Z")
_ABROAD = re.compile(r"(?:852|853|886|1|7|33|44|49|60|61|65|66|81|82|84|91)[0-9]{7,11}\Z")
_LOCAL = re.compile(r"[2-9][0-9]{6,7}\Z")
_ID_18 = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123])[0-9]{4}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]\Z"
)
_ID_15 = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123])[0-9]{4}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}\Z"
)
_HIDDEN = re.compile(r"[0-9]{3,14}\*{3,14}[0-9]{0,4}[Xx]?\Z")

_BEFORE = 14  # characters in which a number is announced
_OTHER = re.compile(
    r"(?:编号|编码|单号|订单|工单|案件|受理号|许可证|流水|条码|条形码|户号|表号|学号|考证号|社保|合同|单车|车架号|发动机|注册号|"
    r"信用代码|公交IC卡号|卡上|住院号|机器号|批号|杆号|坐标|经纬度|快递|ETC|号段|IP|Case|case|[Oo]rder|[Tt]icket|SR-|No\.)[^0-9，。,;；]{0,8}\Z"
)
_SAYS_ID = re.compile(r"(?:身份证?|证件|证号|号码|残疾证|身份)[^0-9，。,;；]{0,8}\Z")
_SAYS_CARD = re.compile(r"(?:银行卡|信用卡|储蓄卡|借记卡|工资卡|低保卡|卡号|账号|帐号|账户|帐户|我的卡|card|卡)[^0-9，。,;；]{0,8}\Z")
_SAYS_PHONE = re.compile(
    r"(?:电话|座机|手机|致电|拨打|回电|回拨|联系方式|联系|拨|打|[Tt]el|TEL|[Pp]hone|call|号码|号码系|聯絡|主叫)[^0-9，。,;；]{0,6}\Z"
)
_MONEY = re.compile(r"[ ]?(?:元|块|万|%|平方|米|吨|公里|年|月|日|号线|°)")
_EXTENSION = re.compile(r"[\s]?(?:转|ext\.?|x)[\s]?[0-9]{1,5}(?![0-9])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def numbers_in(flat: str) -> list[Private]:
    """The numbers of people. What belongs to things and orders, hotlines of authorities, dates and prices are none."""
    found = []
    for run in _RUN.finditer(flat):
        if run.end() - run.start() >= DIGITS_MIN:
            found += _numbers_of(flat, flat, run.start(), run.end())
    spoken = ""
    for run in _HAN_RUN.finditer(flat):
        if run.end() - run.start() >= DIGITS_MIN and not run[0].isascii():
            spoken = spoken or flat.translate(_NUMERALS)
            found += _numbers_of(spoken, flat, run.start(), run.end())
    return found


def _numbers_of(digits: str, flat: str, start: int, end: int) -> Iterator[Private]:
    """The numbers in one run of groups: the longest that makes sense at each place, none over another."""
    groups = [(each.start(), each.end()) for each in _GROUP.finditer(digits, start, end)]
    at = 0
    while at < len(groups):
        for last in range(min(len(groups), at + GROUPS_MAX), at, -1):
            first, stop = groups[at][0], groups[last - 1][1]
            if stop - first > CHARS_MAX * 3:
                continue
            joined = "".join([digits[a:b] for a, b in groups[at:last]])
            if not DIGITS_MIN <= len(joined) <= CHARS_MAX:
                continue
            if kind := _kind_of(joined, flat, first, stop, groups[at:last]):
                yield _whole(kind[0], kind[1], flat, first, stop)
                at = last
                break
        else:
            at += 1


def _whole(kind: PrivateKind, ppm: int, flat: str, start: int, end: int) -> Private:
    """With the plus, the bracket and the extension that belong to a telephone."""
    if kind is PrivateKind.phone:
        while start and flat[start - 1] in "+(":
            start -= 1
        if more := _EXTENSION.match(flat, end):
            end = more.end()
    return Private(kind, start, end, ppm)


def _kind_of(joined: str, flat: str, start: int, end: int, groups: list[tuple[int, int]]) -> tuple[PrivateKind, int] | None:
    """What a number without its gaps is, and how likely."""
    if end < len(flat) and flat[end].isascii() and flat[end].isalpha():
        return None
    before = flat[max(0, start - _BEFORE) : start]
    if before and before[-1].isascii() and before[-1].isalpha():
        return None
    of_a_thing = _OTHER.search(before) is not None
    return (
        _hidden(joined, before)
        or _card_of_a_person(joined, before, of_a_thing)
        or (None if of_a_thing else _phone(joined, flat, before, start, end, groups))
        or _card_of_a_bank(joined, before, of_a_thing, len(groups))
    )


def _hidden(joined: str, before: str) -> tuple[PrivateKind, int] | None:
    """A number of which somebody has hidden the middle already."""
    if "*" not in joined or not _HIDDEN.match(joined):
        return None
    if len(joined) == 11 and joined[0] == "1":
        return PrivateKind.phone, 900_000
    if len(joined) in (15, 18) or _SAYS_ID.search(before):
        return PrivateKind.id_number, 850_000
    if len(joined) in (16, 17, 19) or _SAYS_CARD.search(before):
        return PrivateKind.bank_card, 800_000
    return (PrivateKind.phone, 700_000) if _SAYS_PHONE.search(before) else None


def _card_of_a_person(joined: str, before: str, of_a_thing: bool) -> tuple[PrivateKind, int] | None:
    if len(joined) == 18 and _ID_18.match(joined):
        if _SAYS_ID.search(before):
            return PrivateKind.id_number, 990_000
        return None if of_a_thing else (PrivateKind.id_number, 980_000 if is_checked_id(joined) else 700_000)
    if len(joined) == 15 and _ID_15.match(joined) and not of_a_thing:
        return PrivateKind.id_number, 950_000 if _SAYS_ID.search(before) else 700_000
    return None


def _phone(
    joined: str, flat: str, before: str, start: int, end: int, groups: list[tuple[int, int]]
) -> tuple[PrivateKind, int] | None:
    if "X" in joined or "x" in joined:
        return None
    if _MOBILE.match(joined):
        return PrivateKind.phone, 980_000
    if _LAND.match(joined) and (len(groups) <= 4 or _SAYS_PHONE.search(before)):
        return PrivateKind.phone, 930_000
    if start and flat[start - 1] == "+" and _ABROAD.match(joined):
        return PrivateKind.phone, 900_000
    if _LOCAL.match(joined) and len(groups) <= 2 and _SAYS_PHONE.search(before) and not _MONEY.match(flat, end):
        return PrivateKind.phone, 850_000
    return None


def _card_of_a_bank(joined: str, before: str, of_a_thing: bool, groups: int) -> tuple[PrivateKind, int] | None:
    if not 16 <= len(joined) <= 19 or not joined.isdigit() or of_a_thing:
        return None
    checked = is_checked_card(joined)
    if _SAYS_CARD.search(before):
        return PrivateKind.bank_card, 970_000 if checked else 800_000
    if checked and (joined[:2] == "62" or groups >= 4):
        return PrivateKind.bank_card, 900_000
    return None


def is_checked_id(number: str) -> bool:
    """Whether the last sign of an identity card of 18 fits the others. Source: ISO 7064, MOD 11-2.

    >>> is_checked_id("11010519491231002X"), is_checked_id("110105194912310021")
    (True, False)
    """
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11] == number[17].upper()


def is_checked_card(number: str) -> bool:
    """Whether the last digit of a card fits the others. Source: ISO/IEC 7812, Luhn's sum.

    >>> is_checked_card("4111111111111111"), is_checked_card("4111111111111112")
    (True, False)
    """
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0
