"""Devices 设备: what observes stands in the register, with its streams, its place, its owner and its life."""

from functools import partial

import pytest

from cityloop.cli.devices import read_devices, register_some
from cityloop.domain.sensing import LIFE_MOVES, LifeMoveNotAllowed, LifeState, Why
from cityloop.stages.sense.service import register as service
from cityloop.stages.sense.service.book import register_of
from cityloop.stages.sense.store import register as store
from cityloop.stages.sense.store.asides import Aside, aside_count

NOISE = {"key": "laeq", "unit": "dB[SPL]", "every_s": 60, "least": 20, "most": 140}


def test_a_device_is_registered_with_its_streams(devices):
    """登记: the cell follows from the place, the streams get the next numbers, and a source finds them by their names."""
    devices.device("n-1", lon=100.005, lat=30.015, owner="roads-north", vendor="Hao", streams=[NOISE, {"key": "battery", "unit": "%"}])
    devices.device("n-2", lon=100.015, lat=30.015, streams=[NOISE])

    seen = devices.seen("n-1")
    assert (seen["cell"], seen["state"], [each["no"] for each in seen["streams"]]) == ("990201001001001", "live", [1, 2])
    assert devices.register.refresh().by_key == {"n-1/laeq": 1, "n-1/battery": 2, "n-2/laeq": 3}
    assert devices.story_of("n-1") == ["ThingRegistered"]
    assert devices.replayed() == []


def test_a_key_is_given_once(devices):
    """Two devices of one name would be one device."""
    devices.device("n-1")
    with devices.refuses("sense.key_taken"):
        devices.device("n-1")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"key": ""}, "sense.device_wrong"),
        ({"key": "a\nb"}, "sense.device_wrong"),
        ({"key": "a", "lon": 100.0}, "sense.device_wrong"),
        ({"key": "a", "lon": 400.0, "lat": 1.0}, "sense.device_wrong"),
        ({"key": "a", "owner": "nobody"}, "sense.device_wrong"),
        ({"key": "a", "state": "faulty"}, "sense.device_wrong"),
        ({"key": "a", "live_url": "javascript:alert(1)"}, "sense.device_wrong"),
        ({"key": "a", "streams": [{"key": "t", "unit": "°C"}]}, "sense.unit_wrong"),
        ({"key": "a", "streams": [{"key": "t/u"}]}, "sense.device_wrong"),
        ({"key": "a", "streams": [{"key": "t", "least": 2, "most": 1}]}, "sense.device_wrong"),
        ({"key": "a", "streams": [{"key": "t"}, {"key": "t"}]}, "sense.key_taken"),
    ],
)
def test_what_cannot_be_is_refused(devices, said, code):
    """Said at the door, with what to write instead; nothing of it is kept."""
    with devices.refuses(code):
        devices.device(said["key"], **{name: each for name, each in said.items() if name != "key"})


def test_who_may(devices):
    """Everybody who works reads the register; few change it."""
    devices.device("n-1")
    assert devices.devices(by="handler-roads-north") == ["n-1"]
    with devices.refuses("not_allowed"):
        devices.device("n-2", by="collector-a1")


def test_lists(devices):
    """By kind, state, area, vendor, or around a place."""
    devices.device("a", kind="noise", vendor="Hao", lon=100.005, lat=30.015)
    devices.device("b", kind="noise", vendor="Li", lon=100.0052, lat=30.015)
    devices.device("c", kind="air", vendor="Hao", lon=100.015, lat=30.005, state="planned")

    assert devices.devices(kind="noise") == ["a", "b"]
    assert devices.devices(vendor="Hao") == ["a", "c"]
    assert devices.devices(life="planned") == ["c"]
    assert devices.devices(cell="990201") == ["a", "b"]
    assert devices.devices(lon=100.0053, lat=30.015, radius_m=100) == ["b", "a"]
    first = devices.get("/v1/devices", by="collector-a1", limit=2)
    assert [each["key"] for each in devices.get("/v1/devices", by="collector-a1", limit=2, after=first["next"])["items"]] == ["c"]


def test_a_device_is_changed(devices):
    """变更: what is left out stays; the cell moves with the place; the same once more tells nothing."""
    devices.device("n-1", name="东门噪声", lon=100.005, lat=30.015, streams=[NOISE])
    devices.change("n-1", lon=100.015, vendor="Li")
    devices.change("n-1", vendor="Li")
    devices.change("n-1", name="西门噪声", live_url="https://cam.example/1")

    seen = devices.seen("n-1")
    assert (seen["cell"], seen["vendor"], seen["name"], seen["live_url"]) == (
        "990201001001002", "Li", "西门噪声", "https://cam.example/1",
    )  # fmt: skip
    assert devices.story_of("n-1") == ["ThingRegistered", "ThingChanged", "ThingChanged"]
    assert devices.replayed() == []


def test_a_life(devices):
    """生命周期: planned, live, faulty, mended, retired; retired, nothing is taken for it; its key stays its own."""
    devices.device("n-1", state="planned", streams=[NOISE])
    assert [devices.move("n-1", *each) for each in (("live", "commissioned"), ("faulty", "seen_broken"), ("live", "mended"))] == [
        "live", "faulty", "live",
    ]  # fmt: skip
    with devices.refuses("sense.move_not_allowed"):
        devices.move("n-1", "faulty", "silent")  # only a rule says so
    with devices.refuses("sense.move_not_allowed"):
        devices.move("n-1", "planned", "used_again")
    devices.move("n-1", "retired", "replaced")
    assert devices.register.refresh().by_key == {}
    with devices.refuses("sense.device_retired"):
        devices.change("n-1", vendor="Li")
    with devices.refuses("sense.key_taken"):
        devices.device("n-1")
    assert devices.move("n-1", "planned", "used_again") == "planned"
    assert devices.replayed() == []


def test_streams_open_change_and_close(devices):
    """A stream keeps its number and its key; closed, it takes nothing, and what it said is kept."""
    devices.device("n-1", streams=[NOISE])
    id = devices.seen("n-1")["id"]
    devices.post(f"/v1/devices/{id}/streams", by="leader-on-duty", json={"key": "battery", "unit": "%"})
    stream = devices.seen("n-1")["streams"][0]
    path = f"/v1/devices/{id}/streams/{stream['id']}"
    signed = devices.signed("leader-on-duty")
    assert devices.client.patch(path, headers=signed, json={"key": "laeq", "unit": "dB", "most": 130}).status_code == 200
    assert devices.client.delete(path, headers=signed).status_code == 200

    assert [(each["no"], each["unit"], each["is_closed"]) for each in devices.seen("n-1")["streams"]] == [
        (1, "dB", True), (2, "%", False),
    ]  # fmt: skip
    assert devices.register.refresh().by_key == {"n-1/battery": 2}
    assert devices.story_of("n-1") == ["ThingRegistered", "StreamOpened", "StreamChanged", "StreamClosed"]
    assert devices.replayed() == []


def test_what_was_heard_of_is_claimed(devices):
    """认领: a device that sent before anybody knew it stands in the register with every stream that was put aside for it."""
    for key in ("eui-7/level", "eui-7/battery", "eui-70/level"):
        row = Aside(key=key, reason="unknown", source="mqtt", count=1, first_at=devices.clock(), last_at=devices.clock(), example=1.0)
        devices.writer.change(partial(aside_count, row=row), actor="machine:sense")
    devices.post("/v1/devices/claim", by="leader-on-duty", json={"key": "eui-7", "streams": [{"key": "level", "unit": "m"}]})

    assert [(each["key"], each["unit"]) for each in devices.seen("eui-7")["streams"]] == [("level", "m"), ("battery", "%")]
    assert devices.register.refresh().by_key == {"eui-7/level": 1, "eui-7/battery": 2}


def test_a_file_of_devices_is_read(devices):
    """A line that cannot be is named with what is wrong; the others are registered; a known key stays as it is."""
    devices.device("n-1", vendor="Hao")
    text = "key,name,lon,lat,owner,calibrate_by\nn-1,别名,,,,\nn-2,东门,100.005,30.015,covers,2026-12-01T00:00:00Z\nn-3,,100,,,\nn-4,,1,2,nobody,\n"
    asked, faults = read_devices(text, devices.policy)
    assert (len(asked), faults) == (4, [])
    made, faults = devices.writer.change(lambda tx: register_some(tx, asked, devices.policy, dry=False), actor="operator")
    assert (made, [line for line, _ in faults]) == (1, [4, 5])
    assert (devices.seen("n-1")["vendor"], devices.seen("n-2")["cell"]) == ("Hao", "990201001001001")


def test_told_twice_is_as_told_once(devices):
    """What is delivered again changes nothing: every row is written whole from its fact."""
    devices.device("n-1", streams=[NOISE])
    devices.move("n-1", "suspect", "doubted")
    before = devices.seen("n-1")
    with pytest.raises(LifeMoveNotAllowed):
        devices.writer.change(
            lambda tx: service.set_state(tx, before["id"], LifeState.suspect, "doubted"), actor="account/1"
        )
    assert devices.seen("n-1") == before


def test_the_book_sees_what_changed_as_if_read_anew(devices):
    """What was laid over piece by piece is what a new book reads."""
    devices.register.refresh()
    devices.device("a", streams=[NOISE, {"key": "battery"}])
    devices.register.refresh()
    devices.device("b", streams=[NOISE])
    devices.change("a", key="a2")
    devices.move("b", "retired", "lost")
    found = devices.register.refresh()
    with devices.database.reading() as tx:
        assert found == register_of(store.thing_list_all(tx), store.stream_list_all(tx), found.version)
    assert found.by_key == {"a2/laeq": 1, "a2/battery": 2}


def test_every_state_can_be_left_and_every_reason_serves():
    """No dead end but by a person's own word, and no reason that no move takes."""
    for state in LifeState:
        assert [move for move in LIFE_MOVES if move.before is state], state
    assert {why for move in LIFE_MOVES for why in (*move.person, *move.machine)} == set(Why)
