"""What runs now costs what runs now, however much there ever was."""

from cityloop.db import open_database
from cityloop.domain.ids import CityId
from cityloop.stages.sense.store.alarms import RUNNING


def test_alarms_that_run_are_read_without_those_that_are_over(tmp_path):
    """The list of devices asks at every look: by the index of running alarms alone."""
    database = open_database(str(tmp_path / "city.db"), CityId("c"))
    with database.reading() as tx:
        plan = [row[3] for row in tx.tuples(f"EXPLAIN QUERY PLAN {RUNNING}")]
    database.close()
    assert plan == ["SEARCH alarm USING INDEX alarm_running (city=?)"]
