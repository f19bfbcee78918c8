"""A text as it is read aloud: plain sentences, numbers in words, no signs that a voice stumbles over."""

import re

DIGITS = "零一二三四五六七八九"
PLACES = ("", "十", "百", "千")
SPELT = 5  # so many digits and more are a number to call or a code: said one by one
_number = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")
_link = re.compile(r"https?://\S+|[（(][^（）()]*[）)]|[《》〈〉【】\[\]*#_|]")
_gap = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_SIGNS = {
    "zh": {"·": "，", "—": "，", "/": "，", "→": "，", "；": "。", "℃": "度"},
    "en": {"·": ", ", "—": ", ", "→": ", ", "%": " percent"},
}


def counted(number: int) -> str:
    """A number below a hundred million as Chinese says it.

    >>> [counted(each) for each in (0, 2, 10, 15, 20, 105, 110, 2000, 30050)]
    ['零', '二', '十', '十五', '二十', '一百零五', '一百一十', '两千', '三万零五十']
    """
    if number == 0:
        return DIGITS[0]
    high, low = divmod(number, 10_000)
    said = _below_10k(low)
    if high:
        said = _below_10k(high) + "万" + (DIGITS[0] if low and low < 1000 else "") + said
    return said.removeprefix("一") if said.startswith("一十") else said


def aloud(text: str, language: str) -> str:
    """The text for a voice. English voices say numbers themselves.

    >>> aloud("接到后 4 小时内到松涛路108号（东侧）处置，完成率 95%，电话 12345678", "zh")
    '接到后四小时内到松涛路一百零八号处置，完成率百分之九十五，电话一二三四五六七八'
    """
    text = _link.sub("", text)
    if language == "zh":
        text = re.sub(r"(\d+(?:\.\d+)?)\s*%", r"百分之\1", text)
        text = _number.sub(lambda found: _said(found[0]), text)
    for sign, said in _SIGNS.get(language, {}).items():
        text = text.replace(sign, said)
    return " ".join(_gap.sub("", text).split())


def _said(number: str) -> str:
    whole, _, part = number.partition(".")
    if len(whole) >= SPELT or (len(whole) > 1 and whole.startswith("0")):
        said = "".join(DIGITS[int(each)] for each in whole)
    else:
        said = counted(int(whole))
    return said + ("点" + "".join(DIGITS[int(each)] for each in part) if part else "")


def _below_10k(number: int) -> str:
    digits = [int(each) for each in f"{number:04d}"]
    said, gap = "", False
    for place, digit in zip((3, 2, 1, 0), digits, strict=True):
        if digit == 0:
            gap = bool(said)
            continue
        word = "两" if digit == 2 and place >= 2 and not said and place == 3 else DIGITS[digit]
        said += (DIGITS[0] if gap else "") + word + PLACES[place]
        gap = False
    return said
