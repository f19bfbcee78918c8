"""Copies: one photo, one text, one caller; for a person to look at."""

import pytest

from cityloop.domain.copied import Print, copies_of

LONG = "幸福家园楼下烧烤摊每天晚上油烟扰民，请处理"


def told(*prints: Print) -> list[tuple]:
    return [(each.what.value, each.reports, each.people) for each in copies_of(prints)]


@pytest.mark.parametrize(
    ("prints", "found"),
    [
        ([Print(id="a", text="", photos=("p",)), Print(id="b", text="", photos=("p", "q"))], [("photo", ("a", "b"), 2)]),
        ([Print(id="a", text="", photos=("p", "p"))], []),  # twice in one report
        ([Print(id=n, text="", photos=("p",), who="w") for n in "ab"], []),  # one person's own photo again
        ([Print(id="a", text=LONG), Print(id="b", text=LONG.replace("，", " ! "))], [("text", ("a", "b"), 2)]),
        ([Print(id="a", text="路灯不亮"), Print(id="b", text="路灯不亮")], []),  # short: alike by chance
        ([Print(id=str(n), text="", who="w") for n in range(5)], [("caller", tuple("01234"), 1)]),
        ([Print(id=str(n), text="", who="w") for n in range(4)], []),
        ([Print(id="a", text="x"), Print(id="b", text="x")], []),  # who gave no number is nobody's double
    ],
)
def test_what_is_a_copy(prints, found):
    assert told(*prints) == found
