"""Who inspects, as tables."""

from pathlib import Path

import pytest

from cityloop.domain.permission import Permission
from cityloop.domain.posts import posts_covering
from cityloop.packs import load
from cityloop.stages.inspect import rules
from cityloop.stages.inspect.model import OwnWork, PostUnable

TOWN = load(Path(__file__).parents[2] / "packs" / "mini")
CELLS = {
    "a1": "990201001001001",
    "a2": "990201001001002",
    "b1": "990201001002001",
    "c1": "990201002001001",
    "e1": "990202001002001",
}


@pytest.mark.parametrize(
    ("cell", "units", "posts", "found"),
    [
        ("a1", (), (), "collector-a1"),
        ("a2", (), (), "collector-a2"),
        ("a1", (), ("collector-a1",), "collector-a2"),
        ("a1", (), ("collector-a1", "collector-a2"), None),
        ("a1", ("watch",), (), None),
        ("a1", ("cleaning",), (), "collector-a1"),
        ("c1", (), (), "collector-c"),
        ("e1", (), (), None),
        (None, (), (), None),
    ],
)
def test_the_nearest_post_that_did_not_do_the_work(cell, units, posts, found):
    assert rules.inspector_for(TOWN, CELLS.get(cell), units, posts) == found


def test_the_smallest_area_comes_first():
    """Its own duty grid, then its community, then further out; of equals the first by name."""
    found = posts_covering(TOWN, CELLS["a2"], Permission.case_verify)
    assert [post.id for post in found] == ["collector-a2", "collector-a1"]
    assert posts_covering(TOWN, "990299999999999", Permission.case_verify) == ()


@pytest.mark.parametrize(
    ("post", "error"),
    [("collector-c", None), ("acceptor", PostUnable), ("nobody", PostUnable), ("collector-a1", OwnWork)],
)
def test_a_named_post_must_be_able_and_another(post, error):
    if error is None:
        assert rules.inspector_named(TOWN, post, (), ("collector-a1",)) == post
    else:
        with pytest.raises(error):
            rules.inspector_named(TOWN, post, (), ("collector-a1",))


@pytest.mark.parametrize(
    ("account", "units", "own"),
    [("a", {"watch"}, False), ("b", {"watch"}, True), ("a", {"cleaning"}, True), ("a", set(), False)],
)
def test_nobody_judges_their_own_work(account, units, own):
    done_by, done_in = {"account:b", None}, {"cleaning"}
    if own:
        with pytest.raises(OwnWork):
            rules.another(f"account:{account}", done_by, units, done_in)
    else:
        rules.another(f"account:{account}", done_by, units, done_in)
