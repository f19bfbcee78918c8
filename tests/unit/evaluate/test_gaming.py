"""Chances against every way that hits can fall; what is a hit; photos that prove two cases."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.stats import nchypergeom_fisher

from cityloop.files.looks import look_of
from cityloop.stages.evaluate.rules.gaming import (
    Done,
    Kind,
    Look,
    Picture,
    Rating,
    excess,
    findings,
    looks_of,
    reused,
)
from cityloop.stages.evaluate.rules.gaming.photos import ALIKE_MAX

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
some = st.integers(0, 5).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
kinds = st.lists(st.tuples(some, some).map(lambda both: (*both[0], *both[1])), min_size=1, max_size=3)


def plain_chance(rows, odds):
    """Every way that the hits of each kind of work can fall on one and its peers, weighed by the odds."""
    odds, seen = Fraction(odds), sum(each[0] for each in rows)
    each_kind = []
    for hits, of, peers, peers_of in rows:
        total = hits + peers
        ways = {own: comb(of, own) * comb(peers_of, total - own) * odds**own for own in range(total + 1) if own <= of and total - own <= peers_of}
        each_kind.append([(own, way / sum(ways.values())) for own, way in ways.items()])
    chances = defaultdict(Fraction)
    for fall in product(*each_kind):
        chance = Fraction(1)
        for _, way in fall:
            chance *= way
        chances[sum(own for own, _ in fall)] += chance
    return float(sum(chance for own, chance in chances.items() if own >= seen))


@given(kinds, st.sampled_from([1, 2, Fraction(3, 2)]))
def test_the_chance_is_that_of_all_ways_that_hits_can_fall(rows, odds):
    assert excess(rows, float(odds)).p == pytest.approx(plain_chance(rows, odds), abs=1e-12)


def test_of_one_kind_of_work_it_is_fishers_noncentral_distribution():
    found = excess([(30, 120, 40, 900)], 2.0)
    assert found.p == pytest.approx(nchypergeom_fisher.sf(29, 1020, 70, 120, 2.0), rel=1e-9)
    assert found.expected == pytest.approx(120 * 40 / 900)


def looks(unit, hits, of, kind=Kind.reopened, work="w"):
    return [Look(kind=kind, object=unit, work=work, hit=n < hits, item=f"{unit}{n}") for n in range(of)]


def test_who_has_far_more_is_named_with_its_cases():
    every = looks("a", 40, 100) + looks("b", 4, 100) + looks("c", 5, 100)
    (found,) = findings(every)
    assert (found.kind, found.object, found.observed, found.of) == (Kind.reopened, "a", 40, 100)
    assert found.expected == pytest.approx(4.5)
    assert found.items == tuple(f"a{n}" for n in range(40))
    assert found.p <= found.level == 0.01


def test_who_has_a_little_more_is_not_named_however_many_its_cases_are():
    """Odds of 1.9 times the peers' are within what honest ones differ by, also over ten thousand rows."""
    assert findings(looks("a", 1740, 10_000) + looks("b", 1000, 10_000)) == ()
    assert findings(looks("a", 2500, 10_000) + looks("b", 1000, 10_000))[0].object == "a"


def test_work_that_nobody_else_does_says_nothing():
    assert findings(looks("a", 99, 100, work="lamps") + looks("b", 1, 100, work="litter")) == ()


def test_of_fewer_than_twenty_rows_nobody_is_named():
    assert findings(looks("a", 19, 19) + looks("b", 0, 500)) == ()


def test_many_who_are_looked_at_make_it_harder():
    """Holm: the same hits among three hundred others are no longer rare."""
    few = looks("a", 14, 60) + looks("rest", 20, 600)
    many = few + [each for n in range(300) for each in looks(f"u{n}", 2, 60)]
    alone, among = findings(few), findings(many)
    assert [each.object for each in alone] == ["a"]
    assert among == () or among[0].p > alone[0].p


def done(case="c1", took=0.5, **more):
    return Done(case=case, unit="a", class_key="x", took=took, closed_at=AT, **more)


def hits_of(rows, ratings=()):
    return {(each.kind, each.item) for each in looks_of(rows, ratings) if each.hit}


def looked(row):
    return {each.kind for each in looks_of([row])}


def test_what_is_there_again_within_three_days_was_not_put_right():
    assert hits_of([done(again_at=AT + timedelta(hours=72))]) == {(Kind.reopened, "c1")}
    assert hits_of([done(again_at=AT + timedelta(hours=73)), done()]) == set()


def test_an_easy_case_of_ones_own_was_done_before_anybody_could_have_come():
    assert hits_of([done(took=0.05, own=True)]) == {(Kind.own_easy, "c1")}
    assert hits_of([done(took=0.06, own=True), done(took=0.01, own=False), done(took=0.01)]) == set()


def test_the_last_moments_are_full_where_there_is_little_before_and_after_them():
    assert hits_of([done(took=0.95), done("c2", took=1.0)]) == {(Kind.just_before, "c1"), (Kind.just_before, "c2")}
    assert Kind.just_before in looked(done(took=0.8))
    assert Kind.just_before in looked(done(took=1.001))
    assert hits_of([done(took=0.94), done(took=1.001)]) == set()
    assert Kind.just_before not in looked(done(took=0.79)) | looked(done(took=None))


def rating(case, source, content=True, hours=0, unit="a"):
    return Rating(case=case, unit=unit, way="link", content=content, source=source, at=AT + timedelta(hours=hours))


def test_the_first_rating_of_a_hand_is_never_a_hit():
    ratings = [rating("c2", "s", hours=1), rating("c1", "s"), rating("c3", "t"), rating("c4", "s", content=False, hours=2)]
    assert hits_of([], ratings) == {(Kind.one_source, "c2")}
    assert hits_of([], [rating("c1", ""), rating("c2", "")]) == set()
    assert hits_of([], [rating("c1", "s"), rating("c2", "s", unit="b")]) == set()


# photos


def street(seed, side=256):
    """A picture with large and small things in it, as of a street: more of the large ones."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(random.normal(size=(side, side)))
    far = np.hypot(np.fft.fftfreq(side)[:, None] * side, np.fft.rfftfreq(side)[None, :] * side)
    picture = np.fft.irfft2(spectrum / np.maximum(far, 1) ** 1.2)
    return 128 + 50 * picture / picture.std()


def jpeg(picture, quality=85, side=256):
    out = BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).resize((side, side)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def saved_anew(picture):
    """Smaller, lighter, with less quality: sent once more through a phone."""
    return look_of(jpeg(0.8 * picture + 30, quality=50, side=150))


def test_a_picture_saved_anew_is_the_same_picture_and_others_are_others():
    """Every pair of sixty streets: none is near, and each is found again."""
    looks = [look_of(jpeg(street(each))) for each in range(60)]
    again = [saved_anew(street(each)) for each in range(60)]
    assert max((one ^ two).bit_count() for one, two in zip(looks, again, strict=True)) <= ALIKE_MAX == 20
    assert min((looks[a] ^ looks[b]).bit_count() for a in range(60) for b in range(a)) > 60  # the nearest two differ in 90


def test_one_photo_proves_two_cases():
    pictures = [
        Picture(case="c1", unit="a", digest="d1", look=look_of(jpeg(street(1)))),
        Picture(case="c2", unit="b", digest="d1"),  # the same bytes
        Picture(case="c3", unit="b", digest="d3", look=saved_anew(street(1))),
        Picture(case="c4", unit="a", digest="d4", look=look_of(jpeg(street(4)))),
        Picture(case="c4", unit="a", digest="d4"),  # twice in one case
    ]
    found = list(reused(pictures))
    assert [(each.cases, each.unit, each.same) for each in found] == [
        (("c1", "c2"), "b", True),
        (("c1", "c3"), "b", False),
    ]
    assert found[1].differs <= ALIKE_MAX
