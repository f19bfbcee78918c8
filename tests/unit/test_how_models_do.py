"""The watch and the candidate's rules: groups that differ, levels that are not kept, accounts that are not believed."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from cityloop.domain.facts import LaterScore
from cityloop.learning.pool import Likely
from cityloop.learning.risk import Tried, levels_of
from cityloop.learning.train import Lesson
from cityloop.teaching.model import Decided, How, Taught
from cityloop.teaching.rules.candidate import _Said, chance_of, held_back, is_better, is_surely_better
from cityloop.teaching.rules.watch import Watched, chance_apart, group_figures, interval_of, levels_moved

AREAS, CHANNELS = ("north", "south", "east", "west"), ("app", "hotline", "collector")
START = datetime(2026, 3, 2, tzinfo=UTC)
ALLOWED = 0.1
LEVELS = levels_of([Tried(950_000, number > 5) for number in range(400)], wrong_ppm=round(ALLOWED * 1_000_000))


def decided(number: int, right: bool, **more: object) -> Decided:
    """A report that a person judged."""
    found = Decided(
        report_id=f"r{number:05}", case_id=f"c{number:05}", said="", how=How.accepted if right else How.corrected,
        class_key="0101" if right else "0102", rule=None, by="account:acceptor", at=START + timedelta(minutes=number),
        channel="app", area="north", model="lessons/x", said_three=("0101", "0102", "0103"), said_ppm=960_000, alone=False, checked=False, declared=False,
    )  # fmt: skip
    return replace(found, **more)


def city(seed: int, *, many: int = 1_500, error: float = 0.12, worse: dict[str, float] | None = None) -> list[Watched]:
    """A city's judged reports; in areas that are `worse` the machine errs more often."""
    chance = random.Random(seed)
    found = []
    for number in range(many):
        area, channel, chars = chance.choice(AREAS), chance.choice(CHANNELS), chance.choice((8, 30, 120))
        wrong = chance.random() < (worse or {}).get(area, error)
        found.append(Watched(decided(number, not wrong, area=area, channel=channel), chars))
    return found


def claims(watched: list[Watched]) -> list[tuple[str, str]]:
    return [(each.by, each.group) for each in group_figures(watched) if each.claimed]


def test_a_planted_bias_is_found_and_none_is_claimed_where_there_is_none():
    """Over 200 cities without a difference one is claimed in at most 5 %; a district with twice the errors is found in nearly all."""
    seeds = 200
    false = sum(bool(claims(city(seed))) for seed in range(seeds))
    assert false <= seeds * 0.05 + 2 * (seeds * 0.05 * 0.95) ** 0.5
    found = sum(("area", "east") in claims(city(seed, worse={"east": 0.24})) for seed in range(60))
    assert found >= 55
    assert not any(by == "length" for seed in range(20) for by, _ in claims(city(seed, worse={"east": 0.24})))


def test_a_small_group_is_told_and_nothing_is_claimed_of_it():
    watched = city(1, many=300) + [Watched(decided(900 + n, False, area="isle"), 30) for n in range(19)]
    isle = next(each for each in group_figures(watched) if each.group == "isle")
    assert (isle.cases, isle.wrong, isle.claimed) == (19, 19, False)


def test_fishers_test_is_exact():
    """Against a plain count of all ways to deal the wrong ones."""
    from itertools import combinations

    def plain(wrong: int, cases: int, wrongs: int, every: int) -> float:
        deals = [sum(place < cases for place in deal) for deal in combinations(range(every), wrongs)]
        share = {k: deals.count(k) / len(deals) for k in set(deals)}
        return sum(each for each in share.values() if each <= share[wrong] * (1 + 1e-9))

    for wrong, cases, wrongs, every in ((3, 5, 4, 10), (0, 4, 3, 9), (2, 6, 2, 12), (1, 3, 5, 11)):
        assert chance_apart(wrong, cases, wrongs, every) == pytest.approx(plain(wrong, cases, wrongs, every))


def checks(seed: int, many: int, error: float, after: int = 10**9, then: float = 0.0) -> list[Decided]:
    """Sure decisions that a person saw; from `after` on the city has changed."""
    chance = random.Random(seed)
    return [decided(number, chance.random() >= (then if number >= after else error), checked=True) for number in range(many)]


def test_a_level_that_is_kept_gives_hardly_an_alarm():
    """At the very level, over 300 checks: in at most one city of ten; well below it in none."""
    assert sum(bool(levels_moved(checks(seed, 300, ALLOWED), LEVELS)) for seed in range(100)) <= 10
    assert not any(levels_moved(checks(seed, 300, ALLOWED / 3), LEVELS) for seed in range(100))


def test_a_city_that_changes_is_noticed_and_less_is_decided_alone():
    """Errors rise to 40 %: noticed within 60 checks in nearly every city, and the group decides no more."""
    noticed = 0
    for seed in range(50):
        moved = levels_moved(checks(seed, 260, 0.03, after=200, then=0.4), LEVELS)
        noticed += bool(moved)
        assert all(each.from_ppm is None for each in moved)
    assert noticed >= 47


def test_only_checks_tell_whether_a_level_is_kept():
    """What units send back comes sooner than what is done: it is no sample."""
    returned = [decided(number, False, how=How.returned, alone=True) for number in range(40)]
    assert levels_moved(returned, LEVELS) == ()


def test_what_has_moved_stays_until_another_model_decides():
    moved = levels_moved([], LEVELS, {("0101",): None})
    assert [(each.group, each.from_ppm) for each in moved] == [(("0101",), None)]


def said(number: int, by: str, right: bool, ppm: int = 900_000) -> _Said:
    taught = Taught(decided(number, right, by=by), Lesson("", ("0101",)))
    return _Said(taught, (Likely("0101", ppm), Likely("0102", 50_000)))


def stream(seed: int, rates: dict[str, float], each: int = 60) -> list[_Said]:
    chance = random.Random(seed)
    return [said(n, by, chance.random() >= rate) for by, rate in rates.items() for n in range(each)]


def test_who_differs_from_everybody_is_held_back_and_nobody_else():
    honest = {f"account:{name}": 0.1 for name in "abcdefgh"}
    for seed in range(40):
        found = held_back(stream(seed, honest | {"account:poison": 0.9}))
        assert [each.account for each in found] == ["account:poison"]
    assert sum(bool(held_back(stream(seed, honest))) for seed in range(100)) <= 1


def test_who_decides_the_hard_cases_is_believed():
    """The machine was unsure of them, and others differ from it as often there."""
    hard = [said(n, "account:expert", n % 2 == 0, ppm=500_000) for n in range(60)]
    assert held_back(stream(3, {"account:a": 0.1, "account:b": 0.12}) + hard) == ()


def test_better_means_more_often_right_than_both():
    score = LaterScore(cases=100, right=80, in_three=90, words=60, in_force=80)
    assert not is_better(score)
    assert is_better(replace(score, in_force=79))
    assert not is_surely_better(replace(score, in_force=79, better_ppm=400_000))
    assert is_surely_better(replace(score, in_force=70, better_ppm=1_000))
    assert chance_of([True] * 5, [True] * 5) == 1.0


def test_bounds_hold_the_share():
    found = interval_of(0, 20)
    assert found is not None
    assert (found.share_ppm, found.low_ppm) == (0, 0)
    assert found.high_ppm > 100_000
    assert interval_of(0, 0) is None
