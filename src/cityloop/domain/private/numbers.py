"""Telephones, identity cards and bank cards: runs of digits, with gaps, in Chinese numerals, partly hidden."""

import re
from collections.abc import Iterator

from msgspec import Struct

from cityloop.domain.private.kinds import Private, PrivateKind

_NUMERALS = str.maketrans(
    "零〇一二三四五六七八九幺两洞拐壹贰叁肆伍陆柒捌玖", "00123456789120712345678" + "9"
)
_HAN_DIGITS = "零〇一二三四五六七八九幺两洞拐壹贰叁肆伍陆柒捌玖"
_GAP = r"[ \t\-.—–−_·()/、\n\u200b\u00a0\u2003]"
_LISTS = frozenset("/、\n")  # what stands between the items of a list too
_RUN = re.compile(rf"(?:\+{_GAP}{{0,2}})?\(?[0-9*]+(?:{_GAP}{{1,3}}[0-9*]+)*(?:[Xx](?![0-9A-Za-z]))?")
_HAN_RUN = re.compile(rf"[0-9{_HAN_DIGITS}]+(?:{_GAP}{{1,3}}[0-9{_HAN_DIGITS}]+)*")
_GROUP = re.compile(r"[0-9*]+(?:[Xx](?![0-9A-Za-z]))?")
DIGITS_MIN = 7
GROUPS_MAX = 20  # of one number: written one by one
CHARS_MAX = 22  # of one number, without gaps
ID_LENGTH = 18  # of an identity card, which may end with an X
NEVER = 99  # further away than any word is looked for

_MOBILE = re.compile(r"(?:86|0086|0)?1[3-9][0-9][0-9]{8}\Z")
_MOBILE_GROUPS = [3, 4, 4]  # as it is written where what parts it parts lists too
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
    r"编号|编码|单号|订单|工单|案件|受理号|许可证|流水|条码|条形码|户号|表号|学号|考证号|社保|合同|单车|车架号|发动机|注册号|序列号|"
    r"信用代码|公交IC卡号|卡上|住院号|机器号|批号|杆号|坐标|经纬度|快递|(?<![A-Za-z])(?:ETC|IP|SN)(?![A-Za-z])|号段|Case|case|[Oo]rder|[Tt]icket|SR-|No\."
)
_SAYS_ID = re.compile(r"身份证?|证件|证号|号码|残疾证|身份")
_SAYS_CARD = re.compile(r"银行卡|信用卡|储蓄卡|借记卡|工资卡|低保卡|卡号|账号|帐号|账户|帐户|我的卡|card|卡")
_SAYS_PHONE = re.compile(
    r"电话|座机|手机|致电|拨打|回电|回拨|联系方式|联系|拨|打|[Tt]el|TEL|[Pp]hone|call|号码|号码系|聯絡|主叫"
)
_PARTED = re.compile(r"[0-9，。,;；]")  # what stands between says that the word was about something else
_CONNECTS = re.compile(r"[A-Za-z号码为是尾:#/_( \-]{0,8}\Z")  # between the word for a thing and its number
_LETTERS = re.compile(r"[A-Za-z]{0,8}\Z")
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
            if joined[-1] in "Xx" and len(joined) != ID_LENGTH:
                joined, stop = joined[:-1], stop - 1
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


class _Before(Struct, frozen=True):
    """What a number is announced as: how far from it the word for a thing, a card, a telephone … ends; NEVER where none does."""

    text: str

    def far(self, words: re.Pattern[str], most: int = 8) -> int:
        last = None
        for last in words.finditer(self.text):  # noqa: B007
            pass
        if last is None or len(self.text) - last.end() > most or _PARTED.search(self.text, last.end()):
            return NEVER
        return len(self.text) - last.end()

    def says(self, words: re.Pattern[str], most: int = 8) -> bool:
        """Whether such a word announces it, and no word for a thing stands nearer."""
        return self.far(words, most) < self.far(_OTHER)

    @property
    def of_a_thing(self) -> bool:
        return self.far(_OTHER) != NEVER

    @property
    def is_a_things(self) -> bool:
        """Whether the number follows on the word for a thing, e.g. a case's; after "the case's caller" it does not."""
        far = self.far(_OTHER)
        return far != NEVER and _CONNECTS.match(self.text, len(self.text) - far) is not None


def _kind_of(joined: str, flat: str, start: int, end: int, groups: list[tuple[int, int]]) -> tuple[PrivateKind, int] | None:
    """What a number without its gaps is, and how likely."""
    before = _Before(flat[max(0, start - _BEFORE) : start])
    if _is_of_a_code(joined, flat, start, end, before):
        return None
    if any(char in _LISTS for char in flat[start:end]) and [b - a for a, b in groups] != _MOBILE_GROUPS:
        return None
    return (
        _hidden(joined, before)
        or _card_of_a_person(joined, before)
        or _phone(joined, flat, before, start, end, groups)
        or _card_of_a_bank(joined, before, len(groups))
    )


def _is_of_a_code(joined: str, flat: str, start: int, end: int, before: _Before) -> bool:
    """Whether letters stand at it, as in a code. At a mobile and at an identity card some may: "加V138…", "tel138…"."""
    after = end < len(flat) and _is_letter(flat[end]) and not _EXTENSION.match(flat, end)
    leads = start > 0 and _is_letter(flat[start - 1])
    if not after and not leads:
        return False
    whole = _MOBILE.match(joined) or (_ID_18.match(joined) and (is_checked_id(joined) or before.says(_SAYS_ID)))
    letters = len(before.text)
    while letters and _is_letter(before.text[letters - 1]):
        letters -= 1
    in_a_code = leads and letters > 0 and before.text[letters - 1].isdigit()
    return not whole or in_a_code or (after and leads and not before.says(_SAYS_PHONE, 6))


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _hidden(joined: str, before: _Before) -> tuple[PrivateKind, int] | None:
    """A number of which somebody has hidden the middle already."""
    if "*" not in joined or not _HIDDEN.match(joined):
        return None
    if len(joined) == 11 and joined[0] == "1":
        return PrivateKind.phone, 900_000
    if len(joined) in (15, 18) or before.far(_SAYS_ID) != NEVER:
        return PrivateKind.id_number, 850_000
    if len(joined) in (16, 17, 19) or before.far(_SAYS_CARD) != NEVER:
        return PrivateKind.bank_card, 800_000
    return (PrivateKind.phone, 700_000) if before.far(_SAYS_PHONE, 6) != NEVER else None


def _card_of_a_person(joined: str, before: _Before) -> tuple[PrivateKind, int] | None:
    if len(joined) == 18 and _ID_18.match(joined):
        if before.far(_SAYS_ID) != NEVER:
            return PrivateKind.id_number, 990_000
        return None if before.of_a_thing else (PrivateKind.id_number, 980_000 if is_checked_id(joined) else 700_000)
    if len(joined) == 15 and _ID_15.match(joined) and not before.of_a_thing:
        return PrivateKind.id_number, 950_000 if before.far(_SAYS_ID) != NEVER else 700_000
    return None


def _phone(
    joined: str, flat: str, before: _Before, start: int, end: int, groups: list[tuple[int, int]]
) -> tuple[PrivateKind, int] | None:
    if "X" in joined or "x" in joined:
        return None
    says = before.says(_SAYS_PHONE, 6)
    if _MOBILE.match(joined):
        return None if before.is_a_things and not says else (PrivateKind.phone, 980_000)
    if before.of_a_thing and not says:
        return None
    if _LAND.match(joined) and (len(groups) <= 4 or says):
        return PrivateKind.phone, 930_000
    if start and flat[start - 1] == "+" and _ABROAD.match(joined):
        return PrivateKind.phone, 900_000
    if _LOCAL.match(joined) and len(groups) <= 2 and says and not _MONEY.match(flat, end):
        return PrivateKind.phone, 850_000
    return None


def _card_of_a_bank(joined: str, before: _Before, groups: int) -> tuple[PrivateKind, int] | None:
    says = before.says(_SAYS_CARD)
    if not 16 <= len(joined) <= 19 or not joined.isdigit() or (before.of_a_thing and not says):
        return None
    checked = is_checked_card(joined)
    if says:
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
