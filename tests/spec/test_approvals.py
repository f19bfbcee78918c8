"""Approvals: who agrees, step by step and by when; what a return needs; and what is refused."""

import pytest
from tests.spec.test_handling import photo

from cityloop.domain import facts as f


@pytest.fixture
def town(world):
    """The town has an approval matrix and heads of units; r1 is signed for at 14:00, with four working hours."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.sign("r1")
    return world


def test_a_return_is_agreed_to_step_by_step(town):
    """First the head of the unit, then the desk; until then the case stays where it is, marked."""
    town.at("2026-03-06 15:00")
    town.ask("r1", "return", "no_means")
    assert (town.state("r1"), town.case("r1").approval_kind) == ("handling", "return")
    assert town.approvals("r1")[0].role == "unit_manager"

    town.agree("r1", by="manager-cleaning")
    assert (town.state("r1"), town.approvals("r1")[0].role) == ("handling", "dispatcher")
    town.agree("r1", by="dispatcher")
    assert (town.state("r1"), town.case("r1").approval_kind) == ("to_dispatch", None)
    assert town.story("r1")[-5:] == [
        "ApprovalAsked", "ApprovalForwarded", "ApprovalGranted", "TaskReturned", "DispatchProposed"
    ]  # fmt: skip
    assert town.approvals("r1")[0].outcome == "granted"


def test_a_slow_approver_does_not_make_the_unit_late(town):
    """The clock of a case that goes back stands since it was asked: of four hours one was used, three are left."""
    town.at("2026-03-06 15:00")
    town.ask("r1", "return", "no_means")
    town.at("2026-03-06 16:30")
    town.agree("r1", by="manager-cleaning")
    town.at("2026-03-06 18:00")
    town.agree("r1", by="dispatcher")
    town.at("2026-03-09 08:30")
    town.dispatch("r1", "cleaning")

    assert town.task("r1") == ("cleaning", "2026-03-09 11:30")
    assert [town.local(each.since) for each in town.fact("r1", f.CaseDispatched).resumes.pauses] == ["2026-03-06 15:00"]
    assert town.tasks("r1")[0].overdue is False


def test_a_return_that_needs_a_word_is_not_made_without(town):
    """Where the pack has a row for it, the unit asks first; what was wrongly sent goes back at once."""
    with town.refuses("handle.needs_approval"):
        town.give_back("r1", "no_means")
    town.give_back("r1", "not_ours")
    assert town.state("r1") == "to_dispatch"


def test_the_second_return_needs_one_more(town):
    """The matrix counts: for the second time a leader agrees as well, and a note is asked for."""
    town.ask("r1", "return", "no_means")
    town.agree("r1", by="manager-cleaning")
    town.agree("r1", by="dispatcher")
    town.dispatch("r1", "cleaning")
    town.sign("r1")
    with town.refuses("approval.form_missing"):
        town.ask("r1", "return", "no_means")
    town.ask("r1", "return", "no_means", note="the lorry is broken again")

    asked = town.fact("r1", f.ApprovalAsked)
    assert (asked.nth, asked.steps) == (2, ("unit_manager", "dispatcher", "leader"))
    assert "lorry" not in str(asked)


def test_a_request_is_refused_with_a_reason(town):
    """Nothing moves, and the unit is told why; its clock has run on."""
    town.ask("r1", "return", "not_found")
    town.deny("r1", "can_be_done", by="manager-cleaning", note="look behind the wall")

    assert (town.state("r1"), town.task("r1")) == ("handling", ("cleaning", "2026-03-06 18:00"))
    told = town.fact("r1", f.ApprovalRefused)
    assert (told.role, told.reason, told.note is not None) == ("unit_manager", "can_be_done", True)
    with town.refuses("approval.over"):
        town.agree("r1", by="dispatcher")


def test_a_refusal_has_a_reason_of_the_list(town):
    """A no is counted and read by others, so it is one of a few."""
    town.ask("r1", "return", "not_found")
    with town.refuses("approval.reason_unknown"):
        town.deny("r1", "because", by="manager-cleaning")


def test_what_was_asked_can_be_taken_back(town):
    """The asker thinks again; the request counts as never made."""
    town.ask("r1", "return", "not_found")
    with town.refuses("approval.not_your_request"):
        town.withdraw("r1", by="manager-cleaning")
    town.withdraw("r1")

    assert (town.case("r1").approval_kind, town.fact("r1", f.ApprovalWithdrawn).why) == (None, "asker")
    with town.refuses("approval.over"):
        town.withdraw("r1")
    town.ask("r1", "return", "not_found")
    assert town.fact("r1", f.ApprovalAsked).nth == 1


def test_only_whose_step_it_is_decides(town):
    """Not the next one before the first, not the head of another unit, not a handler, not a stranger."""
    town.ask("r1", "return", "no_means")
    for post in ("dispatcher", "manager-roads-north", "leader"):
        with town.refuses("approval.not_your_step"):
            town.agree("r1", by=post)
    with town.refuses("not_allowed"):
        town.agree("r1", by="handler-cleaning")
    with town.refuses("needs_sign_in"):
        town.agree("r1", by="")
    town.agree("r1", by="manager-cleaning")
    with town.refuses("approval.not_your_step"):
        town.agree("r1", by="dispatcher-north")  # a desk that does not hold it
    town.agree("r1", by="dispatcher")


def test_nobody_agrees_to_their_own_request(town):
    """Who sits in two chairs speaks once: the head who asks leaves their own step out, and does not take the next."""
    town.ask("r1", "return", "no_means", by="manager-cleaning+dispatcher")
    asked = town.fact("r1", f.ApprovalAsked)
    assert (asked.steps, asked.left_out) == (("dispatcher",), ("unit_manager",))
    with town.refuses("approval.own_request"):
        town.agree("r1", by="manager-cleaning+dispatcher")
    town.agree("r1", by="dispatcher-2")
    assert town.state("r1") == "to_dispatch"


def test_nobody_agrees_twice(town):
    """A second step is a second person."""
    town.ask("r1", "return", "no_means")
    town.agree("r1", by="manager-cleaning+dispatcher")
    with town.refuses("approval.own_request"):
        town.agree("r1", by="manager-cleaning+dispatcher")


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


def test_an_approval_after_its_time_is_none(town):
    """Two working hours were given; after them the yes comes too late, and the pack's word counts."""
    town.ask("r1", "return", "no_means")
    town.at("2026-03-06 16:00")
    town.later(microseconds=1)
    with town.refuses("approval.too_late"):
        town.agree("r1", by="manager-cleaning")
    town.drain()

    lapsed = town.fact("r1", f.ApprovalLapsed)
    assert (lapsed.role, lapsed.lapse, town.state("r1")) == ("unit_manager", "refused", "handling")
    assert town.approvals("r1")[0].outcome == "lapsed"
    with town.refuses("approval.over"):
        town.agree("r1", by="manager-cleaning")


def test_silence_can_mean_yes(town):
    """Where the pack says so, what nobody decides is granted, and what follows is told at once."""
    town.ask("r1", "return", "no_means")
    town.agree("r1", by="manager-cleaning")
    town.agree("r1", by="dispatcher")
    town.dispatch("r1", "cleaning")
    town.sign("r1")
    town.ask("r1", "return", "no_means", note="no lorry until spring")
    town.at("2026-03-06 16:01")
    town.drain()

    assert town.fact("r1", f.ApprovalLapsed).lapse == "granted"
    assert (town.state("r1"), town.case("r1").returns) == ("to_dispatch", 2)


def test_a_server_that_slept_does_it_once(town):
    """It was down at the moment; when it wakes days later, the request lapses, once."""
    town.ask("r1", "return", "no_means")
    town.at("2026-03-12 09:00")
    town.drain()
    town.drain()
    town.tell_again()
    assert town.story("r1").count("ApprovalLapsed") == 1


def test_each_step_has_its_own_time(town):
    """The desk's two hours begin when the head has agreed."""
    town.ask("r1", "return", "no_means")
    town.at("2026-03-06 15:30")
    town.agree("r1", by="manager-cleaning")
    assert town.local(town.approvals("r1")[0].decide_due) == "2026-03-06 17:30"


def test_one_thing_is_asked_at_a_time(town):
    """Two open requests would decide about each other."""
    town.ask("r1", "return", "no_means")
    with town.refuses("approval.already_asked"):
        town.ask("r1", "extension", "weather", length="1 work_hour")


def test_finishing_takes_the_request_back(town):
    """The unit did it after all: nobody need decide, and a yes that comes late changes nothing."""
    town.ask("r1", "return", "no_means")
    town.finish("r1")
    assert town.story("r1")[-3:] == ["ApprovalWithdrawn", "TaskFinished", "InspectionAsked"]
    assert (town.fact("r1", f.ApprovalWithdrawn).why, town.state("r1")) == ("TaskFinished", "inspecting")
    with town.refuses("approval.over"):
        town.agree("r1", by="manager-cleaning")


def test_a_return_at_once_takes_the_request_back(town):
    """It asked for more time, then saw that the case is another unit's."""
    town.ask("r1", "extension", "weather", length="1 work_hour")
    town.give_back("r1", "not_ours")
    assert (town.fact("r1", f.ApprovalWithdrawn).why, town.state("r1")) == ("TaskReturned", "to_dispatch")


def test_what_cannot_be_asked_for(town):
    """The kind, the reason, and who asks must fit; another unit does not even know of the case."""
    for kind, reason, code in (
        ("return", "no mood", "approval.reason_unknown"), ("return", "not_ours", "approval.reason_unknown"),
        ("misdispatch", "not_ours", "approval.not_in_pack"), ("extension", "no_funds", "approval.reason_unknown"),
        ("leave", "weather", "invalid"),
    ):  # fmt: skip
        with town.refuses(code):
            town.ask("r1", kind, reason)
    with town.refuses("case.unknown"):
        town.ask("r1", "return", "no_means", by="handler-street-3")
    with town.refuses("not_allowed"):
        town.ask("r1", "return", "no_means", by="dispatcher")
    with town.refuses("people.out_of_scope"):
        town.ask("r1", "return", "no_means", by="acceptor")  # the work is not theirs


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


def test_a_request_with_an_attachment(town):
    """A long suspension comes with its form, and a photo of it; both lie in the vault."""
    with town.refuses("approval.form_missing"):
        town.ask("r1", "suspension", "no_funds", length="100 natural_day")
    with town.refuses("approval.attachment_missing"):
        town.ask("r1", "suspension", "no_funds", length="100 natural_day", note="in the budget of autumn")
    with town.refuses("approval.too_many_attachments"):
        town.ask("r1", "suspension", "no_funds", length="100 natural_day", note="in the budget of autumn", photos=(photo(),) * 10)
    town.ask("r1", "suspension", "no_funds", length="100 natural_day", note="in the budget of autumn", photos=(photo(),))
    asked = town.fact("r1", f.ApprovalAsked)
    assert (asked.form, len(asked.photos), asked.source.document) == ("GZ-1", 1, "a town that does not exist")


def test_what_waits_for_me(town):
    """Each sees what their own word is asked for, the most urgent first; the auditor sees all of it."""
    town.report("r2", kind="rubbish", cell="b1")
    town.sign("r2")
    town.ask("r2", "extension", "weather", length="1 work_hour")
    town.ask("r1", "return", "no_means")

    for post, kinds in (
        ("manager-cleaning", ["return"]), ("dispatcher", ["extension"]), ("dispatcher-north", []), ("leader", []),
    ):  # fmt: skip
        assert [each["kind"] for each in town.get("/v1/approvals", by=post, mine=True)["items"]] == kinds
    town.agree("r1", by="manager-cleaning+dispatcher")
    for post, kinds in (("dispatcher", {"extension", "return"}), ("manager-cleaning+dispatcher", {"extension"})):
        assert {each["kind"] for each in town.get("/v1/approvals", by=post, mine=True)["items"]} == kinds
    assert len(town.get("/v1/approvals", by="auditor")["items"]) == 2
    first = town.get("/v1/approvals", by="auditor", limit=1)
    assert len(town.get("/v1/approvals", by="auditor", limit=1, after=first["next"])["items"]) == 1


def test_the_same_request_sent_twice_is_one(town):
    """A phone that lost the answer sends it again under its key."""
    case = town.case("r1")
    path, form = f"/v1/cases/{case.id}/approvals", [("kind", (None, "return")), ("reason", (None, "no_means"))]
    headers = {"x-post": "handler-cleaning", "if-match": f'"{case.no}"', "idempotency-key": "once"}
    request = town.client.build_request("POST", path, headers=headers, files=form)
    body, kind = request.read(), request.headers["content-type"]
    for _ in range(2):
        answer = town.client.post(path, headers={**headers, "content-type": kind}, content=body)
        assert (answer.status_code, answer.json()["id"]) == (201, town.asked("r1"))
    assert town.story("r1").count("ApprovalAsked") == 1


def test_replaying_gives_the_same_requests(town):
    """Requests, their steps and the clocks that they moved are made from the facts alone."""
    town.ask("r1", "extension", "weather", length="2 work_hour")
    town.agree("r1", by="dispatcher")
    town.ask("r1", "return", "no_means")
    town.agree("r1", by="manager-cleaning")
    town.agree("r1", by="dispatcher")
    town.dispatch("r1", "cleaning")
    assert town.replayed() == []
