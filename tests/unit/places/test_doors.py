"""门前责任: an event that is looked at with a shop is at the nearest one's door, or at nobody's."""

from pathlib import Path

import pytest

from cityloop.domain.facts import Proposal
from cityloop.domain.said import Said
from cityloop.field import census
from cityloop.packs import load
from cityloop.places import has_things, nearest_component
from cityloop.stages.understand.model import Guess
from cityloop.stages.understand.service import place_of

NOISE, RUBBISH = "gbt30428_2_2013/event/0128", "gbt30428_2_2013/event/0110"
PACK = Path(__file__).parents[2] / "packs" / "mini_shops"


@pytest.fixture(scope="module")
def town():
    """A town with four shops of two trades; noise is looked at with the nearest within 20 m."""
    return load(PACK)


@pytest.mark.parametrize(
    ("key", "lon", "code"),
    [
        (NOISE, 100.005, "9902010399000001"),
        (NOISE, 100.00516, "9902010399000002"),  # 15.4 m from the one, 13.5 m from the other
        (NOISE, 100.00479, None),  # 20.3 m
        (NOISE, 100.015, "9902010399000003"),  # of another trade
        (RUBBISH, 100.005, None),
        ("gbt30428_2_2013/component/0101", 100.005, "9902010101000001"),
    ],
)
def test_the_nearest_door(town, key, lon, code):
    found = nearest_component(town, key, lon, 30.015)
    assert (found[0].code if found else None) == code
    assert has_things(town, key) is (key != RUBBISH)


def test_what_a_report_says_is_understood_at_the_door(town):
    """With the class the shop; one that a census took out of the register is passed over."""
    guess = Guess(proposals=(Proposal(class_key=NOISE, rule=f"{NOISE}/1", confidence_ppm=900_000, reasons=()),))
    said = Said(text="喇叭太吵", lon=100.005, lat=30.015)
    assert place_of(said, guess, town, census.NOTHING).component == "9902010399000001"
    gone = census.Overlay(frozenset({"9902010399000001"}), ())
    assert place_of(Said(text="喇叭太吵", lon=100.0052, lat=30.015), guess, town, gone).component == "9902010399000002"
    assert place_of(said, Guess(), town, census.NOTHING).component is None
