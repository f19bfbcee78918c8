"""Doing again: a reporter is not content within the days, and the closed case is taken up once more; not for ever."""

import io

import pytest
from PIL import Image

from cityloop.domain import facts as f

CODE = "7G2KD9QW4X1M"
OTHER = "5HPT3V0NQ8ZR"


def photo() -> bytes:
    """A photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 60)).save(out, "JPEG")
    return out.getvalue()


def test_not_solved_takes_the_case_up_again(world):
    """The same unit owes it once more, with a new task and the limit of the case's rule from now, and it is counted."""
    world.report("r1", kind="building", cell="a1", channel="app", code=CODE, at="2026-03-02 09:00")
    world.verify("r1")
    world.file("r1")
    world.complete_all("r1")
    world.at("2026-03-03 09:00")
    world.judge(CODE, "not", "not", reasons=("half_done",))

    case, task = world.case("r1"), world.tasks("r1")[-1]
    assert (case.state, case.unit, case.redos) == ("to_sign", "street-1", 1)
    assert world.local(case.due_at) == "2026-03-24 09:00"  # fifteen working days from the third
    assert (task.is_redo, task.is_rework, task.given_by) == (True, False, "machine:inspect")


def test_done_again_the_reporter_is_asked_again(world):
    """After the second closing there is a second call-back, and a verdict of its own."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "not")
    world.complete_all("r1")

    assert world.track(CODE)["judging"]["solved"] is None
    world.judge(CODE, "solved", "satisfied")
    assert (world.state("r1"), world.story("r1").count("CallbackAsked")) == ("closed", 2)
    assert [each["solved"] for each in world.view("r1", by="leader-on-duty")["verdicts"]] == ["not", "solved"]


def test_a_third_redo_is_refused(world):
    """Twice is the most: the third time the duty leader can only answer the reporter."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    for _ in range(3):
        world.complete_all("r1")
        world.later(minutes=1)
        world.judge(CODE, "not")

    assert (world.state("r1"), world.case("r1").redos, world.waiting()) == ("closed", 2, ["r1"])
    assert world.moves("r1", by="leader-on-duty") == {"redo": "why_not.redo_spent"}
    with world.refuses("inspect.redo_spent"):
        world.redo("r1")
    world.reply("r1", "The wall belongs to the neighbours; here is whom to ask.")
    assert world.waiting() == []


def test_not_after_the_days_are_over(world):
    """A closed case rests after the seventh day; a new report begins a new case."""
    world.report("r1", kind="rubbish", channel="app", code=CODE, at="2026-03-02 09:00")
    world.complete_all("r1")
    world.at("2026-03-10 00:01")
    with world.refuses("inspect.window_over"):
        world.redo("r1", "seen_again")


def test_what_comes_after_is_a_new_case_that_names_the_old(world):
    """复发: the new case is linked to the one that was closed."""
    world.report("r1", kind="rubbish", channel="app", code=CODE, at="2026-03-02 09:00")
    world.complete_all("r1")
    world.report("r2", kind="rubbish", channel="app", code=OTHER, beside="r1", recurs="r1", at="2026-03-12 09:00")

    assert world.case("r2").recurs == world.case("r1").id


def test_the_duty_leader_decides_where_the_city_says_so(world):
    """Not solved waits on the duty leader's list; taken up again it goes to the dispatcher, whose clock starts."""
    world.adopt("mini_lenient")
    world.report("r1", kind="rubbish", channel="app", code=CODE, at="2026-03-02 09:00")
    world.complete_all("r1")
    world.judge(CODE, "not")
    assert (world.state("r1"), world.waiting()) == ("closed", ["r1"])
    world.redo("r1", "not_solved")

    case = world.case("r1")
    assert (case.state, case.unit, world.local(case.dispatch_due)) == ("to_dispatch", None, "2026-03-02 09:15")
    assert (world.waiting(), world.fact("r1", f.CaseRedone).by) == ([], "leader-on-duty")
    world.dispatch("r1", "street-1")
    world.complete_all("r1")
    assert world.state("r1") == "closed"


def test_partly_solved_waits_for_the_duty_leader(world):
    """Only what is not solved at all goes on by itself."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "partly")

    assert (world.state("r1"), world.waiting()) == ("closed", ["r1"])
    world.redo("r1", "partly_solved")
    assert world.state("r1") == "to_sign"


@pytest.mark.parametrize("by", ["handler-cleaning", "dispatcher", "acceptor", "hotline-seat", "collector-a1"])
def test_nobody_else_takes_it_up_again(world, by):
    """Neither the unit that did it, nor who asked the reporter, decides that it is done again."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    with world.refuses("not_allowed"):
        world.redo("r1", by=by)


def test_an_open_case_is_not_taken_up_again(world):
    """What is under way is not begun anew."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    with world.refuses("lifecycle.move_forbidden"):
        world.redo("r1")


def test_it_has_its_reason(world):
    """The duty leader says why, in a code."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    with world.refuses("inspect.code_unknown"):
        world.redo("r1", "because")


def test_the_others_are_asked_after_the_next_closing(world):
    """Two reporters; one says not solved: the other's call-back ends, and both are asked when it is closed anew."""
    world.report("r1", kind="rubbish", cell="a1", channel="app", code=CODE)
    world.report("r2", kind="rubbish", cell="a1", channel="hotline", phone="13812345678", joins="r1")
    world.complete_all("r1")
    world.judge(CODE, "not")
    assert (world.fact("r2", f.CallbackLapsed).reason, world.callbacks()) == ("redone", [])
    world.complete_all("r1")

    assert (world.story("r1").count("CallbackAsked"), world.story("r2").count("CallbackAsked")) == (2, 2)


def test_who_changes_their_mind_in_time_keeps_it_closed(world):
    """The duty leader has not decided yet; the reporter says that it is solved after all, and nothing waits."""
    world.adopt("mini_lenient")
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "not")
    world.judge(CODE, "solved")

    assert (world.waiting(), world.state("r1")) == ([], "closed")


def test_it_does_not_say_who_was_not_content(world):
    """The fact of the case names a reason and no report: whoever reads the case does not learn which reporter it was."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "not")

    assert not hasattr(world.fact("r1", f.CaseRedone), "report_id")
    assert "VerdictGiven" not in [each["fact"] for each in world.view("r1", by="dispatcher")["story"]]


def test_the_reporter_sees_that_it_is_taken_up_again(world):
    """On the page of the code the step stands with its moment, and who acts until when."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "not")

    trail = world.track(CODE)
    assert (trail["steps"][-1]["step"], trail["state"], trail["unit"]) == ("taken_up_again", "dispatched", "cleaning")
    assert trail["judging"]["is_open"] is False


def test_a_photo_of_the_work_is_seen_where_the_city_says_so(world):
    """With the code the reporter sees the work after it was done; where the city does not say so, they do not."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.sign("r1")
    world.finish("r1", photos=(photo(),))
    world.inspect("r1")
    assert world.track(CODE)["photos"] == []
    world.adopt("mini_lenient")

    shown = world.track(CODE)["photos"][0]
    assert shown["when"] == "after"
    assert world.client.get(f"{shown['thumb']}?code={CODE}").status_code == 200
    assert world.client.get(f"{shown['thumb']}?code={OTHER}").status_code == 404
