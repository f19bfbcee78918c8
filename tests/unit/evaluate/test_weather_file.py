"""The weather of days by the file: all of it or nothing, and nothing twice."""

from datetime import date

import pytest

from cityloop.app import apply_of_all
from cityloop.journal import Journal, Writer
from cityloop.stages.evaluate import tell_weather_of, weather_in
from cityloop.stages.evaluate.model.measure import Sky, WeatherUnknown


def test_days_come_in_order_and_other_columns_are_left_alone():
    assert weather_in("code,day,station\nrain,2026-03-07,a\n dry , 2026-03-06 ,b\n") == [
        (date(2026, 3, 6), Sky.dry), (date(2026, 3, 7), Sky.rain),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no columns day and code"),
        ("day\n2026-03-06\n", "names no columns day and code"),
        ("day,code\n2026-03-06,dry\n06.03.2026,dry\n", "Line 3: '06.03.2026' is no day; write it as 2026-03-06."),
        ("day,code\n2026-03-06,hail\n", "Line 2: there is no weather 'hail'; take one of dry, rain, storm, snow, heat, fog."),
        ("day,code\n2026-03-06\n", "Line 2: there is no weather ''"),
        ("day,code\n2026-03-06,dry\n2026-03-06,rain\n", "Line 3: 2026-03-06 stands in the file twice"),
    ],
)
def test_a_wrong_line_is_named(text, says):
    with pytest.raises(WeatherUnknown) as refused:
        weather_in(text)
    assert says in refused.value.detail


def test_what_is_known_is_not_told_again(places):
    database = places.open()
    writer = Writer(database, Journal(apply_of_all()))
    days = [(date(2026, 3, 6), Sky.dry), (date(2026, 3, 7), Sky.rain)]
    told = lambda days: writer.change(lambda tx: tell_weather_of(tx, days, now=tx.now))
    assert told(days) == 2
    assert told(days) == 0
    assert told([(date(2026, 3, 7), Sky.snow)]) == 1
    with database.reading() as tx:
        assert tx.tuples("SELECT day, code FROM weather_day WHERE city = :city ORDER BY day") == [("2026-03-06", "dry"), ("2026-03-07", "snow")]
