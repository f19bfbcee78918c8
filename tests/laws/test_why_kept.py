"""What is kept of "where and why" is what it would be counted anew, whatever of its cases has changed since."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from cityloop.simulation.planted import rows_planted
from cityloop.stages.evaluate.model.why import CaseRows
from cityloop.stages.evaluate.service.why.keeping import Kept, digest_of
from cityloop.stages.evaluate.service.why.looking import why_of

PLANTED, _ = rows_planted(3, days=28, cases=900)
COLUMNS = [name for name, value in asdict(PLANTED).items() if isinstance(value, np.ndarray)]
HOUR, DAY = 3_600.0, 86_400.0


def first(many: int) -> CaseRows:
    """The first cases of a made-up city."""
    columns = {name: getattr(PLANTED, name)[:many] for name in COLUMNS}
    return CaseRows(**(asdict(PLANTED) | columns | {"walks": PLANTED.walks[:many]}))


@st.composite
def changed(draw: st.DrawFn) -> CaseRows:
    """A city in which, of one column, two cases have changed places; or another part of the question is another."""
    rows = first(draw(st.sampled_from([300, 320])))
    what = draw(st.sampled_from([*COLUMNS, "walks", "until", "since", "days", "nothing"]))
    one, other = draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    if what in COLUMNS:
        value = getattr(rows, what).copy()
        value[[one, other]] = value[[other, one]]
        return CaseRows(**(asdict(rows) | {what: value}))
    if what == "walks":
        walks = list(rows.walks)
        walks[one] = ("a", "b", "a")
        return CaseRows(**(asdict(rows) | {"walks": tuple(walks)}))
    moved = {"until": rows.until + HOUR, "since": rows.since - DAY, "days": (replace(rows.days[0], weather="storm"), *rows.days[1:]), "nothing": None}
    return rows if what == "nothing" else CaseRows(**(asdict(rows) | {what: moved[what]}))


@settings(max_examples=10, deadline=None)
@given(st.lists(changed(), min_size=2, max_size=2))
def test_what_is_kept_is_what_would_be_counted_anew(cities):
    """Asked in any order, and again."""
    kept = Kept()
    for rows in (*cities, *cities):
        assert why_of(rows, simulated=True, kept=kept) == why_of(rows, simulated=True)


def test_the_same_cases_are_counted_once():
    """The second time nothing is counted; and another hour of the same cases counts only what hangs on the hour."""
    kept, counted = Kept(), []
    keep = kept.of
    kept.of = lambda part, of, anew: keep(part, of, lambda: (counted.append(part), anew())[1])  # type: ignore[method-assign]
    rows = first(300)
    for each in (rows, first(300), CaseRows(**(asdict(rows) | {"until": rows.until + HOUR}))):
        why_of(each, simulated=True, kept=kept)
    assert counted == ["in place", "follows", "rest", "rest"]


def test_no_more_is_kept_than_the_most():
    """Those that nobody asked for the longest time go first."""
    kept = Kept(2)
    for each in "abac":
        kept.of("", (each,), lambda each=each: each)
    assert len(kept) == 2
    assert kept.of("", ("a",), lambda: "anew") == "a"
    assert kept.of("", ("b",), lambda: "anew") == "anew"


def test_two_parts_of_an_answer_that_follow_from_the_same_are_two():
    """What goes together and what follows what are both counted of the same cases."""
    kept = Kept()
    assert [kept.of(part, (1, 2), lambda part=part: part) for part in ("in place", "follows", "in place")] == ["in place", "follows", "in place"]


def test_parts_that_only_look_alike_have_other_digests():
    """What one part ends with is not what the next begins with."""
    some = [("ab", "c"), ("a", "bc"), (np.array(["ab", "c"]),), (np.array(["ab"]), np.array(["c"])), ((),), ()]
    some += [(np.zeros((2, 3)),), (np.zeros((3, 2)),), (np.zeros((2, 3), np.int64),)]
    assert len({digest_of(*each) for each in some}) == len(some)
