"""What cameras send is read as it is: regions, states, moments, repeats; and what is hostile is refused in words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cityloop.doors.cameras import read
from cityloop.doors.cameras.model import Box, MessageTooLarge, Unreadable
from cityloop.doors.cameras.read import shapes

HERE = Path(__file__).parent / "messages"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) + b"\r\n--not-the-boundary\r\n" + b"\xff\xd9"
ALARM = (
    '<?xml version="1.0" encoding="GB2312"?>\r\n<Notify><CmdType>Alarm</CmdType><SN>17</SN>'
    "<DeviceID>34020000001320000001</DeviceID><AlarmPriority>1</AlarmPriority><AlarmMethod>5</AlarmMethod>"
    "<AlarmTime>2026-03-06T14:05:09</AlarmTime><AlarmDescription>占道经营</AlarmDescription>"
    "<Info><AlarmType>6</AlarmType><AlarmTypeParam><EventType>1</EventType></AlarmTypeParam></Info></Notify>"
)


def said(name: str) -> bytes:
    return (HERE / name).read_bytes()


def brief(seen):
    return [(each.labels[0], each.zone, each.confidence, each.is_over) for each in seen]


def form(*parts: tuple[str, bytes], boundary: str = "<frontier>", end: bool = True) -> bytes:
    whole = b"".join(
        b"--%b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b\r\n"
        % (boundary.encode(), kind.encode(), len(body), body)
        for kind, body in parts
    )
    return whole + (b"--%b--\r\n" % boundary.encode() if end else b"")


def test_frigate_tells_what_stands_in_which_zone_and_what_left():
    assert brief(read.frigate_seen(said("frigate_new.json"))) == [("car", "fire_lane", 0.78, False)]
    assert brief(read.frigate_seen(said("frigate_update.json"))) == [
        ("car.stationary", "fire_lane", 0.81, False),
        ("car.stationary", "kerb", 0.81, True),
    ]
    [ended] = read.frigate_seen(said("frigate_end.json"))
    assert (ended.zone, ended.is_over, ended.at.timestamp()) == ("fire_lane", False, 1770000095.25)
    assert ended.track == "1770000000.123-abc123"


def test_a_false_positive_is_nothing_and_a_name_is_not_read():
    event = json.loads(said("frigate_new.json"))
    assert b"somebody" in said("frigate_new.json")
    assert "somebody" not in repr(read.frigate_seen(said("frigate_new.json")))
    event["after"]["false_positive"] = True
    assert read.frigate_seen(json.dumps(event).encode()) == []


def test_isapi_in_xml_has_a_row_for_each_region_and_bears_a_bare_ampersand():
    first, second = read.isapi_seen(said("isapi_linedetection.xml"))
    assert (first.labels, first.zone) == (("linedetection.human", "linedetection"), "1")
    assert (second.labels[0], second.zone) == ("linedetection.vehicle", "4")
    assert second.box == Box(left=0.1, top=0.2, right=0.4, bottom=pytest.approx(0.6))
    assert first.at == datetime(2026, 3, 6, 14, 5, 9)
    assert first.at.tzinfo is None
    assert first.cameras == ("02:00:5e:10:00:01:2", "10.1.2.3:2")  # a second channel is not the device itself


def test_isapi_in_json_says_the_same():
    [seen] = read.isapi_seen(said("isapi.json"))
    assert (seen.labels, seen.zone, seen.confidence) == (("AIOP.rubbish", "AIOP"), "7", 0.83)
    assert seen.cameras[0] == "02:00:5e:10:00:01:1"
    assert read.isapi_seen(b'{"EventNotificationAlert": ' + said("isapi.json") + b"}") == [seen]


def test_a_heartbeat_is_a_sign_of_life_and_nothing_seen():
    [sign] = read.isapi_seen(said("isapi_heartbeat.xml"))
    assert (sign.is_sign, sign.is_over) == (True, True)
    lost = said("isapi_heartbeat.xml").replace(b"inactive", b"active")
    [seen] = read.isapi_seen(lost)
    assert (seen.is_sign, seen.is_over, seen.labels) == (False, False, ("videoloss",))


@pytest.mark.parametrize("header", ["<frontier>", "frontier", '"<frontier>"'])
def test_parts_are_found_whichever_way_the_boundary_is_written(header):
    body = form(("application/xml; charset=UTF-8", said("isapi_linedetection.xml")), ("image/jpeg", JPEG))
    first, second = read.isapi_seen(body, f"multipart/form-data; boundary={header}")
    assert first.stills == (JPEG,)
    assert second.stills == ()
    assert read.isapi_seen(body)[0].stills == (JPEG,)  # no header at all


def test_a_part_that_breaks_off_is_refused_and_a_missing_end_mark_is_not():
    parts = ("application/xml", said("isapi_heartbeat.xml")), ("image/jpeg", JPEG)
    kind = "multipart/form-data; boundary=<frontier>"
    whole = form(*parts, end=False)
    assert len(read.isapi_seen(whole, kind)) == 1
    with pytest.raises(Unreadable, match="breaks off"):
        read.isapi_seen(whole[:-60], kind)


def test_letters_of_a_camera_that_calls_gb2312_utf8_are_borne():
    gb = said("isapi_linedetection.xml").replace(b"Gate & kerb", "东门".encode("gb2312"))
    assert read.isapi_seen(gb) == read.isapi_seen(said("isapi_linedetection.xml"))


def test_onvif_leaves_out_what_was_so_at_the_beginning():
    inside, still = read.onvif_seen(said("onvif_notify.xml"))
    assert inside.labels == ("RuleEngine.FieldDetector.ObjectsInside.Vehicle", "RuleEngine.FieldDetector.ObjectsInside")
    assert (inside.zone, inside.confidence, inside.is_over) == ("kerb", 0.9, False)
    assert inside.cameras == ("10.1.2.9:VSC1", "10.1.2.9", "VSC1")
    assert inside.track.endswith("/15")
    assert inside.box is not None
    assert (still.labels, still.is_over, still.cameras) == (("VideoSource.MotionAlarm",), True, ("VS1",))


@pytest.mark.parametrize("code", ["gb2312", "utf-8"])
def test_gb28181_is_read_in_the_letters_in_which_it_comes(code):
    told = read.gb28181_read(ALARM.encode(code))
    assert (told.root, told.command, told.sn, told.device) == ("Notify", "Alarm", "17", "34020000001320000001")
    assert told.alarm
    assert told.alarm.labels == ("5.6.1", "5.6", "5")
    assert told.alarm.at == datetime(2026, 3, 6, 14, 5, 9)
    assert "占道" not in repr(told)
    over = read.gb28181_read(ALARM.replace("<EventType>1", "<EventType>2").encode(code)).alarm
    assert over
    assert over.is_over


def test_gb28181_keepalive_has_no_alarm():
    alive = b"<Notify><CmdType>Keepalive</CmdType><SN>3</SN><DeviceID>3402</DeviceID><Status>OK</Status></Notify>"
    assert read.gb28181_read(alive).alarm is None


def test_deepstream_minimal_reads_no_plate():
    car, person = read.deepstream_seen(said("deepstream_minimal.json"))
    assert (car.labels, car.track, car.confidence) == (("vehicle",), "957", 0.83)
    assert (person.labels, person.confidence, person.at) == (("person",), 1.0, datetime(2026, 3, 6, 6, 5, 9, 123000, UTC))
    assert "CA 444" not in repr(car)
    lines = said("deepstream_minimal.json").strip()
    assert len(read.deepstream_seen(lines + b"\n" + lines)) == 4
    assert len(read.deepstream_seen(b"[" + lines + b"]")) == 2


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b"<EventNotificationAlert>&b;</EventNotificationAlert>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><EventNotificationAlert>&a;</EventNotificationAlert>'
READERS = {
    "frigate": read.frigate_seen, "isapi": read.isapi_seen, "onvif": read.onvif_seen, "gb28181": read.gb28181_read,
    "deepstream": read.deepstream_seen,
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff\xfe", b"null", b"7", b"[1]", b"{}", b"[" * 100_000, b'{"a":' * 100_000, b"<a>" * 100_000, BOMB, OUTSIDE,
        b'{"after": {"camera": "x", "label": "y", "id": "z", "frame_time": 1e300}}', b'{"objects": 7, "sensorId": "x"}',
        b"<a>" * 200 + b"</a>" * 200, b'{"camera": NaN}', b"--x\r\n\r\n--x--",
    ],
    ids=lambda raw: f"{raw[:12]!r}x{len(raw)}",
)  # fmt: skip
def test_what_is_hostile_is_refused_in_words(name, raw):
    with pytest.raises(Unreadable) as refused:
        READERS[name](raw)
    assert refused.value.detail


@pytest.mark.parametrize(
    "declared",
    [b"<!DOCTYPE x>", b'<!DOCTYPE x [<!ENTITY a "ha">]>', b'<!DOCTYPE x SYSTEM "http://10.0.0.1/x.dtd">'],
)
def test_a_sound_alert_that_declares_a_document_type_is_refused(declared):
    assert len(read.isapi_seen(said("isapi_heartbeat.xml"))) == 1
    with pytest.raises(Unreadable):
        read.isapi_seen(declared + said("isapi_heartbeat.xml"))


@pytest.mark.parametrize("name", READERS)
def test_what_is_too_large_is_not_read(name, monkeypatch):
    monkeypatch.setattr(shapes, "BODY_MAX", 1_000)
    with pytest.raises(MessageTooLarge):
        READERS[name](b"<" * 1_001)
