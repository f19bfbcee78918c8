"""Approvals: who agrees, step by step and by when; what a return needs; and what is refused."""

import pytest
from tests.spec.test_handling import photo

from cityloop.domain import facts as f


@pytest.fixture
def asking(world):
    """The town has an approval matrix and heads of units; r1 is signed for at 14:00, with four working hours."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.sign("r1")
    return world


def test_a_return_is_agreed_to_step_by_step(asking):
    """First the head of the unit, then the desk; until then the case stays where it is, marked."""
    world = asking
    world.at("2026-03-06 15:00")
    world.ask("r1", "return", "no_means")
    assert (world.state("r1"), world.case("r1").approval_kind) == ("handling", "return")
    assert world.approvals("r1")[0].role == "unit_manager"

    world.agree("r1", by="manager-cleaning")
    assert (world.state("r1"), world.approvals("r1")[0].role) == ("handling", "dispatcher")
    world.agree("r1", by="dispatcher")
    assert (world.state("r1"), world.case("r1").approval_kind) == ("to_dispatch", None)
    assert world.story("r1")[-5:] == [
        "ApprovalAsked", "ApprovalForwarded", "ApprovalGranted", "TaskReturned", "DispatchProposed"
    ]  # fmt: skip
    assert world.approvals("r1")[0].outcome == "granted"


def test_a_slow_approver_does_not_make_the_unit_late(asking):
    """The clock of a case that goes back stands since it was asked: of four hours one was used, three are left."""
    world = asking
    world.at("2026-03-06 15:00")
    world.ask("r1", "return", "no_means")
    world.at("2026-03-06 16:30")
    world.agree("r1", by="manager-cleaning")
    world.at("2026-03-06 18:00")
    world.agree("r1", by="dispatcher")
    world.at("2026-03-09 08:30")
    world.dispatch("r1", "cleaning")

    assert world.task("r1") == ("cleaning", "2026-03-09 11:30")
    assert [world.local(each.since) for each in world.fact("r1", f.CaseDispatched).resumes.pauses] == ["2026-03-06 15:00"]
    assert world.tasks("r1")[0].overdue is False


def test_a_return_that_needs_a_word_is_not_made_without(asking):
    """Where the pack has a row for it, the unit asks first; what was wrongly sent goes back at once."""
    world = asking
    with world.refuses("handle.needs_approval"):
        world.give_back("r1", "no_means")
    world.give_back("r1", "not_ours")
    assert world.state("r1") == "to_dispatch"


def test_the_second_return_needs_one_more(asking):
    """The matrix counts: for the second time a leader agrees as well, and a note is asked for."""
    world = asking
    world.ask("r1", "return", "no_means")
    world.agree("r1", by="manager-cleaning")
    world.agree("r1", by="dispatcher")
    world.dispatch("r1", "cleaning")
    world.sign("r1")
    with world.refuses("approval.form_missing"):
        world.ask("r1", "return", "no_means")
    world.ask("r1", "return", "no_means", note="the lorry is broken again")

    asked = world.fact("r1", f.ApprovalAsked)
    assert (asked.nth, asked.steps) == (2, ("unit_manager", "dispatcher", "leader"))
    assert "lorry" not in str(asked)


def test_a_request_is_refused_with_a_reason(asking):
    """Nothing moves, and the unit is told why; its clock has run on."""
    world = asking
    world.ask("r1", "return", "not_found")
    world.deny("r1", "can_be_done", by="manager-cleaning", note="look behind the wall")

    assert (world.state("r1"), world.task("r1")) == ("handling", ("cleaning", "2026-03-06 18:00"))
    told = world.fact("r1", f.ApprovalRefused)
    assert (told.role, told.reason, told.note is not None) == ("unit_manager", "can_be_done", True)
    with world.refuses("approval.over"):
        world.agree("r1", by="dispatcher")


def test_a_refusal_has_a_reason_of_the_list(asking):
    """A no is counted and read by others, so it is one of a few."""
    world = asking
    world.ask("r1", "return", "not_found")
    with world.refuses("approval.reason_unknown"):
        world.deny("r1", "because", by="manager-cleaning")


def test_what_was_asked_can_be_taken_back(asking):
    """The asker thinks again; the request counts as never made."""
    world = asking
    world.ask("r1", "return", "not_found")
    with world.refuses("approval.not_your_request"):
        world.withdraw("r1", by="manager-cleaning")
    world.withdraw("r1")

    assert (world.case("r1").approval_kind, world.fact("r1", f.ApprovalWithdrawn).why) == (None, "asker")
    with world.refuses("approval.over"):
        world.withdraw("r1")
    world.ask("r1", "return", "not_found")
    assert world.fact("r1", f.ApprovalAsked).nth == 1


def test_only_whose_step_it_is_decides(asking):
    """Not the next one before the first, not the head of another unit, not a handler, not a stranger."""
    world = asking
    world.ask("r1", "return", "no_means")
    for post in ("dispatcher", "manager-roads-north", "leader"):
        with world.refuses("approval.not_your_step"):
            world.agree("r1", by=post)
    with world.refuses("not_allowed"):
        world.agree("r1", by="handler-cleaning")
    with world.refuses("needs_sign_in"):
        world.agree("r1", by="")
    world.agree("r1", by="manager-cleaning")
    with world.refuses("approval.not_your_step"):
        world.agree("r1", by="dispatcher-north")  # a desk that does not hold it
    world.agree("r1", by="dispatcher")


def test_nobody_agrees_to_their_own_request(asking):
    """Who sits in two chairs speaks once: the head who asks leaves their own step out, and does not take the next."""
    world = asking
    world.ask("r1", "return", "no_means", by="manager-cleaning+dispatcher")
    asked = world.fact("r1", f.ApprovalAsked)
    assert (asked.steps, asked.left_out) == (("dispatcher",), ("unit_manager",))
    with world.refuses("approval.own_request"):
        world.agree("r1", by="manager-cleaning+dispatcher")
    world.agree("r1", by="dispatcher-2")
    assert world.state("r1") == "to_dispatch"


def test_nobody_agrees_twice(asking):
    """A second step is a second person."""
    world = asking
    world.ask("r1", "return", "no_means")
    world.agree("r1", by="manager-cleaning+dispatcher")
    with world.refuses("approval.own_request"):
        world.agree("r1", by="manager-cleaning+dispatcher")


def test_a_step_that_the_unit_has_nobody_for_is_left_out(world):
    """The covers office has no head of its own: the desk decides alone, and the fact says who was left out."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish")
    world.give_back("r1")
    world.dispatch("r1", "covers")
    world.sign("r1")
    world.ask("r1", "return", "no_means")
    asked = world.fact("r1", f.ApprovalAsked)
    assert (asked.steps, asked.left_out) == (("dispatcher",), ("unit_manager",))


def test_an_approval_after_its_time_is_none(asking):
    """Two working hours were given; after them the yes comes too late, and the pack's word counts."""
    world = asking
    world.ask("r1", "return", "no_means")
    world.at("2026-03-06 16:00")
    world.clock.forward(microseconds=1)
    with world.refuses("approval.too_late"):
        world.agree("r1", by="manager-cleaning")
    world.drain()

    lapsed = world.fact("r1", f.ApprovalLapsed)
    assert (lapsed.role, lapsed.lapse, world.state("r1")) == ("unit_manager", "refused", "handling")
    assert world.approvals("r1")[0].outcome == "lapsed"
    with world.refuses("approval.over"):
        world.agree("r1", by="manager-cleaning")


def test_silence_can_mean_yes(asking):
    """Where the pack says so, what nobody decides is granted, and what follows is told at once."""
    world = asking
    world.ask("r1", "return", "no_means")
    world.agree("r1", by="manager-cleaning")
    world.agree("r1", by="dispatcher")
    world.dispatch("r1", "cleaning")
    world.sign("r1")
    world.ask("r1", "return", "no_means", note="no lorry until spring")
    world.at("2026-03-06 16:01")
    world.drain()

    assert world.fact("r1", f.ApprovalLapsed).lapse == "granted"
    assert (world.state("r1"), world.case("r1").returns) == ("to_dispatch", 2)


def test_a_server_that_slept_does_it_once(asking):
    """It was down at the moment; when it wakes days later, the request lapses, once."""
    world = asking
    world.ask("r1", "return", "no_means")
    world.at("2026-03-12 09:00")
    world.drain()
    world.drain()
    world.tell_again()
    assert world.story("r1").count("ApprovalLapsed") == 1


def test_each_step_has_its_own_time(asking):
    """The desk's two hours begin when the head has agreed."""
    world = asking
    world.ask("r1", "return", "no_means")
    world.at("2026-03-06 15:30")
    world.agree("r1", by="manager-cleaning")
    assert world.local(world.approvals("r1")[0].decide_due) == "2026-03-06 17:30"


def test_one_thing_is_asked_at_a_time(asking):
    """Two open requests would decide about each other."""
    world = asking
    world.ask("r1", "return", "no_means")
    with world.refuses("approval.already_asked"):
        world.ask("r1", "extension", "weather", length="1 work_hour")


def test_finishing_takes_the_request_back(asking):
    """The unit did it after all: nobody need decide, and a yes that comes late changes nothing."""
    world = asking
    world.ask("r1", "return", "no_means")
    world.finish("r1")
    assert world.story("r1")[-3:] == ["ApprovalWithdrawn", "TaskFinished", "InspectionAsked"]
    assert (world.fact("r1", f.ApprovalWithdrawn).why, world.state("r1")) == ("TaskFinished", "inspecting")
    with world.refuses("approval.over"):
        world.agree("r1", by="manager-cleaning")


def test_a_return_at_once_takes_the_request_back(asking):
    """It asked for more time, then saw that the case is another unit's."""
    world = asking
    world.ask("r1", "extension", "weather", length="1 work_hour")
    world.give_back("r1", "not_ours")
    assert (world.fact("r1", f.ApprovalWithdrawn).why, world.state("r1")) == ("TaskReturned", "to_dispatch")


def test_what_cannot_be_asked_for(asking):
    """The kind, the reason, and who asks must fit; another unit does not even know of the case."""
    world = asking
    for kind, reason, code in (
        ("return", "no mood", "approval.reason_unknown"), ("return", "not_ours", "approval.reason_unknown"),
        ("misdispatch", "not_ours", "approval.not_in_pack"), ("extension", "no_funds", "approval.reason_unknown"),
        ("leave", "weather", "invalid"),
    ):  # fmt: skip
        with world.refuses(code):
            world.ask("r1", kind, reason)
    with world.refuses("case.unknown"):
        world.ask("r1", "return", "no_means", by="handler-street-3")
    with world.refuses("not_allowed"):
        world.ask("r1", "return", "no_means", by="dispatcher")
    with world.refuses("people.out_of_scope"):
        world.ask("r1", "return", "no_means", by="acceptor")  # the work is not theirs


def test_a_request_has_its_moment_in_the_case(world):
    """Before a unit holds the case there is no work to be returned or put off; once it is over, nothing is asked or decided."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish", sure=False)
    with world.refuses("lifecycle.move_forbidden"):
        world.ask("r1", "void", "never_there", by="acceptor", note="the street was swept")  # not even taken up
    world.accept("r1")
    world.file("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.ask("r1", "extension", "weather", length="1 work_hour")  # nobody has signed for it
    world.handle("r1")
    world.ask("r1", "void", "never_there", by="acceptor", note="the street was swept")
    world.inspect("r1")

    assert world.state("r1") == "closed"
    assert world.fact("r1", f.ApprovalWithdrawn).why == "CaseClosed"
    for deed in ("agree", "deny", "withdraw"):
        with world.refuses("lifecycle.move_forbidden"):
            getattr(world, deed)("r1", by="leader-on-duty")


def test_a_request_with_an_attachment(asking):
    """A long suspension comes with its form, and a photo of it; both lie in the vault."""
    world = asking
    with world.refuses("approval.form_missing"):
        world.ask("r1", "suspension", "no_funds", length="100 natural_day")
    with world.refuses("approval.attachment_missing"):
        world.ask("r1", "suspension", "no_funds", length="100 natural_day", note="in the budget of autumn")
    with world.refuses("approval.too_many_attachments"):
        world.ask("r1", "suspension", "no_funds", length="100 natural_day", note="in the budget of autumn", photos=(photo(),) * 10)
    world.ask("r1", "suspension", "no_funds", length="100 natural_day", note="in the budget of autumn", photos=(photo(),))
    asked = world.fact("r1", f.ApprovalAsked)
    assert (asked.form, len(asked.photos), asked.source.document) == ("GZ-1", 1, "a town that does not exist")


def test_what_waits_for_me(asking):
    """Each sees what their own word is asked for, the most urgent first; the auditor sees all of it."""
    world = asking
    world.report("r2", kind="rubbish", cell="b1")
    world.sign("r2")
    world.ask("r2", "extension", "weather", length="1 work_hour")
    world.ask("r1", "return", "no_means")

    def waits(post):
        return [each["kind"] for each in world.get("/v1/approvals", by=post, mine=True)["items"]]

    assert (waits("manager-cleaning"), waits("dispatcher"), waits("dispatcher-north")) == (["return"], ["extension"], [])
    assert waits("leader") == []
    world.agree("r1", by="manager-cleaning+dispatcher")
    assert sorted(waits("dispatcher")) == ["extension", "return"]
    assert waits("manager-cleaning+dispatcher") == ["extension"]  # not what they have agreed to
    assert len(world.get("/v1/approvals", by="auditor")["items"]) == 2
    first = world.get("/v1/approvals", by="auditor", limit=1)
    assert len(world.get("/v1/approvals", by="auditor", limit=1, after=first["next"])["items"]) == 1


def test_the_same_request_sent_twice_is_one(asking):
    """A phone that lost the answer sends it again under its key."""
    world = asking
    case = world.case("r1")
    path, form = f"/v1/cases/{case.id}/approvals", [("kind", (None, "return")), ("reason", (None, "no_means"))]
    headers = {"x-post": "handler-cleaning", "if-match": f'"{case.no}"', "idempotency-key": "once"}
    request = world.client.build_request("POST", path, headers=headers, files=form)
    body, kind = request.read(), request.headers["content-type"]
    for _ in range(2):
        answer = world.client.post(path, headers={**headers, "content-type": kind}, content=body)
        assert (answer.status_code, answer.json()["id"]) == (201, world.asked("r1"))
    assert world.story("r1").count("ApprovalAsked") == 1


def test_replaying_gives_the_same_requests(asking):
    """Requests, their steps and the clocks that they moved are made from the facts alone."""
    world = asking
    world.ask("r1", "extension", "weather", length="2 work_hour")
    world.agree("r1", by="dispatcher")
    world.ask("r1", "return", "no_means")
    world.agree("r1", by="manager-cleaning")
    world.agree("r1", by="dispatcher")
    world.dispatch("r1", "cleaning")
    assert world.replayed() == []
