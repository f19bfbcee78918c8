"""`cityloop cameras watch`: a video is looked at, and what is seen goes the way of any camera's message."""

from datetime import UTC, datetime

import numpy as np
import pytest
from tests.camera_world import CameraWorld, the_cameras_app
from tests.engines import at_nine

from cityloop.cli.cameras import _camera, _recogniser, _watched
from cityloop.doors.cameras.recognise import Watch, zones_of
from cityloop.doors.cameras.recognise.port import RecogniserWrong, VideoClosed
from cityloop.stages.sense.model import DeviceUnknown

START = datetime(2026, 3, 2, 0, 50, tzinfo=UTC)
KERB = "0,0 1,0 1,1 0,1"


@pytest.fixture
def town(places, tmp_path):
    yield from at_nine(CameraWorld, the_cameras_app, places, tmp_path)


@pytest.fixture
def video(tmp_path):
    """A grey street; after two seconds something bright comes and stays. Five frames a second."""
    cv = pytest.importorskip("cv2")
    path = tmp_path / "street.avi"
    out = cv.VideoWriter(str(path), cv.VideoWriter_fourcc(*"MJPG"), 5.0, (256, 144))
    street = np.random.default_rng(3).normal(110, 2, (144, 256, 3)).clip(0, 255).astype(np.uint8)
    for number in range(80):
        picture = street.copy()
        if number >= 15:
            picture[60:110, 100:160] = 225
        out.write(picture)
    out.release()
    return str(path)


def watched(town, video):
    thing = _camera(town, "lot-1")
    watch = Watch("lot-1", [_recogniser("still", zones_of(thing.properties), 5.0)], zones=zones_of(thing.properties))
    with town.client.portal() as loop:
        return loop.call(_watched, town, watch, video, START, 1)


def test_what_a_recogniser_sees_is_kept_and_a_video_that_is_looked_at_twice_is_once(town, video):
    town.camera("lot-1", properties={"zone.kerb": KERB})
    found = watched(town, video)
    assert (found["frames"], found["things"], found["aside"]) == (80, 1, 0)
    kept = town.saw()
    assert {name for name, _ in kept} == {"lot-1/kerb:moves", "lot-1/kerb:left_behind", "lot-1/kerb:occupied"}
    shares = [value for name, value in kept if name.endswith("occupied")]
    assert (shares[0], shares[-1]) == (0.0, pytest.approx(50 * 60 / (144 * 256), abs=0.02))
    again = watched(town, video)
    assert (again["kept"], again["again"]) == (0, found["kept"])
    assert town.saw() == kept


def test_no_frame_is_kept(town, video):
    town.camera("lot-1")
    before = {path for path in town.folder.rglob("*") if path.is_file()}
    watched(town, video)
    made = [path for path in town.folder.rglob("*") if path.is_file() and path not in before and not path.name.startswith("city.db")]
    assert [path for path in made if "telemetry" not in path.parts] == []
    rows = town.kept().size
    assert 0 < rows < 200
    assert sum(path.stat().st_size for path in made) < 100 * rows + 4_096  # boxes are not even in it: a row is 28 bytes


def test_what_is_not_there_is_said_in_words(town):
    with pytest.raises(DeviceUnknown):
        _camera(town, "none")
    town.camera("lot-1")
    with pytest.raises(VideoClosed, match=r"nothing\.avi"):
        watched(town, "nothing.avi")
    with pytest.raises(RecogniserWrong):
        _recogniser("clever", {}, 5.0)
    with pytest.raises(RecogniserWrong):
        _recogniser("none.toml", {}, 5.0)
