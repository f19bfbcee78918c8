"""Numbers that look made: shown to the assessor with their cases, judged by a person, and nothing else follows."""

import io
import random
from datetime import date

import pytest
from PIL import Image
from tests.street_pictures import street, taken

from cityloop.domain.calendar import calendar_in
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.service.fair.looking import took
from cityloop.stages.evaluate.store.fair import looked

DAYS = {"from": "2026-03-01", "to": "2026-03-31"}


def photo(seed: int) -> bytes:
    return taken(street(seed), random.Random(seed))


def saved_anew(raw: bytes) -> bytes:
    """Smaller and of less quality: sent once more through a phone."""
    with Image.open(io.BytesIO(raw)) as picture:
        out = io.BytesIO()
        picture.resize((picture.width // 2, picture.height // 2)).save(out, "JPEG", quality=60)
    return out.getvalue()


def done_with(world, name: str, raw: bytes, *, kind: str = "rubbish", cell: str = "a1") -> str:
    world.report(name, kind=kind, cell=cell)
    world.sign(name)
    world.finish(name, photos=(raw,))
    return world.case(name).id


def found(world, *, by: str = "assessor") -> list[dict]:
    return world.get("/v1/findings", by=by, **DAYS)["findings"]


def judge(world, finding: dict, *, by: str = "assessor", **said):
    path = f"/v1/findings/{finding['id']}/judge?from={DAYS['from']}&to={DAYS['to']}"
    return world.post(path, by=by, json={"confirmed": True, "reason": "made", **said})


def span_of(world):
    return rules.span_of(date(2026, 3, 1), date(2026, 3, 31), calendar_in(world.policy))


def test_one_photo_proves_two_cases(world):
    """The same bytes, and the same picture saved anew; another street proves nothing."""
    first = done_with(world, "r1", photo(1))
    again = done_with(world, "r2", photo(1))
    anew = done_with(world, "r3", saved_anew(photo(1)))
    done_with(world, "r4", photo(4))
    (finding,) = found(world)

    assert (finding["kind"], finding["unit"], finding["observed"], finding["of"]) == ("photo_reused", "cleaning", 3, 4)
    assert finding["cases"] == [first, again, anew]
    assert finding["judged"] is None


def test_a_person_judges_and_nothing_else_follows(world):
    """The cases stay as they are, whatever the assessor says of them."""
    done_with(world, "r1", photo(1))
    done_with(world, "r2", photo(1))
    (finding,) = found(world)
    with world.refuses("evaluate.reason_unknown"):
        judge(world, finding, reason="bored")
    with world.refuses("evaluate.finding_unknown"):
        judge(world, {"id": "photo_reused.nobody.2026-03-01.2026-03-31"})
    states = world.state("r1"), world.state("r2"), world.story("r2")
    judge(world, finding, confirmed=False, reason="explained", words="two heaps in one picture")

    judged = found(world)[0]["judged"]
    assert (judged["confirmed"], judged["reason"], judged["note"]) == (False, "explained", "two heaps in one picture")
    assert (world.state("r1"), world.state("r2"), world.story("r2")) == states
    assert world.replayed() == []


@pytest.mark.parametrize("post", ["handler-cleaning", "dispatcher", "leader-on-duty", "acceptor"])
def test_only_the_assessor_sees_what_looks_made(world, post):
    """Neither the unit, nor the command centre, nor those who file and accept."""
    with world.refuses("not_allowed"):
        found(world, by=post)


def test_a_long_look_is_refused_in_words(world):
    """A hundred days at most are looked at together."""
    with world.refuses("evaluate.period_wrong"):
        world.get("/v1/findings", by="assessor", **{"from": "2026-01-01", "to": "2026-12-31"})


def test_how_much_of_its_limit_a_task_took(world):
    """Four working hours from Friday 16:00 are due on Monday at 10:00; at 9:00 three quarters of them are over."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.sign("r1")
    world.at("2026-03-09 09:00")
    world.finish("r1")
    world.report("r2", kind="rubbish", at="2026-03-10 08:00")
    world.sign("r2")
    world.at("2026-03-10 14:30")  # half an hour of the afternoon after four of the morning
    world.finish("r2")

    with world.database.reading() as tx:
        tasks = {each.case: each for each in looked.finished_in(tx, span_of(world))}
    shares = [took(tasks[world.case(name).id], calendar_in(world.policy)) for name in ("r1", "r2")]
    assert [world.local(each.due_at) for each in tasks.values()] == ["2026-03-09 10:00", "2026-03-10 12:00"]
    assert shares == [pytest.approx(0.75), pytest.approx(1.125)]


def test_what_is_closed_and_there_again(world):
    """The second case of the same is counted against the first, once it is filed; what is taken up again, too."""
    for name in ("r1", "r2", "r3"):
        world.report(name, kind="rubbish", at="2026-03-10 09:00")
        world.complete_all(name)
    world.report("again", kind="rubbish", beside="r1", recurs="r1", at="2026-03-11 09:00")
    world.at("2026-03-12 09:00")
    world.redo("r2")

    with world.database.reading() as tx:
        closed = {each.case: each for each in looked.closed_in(tx, span_of(world))}
    times = [closed[world.case(name).id].again_at for name in ("r1", "r2", "r3")]
    assert [each and world.local(each) for each in times] == ["2026-03-11 09:00", "2026-03-12 09:00", None]


def test_ratings_are_told_apart_by_how_their_hands_are_reached(world):
    """A keyed digest of the number: it says that two came from one hand, and not from whose."""
    hands = {"7G2KD9QW4X1M": "13900000001", "5HPT3V0NQ8ZR": "13900000001", "8KDM2PXW5Q7T": "13900000002"}
    for code, phone in hands.items():
        world.report(code, kind="rubbish", channel="app", code=code, phone=phone, at="2026-03-10 09:00")
        world.complete_all(code)
        world.judge(code, "solved", "satisfied")

    with world.database.reading() as tx:
        ratings = looked.ratings_in(tx, span_of(world))
    assert len(ratings) == 3
    assert ratings[0].source == ratings[1].source != ratings[2].source
    assert not any(phone in each.source for phone in hands.values() for each in ratings)  # three digits of it come by chance
    assert all(each.content and each.unit == "cleaning" for each in ratings)
