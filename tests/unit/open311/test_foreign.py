"""What other cities really send: read as one kind of thing, and nothing of it can do harm."""

import doctest
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from cityloop.doors.open311 import client, foreign, rules, wire
from cityloop.doors.open311.foreign import (
    attribute_of,
    moment_read,
    request_of,
    rows_of,
    service_of,
    status_read,
    update_of,
)
from cityloop.doors.open311.model import AnswerUnreadable
from cityloop.doors.open311.wire import Format, read, written

ZONE = ZoneInfo("America/New_York")
BOMB = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">' + "".join(f'<!ENTITY lol{i} "{f"&lol{i - 1 or str()};" * 10}">' for i in range(1, 9))
    + "]><services>&lol8;</services>"
)  # fmt: skip


@pytest.mark.parametrize("module", [foreign, rules, wire, client])
def test_examples_in_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2012-05-23T15:55:28-04:00", "2012-05-23T19:55:28+00:00"),
        ("2012-05-23T15:55:28Z", "2012-05-23T15:55:28+00:00"),
        ("2012-05-23T15:55:28", "2012-05-23T19:55:28+00:00"),
        ("2012-05-22 23:57:23.97", "2012-05-23T03:57:23.970000+00:00"),
        ("2012-05-31 08:30:00.0", "2012-05-31T12:30:00+00:00"),
        ("2012-05-31 08:30:00 -0700", "2012-05-31T15:30:00+00:00"),
        ("05/22/2012 11:57 PM", "2012-05-23T03:57:00+00:00"),
        ("2012-05-22", "2012-05-22T04:00:00+00:00"),
        ("2012-01-22 10:00", "2012-01-22T15:00:00+00:00"),
        ("", None), (None, None), ("soon", None), ("2012-02-30T00:00:00Z", None), ("0001-01-01T00:00:00+23:00", None),
        ({"a": 1}, None), (20120522, None),
    ],
)  # fmt: skip
def test_a_moment_however_it_is_written(given, meant):
    found = moment_read(given, ZONE)
    assert (found.isoformat() if found else None) == meant


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ("open", True),
        ("Open", True),
        ("closed", False),
        ("CLOSED", False),
        ("Resolved", False),
        ("", True),
        ("Geschlossen", False),
    ],
)
def test_a_status_whatever_it_is_called(said, is_open):
    assert (status_read(said) == "open") is is_open


def test_a_request_keeps_every_field_as_it_came():
    row = {
        "service_request_id": 7,
        "status": "Open",
        "lat": "39.1",
        "long": -86.4,
        "zipcode": 47401,
        "media_url": "",
        "x": [1],
    }
    found = request_of(row, ZONE)
    assert (found.id, found.status, found.lat, found.lon, found.requested_at) == ("7", "open", 39.1, -86.4, None)
    assert found.fields == {name: each for name, each in row.items() if name != "x"}


@pytest.mark.parametrize(
    ("lat", "long"),
    [(0, 0), ("0.0", "0.0"), (None, None), ("", "5"), (91, 5), ("x", "y"), (float("inf"), 3), (True, True)],
)
def test_a_place_that_is_none_is_looked_for_nowhere(lat, long):
    found = request_of({"service_request_id": "1", "lat": lat, "long": long}, ZONE)
    assert (found.lat, found.lon) == (None, None)


@pytest.mark.parametrize(
    "answer",
    [
        [{"service_request_id": "1"}],
        {"service_requests": [{"service_request_id": "1"}]},
        {"meta": {"page": 1}, "requests": {"request": {"service_request_id": "1"}}},
        {"service_request_id": "1"},
        [{"id": "1"}],
    ],
)
def test_rows_however_they_are_wrapped(answer):
    assert [each["service_request_id"] for each in rows_of(answer, "service_request_id")] == ["1"]


def test_rows_without_an_id_are_no_requests():
    assert list(rows_of([{"service_request_id": None}, {"token": "x"}, "text", None, 7], "service_request_id")) == []


def test_updates_services_and_attributes_with_little_in_them():
    assert update_of({"update_id": "u"}, ZONE) is None
    assert update_of({"update_id": 3, "service_request_id": 5, "status": "fixed"}, ZONE).status == "FIXED"
    assert service_of({"service_code": 24, "metadata": "true", "keywords": ["a", "b"]}).keywords == "a, b"
    assert attribute_of(
        {"code": "X", "variable": "false", "order": "2", "values": {"value": {"key": 1, "name": "one"}}}
    ).values == (("1", "one"),)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><services><service>&x;</service></services>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><services/>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]><services/>',
        "<!DOCTYPE services><services/>",
        "<services>&undeclared;</services>",
        "<services><service></services>",
        "<",
        "\ufeff<a",
        "{broken",
        '{"lat": NaN}',
        "[" * 100_000,
        "",
        "\xff\xfe",
    ],
)
def test_what_could_do_harm_or_cannot_be_read_is_refused(text):
    with pytest.raises(AnswerUnreadable):
        read(text.encode("utf-8", "surrogateescape"))


def test_bytes_that_are_no_text_are_refused():
    for raw in (b"\xff\xfe{}", b'<?xml version="1.0" encoding="klingon"?><a/>', b'<?xml version="1.0"?><a>\xff</a>'):
        with pytest.raises(AnswerUnreadable):
            read(raw)


def test_what_is_written_can_be_read():
    rows = [
        {"service_code": "a&b", "service_name": "<x> \x00 ]]> ünï\r\n中", "metadata": True},
        {"service_code": "2", "keywords": None},
    ]
    told = read(written(Format.xml, "services", rows))
    assert told == [
        {"service_code": "a&b", "service_name": "<x>  ]]> ünï\r\n中", "metadata": "true"}, {"service_code": "2", "keywords": None},
    ]  # fmt: skip
    assert read(written(Format.json, "services", rows)) == rows


@pytest.mark.parametrize("days", [0, 1, 90, 91, 400])
def test_windows_cover_a_span_and_each_is_allowed(days):
    since = datetime(2012, 1, 1, tzinfo=UTC)
    until = datetime.fromtimestamp(since.timestamp() + days * 86_400, UTC)
    windows = list(client.windows_of(since, until))
    assert (windows[0][0], windows[-1][1]) == (since, until)
    assert all(0 <= (last - first).days <= 90 for first, last in windows)
    assert all(one[1] == other[0] for one, other in pairwise(windows))
