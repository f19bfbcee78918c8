"""Causes in real history, counted and kept in `real/measured.json`, from which docs/explain/real.md is made."""

import pytest
from real.causes import boston, zurich
from real.page import note

pytestmark = pytest.mark.real


def test_the_worst_places_and_the_rising_types_of_boston():
    """Five places, each back far more often than its type elsewhere; light fails more as nights grow long."""
    found = boston()
    note("causes_boston", found)
    assert len({each["place"] for each in found["places"]}) == 5
    assert all(each["back"] > each["expected"] and each["q"] <= 0.05 for each in found["places"])
    assert "Street Light Outages" in {each["type"] for each in found["rising"]}
    assert all(each["low"] > 1 for each in found["rising"])


def test_hot_spots_of_zurich_hold_over_time_and_the_change_is_told_honestly():
    """Most of the hot hexagons of the second five years were hot in the first; seven classes can prove nothing at 5 %."""
    found = zurich()
    note("causes_zurich", found)
    assert found["hot_in_both_halves"] >= 0.8 * found["hot_late"] > 0
    change = found["change"]
    assert change["years"][2] < 0.6 * change["years"][1]
    assert not change["told"]
    assert "few_places" in change["doubts"]
    assert change["p"] >= 1 / 8
