"""Figures may count a fine class with its minor class: every number is the sum of what the classes in it have."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from tests.engines import Clock, Places
from tests.world import World, the_app

from cityloop.domain.codes import minor_of
from cityloop.stages.evaluate.model import By, Part
from cityloop.stages.evaluate.model.metrics import METRICS
from cityloop.stages.evaluate.service import asked_from, figures, items_all

KINDS = ("rubbish", "kitchen waste", "bulky waste", "river", "pothole")


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[World]:
    """A town with fine classes, in which something was reported every hour."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_app() as client:
        world = World(places.open(clock=clock), clock, tmp_path, client)
        world.adopt("mini_fine")
        chance = random.Random(7)
        for number in range(24):
            world.report(f"r{number}", kind=chance.choice(KINDS), cell="a1")
            world.later(minutes=40)
        yield world
        world.close()


def test_numbers_by_minor_class_are_the_sums_of_its_classes(town):
    days = (date(2026, 3, 2), date(2026, 3, 8))
    with town.database.reading() as tx:
        by = {
            each: asked_from(each, days, policy=town.policy, now=tx.now) for each in (By.problem_class, By.minor_class)
        }
        told = {each: figures(tx, asked, policy=town.policy) for each, asked in by.items()}
        sums: Counter = Counter()
        for group in told[By.problem_class].groups:
            for line in group.figures:
                sums[minor_of(group.group) if group.group else "", line.metric] += line.numerator
        found = {
            (group.group, line.metric): line.numerator
            for group in told[By.minor_class].groups
            for line in group.figures
        }
        assert found == {key: sums[key] for key in found}
        assert sum(sums.values()) == sum(found.values()) > 0
        minor = "gbt30428_2_2013/event/0110"
        assert {group.group for group in told[By.minor_class].groups if group.group.startswith(minor)} == {minor}
        metric = METRICS[0]
        rows = list(items_all(tx, by[By.minor_class], metric, Part.numerator, group=minor))
        assert {row.class_key for row in rows} == {minor, minor + "01", minor + "02"}
