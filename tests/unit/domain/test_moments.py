"""How moments are written, and how those of others are read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cityloop.domain.errors import Invalid
from cityloop.domain.time import ZoneUnknown, moment, parse_given, utc_text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (datetime(2026, 3, 6, 8, tzinfo=UTC), "2026-03-06T08:00:00.000000Z"),
        (datetime(2026, 3, 6, 8, 0, 0, 5, tzinfo=UTC), "2026-03-06T08:00:00.000005Z"),
        (datetime(2026, 3, 6, 8, 0, 0, 500_000, tzinfo=ZoneInfo("Asia/Shanghai")), "2026-03-06T00:00:00.500000Z"),
        (datetime(2026, 3, 6, 8, tzinfo=ZoneInfo("UTC")), "2026-03-06T08:00:00.000000Z"),
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Zurich")), "2026-10-25T01:30:00.000000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000000Z"),
    ],
)
def test_a_moment_is_stored_as_text_of_one_width(given, text):
    assert utc_text(given) == text
    assert moment(text) == given.astimezone(UTC)
    assert moment(text).tzinfo is UTC


def test_a_moment_without_zone_is_our_own_fault():
    with pytest.raises(AssertionError):
        utc_text(datetime(2026, 3, 6))


@pytest.mark.parametrize(
    "text", ["", "2026-03-06", "2026-03-06T08:00:00Z", "2026-03-06T08:00:00.00000+Z", "2026-03-06 08:00:00.000000Z"]
)
def test_what_is_not_a_stored_moment_is_refused(text):
    with pytest.raises(Invalid, match="is not a stored moment") as refused:
        moment(text)
    assert refused.value.code == "time.unreadable"


NOW = datetime(2026, 3, 7, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-06T16:00:00+08:00", "Europe/Zurich", "2026-03-06T08:00:00.000000Z"),  # its own zone is believed
        ("2026-03-06T08:00:00Z", "Asia/Shanghai", "2026-03-06T08:00:00.000000Z"),
        ("2026-03-06 16:00", "Asia/Shanghai", "2026-03-06T08:00:00.000000Z"),
        (" 2026-03-06T16:00:00.25 ", "Asia/Shanghai", "2026-03-06T08:00:00.250000Z"),
        ("20260306T1600", "Asia/Shanghai", "2026-03-06T08:00:00.000000Z"),
        ("2026-W10-5T16:00", "Asia/Shanghai", "2026-03-06T08:00:00.000000Z"),
        ("2025-10-26 02:30", "Europe/Zurich", "2025-10-26T00:30:00.000000Z"),  # twice: the first
        ("2025-03-30 02:30", "Europe/Zurich", "2025-03-30T01:30:00.000000Z"),  # never: the offset before
        ("2026-03-07 08:05", "Asia/Shanghai", "2026-03-07T00:05:00.000000Z"),  # a clock that is 5 minutes fast
        ("2025-03-07 00:00", "UTC", "2025-03-07T00:00:00.000000Z"),  # 365 days old, to the second
    ],
)
def test_a_given_time_is_read(text, zone, expected):
    assert utc_text(parse_given(text, zone, now=NOW, age_days_max=365)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2099-01-01T00:00:00Z", "time.in_future"),
        ("2026-03-07T00:05:01Z", "time.in_future"),
        ("9999-12-31T23:59:59-12:00", "time.in_future"),
        ("2025-03-06T23:59:59Z", "time.too_old"),
        ("1969-12-31T23:59:59Z", "time.too_old"),
        ("0001-01-01T00:00:00+14:00", "time.too_old"),
        ("", "time.unreadable"),
        ("yesterday", "time.unreadable"),
        ("2026-03-06", "time.unreadable"),  # a date is not a moment
        ("16:00", "time.unreadable"),
        ("2026-02-30 16:00", "time.unreadable"),
        ("2026-03-06 25:00", "time.unreadable"),
        ("2026-03-06x16:00", "time.unreadable"),
        ("06/03/2026 16:00", "time.unreadable"),
        ("1772784000", "time.unreadable"),
        ("２０２６-03-06 16:00", "time.unreadable"),  # full-width digits
        ("2026-03-06 16:00" + "0" * 100, "time.unreadable"),
        ("2026-03-06T16:00:00+99:00", "time.unreadable"),
        ("2026-03-06\n16:00", "time.unreadable"),
    ],
)
def test_a_given_time_is_refused_with_a_code_and_what_to_do(text, code):
    with pytest.raises(Invalid) as refused:
        parse_given(text, "Asia/Shanghai", now=NOW, age_days_max=365)

    assert refused.value.code == code
    assert "; " in str(refused.value)  # what; what next
    assert len(str(refused.value)) < 250


def test_long_before_the_epoch_is_too_old_whatever_the_city_takes_up():
    with pytest.raises(Invalid) as refused:
        parse_given("1969-12-31T23:59:59Z", "UTC", now=NOW, age_days_max=100_000)
    assert refused.value.code == "time.too_old"


def test_an_unknown_zone_is_named():
    with pytest.raises(ZoneUnknown, match="no zone 'Mars/Olympus'"):
        parse_given("2026-03-06 16:00", "Mars/Olympus", now=NOW, age_days_max=365)
