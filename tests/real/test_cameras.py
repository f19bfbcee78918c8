"""Messages of real cameras, byte for byte as they were recorded. Source: `SOURCE.md` in each folder of detections."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from cityloop.doors.cameras.read import deepstream_seen, frigate_seen, isapi_seen

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
