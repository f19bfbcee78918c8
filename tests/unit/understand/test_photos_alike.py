"""Photos in the score of two reports: drawn streets, saved anew, taken anew, and others."""

import random
from io import BytesIO

import pytest
from PIL import Image
from tests.street_pictures import street, taken

from cityloop.domain.alike import PHOTO_SAME_BITS, Pair, Signs, photos_apart, score_of
from cityloop.domain.said import PhotoClaim, Said
from cityloop.files import take_in
from cityloop.packs import load
from cityloop.stages.understand.rules import signs_of

OF = load("demo").class_by_key["gbt30428_2_2013/event/0110"]


class Limits:
    photo_bytes_max, photo_pixels_max = 12_000_000, 50_000_000


def jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def look(raw: bytes) -> str:
    """As it is kept with the words."""
    return f"{take_in(raw, Limits()).look:064x}"


def said(*looks: str) -> Said:
    return Said(claims=tuple(PhotoClaim(digest="d", look=each) for each in looks))


def score(signs: Signs):
    return score_of(Pair(away_m=30, age_h=5, signs=signs), OF)


@pytest.mark.parametrize("seed", range(6))
def test_the_same_picture_saved_anew_speaks_for_one_problem(seed):
    picture = street(seed, heap=True)
    ours, theirs = look(jpeg(picture)), look(jpeg(picture.resize((600, 467)), 55))
    signs = signs_of(said(ours), {}, {"c": [look(jpeg(street(seed + 50))), theirs]})["c"]
    assert signs.photo_bits <= PHOTO_SAME_BITS
    told = score(signs)
    assert [each.split(":")[0] for each in told.reasons][-1] == "photo_alike"
    assert told.points == pytest.approx(score(Signs()).points + 3.0)


@pytest.mark.parametrize("seed", range(6))
def test_another_place_says_nothing_neither_for_nor_against(seed):
    signs = signs_of(said(look(jpeg(street(seed, heap=True)))), {}, {"c": [look(jpeg(street(seed + 20, heap=True)))]})["c"]
    assert score(signs) == score(Signs())


def test_taken_anew_it_gains_less_than_saved_anew_and_loses_nothing():
    rng = random.Random(3)
    picture = street(3, heap=True)
    first = look(jpeg(picture))
    gained = [score(Signs(photo_bits=photos_apart([first], [look(taken(picture, rng, shift=0.02, turn=1.0))]))).points for _ in range(8)]
    none = score(Signs()).points
    assert all(none <= points < none + 1.5 for points in gained)


def test_a_picture_that_shows_nothing_is_like_no_other():
    """A wall, a dark night: its look is the same as that of any other."""
    grey, dark = (look(jpeg(Image.new("RGB", (640, 480), shade))) for shade in ((120, 120, 120), (9, 9, 12)))
    assert photos_apart([grey], [dark]) is None


def test_without_photos_all_is_as_it_was():
    """Words alone, nothing at all, a photo on one side only."""
    assert signs_of(said(), {}) == {}
    assert signs_of(said(), {}, {"c": ["f" * 32 + "0" * 32]})["c"].photo_bits is None
    assert signs_of(said("f" * 32 + "0" * 32), {"c": frozenset({"路灯"})})["c"].photo_bits is None
