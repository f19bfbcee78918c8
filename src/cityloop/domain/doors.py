"""Numbers on doors: 123, 123-1, 一百二十三, 甲5; what orders them along a road."""

import re

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"十": 10, "百": 100, "千": 1000}
SPOKEN = "".join((*DIGITS, *TENS))
NUMBER = re.compile(rf"(?:[甲乙丙丁])?(\d{{1,5}}|[{SPOKEN}]{{1,9}})(?:\s?[-－之附]\s?(\d{{1,3}}|[{SPOKEN}]{{1,5}}))?")


def spoken(said: str) -> int | None:
    """The whole number that is said in digits or in Chinese words; None where it is none.

    >>> spoken("一百二十三"), spoken("十二"), spoken("二〇八"), spoken("两百零五"), spoken("35"), spoken("百"), spoken("一百二")
    (123, 12, 208, 205, 35, None, 120)
    """
    if said.isascii():
        return int(said) if said.isdigit() else None
    if not any(each in TENS for each in said):
        return int("".join(str(DIGITS[each]) for each in said)) if said and all(each in DIGITS for each in said) else None
    total, digit, unit = 0, None, 10_000
    for at, each in enumerate(said):
        if each in TENS:
            if TENS[each] >= unit or (digit is None and (each != "十" or at)):
                return None
            unit = TENS[each]
            total += (1 if digit is None else digit) * unit
            digit = None
        elif each in "零〇":
            if digit is not None:
                return None
        elif each in DIGITS and digit is None:
            digit = DIGITS[each]
        else:
            return None
    if digit is not None:  # 一百二 is 120, 一百零二 is 102
        total += digit * (unit // 10 if unit > 10 and said[-2] in TENS else 1)
    return total


def number_of(said: str) -> tuple[int, int] | None:
    """A door's number and what is added to it, for the order along the road; None where it is none.

    >>> number_of("123"), number_of("一百二十三之2"), number_of("甲5"), number_of("5-1"), number_of("x")
    ((123, 0), (123, 2), (5, 0), (5, 1), None)
    """
    found = NUMBER.fullmatch(said.strip())
    main = spoken(found[1]) if found else None
    if not found or main is None:
        return None
    return main, (spoken(found[2]) or 0) if found[2] else 0
