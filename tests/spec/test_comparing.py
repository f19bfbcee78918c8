"""Comparing photos: before and after the work they are held beside each other, as a hint for who inspects."""

import random
from typing import Any

from tests.street_pictures import street, taken

from cityloop.files.reading import Line
from cityloop.journal import story
from cityloop.pages import photo_text
from cityloop.stages.understand.service import understand_report


def work_shown(world: Any, before: bytes | None, after: bytes | None) -> None:
    """A report with a photo comes in, is worked on, and the unit sends another."""
    lon, lat = world.spots.take("r1", "a1", beside=None, east_m=0)
    files = [("photos", ("p.jpg", before, "image/jpeg"))] if before else None
    form = {"text": "路面有坑", "lon": str(lon), "lat": str(lat), "class": "gbt30428_2_2013/event/0113"}
    world.reports["r1"] = id = world.post("/v1/reports", by=None, data=form, files=files)["id"]
    world.writer.change(
        lambda tx: understand_report(tx, story(tx, f"report/{id}")[0].fact, policy=world.policy), actor="machine:understand"
    )
    world.drain()
    if world.state("r1") == "reported":
        world.accept("r1")
        world.file("r1")
    world.sign("r1")
    world.finish("r1", photos=(after,) if after else ())


def compared(world: Any, *, by: str = "collector-a1", lang: str = "en") -> dict[str, Any] | None:
    """What the photos say to whoever inspects."""
    return world.get(f"/v1/cases/{world.case('r1').id}/compared", by=by, lang=lang)["pair"]


def test_the_same_place_and_changed(world):
    """The heap is gone: the hint says so with its reasons, and closes nothing."""
    rng = random.Random(301)
    work_shown(world, taken(street(301, heap=True), rng), taken(street(301), rng))
    found = compared(world)

    assert (found["place"], found["change"]) == ("same", "changed")
    assert found["says"] == ["It looks like the same place", "It changed"]
    assert [each.split()[-1] for each in found["why"]] == ["alike", "both", "differ"]
    assert world.state("r1") == "inspecting"


def test_another_place_is_told(world):
    """A photo from somewhere else: whoever inspects is asked to look on site; a person passes it all the same."""
    rng = random.Random(302)
    work_shown(world, taken(street(302, heap=True), rng), taken(street(9_302), rng))
    found = compared(world, lang="zh")

    assert (found["place"], found["says"]) == ("other", ["不像同一地点，请到现场看"])
    world.inspect("r1")
    assert world.state("r1") == "closed"


def test_without_photos_nothing_is_said(world):
    """One side without a photo compares with nothing."""
    work_shown(world, taken(street(303), random.Random(3)), None)
    assert compared(world) is None


def test_only_who_sees_the_case(world):
    """Another unit learns nothing of it."""
    work_shown(world, taken(street(303), random.Random(3)), None)
    with world.refuses("case.unknown"):
        compared(world, by="handler-street-3")


def test_a_sign_in_a_photo_is_read_and_numbers_are_masked(world, monkeypatch):
    """The desk asks what stands in it, nothing of it is kept, and without the reader it says that nobody reads here."""
    work_shown(world, taken(street(304), random.Random(4)), None)
    path = f"/v1/cases/{world.case('r1').id}/reports/{world.reports['r1']}/photo-text"
    said = [Line("停水通知", 950_000), Line("电话 13812345678", 950_000)]
    monkeypatch.setattr(photo_text, "photo_reader", lambda: type("Says", (), {"lines": lambda self, image: said})())

    (lines,) = world.get(path, by="acceptor")["photos"]
    assert lines[0] == "停水通知"
    assert "13812345678" not in lines[1]
    monkeypatch.setattr(photo_text, "photo_reader", lambda: None)
    assert world.get(path, by="acceptor") == {"is_able": False, "photos": []}
    with world.refuses("case.unknown"):
        world.get(path, by="handler-cleaning")  # whose case it is not
