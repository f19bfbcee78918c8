"""The causes that are planted in the made-up city's real journal are found again: from its tables, through the whole loop."""

from datetime import UTC, datetime, timedelta

import pytest

from cityloop.app import Settings, join, open_city
from cityloop.domain.calendar import calendar_in
from cityloop.simulation import PlayClock, play
from cityloop.simulation.planting import causes_of
from cityloop.stages.evaluate.model.why import What
from cityloop.stages.evaluate.rules.why.together import goes_together
from cityloop.stages.evaluate.store.why.case_rows import case_rows

END = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
DAYS, REPORTS, SEED = 35, 420, 41


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    clock = PlayClock(END - timedelta(days=DAYS, minutes=1))
    parts = join(Settings(home=str(tmp_path_factory.mktemp("planted") / "home")), clock=clock)
    try:
        open_city(parts)
        play(parts, clock, reports=REPORTS, seed=SEED, password="anything at all", days=DAYS, until=END, planted=True)
        policy = parts.book.in_force()
        with parts.database.reading() as tx:
            rows, simulated = case_rows(tx, END - timedelta(days=DAYS), END, now=END, calendar=calendar_in(policy), scope=None)
        assert simulated
        return rows, causes_of(policy, SEED)
    finally:
        parts.close()


def test_all_three_are_found_in_what_the_loop_made_of_them(played):
    rows, causes = played
    found = {(each.what, each.class_key, each.condition) for each in goes_together(rows)}

    def of(what, class_key=None, **said):
        return [each for each in found if each[:2] == (what, class_key) and said.items() <= dict(each[2]).items()]

    assert of(What.back, **{"class": causes.back[0]}) or of(What.back, street=causes.back[1])
    assert of(What.happens, causes.rain[0], street=causes.rain[1], weather="rain")
    assert of(What.wandered, **{"class": causes.wander[0]})


def test_what_is_found_beside_them_says_no_more_than_how_the_city_was_made(played):
    """A made-up city has habits of its own (a class has its unit, its limit, its places); who is late or redone by them is
    no false claim. But nothing else wanders, and no other class follows the rain."""
    rows, causes = played
    for each in goes_together(rows):
        said = dict(each.condition)
        if each.what is What.wandered:
            assert said.get("class", causes.wander[0]) == causes.wander[0], each
        if each.by_day and "weather" in said:
            assert each.class_key == causes.rain[0], each
