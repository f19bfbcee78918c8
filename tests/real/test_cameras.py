"""Messages of real cameras, byte for byte as they were recorded. Source: `SOURCE.md` in each folder of detections."""

import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.camera_world import CameraWorld, the_cameras_app
from tests.engines import at_nine

from cityloop.doors.cameras.read import deepstream_seen, frigate_seen, isapi_seen
from cityloop.doors.cameras.recognise import Still, Watch, frames_of

pytestmark = pytest.mark.real
DATA = Path(__file__).parents[3] / "shared" / "data" / "detections"


def test_frigate_as_recorded():
    """25 events of one door: each begins and ends; one of them in a zone."""
    seen = frigate_seen((DATA / "frigate/events_front_door.first25.json").read_bytes())
    assert len(seen) == 50
    assert len({each.track for each in seen}) == 25
    assert {each.labels for each in seen} == {("person",)}
    assert {each.zone for each in seen} == {"", "bench"}
    assert not any(each.is_over for each in seen)
    assert all(Counter(each.track for each in seen)[each.track] == 2 for each in seen)
    assert all(0.5 < each.confidence <= 1 for each in seen)


@pytest.mark.parametrize(
    ("name", "labels", "zone", "at"),
    [
        ("cam1_DS-2CD2T46G2-ISU_io_notification", ("IO",), "1", "2024-11-19T16:53:28+01:00"),
        ("fielddetection_vehicle", ("fielddetection.vehicle", "fielddetection"), "2", "2022-01-19T07:51:17+01:00"),
        ("ipc_1_fielddetection", ("fielddetection",), "", "2023-01-23T23:27:25+01:00"),
        ("pir", ("PIR",), "", "2023-04-06T22:22:21+01:00"),
    ],
)
def test_isapi_as_recorded(name, labels, zone, at):
    raw = (DATA / f"hikvision_isapi/{name}.xml").read_bytes()
    [seen] = isapi_seen(raw)
    assert (seen.labels, seen.zone, seen.at.isoformat(), seen.is_over) == (labels, zone, at, False)
    parts = b'--MIME_boundary\r\nContent-Disposition: form-data; name="alert"\r\nContent-Type: application/xml\r\n\r\n'
    whole = parts + raw + b"\r\n--MIME_boundary--\r\n"
    assert isapi_seen(whole, "multipart/form-data; boundary=<MIME_boundary>") == [seen]


def test_deepstream_as_recorded():
    """The first 1,500 messages of a garage: moving, parked, empty."""
    seen = deepstream_seen(gzip.decompress((DATA / "deepstream/demo-1.first1500.jsonl.gz").read_bytes()))
    assert Counter(each.labels[0] for each in seen) == {"vehicle.moving": 1484, "vehicle.parked": 13, "vehicle.empty": 3}
    assert len({each.cameras for each in seen}) == 49
    assert len({each.track for each in seen}) == 57
    assert "UNK-M-0" not in repr(seen)


# by hand, of every eighth of 377 frames: how many cars are in the picture; in all others there is none
BY_HAND = dict.fromkeys((56, 64, 72, 80, 88, 96, 104, 184, 232, 320, 328, 336, 344), 1) | dict.fromkeys((192, 200, 208, 216, 224), 2)
CARS = 4
RIGHT_LEAST = 0.95  # of the frames that were counted by hand; measured: 46 of 48


def test_cars_of_a_video_are_counted_and_followed():
    """Plain video, a camera that darkens when something bright comes: each car is one track, and what is there is counted."""
    watch = Watch("lot-1", [Still()])
    right, told, count = 0, [], 0
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    for number, frame in enumerate(frames_of(str(DATA / "video/car-detection.mp4"), start=start, now=None)):
        seen = watch.look(frame)
        told += seen
        if number % 8 == 0:
            count += 1
            tracks = watch.tracker.in_view(frame.at)
            right += len(tracks) == BY_HAND.get(number, 0)
    assert (number + 1, count) == (377, 48)
    assert watch.tracker.counted == CARS
    assert right / count >= RIGHT_LEAST
    assert len({each.track for each in told}) == CARS


@pytest.fixture
def town(places, tmp_path):
    yield from at_nine(CameraWorld, the_cameras_app, places, tmp_path)


def test_the_recordings_are_replayed_byte_for_byte_and_twice_is_once(town):
    """Through the real routes and a real key: every message is kept once, in streams that opened by themselves."""
    key = town.partner_key("watch", "observe.send")
    isapi = sorted((DATA / "hikvision_isapi").glob("*.xml"))
    lines = gzip.decompress((DATA / "deepstream/demo-1.first1500.jsonl.gz").read_bytes())
    events = (DATA / "frigate/events_front_door.first25.json").read_bytes()
    for name in {name for path in isapi for each in isapi_seen(path.read_bytes()) for name in each.cameras[:1]}:
        town.camera(name)
    for name in sorted({each.cameras[0] for each in deepstream_seen(lines)}):
        town.device(name)
    town.camera("front_door")
    sent = [("frigate", events), ("deepstream", lines), *(("isapi", path.read_bytes()) for path in isapi)]
    first = [town.sends(f"/v1/cameras/{key}/{way}", body, by=None) for way, body in sent]
    again = [town.sends(f"/v1/cameras/{key}/{way}", body, by=None) for way, body in sent]
    assert [each["aside"] for each in first + again] == [{}] * 12
    assert [each["kept"] for each in first] == [50, 1489, 1, 1, 1, 1]  # 11 messages say a second place of one track at one moment
    assert [(each["kept"], each["again"]) for each in again] == [(0, 50), (0, 1500), *[(0, 1)] * 4]
    assert town.kept().size == 1543
    assert len(town.seen("front_door")["streams"]) == 2
