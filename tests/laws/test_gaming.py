"""Numbers that were made are found, whoever drew the city; honest ones are named no more often than is said.

Tuned on seeds 1 to 5; seeds 101 to 120 were looked at while it was tuned, so others are tried here.
"""

import pytest

from cityloop.simulation.planted_gaming import MAKERS, period
from cityloop.stages.evaluate.rules.gaming import LEVEL, findings, looks_of

SEEDS = range(201, 221)
RUNS = 60


@pytest.mark.parametrize("seed", SEEDS)
def test_every_maker_is_found_and_nobody_else(seed):
    found = {(each.kind, each.object) for each in findings(looks_of(*period(seed)))}
    assert found == set(MAKERS.items())


def test_a_city_of_honest_units_is_named_no_more_often_than_is_said():
    """60 periods without a maker: at the level of 1 in 100, more than three of them would come once in 300 times."""
    named = [seed for seed in range(1001, 1001 + RUNS) if findings(looks_of(*period(seed, made=False)))]
    assert LEVEL == 0.01
    assert len(named) <= 3


def test_at_the_edge_of_what_is_honest_the_level_still_holds():
    """One unit with exactly twice the odds of its peers, drawn many times: the worst that an honest one can be."""
    from random import Random

    from cityloop.stages.evaluate.rules.gaming import Kind, Look

    random, named, rounds = Random(7), 0, 400
    for _ in range(rounds):
        looks = [
            Look(kind=Kind.reopened, object=unit, work=work, hit=random.random() < share * factor / (1 - share + share * factor), item="c")
            for unit, factor in (("a", 2.0), ("b", 1.0), ("c", 1.0)) for work, share in (("x", 0.05), ("y", 0.2))
            for _ in range(60)
        ]  # fmt: skip
        named += bool(findings(looks, level=0.05))
    assert named <= 0.05 * rounds
