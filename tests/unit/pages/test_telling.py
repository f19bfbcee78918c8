"""What is put together of several words is said whole in one language, then whole in the other."""

import pytest
from tests.world import PACKS

from cityloop.domain.policy import LimitUnit
from cityloop.packs import load
from cityloop.pages.telling import Teller

POLICY = load(PACKS / "mini")
HOUR_S = 3600
DAY_S = POLICY.week.day_min * 60


@pytest.mark.parametrize(
    ("left_s", "unit", "is_late", "said"),
    [
        (2 * HOUR_S, LimitUnit.work_hour, False, ("剩余2小时", "2 h left")),
        (-DAY_S - 3 * HOUR_S, LimitUnit.work_day, True, ("已超时1工作日3小时", "1 work day 3 h late")),
        (-2 * DAY_S, LimitUnit.work_day, True, ("已超时2工作日", "2 work days late")),
        (-10, LimitUnit.work_day, True, ("已超时", "late")),
        (26 * HOUR_S, LimitUnit.natural_day, False, ("剩余1天2小时", "1 d 2 h left")),
    ],
)
def test_a_span_is_said_whole(left_s, unit, is_late, said):
    tell = {each: Teller(policy=POLICY, language=each).span(left_s, unit, is_late=is_late) for each in ("zh", "en", "zh+en")}
    assert (tell["zh"], tell["en"], tell["zh+en"]) == (*said, " ".join(said))


def test_a_place_is_said_whole():
    tell = {each: Teller(policy=POLICY, language=each).place("990201001001001", "990201001", "990201") for each in ("zh", "en", "zh+en")}
    assert tell["zh"] != tell["en"]
    assert tell["zh+en"] == f"{tell['zh']} {tell['en']}"
