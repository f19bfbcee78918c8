"""Uplinks of three network servers say the same; what came twice is known again; what is hostile is refused in words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.doors.lorawan.model import UplinkUnreadable
from cityloop.doors.lorawan.read import uplinks_in
from cityloop.doors.lorawan.service import mark_of

HERE = Path(__file__).parent / "messages"
MESSAGES = {path.stem: path.read_bytes() for path in sorted(HERE.iterdir())}


def test_chirpstack_4():
    [up] = uplinks_in(MESSAGES["chirpstack4_up"])
    assert up.devices == ("0101010101010101", "air-7")
    assert up.at == datetime(2026, 3, 6, 6, 5, 9, 123456, UTC)
    assert up.values == {"temperature": 21.5, "door": 1.0, "gas.no2": 12.0, "gas.co.0": 1.5, "gas.co.1": 2.0}
    assert up.signs == {"rssi": -88.0, "snr": 7.5}
    [status] = uplinks_in(MESSAGES["chirpstack4_status"])
    assert (status.values, status.signs) == ({}, {"margin": 12.0, "battery": 75.5})
    assert uplinks_in(MESSAGES["chirpstack4_join"]) == []


def test_chirpstack_3():
    [up] = uplinks_in(MESSAGES["chirpstack3_up"])
    assert up.devices == ("0202020202020202", "air-8")
    assert up.values == {"temperatureSensor": 25.0, "humiditySensor": 32.0}
    assert up.at == datetime(2026, 3, 6, 6, 5, 10, 250000, UTC)  # the first gateway that heard it
    assert up.signs == {"rssi": -48.0, "snr": 10.0}
    as_hex = MESSAGES["chirpstack3_up"].replace(b"AgICAgICAgI=", b"0202020202020202")
    assert uplinks_in(as_hex) == [up]


def test_the_things_stack():
    [up] = uplinks_in(MESSAGES["things_up"])
    assert up.devices == ("0303030303030303", "air-9")
    assert (up.values, up.count) == ({"temperature": 1.5, "luminosity": 0.25}, 3)
    assert up.at == datetime(2026, 3, 6, 6, 5, 11, 500000, UTC)
    assert up.signs == {"rssi": -35.0, "snr": 5.2, "battery": 94.1}


def test_an_uplink_is_known_again_by_its_counter_and_not_by_its_moment():
    [first] = uplinks_in(MESSAGES["things_up"])
    [later] = uplinks_in(MESSAGES["things_up"].replace(b"11.5Z", b"12.5Z"))
    [next_one] = uplinks_in(MESSAGES["things_up"].replace(b'"f_cnt": 3', b'"f_cnt": 4'))
    [joined_anew] = uplinks_in(MESSAGES["things_up"].replace(b"00BCB929", b"00BCB930"))
    assert mark_of(first) == mark_of(later)
    assert len({mark_of(each) for each in (first, next_one, joined_anew)}) == 3


@pytest.mark.parametrize(
    "raw",
    [b"", b"7", b"[1]", b"{}", b'{"deviceInfo": {"devEui": "xyz"}, "fCnt": 1}', b"[" * 100_000, b'{"devEUI": 7, "fCnt": 1}',
     b'{"devEUI": "0202020202020202", "fCnt": 1, "objectJSON": "{"}', b'{"devEUI": "0202020202020202", "object": {%b"a": 1}}' % b"".join(b'"k%d": 1, ' % n for n in range(300))],
    ids=lambda raw: f"{raw[:16]!r}x{len(raw)}",
)  # fmt: skip
def test_what_is_hostile_is_refused_in_words(raw):
    with pytest.raises(UplinkUnreadable) as refused:
        uplinks_in(raw)
    assert refused.value.detail


@given(st.sampled_from(sorted(MESSAGES.values())), st.integers(0, 1_500), st.integers(0, 40), st.binary(max_size=20))
def test_any_damage_is_read_or_refused(message, at, gone, put):
    try:
        found = uplinks_in(message[:at] + put + message[at + gone :])
    except UplinkUnreadable:
        return
    assert all(abs(each) < float("inf") for up in found for each in up.values.values())
