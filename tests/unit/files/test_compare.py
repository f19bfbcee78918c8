"""Before and after, on pictures that we draw: moved, cropped, turned, lit otherwise, with the heap gone or not."""

import random
from io import BytesIO

import pytest
from PIL import Image
from tests.street_pictures import street, taken

from cityloop.files.compare import compare

SEEDS = range(300, 308)


def pairs(kind: str) -> list[tuple[bytes, bytes]]:
    """Two photos of each street: `cleared`, `left` as it was, or of `another` street."""
    found = []
    for seed in SEEDS:
        rng = random.Random(seed)
        before = taken(street(seed, heap=True), rng)
        after = street(seed, heap=kind == "left") if kind != "another" else street(seed + 5_000)
        found.append((before, taken(after, rng)))
    return found


@pytest.mark.parametrize(("kind", "place"), [("cleared", "same"), ("left", "same"), ("another", "other")])
def test_the_place_is_known_again(kind, place):
    """Taken from another stand, in another light, of another phone; one in eight may be missed."""
    said = [compare(*each).place for each in pairs(kind)]
    assert said.count(place) >= len(said) - 1, said


@pytest.mark.parametrize(("kind", "change"), [("cleared", "changed"), ("left", "unchanged")])
def test_what_changed_is_seen(kind, change):
    """A heap that is gone is seen, one that lies there still is too; two in eight may be missed."""
    said = [compare(*each).change for each in pairs(kind)]
    assert said.count(change) >= len(said) - 2, said


def test_the_same_photo_twice_is_unchanged():
    """Nothing could be more alike."""
    raw = taken(street(1), random.Random(1))
    found = compare(raw, raw)
    assert (found.place, found.change, found.likeness_ppm) == ("same", "unchanged", 1_000_000)


def test_a_blank_photo_says_nothing():
    """A lens that was covered proves nothing, and is no other place."""
    out = BytesIO()
    Image.new("RGB", (640, 480), (9, 9, 9)).save(out, "JPEG")
    found = compare(out.getvalue(), taken(street(1), random.Random(1)))
    assert (found.place, found.change, found.why) == ("unclear", "unclear", ("plain",))
