"""What the bench of duplicates compares is what was known when the later request came in."""

import numpy as np
from bench.understand.boston import Requests
from bench.understand.choice import groups_of, learned, shares_of
from bench.understand.pairs import pairs_of


def told(closed: list[float], **more: str) -> Requests:
    row = {"type": "light", "reason": "lights", "source": "call", "location": "1 Elm St", "location_street_name": "1 Elm St"}
    rows = [row | {"closure_reason": "duplicate", "ontime": "OVERDUE"} | more for _ in closed]
    opened = np.arange(len(closed)) * 60.0
    zero = np.zeros(len(closed))
    return Requests(rows, opened, np.array(closed), zero, zero, np.array([-1, 0, 0]), np.zeros(len(closed), bool))


def test_what_came_after_the_request_changes_nothing():
    """Both are open when the third comes, at 120 minutes; when they close afterwards, and how, is the future."""
    late = pairs_of(told([500.0, 700.0, np.inf]), np.array([2]))
    later = pairs_of(told([9000.0, np.inf, 150.0], closure_reason="resolved", ontime="ONTIME"), np.array([2]))

    assert np.array_equal(late.features, later.features)
    assert late.earlier.tolist() == later.earlier.tolist()
    assert not np.array_equal(late.features, pairs_of(told([90.0, 700.0, np.inf]), np.array([2])).features)


def test_the_choice_learns_which_of_several_and_when_none():
    """The larger of two is chosen where it is large; a group of small ones has none."""
    features = np.array([[3.0], [0.0], [0.1], [0.0], [0.0], [2.5], [0.2], [0.1]])
    chosen = np.array([1, 0, 0, 0, 0, 1, 0, 0], bool)
    groups = groups_of(np.array([1, 1, 2, 2, 3, 3, 4, 4]))
    weights = learned(features, chosen, groups, np.ones(4))
    shares = shares_of(features @ weights[:-1] + weights[-1], groups)

    assert (shares > 0.5).tolist() == chosen.tolist()
    assert (np.add.reduceat(shares, groups.starts) < 1).all()
