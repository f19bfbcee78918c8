"""Uplinks of LoRaWAN come in: DevEUI, decoded fields, repeats once, signs of the radio where somebody asked for them."""

import asyncio

import pytest
from tests.camera_world import CameraWorld, message, the_cameras_app
from tests.engines import at_nine
from tests.world import Said

from cityloop.doors.lorawan.read import uplinks_in


@pytest.fixture
def town(places, tmp_path):
    yield from at_nine(CameraWorld, the_cameras_app, places, tmp_path)


def up(name: str) -> bytes:
    return message("lorawan", f"{name}.json").replace(b"2026-03-06T0", b"2026-03-01T0")


def test_each_server_s_uplinks_are_kept_and_a_repeat_is_kept_once(town):
    town.camera("01-01-01-01-01-01-01-01", streams=[{"key": "temperature"}, {"key": "gas.no2"}, {"key": "battery"}, {"key": "rssi"}])
    town.camera("air-8", streams=[{"key": "humiditySensor"}])
    town.camera("0303030303030303", streams=[{"key": "temperature"}])
    first = town.sends("/v1/lorawan/uplinks", up("chirpstack4_up"), event="up")
    assert first == {"kept": 3, "again": 0, "aside": {"unknown": 3}}
    assert town.sends("/v1/lorawan/uplinks", up("chirpstack4_up")) == {"kept": 0, "again": 1, "aside": {}}
    assert town.sends("/v1/lorawan/uplinks", up("chirpstack4_status"))["kept"] == 1
    assert town.sends("/v1/lorawan/uplinks", up("chirpstack4_join"))["kept"] == 0
    assert town.sends("/v1/lorawan/uplinks", up("chirpstack3_up"))["kept"] == 1
    assert town.sends("/v1/lorawan/uplinks", b"[" + up("things_up") + b"," + up("things_up") + b"]")["kept"] == 1
    assert sorted(town.saw()) == [
        ("01-01-01-01-01-01-01-01/battery", 75.5), ("01-01-01-01-01-01-01-01/gas.no2", 12.0),
        ("01-01-01-01-01-01-01-01/rssi", -88.0), ("01-01-01-01-01-01-01-01/temperature", 21.5), ("0303030303030303/temperature", 1.5),
        ("air-8/humiditySensor", 32.0),
    ]  # fmt: skip


def test_an_unknown_device_waits_under_its_eui(town):
    assert town.sends("/v1/lorawan/uplinks", up("things_up"))["aside"] == {"unknown": 2}
    assert {stream for stream, *_ in town.asides()} == {"0303030303030303/temperature", "0303030303030303/luminosity"}


def test_a_key_in_the_path_opens_and_what_is_no_uplink_is_refused(town):
    key = town.partner_key("network", "observe.send")
    assert town.sends(f"/v1/lorawan/{key}/uplinks", up("chirpstack4_join"), by=None)["kept"] == 0
    assert town.client.post("/v1/lorawan/ck_forged/uplinks", content=up("things_up")).status_code == 401
    with pytest.raises(Said) as said:
        town.sends("/v1/lorawan/uplinks", b"{}")
    assert (said.value.status, said.value.body["code"]) == (400, "lorawan.unreadable")


def test_the_same_uplink_many_times_at_once_is_kept_once(town):
    town.camera("0303030303030303", streams=[{"key": "temperature"}, {"key": "luminosity"}])
    uplinks, now = uplinks_in(up("things_up")), town.database.clock()

    async def many() -> int:
        return sum(each.kept for each in await asyncio.gather(*(town.senses.lorawan.take(uplinks, now=now) for _ in range(20))))

    with town.client.portal() as loop:
        assert loop.call(many) == 2
    assert len(town.saw()) == 2
