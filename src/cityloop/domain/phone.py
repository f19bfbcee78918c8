"""A phone number as numbers are compared: digits only, without what says which country or exchange dials it."""

import re

_EXTENSION = re.compile(r"(?:x|ext\.?|转)\s*[0-9]*\s*$", re.IGNORECASE)
_OUTSIDE = re.compile(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))")
DIGITS_MIN = 5


def phone_plain(given: str) -> str:
    """The digits by which a number is known again, the same however it was written; empty where it is none.

    >>> phone_plain("+86 138-1234-5678"), phone_plain("13812345678"), phone_plain("0731 8888 6666 转 12"), phone_plain("12")
    ('13812345678', '13812345678', '073188886666', '')
    """
    digits = re.sub(r"[^0-9+]", "", _EXTENSION.sub("", given))
    plain = _OUTSIDE.sub("", digits).replace("+", "")
    return plain if len(plain) >= DIGITS_MIN else ""
