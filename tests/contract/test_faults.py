"""Each fault in its short form, done to a running city; `make faults` does it more often. Kills and power losses have tests of their own."""

import pytest
from bench.faults.all import FAULTS
from bench.faults.cluster import programs
from tests.engines import POSTGRES

TRIES = {
    "disk/full": 1, "clock/jumps": 1, "handler/fails": 1, "receiver/hangs": 1, "model/lies": 3, "page/sqlite": 4, "page/photo": 3,
    "tamper/facts": 4, "tamper/fork": 1, "database/standby": 1, "page/postgres": 2,
}  # fmt: skip
RUN = {each.name: each for each in FAULTS if not each.needs_postgres or (POSTGRES and programs())}


@pytest.mark.faults
@pytest.mark.parametrize("name", [pytest.param(name, id=f"{name}-postgres" if RUN[name].needs_postgres else name) for name in TRIES if name in RUN])
def test_nothing_acknowledged_is_lost_and_what_is_wrong_is_found(name):
    found = RUN[name].run(1, TRIES[name])
    assert found.sound, found
    assert found.tries == TRIES[name]
    assert found.acknowledged > 0
