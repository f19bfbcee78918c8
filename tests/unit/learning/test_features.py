"""Texts as hashes: what is equal, what is left out, what is bounded."""

import numpy as np
import pytest

from cityloop.learning.text import CHARS_MAX, HEAD_CHARS, grams_of


def keys(text):
    return [set(block.keys.tolist()) for block in grams_of(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("路灯不亮", "路 灯\n不亮"),
        ("ＬＥＤ屏", "led屏"),
        ("A Pothole", "a   pothole"),
        ("２０２６年", "2026年"),
        ("路燈", "路灯"),
    ],
)
def test_width_case_and_spaces_say_nothing(one, other):
    assert keys(one) == keys(other)


def test_the_order_of_characters_says_something():
    assert keys("水路")[0] != keys("路水")[0]


def test_a_latin_word_is_one_sign():
    assert len(keys("pothole")[0]) == 1
    assert keys("pothole")[0] != keys("potholes")[0]


@pytest.mark.parametrize("text", ["", " \n\t", "　"])
def test_nothing_gives_nothing(text):
    assert keys(text) == [set(), set()]


@pytest.mark.parametrize("text", ["a", "路", "😀😀😀", "שלום", "\ud800", "臺灣台湾"])
def test_any_text_has_features(text):
    for block in grams_of(text):
        assert len(block.keys) == len(block.counts) > 0
        assert (np.diff(block.keys.astype(np.int64)) > 0).all()


def test_the_head_is_a_block_of_its_own():
    whole, head = grams_of("路" * HEAD_CHARS + "灯" * 50)
    assert int(whole.counts.sum()) == 2 * (HEAD_CHARS + 50) - 1
    assert int(head.counts.sum()) == 2 * HEAD_CHARS - 1
    assert not set(whole.keys.tolist()) & set(head.keys.tolist())


def test_a_megabyte_is_cut():
    whole, _ = grams_of("路灯" * 500_000)
    assert int(whole.counts.sum()) == 2 * CHARS_MAX - 1
