"""Acknowledged means durable: the server is killed at random moments under load, on both engines."""

import os

import pytest
from bench.faults.kills import run
from tests.engines import POSTGRES

KILLS = int(os.environ.get("CITYLOOP_KILLS", "30"))


@pytest.mark.faults
@pytest.mark.parametrize("engine", ["sqlite", *(["postgres"] if POSTGRES else [])])
def test_nothing_that_was_acknowledged_is_lost_and_nothing_is_half(engine):
    found = run(engine, KILLS)
    assert found.kills == KILLS
    assert found.acknowledged > KILLS * 10
    assert found.sound, found


@pytest.mark.faults
def test_the_kills_would_see_a_server_that_answers_before_it_commits():
    """The planted fault: acknowledged, then committed a little later."""
    found = run("sqlite", 6, entry="tests.laws.planted")
    assert found.lost > 0
