"""Causes: what is planted is found, and of what is claimed no more is false than is stated. Seeds 2000 on were never tuned on."""

import pytest

from cityloop.simulation.planted import Causes, rows_planted
from cityloop.stages.evaluate.model.why import Finding, What
from cityloop.stages.evaluate.rules.why.following import follows
from cityloop.stages.evaluate.rules.why.together import LEVEL, goes_together
from cityloop.stages.evaluate.rules.why.wandering import wanderings

SEEDS = range(2000, 2020)


@pytest.fixture(scope="module")
def worlds():
    found = []
    for seed in SEEDS:
        rows, causes = rows_planted(seed)
        found.append((causes, goes_together(rows), wanderings(rows)))
    return found


def of(findings: list[Finding], what: What, **said: str) -> list[Finding]:
    """The findings that say this, and perhaps more."""
    class_key = said.pop("happens", None)
    return [
        each
        for each in findings
        if each.what is what and each.class_key == class_key and said.items() <= dict(each.condition).items()
    ]


def test_what_is_fixed_and_back_is_found_in_its_class_and_street(worlds):
    for causes, findings, _ in worlds:
        key, street = causes.back
        assert of(findings, What.back, **{"class": key, "street": street}), causes


def test_what_rain_brings_is_found_with_its_street(worlds):
    for causes, findings, _ in worlds:
        key, street = causes.rain
        assert of(findings, What.happens, happens=key, street=street, weather="rain"), causes


def test_the_class_that_wanders_is_found_late_too_and_its_two_units_lead(worlds):
    for causes, findings, pairs in worlds:
        key, *units = causes.wander
        assert of(findings, What.wandered, **{"class": key}), causes
        assert of(findings, What.late, **{"class": key}), causes
        assert [pairs[0].a, pairs[0].b] == sorted(units)


def true(finding: Finding, causes: Causes) -> bool:
    """Whether the city was made so: the claim names the class that has it, or where or by whom that is done."""
    said = dict(finding.condition)
    key = finding.class_key or said.get("class")
    if finding.what is What.happens:  # more of a class somewhere is what two of the causes do
        return any(key == each[0] and said.get("street", each[1]) == each[1] for each in (causes.back, causes.rain))
    if finding.what is What.back:
        return causes.back[0] == key or (key is None and (said.get("street") == causes.back[1] or "unit" in said))
    return key == causes.wander[0] or (key is None and said.get("unit") == causes.wander[1])


def test_no_more_of_what_is_claimed_is_false_than_is_stated(worlds):
    shares = [sum(not true(each, causes) for each in findings) / max(1, len(findings)) for causes, findings, _ in worlds]
    assert sum(shares) / len(shares) <= LEVEL, shares


def test_where_nothing_is_planted_hardly_ever_is_anything_claimed():
    """Each of three families of tests may claim something in one world of twenty, and nothing follows anything."""
    claims = [goes_together(rows_planted(seed, plant=False)[0]) for seed in SEEDS]
    assert sum(bool(each) for each in claims) <= 3 * LEVEL * len(SEEDS)
    following = [follows(rows_planted(seed, plant=False, cases=2_500)[0], seed=1, shuffles=99) for seed in SEEDS]
    assert sum(bool(each) for each in following) <= 3, "5 % of 20 is one; four or more come once in sixty"
