"""Real input: a city's 45,784 old requests come in, agree with the city's own verdicts, and are proved."""

from collections import Counter

import pytest
from real.imports import run, shown, table
from real.make_boston_pack import MAPPING
from real.page import note
from real.run import BOSTON

from cityloop.doors.files import mapping_in

ROWS, IN_TIME, LATE, BLANK = 45_784, 36_567, 9_092, 125
OPEN = 2_675


@pytest.mark.real
def test_boston_s_old_requests_come_in():
    """Every labelled row agrees, per department; a second import adds nothing; journal and replay are sound."""
    assert BOSTON.exists(), f"{BOSTON} is absent; lay the data folder beside the project"
    assert "ontime" not in mapping_in(MAPPING)[0].wanted, "the verdict of the old system is not to be read"
    found = run()
    print(table(found))
    print(f"{found.rows_per_s:,.0f} rows/s; blank: {', '.join(found.blank[:5])} … ({len(found.blank)})")

    assert (found.first.records, found.first.added, found.first.bad) == (ROWS, ROWS, 0)
    assert (found.second.added, found.second.same, found.second.renewed) == (0, ROWS, 0)
    total = sum((Counter(each) for each in found.agreement.values()), Counter())
    assert [name for name, each in found.agreement.items() if each["disagree"]] == []
    assert (total["in_time"], total["late"], len(found.blank)) == (IN_TIME, LATE, BLANK)
    assert found.states["closed"] == ROWS - OPEN
    assert found.states["handling"] + found.states["to_dispatch"] == OPEN
    assert found.incomplete == []
    assert found.stories > 900
    assert found.facts > 2 * ROWS
    assert (found.faults, found.replay_differences) == (0, 0)
    # the difference report says the same, and nothing else differs
    assert {what for _, what in found.compared.found} == {"verdict blank there"}
    assert sum(found.compared.found.values()) == BLANK
    late = sum(n for (_, there, here), n in found.compared.verdicts.items() if there is False and here is False)
    assert late == LATE
    note("boston_import", shown(found))
