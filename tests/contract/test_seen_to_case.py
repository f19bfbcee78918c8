"""From a camera's message to a case: what stays is raised once, has the class of its label, and comes by the channel of cameras."""

import json
import random

import pytest
from tests.alarm_world import AlarmWorld
from tests.camera_world import CameraWorld, the_cameras_app
from tests.engines import at_nine

RUBBISH = "gbt30428_2_2013/event/0110"


class SeenWorld(CameraWorld, AlarmWorld):
    """A town whose cameras are judged."""


@pytest.fixture
def town(places, tmp_path):
    yield from at_nine(SeenWorld, the_cameras_app, places, tmp_path)


def event(town, seconds: float, *, label="waste_bin", score=0.8, id="1772412000.5-bin") -> bytes:
    """An update of Frigate at so many seconds after nine."""
    at = town.nine + seconds
    what = {"id": id, "camera": "gate_east", "label": label, "frame_time": at, "start_time": town.nine, "score": score,
            "top_score": score, "false_positive": False, "end_time": None, "current_zones": ["kerb"], "stationary": True}  # fmt: skip
    return json.dumps({"type": "update", "before": what, "after": what}).encode()


@pytest.fixture
def feed(town):
    town.nine = town.clock.now.timestamp()
    lon, lat = 112.501, 28.499
    town.camera("gate_east", lon=lon, lat=lat)
    sent = [(seconds, event(town, seconds)) for seconds in (0, 60, 130, 190)]
    sent.insert(2, (70, event(town, 70, label="car", id="1772412000.5-car")))  # no class of the city's: an alarm, and no report
    return sent


def reached(town, seconds: float) -> None:
    """It is the moment of the event; time does not go back for one that comes again."""
    town.clock.forward(seconds=max(0.0, town.nine + seconds - town.clock.now.timestamp()))


def test_what_stays_becomes_one_case_of_its_label_s_class(town, feed):
    for seconds, each in feed:
        reached(town, seconds)
        town.sends("/v1/cameras/frigate", each)
    town.judge_all()
    lies, stands = town.alarm("lies"), town.alarm("stands")
    assert (lies["class_key"], stands["class_key"]) == (RUBBISH, None)
    assert town.channels(lies["case_id"]) == [("camera", RUBBISH)]
    assert stands["case_id"] is None


@pytest.mark.parametrize("seed", range(2))
def test_a_feed_that_repeats_itself_raises_the_same_once(town, feed, seed):
    """The law: twice, interleaved, judged in between or not, the alarms are the same."""
    chance, repeats = random.Random(seed), []
    for place, each in enumerate(feed):
        repeats += [each, *(chance.choice(feed[: place + 1]) for _ in range(chance.randrange(3)))]
    for seconds, each in [*repeats, *feed]:
        reached(town, seconds)
        town.sends("/v1/cameras/frigate", each)
        if chance.random() < 0.3:
            town.judge_all()
    town.judge_all()
    assert sorted(each["rule"] for each in town.alarms()) == ["lies", "stands"]
    assert len(town.channels(town.alarm("lies")["case_id"])) == 1
