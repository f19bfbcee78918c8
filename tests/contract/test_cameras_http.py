"""Cameras push what they see: by keys in the path, repeats kept once, streams opened by themselves, unknown ones aside."""

import asyncio
import base64
import random
from hashlib import sha256

import pytest
from tests.camera_world import CameraWorld, message, the_cameras_app
from tests.engines import at_nine
from tests.world import Said

from cityloop.app.listening import taken, topics_of
from cityloop.app.senses import Senses
from cityloop.doors.cameras.read import frigate_seen
from cityloop.mqtt import Message
from cityloop.stages.sense.model import TooMuch

JPEG = b"\xff\xd8\xff\xe0" + bytes(64) + b"\xff\xd9"
MAC = "02:00:5e:10:00:01"
NOW = b"2026-03-02T08:59:00"


@pytest.fixture
def town(places, tmp_path):
    yield from at_nine(CameraWorld, the_cameras_app, places, tmp_path)


def alert(name: str = "isapi_linedetection.xml") -> bytes:
    return message("cameras", name).replace(b"2026-03-06T14:05:09", NOW)


def frigate(name: str) -> bytes:
    return message("cameras", f"frigate_{name}.json").replace(b"17700000", b"17720000")


def test_a_camera_sends_by_a_key_in_the_path_and_its_streams_open_by_themselves(town):
    key = town.partner_key("watch", "observe.send")
    town.camera(f"{MAC}:2")
    taken = town.sends(f"/v1/cameras/{key}/isapi", alert(), by=None)
    assert taken == {"kept": 2, "again": 0, "aside": {}}
    assert town.saw() == [(f"{MAC}:2/1:line_crossed", 1.0), (f"{MAC}:2/4:line_crossed", 1.0)]
    stream = town.seen(f"{MAC}:2")["streams"][0]
    assert (stream["observing"], stream["words"], stream["property"]) == ("detection", ["1", "line_crossed"], "seen")
    assert town.kept().at.tolist() == [1_772_413_140_000_000] * 2  # its clock says no zone: it is the city's


def test_the_camera_s_own_zone_counts_where_the_register_says_one(town):
    town.camera(f"{MAC}:2", properties={"zone": "Asia/Urumqi"})
    town.sends("/v1/cameras/isapi", alert().replace(NOW, b"2026-03-02T06:59:00"))
    assert town.kept().at.tolist() == [1_772_413_140_000_000] * 2


def test_a_key_that_may_not_observe_opens_nothing_and_a_wrong_one_neither(town):
    key = town.partner_key("other", "report.send")
    for path, code in (
        (f"/v1/cameras/{key}/isapi", "not_allowed"), ("/v1/cameras/ck_wrong/isapi", "key.bad"), ("/v1/cameras/isapi", "needs_sign_in"),
    ):  # fmt: skip
        with pytest.raises(Said) as said:
            town.sends(path, alert(), by=None)
        assert said.value.status in (401, 403), code


def test_a_key_may_come_as_the_password_of_basic(town):
    key = town.partner_key("watch", "observe.send")
    town.camera(f"{MAC}:2")
    basic = base64.b64encode(f"admin:{key}".encode()).decode()
    answer = town.client.post("/v1/cameras/isapi", content=alert(), headers={"authorization": f"Basic {basic}"})
    assert (answer.status_code, answer.json()["kept"]) == (200, 2)


def test_an_unknown_camera_waits_aside_and_is_poured_in_when_it_is_claimed(town):
    assert town.sends("/v1/cameras/isapi", alert())["aside"] == {"unknown": 2}
    assert [each[:2] for each in town.asides()] == [
        (f"{MAC}:2/1:line_crossed", "unknown"), (f"{MAC}:2/4:line_crossed", "unknown"),
    ]  # fmt: skip
    said = {"observing": "detection", "words": ["1", "line_crossed"]}
    town.camera(f"{MAC}:2", streams=[{"key": "1:line_crossed", **said}])
    assert town.pour() == 1
    assert town.sends("/v1/cameras/isapi", alert())["aside"] == {}


def test_a_heartbeat_is_kept_as_a_sign_of_life(town):
    town.camera(f"{MAC}:1")
    town.sends("/v1/cameras/isapi", alert("isapi_heartbeat.xml"))
    assert town.saw() == [(f"{MAC}:1/alive", 1.0)]


def test_parts_with_a_picture_are_taken_and_the_picture_is_not_kept(town):
    town.camera(f"{MAC}:2")
    body = b"--<frontier>\r\nContent-Type: application/xml\r\n\r\n" + alert() + b"\r\n--<frontier>\r\nContent-Type: image/jpeg\r\n\r\n" + JPEG
    kind = "multipart/form-data; boundary=<frontier>"
    assert town.sends("/v1/cameras/isapi", body + b"\r\n--<frontier>--", kind=kind)["kept"] == 2
    assert not any(JPEG in path.read_bytes() for path in town.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("seed", range(3))
def test_a_feed_that_is_sent_twice_or_interleaved_gives_the_same(town, seed):
    """去重: the law. Any order in which repeats come between gives the rows of the feed once."""
    town.camera("gate_east")
    feed = [frigate(name) for name in ("new", "update", "end")]
    sent, mixed = random.Random(seed), []
    for place, each in enumerate(feed):
        mixed.append(each)
        mixed += [sent.choice(feed[: place + 1]) for _ in range(sent.randrange(4))]
    for each in [*mixed, *feed]:
        town.sends("/v1/cameras/frigate", each)
    assert town.saw() == [
        ("gate_east/fire_lane:vehicle", 0.78), ("gate_east/fire_lane:parked_car", 0.81), ("gate_east/kerb:parked_car", 0.0),
        ("gate_east/fire_lane:vehicle", 0.5),
    ]  # fmt: skip
    track = int.from_bytes(sha256(b"frigate\n1772000000.123-abc123").digest()[:8], "big", signed=True)
    assert town.kept().track.tolist() == [track] * 4


def test_onvif_and_deepstream_come_in_too(town):
    town.camera("10.1.2.9:VSC1")
    town.camera("street-7")
    note = message("cameras", "onvif_notify.xml").replace(b"2026-03-06T06:05", b"2026-03-02T00:59")
    assert town.sends("/v1/cameras/onvif", note)["kept"] == 1
    seen = message("cameras", "deepstream_minimal.json").replace(b"2026-03-06T06:05", b"2026-03-02T00:59")
    assert town.sends("/v1/cameras/deepstream", seen)["kept"] == 2
    assert town.saw() == [("10.1.2.9:VSC1/kerb:vehicle", 0.9), ("street-7/vehicle", 0.83), ("street-7/person", 1.0)]


def test_words_drawn_at_random_open_no_more_than_so_many_streams(town, monkeypatch):
    monkeypatch.setattr("cityloop.doors.cameras.service.STREAMS_MAX", 3)
    town.camera("gate_east")
    for number in range(6):
        town.sends("/v1/cameras/frigate", frigate("new").replace(b'"fire_lane"', b'"zone%d"' % number))
    assert len(town.seen("gate_east")["streams"]) == 3
    assert len(town.saw()) == 3


def test_an_alert_may_name_its_camera_by_the_address(town):
    town.camera("gate-1")
    assert town.sends("/v1/cameras/isapi", alert(), camera="gate-1")["kept"] == 2


def test_what_is_hostile_is_refused_in_words(town):
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha">]><EventNotificationAlert>&a;</EventNotificationAlert>'
    for path in ("isapi", "onvif", "frigate", "deepstream"):
        for body in (b"", b"\xff", bomb, b"[" * 50_000, b'{"a":' * 50_000, b"--x\r\n\r\n"):
            with pytest.raises(Said) as said:
                town.sends(f"/v1/cameras/{path}", body)
            assert (said.value.status, said.value.body["code"]) == (400, "cameras.unreadable")


def heard(town, topic: str, payload: bytes) -> None:
    """A message comes by MQTT, as the listener hands it over."""
    with town.client.portal() as loop:
        loop.call(lambda: taken(town, topics_of("any"), [Message(topic, payload, False)]))


def test_frigate_and_lorawan_speak_by_mqtt(town):
    town.camera("gate_east")
    town.camera("0303030303030303", streams=[{"key": "temperature"}, {"key": "luminosity"}])
    heard(town, "frigate/events", frigate("new"))
    heard(town, "frigate/events", frigate("new"))
    heard(town, "v3/city@ttn/devices/air-9/up", message("lorawan", "things_up.json").replace(b"2026-03-06", b"2026-03-01"))
    assert town.saw() == [
        ("gate_east/fire_lane:vehicle", 0.78), ("0303030303030303/temperature", 1.5), ("0303030303030303/luminosity", 0.25),
    ]  # fmt: skip
    heard(town, "frigate/events", b"{")
    assert [each[:2] for each in town.asides()] == [("frigate/events", "unreadable")]


def test_a_feed_that_begins_again_after_a_restart_is_known(town):
    town.camera("gate_east")
    for name in ("new", "update", "end"):
        town.sends("/v1/cameras/frigate", frigate(name))
    before = town.saw()
    town.senses.close()
    town.senses = Senses(town.folder, town.writer, town.register, town.book)
    for name in ("new", "update", "end"):
        assert town.sends("/v1/cameras/frigate", frigate(name))["kept"] == 0
    assert town.saw() == before
    assert len(before) == 4


def test_what_was_refused_may_come_again_and_is_kept_then(town, monkeypatch):
    """Nothing counts as seen that was not kept."""
    town.camera("gate_east")
    town.sends("/v1/cameras/frigate", frigate("new"))
    monkeypatch.setattr(town.senses.sensing, "refuse_if_behind", lambda: (_ for _ in ()).throw(TooMuch("wait", retry_after_s=2)))
    with pytest.raises(Said) as said:
        town.sends("/v1/cameras/frigate", frigate("update"))
    assert (said.value.status, said.value.body["code"]) == (503, "sense.too_much")
    monkeypatch.undo()
    assert town.sends("/v1/cameras/frigate", frigate("update"))["kept"] == 2


def test_the_same_many_times_at_once_is_kept_once(town):
    town.camera("gate_east")
    seen = frigate_seen(frigate("new"))

    async def many() -> int:
        now = town.database.clock()
        return sum(each.kept for each in await asyncio.gather(*(town.senses.cameras.take(seen, now=now) for _ in range(20))))

    with town.client.portal() as loop:
        assert loop.call(many) == 1
    assert len(town.saw()) == 1
