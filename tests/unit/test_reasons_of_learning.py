"""Codes of levels, samples and pauses are read as sentences, with the names of class and area."""

from pathlib import Path

import pytest

from cityloop.packs import load
from cityloop.pages.telling import Teller

TELL = Teller(policy=load(Path(__file__).parents[1] / "packs" / "mini"), language="en")
NOISE = "gbt30428_2_2013/event/0128"


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (f"level:{NOISE}/990201:910000", "level to decide alone Commercial noise North >= 91 %"),
        (f"level:{NOISE}:910000", "level to decide alone Commercial noise >= 91 %"),
        ("level:all:880000", "level to decide alone all classes >= 88 %"),
        ("checked:50000", "a sample: a person looks although it is sure 5 %"),
        ("paused:words", "paused, so that people decide: Class by words"),
        ("text_unlike:120000<400000", "the words are unlike what was learned from, a person decides 12 % < 40 %"),
        (f"level_drifted:{NOISE}", "of late it errs too often, a person decides Commercial noise"),
        ("level_drifted:990201", "of late it errs too often, a person decides North"),
        ("lessons:930000", "learned from cases 93 %"),
    ],
)
def test_a_reason_is_a_sentence(why, told):
    assert TELL.reason(why) == told
