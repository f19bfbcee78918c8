"""Handling: the work, its clock, and what proves it."""

from io import BytesIO

from PIL import Image
from tests.world import DONE

from cityloop.domain import facts as f


def photo() -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def test_the_unit_signs_for_its_task(world):
    """Signing is kept with its moment and its person, and has a clock of its own."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.later(minutes=20)
    world.sign("r1")

    task = world.tasks("r1")[0]
    assert (world.local(task.signed_at), task.signed_by) == ("2026-03-06 16:20", "account:handler-cleaning")
    assert world.local(task.sign_due) == "2026-03-06 18:00"


def test_work_that_nobody_signed_for_cannot_be_finished(world):
    """First a unit takes the task on, then it can say that it is done."""
    world.report("r1", kind="rubbish")
    with world.refuses("lifecycle.move_forbidden"):
        world.finish("r1")


def test_work_is_finished_with_a_photo(world):
    """What is shown was encoded here; the bytes as sent are sealed, and the fact names them by a salted digest."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    world.finish("r1", note="", photos=(photo(),))

    kept = world.fact("r1", f.TaskFinished).photos[0]
    assert world.files.exists(kept.shown)
    assert world.files.exists(kept.thumb)
    assert world.view("r1", by="leader-on-duty")["tasks"][0]["photos"][0]["shown"] == f"/v1/files/{kept.shown}"


def test_a_note_that_says_something_is_proof_too(world):
    """Where there is no photo, words are enough; they lie in the vault and are shown to those who may see the case."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    world.finish("r1", note="已清运并冲洗路面")

    finished = world.fact("r1", f.TaskFinished)
    assert finished.note is not None
    assert "冲洗" not in str(finished)
    assert world.view("r1", by="collector-a1")["tasks"][0]["note"] == "已清运并冲洗路面"


def test_work_without_proof_is_not_finished(world):
    """No photo and no more than a word or two: that is no proof."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    for note in ("", "done", "   o k      "):
        with world.refuses("handle.proof_missing"):
            world.finish("r1", note=note)


def test_a_file_that_is_no_photo_is_refused_and_nothing_is_lost(world):
    """The handler is told what is wrong with the file, and may finish with a note instead."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    with world.refuses("photo.not_a_photo"):
        world.finish("r1", note=DONE, photos=(b"MZ this is a program",))
    world.finish("r1", note=DONE)


def test_more_photos_than_the_city_takes_are_refused(world):
    """The pack says how many photos prove a thing; ten are more than that."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    with world.refuses("handle.too_many_photos"):
        world.finish("r1", photos=(photo(),) * 10)


def test_a_note_that_is_too_long_is_refused(world):
    """A note is a few sentences, not a book."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    with world.refuses("case.note_too_long"):
        world.finish("r1", note="long " * 1000)


def test_a_task_that_is_not_ours_goes_back(world):
    """回退: the dispatcher's clock starts anew, and the unit that sent it back is not proposed again."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.later(minutes=30)
    world.give_back("r1", "not_ours")

    case = world.case("r1")
    assert (case.state, case.unit, case.returns) == ("to_dispatch", None, 1)
    assert world.local(case.clock_due) == "2026-03-06 16:45"
    assert world.tasks("r1")[0].outcome == "misdispatched"
    assert world.fact("r1", f.DispatchProposed).why == ("returned_by:cleaning", "no_unit_answers")

    world.dispatch("r1", "street-1")
    assert world.case("r1").unit == "street-1"
    assert [task.unit for task in world.tasks("r1")] == ["cleaning", "street-1"]


def test_a_task_may_go_back_after_it_was_signed_for(world):
    """A unit that cannot do it after all says why, and what it notes lies in the vault."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    world.give_back("r1", "no_means", note="the lorry is broken")

    returned = world.fact("r1", f.TaskReturned)
    assert (returned.misdispatched, returned.note is not None) == (False, True)
    assert world.tasks("r1")[0].outcome == "returned"


def test_a_task_goes_back_for_a_reason_that_has_words(world):
    """Giving back takes a reason from the list, because others must understand it and figures count it."""
    world.report("r1", kind="rubbish")
    with world.refuses("handle.reason_unknown"):
        world.give_back("r1", "no mood")


def test_a_unit_touches_only_its_own_work(world):
    """Another unit does not even know of it; the dispatcher sees it, and may not do the work."""
    world.report("r1", kind="rubbish", cell="a1")
    with world.refuses("case.unknown"):
        world.sign("r1", by="handler-street-3")
    with world.refuses("not_allowed"):
        world.sign("r1", by="dispatcher")
    with world.refuses("needs_sign_in"):
        world.sign("r1", by="")
    world.sign("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.sign("r1")


def test_work_that_went_back_is_no_longer_of_the_unit(world):
    """Who gave the task back does not see the case any more."""
    world.report("r1", kind="rubbish")
    world.give_back("r1")
    with world.refuses("case.unknown"):
        world.sign("r1", by="handler-cleaning")
