"""src/cityloop/people/guessed.txt: passwords that everybody takes, of those that our rules would take. Made from zxcvbn's lists.

    python -m pip install --target /some/folder --no-deps zxcvbn==4.5.0
    PYTHONPATH=/some/folder .venv/bin/python -m scripts.make_guessed
"""

from collections.abc import Iterable
from pathlib import Path

from cityloop.people.rules import KINDS, LONG_ENOUGH, LONG_ENOUGH_WITH_KINDS

OUT = Path(__file__).resolve().parents[1] / "src" / "cityloop" / "people" / "guessed.txt"
# of our place and time; the lists were counted elsewhere
OURS = ["12345678910", "0123456789", "1234512345", "1q2w3e4r5t", "1qaz2wsx3edc", "abcd123456", "abc1234567", "a123456789", "woaini1314", "woaini520", "woaini521", "5201314520", "5201314a", "iloveyou123", "admin12345", "administrator", "welcome123", "letmein123", "changeme123", "cityloop123", "p@ssw0rd", "passw0rd!", "abc12345", "aa123456", "aa12345678", "admin123", "admin@123", "admin888", "qwer1234", "abcd1234", "abc@1234", "aa123456!", "qwe123456", "qweasd123", "zaq12wsx", "huawei@123", "root@123", "test@123", "pass@123", "p@ssword", "p@ssw0rd123", "1qaz@wsx", "1qaz@wsx3edc", "qwer@1234", "asd123456", "zxcvbnm123", "asdfghjkl123", "wang123456", "zhang123456", "li123456789", "12345.com", "abc123!@#"]


def fits(folded: str) -> bool:
    """Whether our rules would take it as long as nobody lists it, in some mix of small letters and capitals."""
    letters = sum(char.isalpha() for char in folded)
    others = any(not char.isalnum() for char in folded)
    kinds = min(letters, 2) + any(char.isdigit() for char in folded) + others
    return len(folded) >= (LONG_ENOUGH_WITH_KINDS if kinds >= KINDS else LONG_ENOUGH)


def lines_of(listed: Iterable[str]) -> list[str]:
    """Those that fit, each once, in their order by letters."""
    return sorted({each.casefold() for each in (*listed, *OURS) if fits(each)})


if __name__ == "__main__":
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    found = lines_of(FREQUENCY_LISTS["passwords"])
    OUT.write_text("\n".join(found) + "\n", encoding="utf-8")
    print(f"{len(found)} in {OUT.name}")
