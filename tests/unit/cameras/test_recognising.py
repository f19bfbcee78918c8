"""One frame, many recognisers: what is the same thing, what stays, how much is taken, what a model of another sees."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.doors.cameras.model import Box
from cityloop.doors.cameras.recognise import Found, Frame, OnnxModel, Still, Tracker, Watch, fused, zones_of
from cityloop.doors.cameras.recognise import port as vision_port
from cityloop.doors.cameras.recognise.fusing import label_of, overlap
from cityloop.doors.cameras.recognise.onnx_model import kept
from cityloop.doors.cameras.recognise.port import RecogniserWrong, VisionMissing, vision

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
SQUARE = Box(left=0.1, top=0.1, right=0.3, bottom=0.3)
NEAR = Box(left=0.12, top=0.1, right=0.32, bottom=0.3)
FAR = Box(left=0.6, top=0.6, right=0.8, bottom=0.8)


def found(by, label, confidence=0.5, box=SQUARE):
    return Found(by=by, label=label, confidence=confidence, box=box)


def test_what_two_recognisers_see_in_one_place_is_one_thing_and_surer():
    [thing] = fused([found("a", "car", 0.6), found("b", "car", 0.5, NEAR)])
    assert (thing.label, thing.by) == ("car", ("a", "b"))
    assert thing.confidence == pytest.approx(1 - 0.4 * 0.5)


def test_who_only_sees_that_something_is_there_agrees_with_who_names_it():
    [thing] = fused([found("still", "stays", 0.9, NEAR), found("model", "car", 0.5)])
    assert (thing.label, thing.stays, thing.box) == ("car", True, SQUARE)


def test_two_of_one_recogniser_stay_two_and_so_do_two_names_or_two_places():
    assert len(fused([found("a", "car"), found("a", "car", 0.4, NEAR)])) == 2
    assert len(fused([found("a", "car"), found("b", "person", 0.4, NEAR)])) == 2
    assert len(fused([found("a", "car"), found("b", "car", 0.4, FAR)])) == 2


edges = st.integers(0, 8)
boxes = st.builds(
    lambda x, y, w, h: Box(left=x / 10, top=y / 10, right=(x + w) / 10, bottom=(y + h) / 10), edges, edges, st.integers(1, 4), st.integers(1, 4)
)  # fmt: skip
founds = st.lists(
    st.builds(found, st.sampled_from("abc"), st.sampled_from(["car", "person", "moves", "stays"]), st.sampled_from([0.2, 0.5, 0.9]), boxes),
    max_size=7,
)  # fmt: skip


@given(founds, st.randoms(use_true_random=False))
def test_the_order_in_which_recognisers_speak_says_nothing(said, chance: random.Random):
    """The law of fusion: nothing is lost or seen twice, nobody speaks twice for one thing, and the order does not matter."""
    mixed = list(said)
    chance.shuffle(mixed)
    things = fused(said)
    assert fused(mixed) == things
    assert sum(len(each.by) for each in things) == len(said)
    assert all(len(set(each.by)) == len(each.by) for each in things)
    assert all(0 <= each.confidence <= 1 for each in things)


def test_a_thing_is_followed_through_gaps_and_named_by_what_was_said_most():
    tracker = Tracker(gap_s=1.0, sure=2)
    numbers = set()
    for step in range(20):
        if step in (7, 8):
            continue  # nobody saw it
        box = Box(left=0.02 * step, top=0.4, right=0.02 * step + 0.2, bottom=0.6)
        label = "bus" if step == 3 else "car"
        tracks = tracker.follow(fused([found("a", label, 0.5, box)]), START + timedelta(seconds=step / 5))
        numbers |= {each.number for each in tracks}
    assert (len(numbers), tracker.counted) == (1, 1)
    assert label_of(tracks[0]) == "car"
    tracker.follow([], START + timedelta(seconds=10))
    assert tracker.follow(fused([found("a", "car")]), START + timedelta(seconds=11)) == []  # another, not yet sure


def picture(*squares, light=1.0, size=(144, 256)):
    """A grey street with squares in it. Shape: (left, top, right, bottom, brightness) in pixels."""
    street = np.full((*size, 3), 110, np.float32) + np.random.default_rng(7).normal(0, 2, (*size, 1))
    for left, top, right, bottom, bright in squares:
        street[top:bottom, left:right] = bright
    return np.clip(street * light, 0, 255).astype(np.uint8)


def looked(still, pictures, per_s=5):
    return [still.look(Frame(START + timedelta(seconds=i / per_s), each)) for i, each in enumerate(pictures)]


def labels(seen):
    return sorted(each.label for each in seen if each.box is not None)


def test_what_comes_moves_then_stays_and_then_becomes_ground():
    car = (100, 60, 140, 100, 220)
    pictures = [picture()] * 20 + [picture((4 * i, 60, 4 * i + 40, 100, 220)) for i in range(25)] + [picture(car)] * 100
    seen = looked(Still(stays_s=5, forgets_s=12), pictures)
    assert labels(seen[19]) == []
    assert labels(seen[30]) == ["moves"]
    assert labels(seen[60]) == ["moves"]
    assert labels(seen[80]) == ["stays"]
    assert labels(seen[-1]) == []
    [box] = [each.box for each in seen[80]]
    assert (box.left * 256, box.right * 256) == (pytest.approx(100, abs=4), pytest.approx(140, abs=4))


def test_darker_light_and_a_shadow_are_nothing_and_a_thing_in_them_is_seen():
    pictures = [picture()] * 20 + [picture(light=0.6)] * 3 + [picture((20, 20, 80, 70, 80))] * 3 + [picture((100, 60, 140, 100, 220), light=0.6)]
    seen = looked(Still(), pictures)
    assert [labels(each) for each in seen[20:26]] == [[]] * 6
    assert labels(seen[26]) == ["moves"]


def test_how_much_of_a_zone_is_taken():
    still = Still(zones={"kerb": ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))})
    seen = looked(still, [picture()] * 20 + [picture((0, 0, 64, 144, 220))])
    shares = [each.confidence for each in seen[-1] if each.label == "occupied"]
    assert shares == [pytest.approx(0.5, abs=0.05)]
    assert [each.confidence for each in seen[15] if each.label == "occupied"] == [0.0]


def test_everything_at_once_is_the_camera_and_nothing_is_said_of_it():
    other = picture(*((x, y, x + 32, y + 24, 230 if (x // 32 + y // 24) % 2 else 20) for x in range(0, 256, 32) for y in range(0, 144, 24)))
    seen = looked(Still(), [picture()] * 20 + [other] * 20 + [picture((100, 60, 140, 100, 220))])
    assert seen[20:40] == [[]] * 20  # and it learns the ground anew
    assert seen[40] == []


MODEL = """
name = "cars"
model = "cars.onnx"
classes = ["car", "person"]
least = 0.3

[input]
width = 64
height = 64
fit = "{fit}"

[output]
rows = "{rows}"
objectness = {objectness}
"""


def made(folder, *, fit="stretch", rows="first", objectness=False):
    """A tiny detector: two boxes of cars that cover each other, and a person as sure as the picture is bright."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    line = lambda x, y, w, h, car: [x, y, w, h] + ([0.5] if objectness else []) + [car, 0.0]
    table = np.array([line(16, 32, 16, 32, 0.9), line(17, 32, 16, 32, 0.8), line(48, 32, 16, 16, 0.0)], np.float32)
    put = np.zeros_like(table)
    put[2, -1] = 1.0
    if rows == "last":
        table, put = table.T, put.T
    nodes = [
        helper.make_node("ReduceMean", ["pixels"], ["bright"], keepdims=0),
        helper.make_node("Mul", ["put", "bright"], ["person"]),
        helper.make_node("Add", ["table", "person"], ["all"]),
        helper.make_node("Unsqueeze", ["all", "axis"], ["out"]),
    ]
    constants = [
        onnx.numpy_helper.from_array(table, "table"), onnx.numpy_helper.from_array(put, "put"),
        onnx.numpy_helper.from_array(np.array([0], np.int64), "axis"),
    ]  # fmt: skip
    pixels = helper.make_tensor_value_info("pixels", kind, [1, 3, 64, 64])
    out = helper.make_tensor_value_info("out", kind, [1, *table.shape])
    graph = helper.make_graph(nodes, "cars", [pixels], [out], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / "cars.onnx"))
    (folder / "cars.toml").write_text(MODEL.format(fit=fit, rows=rows, objectness=str(objectness).lower()))
    return folder / "cars.toml"


@pytest.mark.parametrize(("rows", "objectness"), [("first", False), ("last", False), ("first", True)])
def test_a_model_is_run_as_its_description_says(tmp_path, rows, objectness):
    model = OnnxModel(made(tmp_path, rows=rows, objectness=objectness))
    bright = np.full((100, 200, 3), 255, np.uint8)
    car, person = sorted(model.look(Frame(START, bright)), key=lambda each: each.label)
    assert (car.label, car.confidence) == ("car", pytest.approx(0.45 if objectness else 0.9))
    assert person.label == "person"
    assert (car.box.left, car.box.top, car.box.right, car.box.bottom) == pytest.approx((8 / 64, 16 / 64, 24 / 64, 48 / 64))
    dark = np.zeros((100, 200, 3), np.uint8)
    assert [each.label for each in model.look(Frame(START, dark))] == ["car"]  # colour, scale and threshold


def test_a_model_that_fits_the_picture_in_gives_boxes_of_the_picture(tmp_path):
    model = OnnxModel(made(tmp_path, fit="letterbox"))
    [car] = [each for each in model.look(Frame(START, np.zeros((100, 200, 3), np.uint8))) if each.label == "car"]
    assert (car.box.left, car.box.right) == pytest.approx((8 / 64, 24 / 64))
    assert (car.box.top, car.box.bottom) == (0.0, pytest.approx(1.0))  # 16 to 48 of 64 are the whole picture


@pytest.mark.parametrize(
    ("old", "new"),
    [("[input]", "[inputt]"), ('rows = "first"', 'rows = "last"'), ("cars.onnx", "none.onnx"), ("width = 64", "width = 32"), ("", "")],
)
def test_a_model_that_is_described_wrongly_is_refused_in_words(tmp_path, old, new):
    path = made(tmp_path)
    path.write_text(path.read_text().replace(old, new) if old else "=")
    with pytest.raises(RecogniserWrong):
        OnnxModel(path).look(Frame(START, np.zeros((10, 10, 3), np.uint8)))


@given(st.lists(st.tuples(edges, edges, st.integers(1, 4), st.integers(1, 4), st.integers(1, 9), st.integers(0, 1)), max_size=8))
def test_of_boxes_that_cover_each_other_the_surest_of_its_class_stays(rows):
    """The law of suppression: whatever is taken out is covered by a surer one that stays, and none that stay cover each other."""
    corners = np.array([(x, y, x + w, y + h) for x, y, w, h, _, _ in rows], np.float64).reshape(-1, 4)
    scores, kinds = np.array([row[4] / 10 for row in rows]), np.array([row[5] for row in rows], np.int64)
    stay = kept(corners, scores, kinds, 0.5)
    boxes = [Box(left=a, top=b, right=c, bottom=d) for a, b, c, d in corners.tolist()]
    alike = lambda one, other: kinds[one] == kinds[other] and overlap(boxes[one], boxes[other]) >= 0.5
    assert not any(alike(one, other) for one in stay for other in stay if one != other)
    for each in set(range(len(rows))) - set(stay):
        assert any(alike(each, other) and scores[other] >= scores[each] for other in stay)


class Says:
    """A recogniser that says the same of each frame."""

    def __init__(self, *said):
        self.name, self.said = "says", list(said)

    def look(self, frame):
        return self.said


def test_what_a_watch_tells_is_told_once_a_second_by_zone_and_track():
    kerb = {"kerb": ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5))}
    share = Found(by="says", label="occupied", confidence=0.25, zone="kerb")
    watch = Watch("gate-1", [Says(found("a", "car")), Says(found("b", "stays", 0.9, NEAR), found("b", "moves", 0.8, FAR), share)], zones=kerb)
    told = [each for i in range(31) for each in watch.look(Frame(START + timedelta(seconds=i / 10), None))]
    cars = [each for each in told if each.labels == ("car.stationary", "car")]
    assert [(each.zone, each.cameras) for each in cars] == [("kerb", ("gate-1",))] * 3  # at 0.2 s, when it counts, and each second
    assert {each.zone for each in told if each.labels == ("moves",)} == {""}
    assert [each.confidence for each in told if each.labels == ("occupied",)] == [0.25] * 4
    assert len({each.track for each in told}) == 3


def test_zones_are_read_off_the_register_or_refused():
    assert zones_of({"zone": "Asia/Shanghai", "a": "b"}) == {}
    for wrong in ("0,0 1,1", "0,0 1,1 2,2", "a,b 1,1 0,1", "0,0 1 1,1"):
        with pytest.raises(RecogniserWrong):
            zones_of({"zone.kerb": wrong})


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cv2", None)
    with pytest.raises(VisionMissing, match=r"cityloop\[vision\]"):
        vision()
    assert vision_port.vision is vision
