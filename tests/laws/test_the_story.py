"""What a case's story costs does not grow with the city."""

from cityloop.db import open_database
from cityloop.domain.ids import CityId
from cityloop.pages.story import _FACTS


def test_a_story_costs_its_own_facts_in_any_city(tmp_path):
    """By its subjects: the embedded engine, left to choose, walked all facts of the city for each case that was opened."""
    database = open_database(str(tmp_path / "city.db"), CityId("c"))
    with database.reading() as tx:
        plan = tx.tuples(f"EXPLAIN QUERY PLAN {_FACTS}", case="case/1", id="1")
    database.close()
    walked = [row[3] for row in plan if "fact" in row[3]]
    assert walked
    assert all("subject=?" in each for each in walked), walked
