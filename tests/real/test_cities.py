"""Real input, `make real`: every report is kept, then filed and dispatched or waiting with its reason; all is proved."""

import msgspec
import pytest
from real.page import note
from real.run import BOSTON, CITIES, MESSAGES, run

ROWS = {"boston": 45_784, "messages": 4_326}
PROPOSED_SHARE_MIN = 0.8


@pytest.mark.real
@pytest.mark.parametrize("name", list(CITIES))
def test_a_real_city_goes_through(name):
    assert BOSTON.exists(), f"{BOSTON} is absent; lay the data folder beside the project"
    assert MESSAGES.exists(), f"{MESSAGES} is absent; lay the data folder beside the project"
    pack, bodies = CITIES[name]
    told = run(name, pack, bodies())
    print(msgspec.json.format(msgspec.json.encode(told), indent=1).decode())

    assert told.sent == told.kept == ROWS[name]
    assert told.statuses == {201: ROWS[name]}
    assert told.without_case == 0
    assert told.proposed >= told.kept * PROPOSED_SHARE_MIN
    waiting = sum(told.states.get(state, 0) for state in ("reported", "to_file", "to_dispatch"))
    assert waiting == 0 or "(none told)" not in told.reasons
    assert (told.verify_faults, told.replay_differences) == (0, 0)
    assert told.newest_on_first_screen
    note(name, told)
