"""Intake decides: what may be kept, how it is cleaned, what a reporter is told."""

from datetime import UTC, datetime

import msgspec
import pytest

from cityloop.domain.facts import FACTS
from cityloop.domain.lifecycle import State
from cityloop.domain.place import Point, bd09_of, gcj02_of
from cityloop.domain.tracking import code_read
from cityloop.packs import load
from cityloop.stages.intake import ReportAsked, rules, sound_of
from cityloop.stages.intake.model import Contact

NOW = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
LON, LAT = 112.53, 28.48


@pytest.fixture(scope="module")
def city():
    return load("demo")


def sound(city, photos=0, **asked):
    return sound_of(ReportAsked(**asked), policy=city, now=NOW, photos=photos)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("路灯坏了", "路灯坏了"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("a\u0080b\u009fc\x7f", "abc"),
        ("tab\tline\nend", "tab\tline\nend"),
        ("one\r\ntwo\rthree\u2028four\u0085five", "one\ntwo\nthree\nfour\nfive"),
        ("\ufeffabc\uffff", "abc"),
        ("safe \u202eevil\u202c \u2066x\u2069", "safe evil x"),
        ("שלום עולם، مرحبا", "שלום עולם، مرحبا"),
        ("\u200fשלום\u200e", "\u200fשלום\u200e"),  # direction marks are harmless
        ("👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽", "👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽"),
        ("  blanks stay  ", "  blanks stay  "),
    ],
)
def test_text_is_cleaned_of_what_is_no_text(raw, clean):
    assert rules.cleaned(raw) == clean
    assert rules.cleaned(clean) == clean


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"text": "x" * 2_001}, "intake.text_too_long"),
        ({"text": ""}, "intake.nothing_said"),
        ({"text": " \n\t"}, "intake.nothing_said"),
        ({"text": "\x00\u202e"}, "intake.nothing_said"),
        ({"lon": LON, "lat": LAT}, "intake.nothing_said"),
        ({"text": "x", "lon": LON}, "intake.half_place"),
        ({"text": "x", "lat": LAT}, "intake.half_place"),
        ({"text": "x", "lon": LAT, "lat": LON}, "place.swapped"),
        ({"text": "x", "lon": 116.4, "lat": 39.9}, "place.outside"),
        ({"text": "x", "lon": 1e9, "lat": 0.0}, "place.unreadable"),
        ({"text": "x", "lon": float("nan"), "lat": LAT}, "place.unreadable"),
        ({"text": "x", "lon": float("inf"), "lat": LAT, "coords": "gcj02"}, "place.unreadable"),
        ({"text": "x", "lon": LAT, "lat": LON, "coords": "bd09"}, "place.swapped"),
        ({"text": "x", "lon": LON, "lat": LAT, "coords": "epsg:3857"}, "intake.coords_unknown"),
        ({"text": "x", "address": "x" * 301}, "intake.text_too_long"),
        ({"text": "x", "declared_class": "0110"}, "class.ambiguous_code"),
        ({"text": "x", "declared_class": "event/0110"}, "class.ambiguous_code"),
        ({"text": "x", "declared_class": "gbt30428_2_2013/event/7777"}, "class.unknown"),
        ({"text": "x", "happened_at": "2099-01-01T00:00:00Z"}, "time.in_future"),
        ({"text": "x", "happened_at": "1969-12-31T23:59:59Z"}, "time.too_old"),
        ({"text": "x", "happened_at": "2025-12-01 08:00"}, "time.too_old"),
        ({"text": "x", "happened_at": "yesterday"}, "time.unreadable"),
        ({"text": "x", "happened_at": "2026-03-06"}, "time.unreadable"),
        ({"text": "x", "contact": Contact(name="李娜")}, "intake.bad_contact"),
        ({"text": "x", "contact": Contact(phone="call me")}, "intake.bad_contact"),
        ({"text": "x", "contact": Contact(email="nobody")}, "intake.bad_contact"),
        ({"text": "x", "photos": 10}, "intake.too_many_photos"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(city, asked, code):
    with pytest.raises(Exception) as refused:
        sound(city, **asked)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_an_ambiguous_code_names_its_candidates(city):
    with pytest.raises(Exception) as refused:
        sound(city, text="x", declared_class="0301")
    assert refused.value.more["candidates"] == [
        "gbt30428_2_2013/component/0301",
        "gbt30428_2_2013/event/0301",
    ]


def test_a_simulated_report_belongs_in_a_simulated_city(city):
    assert sound(city, text="x", simulated=True).simulated
    real = msgspec.structs.replace(city, simulated=False)
    with pytest.raises(Exception) as refused:
        sound(real, text="x", simulated=True)
    assert refused.value.code == "intake.city_is_real"
    assert not sound(real, text="x").simulated


@pytest.mark.parametrize("asked", [{"text": "x"}, {"photos": 1}, {"declared_class": "gbt30428_2_2013/event/0110"}])
def test_words_a_photo_or_a_class_is_enough(city, asked):
    assert sound(city, **asked)


@pytest.mark.parametrize("coords", ["gcj02", "bd09"])
def test_foreign_coordinates_are_converted_and_kept_raw(city, coords):
    shown = gcj02_of(Point(lon=LON, lat=LAT))
    shown = bd09_of(shown) if coords == "bd09" else shown
    kept = sound(city, text="x", lon=shown.lon, lat=shown.lat, coords=coords)
    assert (round(kept.lon, 7), round(kept.lat, 7)) == (LON, LAT)
    assert (kept.raw_place.lon, kept.raw_place.lat, kept.raw_place.coords) == (shown.lon, shown.lat, coords)


def test_a_time_without_zone_is_the_city_s_and_kept_raw(city):
    kept = sound(city, text="x", happened_at="2026-03-06 15:30")
    assert kept.happened_at == datetime(2026, 3, 6, 7, 30, tzinfo=UTC)
    assert kept.raw_time == "2026-03-06 15:30"


@pytest.mark.parametrize("phone", ["13800000000", "+86 138 0000 0000", "0731-8888 6666", "(0731) 88886666 转 12"])
def test_phones_as_people_write_them(phone):
    if phone.startswith("("):
        phone = phone.replace("(", "").replace(")", "")
    assert rules.contact_of(Contact(phone=phone)).phone == phone


def test_an_empty_contact_is_anonymous():
    assert rules.contact_of(Contact()) is None
    assert rules.contact_of(Contact(name=" ", phone="\u200b"[:0])) is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("K7Q29XFM3T0B", "K7Q29XFM3T0B"),
        ("k7q2-9xfm-3tob", "K7Q29XFM3T0B"),
        (" K7Q2 9XFM 3T0B ", "K7Q29XFM3T0B"),
        ("K7Q29XFM3TIL", "K7Q29XFM3T11"),
        ("K7Q29XFM3T0U", None),
        ("K7Q29XFM3T0", None),
        ("", None),
        ("x" * 10_000, None),
        ("路灯", None),
    ],
)
def test_codes_are_read_as_people_type_them(given, code):
    assert code_read(given) == code


def test_every_state_and_step_is_told_in_some_word():
    assert set(rules.STANDS) == set(State)
    assert set(rules.STEPS) <= set(FACTS)
