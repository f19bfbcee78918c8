"""Calling back: each reporter is asked what they say to the result, by link, message or phone; their verdict is kept."""

import pytest

from cityloop.domain import facts as f

CODE = "7G2KD9QW4X1M"
OTHER = "5HPT3V0NQ8ZR"


def test_who_reported_by_the_app_is_asked_on_their_page(world):
    """When the case is closed the reporter is asked, by the end of the next day; their verdict counts for seven days."""
    world.report("r1", kind="rubbish", channel="app", code=CODE, at="2026-03-02 09:00")
    world.complete_all("r1")

    asked = world.fact("r1", f.CallbackAsked)
    assert (asked.way, world.local(asked.due_at), world.local(asked.until)) == (
        "link",
        "2026-03-04 00:00",
        "2026-03-10 00:00",
    )
    judging = world.track(CODE)["judging"]
    assert (judging["is_open"], judging["solved"]) == (True, None)


def test_a_verdict_with_the_tracking_code(world):
    """The reporter says that it is solved and that they are satisfied; the call-back has ended, in time."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "solved", "satisfied")

    given = world.fact("r1", f.VerdictGiven)
    assert (given.solved, given.satisfied, given.way, given.by, given.changed) == (
        "solved",
        "satisfied",
        "link",
        None,
        False,
    )
    assert (world.callback("r1").outcome, world.callback("r1").overdue) == ("answered", False)
    assert world.state("r1") == "closed"


def test_a_code_is_read_as_people_write_it(world):
    """Small letters, hyphens and lookalikes are put right, as where the report is looked up."""
    world.report("r1", kind="rubbish", channel="app", code="7G2KD9QW4X1M")
    world.complete_all("r1")
    world.judge("7g2k-d9qw-4xim", "solved")

    assert world.track(CODE)["judging"]["solved"] == "solved"


def test_a_verdict_may_be_changed(world):
    """Within the days the reporter may say otherwise: the last word stands, the first one stays in the journal."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "partly", "mostly")
    world.later(days=2)
    world.judge(CODE, "solved", "satisfied")

    judging = world.track(CODE)["judging"]
    assert (judging["solved"], judging["satisfied"], judging["changes"]) == ("solved", "satisfied", 1)
    assert world.story("r1").count("VerdictGiven") == 2


def test_the_same_verdict_twice_is_one(world):
    """A reporter who presses twice has said it once."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "solved", "satisfied")
    world.judge(CODE, "solved", "satisfied")

    assert world.story("r1").count("VerdictGiven") == 1


def test_a_verdict_is_not_changed_for_ever(world):
    """After five changes the last word stands."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    for solved in ("solved", "partly", "solved", "partly", "solved", "partly"):
        world.later(minutes=1)
        world.judge(CODE, solved)
    with world.refuses("inspect.changed_too_often"):
        world.judge(CODE, "solved")


def test_a_code_is_not_hammered(world):
    """Ten verdicts at once are more than a person gives: with that code one must wait."""
    world.report("r1", kind="rubbish", channel="app", code=OTHER)
    for _ in range(10):
        with world.refuses("inspect.case_underway"):
            world.judge(OTHER, "solved")
    with world.refuses("rate.too_often"):
        world.judge(OTHER, "solved")


def test_no_verdict_before_the_case_is_closed(world):
    """While the work is under way there is nothing to judge."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    with world.refuses("inspect.case_underway"):
        world.judge(CODE, "not")


def test_no_verdict_after_the_days_are_over(world):
    """What comes after the seventh day is a new report; the call-back has ended by itself."""
    world.report("r1", kind="rubbish", channel="app", code=CODE, at="2026-03-02 09:00")
    world.complete_all("r1")
    world.at("2026-03-10 00:01")
    world.drain()

    assert world.fact("r1", f.CallbackLapsed).reason == "no_answer"
    with world.refuses("inspect.window_over"):
        world.judge(CODE, "not")
    assert world.track(CODE)["judging"]["is_open"] is False


@pytest.mark.parametrize("code", ["7G2KD9QW4X1N", "hello", "0000"])
def test_a_wrong_code_opens_nothing(world, code):
    """Whoever guesses learns nothing: every wrong code gets the same answer."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    with world.refuses("intake.tracking_unknown"):
        world.judge(code, "solved")


@pytest.mark.parametrize(("solved", "satisfied"), [("maybe", "none"), ("solved", "very"), ("", "")])
def test_a_verdict_has_its_codes(world, solved, satisfied):
    """What is none of the answers is refused with the list of them."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    with world.refuses("inspect.code_unknown"):
        world.judge(CODE, solved, satisfied)


def test_who_called_the_hotline_is_called(world):
    """A seat of the hotline has them on its list, with a masked number, and writes down what they say."""
    world.report("r1", kind="rubbish", channel="hotline", phone="13812345678")
    world.complete_all("r1")

    line = world.get("/v1/callbacks", by="hotline-seat")["items"][0]
    assert (line["way"], line["contact"]) == ("phone", {"phone": "138****5678"})
    world.call_back("r1", "solved", "mostly", words="came quickly")
    assert (world.fact("r1", f.VerdictGiven).by, world.callbacks()) == ("hotline-seat", [])


def test_the_list_begins_with_what_is_due_first(world):
    """Two to be called: the one whose case was closed first stands first."""
    world.report("r1", kind="rubbish", cell="a1", channel="hotline", phone="13812345678", at="2026-03-02 09:00")
    world.report("r2", kind="rubbish", cell="b1", channel="hotline", phone="13987654321")
    world.complete_all("r2")
    world.at("2026-03-03 09:00")
    world.complete_all("r1")

    assert world.callbacks() == ["r2", "r1"]


def test_nobody_answers_the_phone(world):
    """Each try is kept with the moment of the next; after the third nobody calls any more."""
    world.report("r1", kind="rubbish", channel="hotline", phone="13812345678", at="2026-03-02 09:00")
    world.complete_all("r1")
    world.try_call("r1")
    assert (world.callback("r1").tries, world.local(world.callback("r1").next_at)) == (1, "2026-03-02 15:00")
    world.try_call("r1", "busy")
    world.try_call("r1")

    assert (world.fact("r1", f.CallbackLapsed).reason, world.callbacks()) == ("tries_spent", [])


@pytest.mark.parametrize("outcome", ["refused", "wrong_number"])
def test_some_are_not_called_again(world, outcome):
    """Who does not want to say, and a number that is wrong, end the call-back at once."""
    world.report("r1", kind="rubbish", channel="hotline", phone="13812345678")
    world.complete_all("r1")
    world.try_call("r1", outcome)

    assert world.fact("r1", f.CallbackLapsed).reason == outcome
    with world.refuses("inspect.callback_over"):
        world.try_call("r1")


def test_only_the_reporter_changes_their_verdict(world):
    """A seat writes a verdict down once; the reporter may change it with their code."""
    world.report("r1", kind="rubbish", channel="hotline", phone="13812345678", code=CODE)
    world.complete_all("r1")
    world.call_back("r1", "partly")
    with world.refuses("inspect.said_before"):
        world.call_back("r1", "solved")
    world.judge(CODE, "solved")

    assert world.track(CODE)["judging"]["solved"] == "solved"


def test_who_did_the_work_does_not_ask(world):
    """A seat that also sits in the unit which did the work neither sees the call-back nor writes a verdict down."""
    world.report("r1", kind="rubbish", channel="hotline", phone="13812345678")
    world.complete_all("r1")
    assert world.callbacks(by="hotline-seat+handler-cleaning") == []
    with world.refuses("inspect.own_work"):
        world.call_back("r1", "solved", by="hotline-seat+handler-cleaning")
    with world.refuses("inspect.own_work"):
        world.try_call("r1", by="hotline-seat+handler-cleaning")


@pytest.mark.parametrize("by", ["handler-cleaning", "dispatcher", "collector-a1", "leader"])
def test_others_do_not_call_back(world, by):
    """Neither who handles nor who commands may ask reporters, or see who is asked."""
    world.report("r1", kind="rubbish", channel="hotline", phone="13812345678")
    world.complete_all("r1")
    with world.refuses("not_allowed"):
        world.call_back("r1", "solved", by=by)
    with world.refuses("not_allowed"):
        world.callbacks(by=by)


def test_a_seat_of_another_area_knows_of_nothing(world):
    """An acceptor of the south does not learn that somebody of the north is called back."""
    world.report("r1", kind="rubbish", cell="a1", channel="hotline", phone="13812345678")
    world.complete_all("r1")
    assert world.callbacks(by="acceptor-south") == []
    with world.refuses("inspect.callback_unknown"):
        world.call_back("r1", "solved", by="acceptor-south")


def test_the_unit_sees_the_verdict_and_not_whose_it_is(world):
    """On the page of the case the handler reads what was said; no report, no words, no way stands with it."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "partly", "mostly", words="my neighbour at number 5 saw it")

    verdict = world.view("r1", by="handler-cleaning")["verdicts"][0]
    assert sorted(verdict) == ["at", "satisfied", "solved"]
    assert "number 5" not in str(world.view("r1", by="handler-cleaning"))


def test_each_reporter_of_a_case_is_asked(world):
    """Two told of the same rubbish: both are asked, each by the way of their channel; who collects for the city is not."""
    world.report("r1", kind="rubbish", cell="a1", channel="app", code=CODE)
    world.report("r2", kind="rubbish", cell="a1", channel="hotline", phone="13812345678", joins="r1")
    world.report("r3", kind="rubbish", cell="a1", channel="collector", joins="r1")
    world.complete_all("r1")

    assert (world.callback("r1").way, world.callback("r2").way, world.callback("r3")) == ("link", "phone", None)


def test_who_cannot_be_reached_is_not_asked(world):
    """No number, and a code that was erased: nobody is asked, and nothing waits."""
    world.report("r1", kind="rubbish", channel="hotline")
    world.complete_all("r1")

    assert (world.callback("r1"), world.callbacks()) == (None, [])


def test_a_made_up_report_asks_nobody_in_a_real_city(world):
    """Simulated reports belong to simulated cities; elsewhere nobody is called about them."""
    world.report("r1", kind="rubbish", channel="app", code=CODE, simulated=True)
    world.report("r2", kind="rubbish", cell="b1", channel="app", code=OTHER, simulated=True)
    world.complete_all("r1")
    world.adopt("mini_real")
    world.complete_all("r2")

    assert (world.callback("r1").simulated, world.callback("r2")) == (True, None)


def test_a_city_without_rules_calls_nobody_back(world):
    """Calling back is on when the pack has its data; rules that come later do not ask about what was closed long ago."""
    world.adopt("mini_quiet")
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.complete_all("r1")
    assert world.callback("r1") is None
    world.later(days=10)
    world.adopt("mini")
    world.tell_again()

    assert world.callback("r1") is None


def test_who_was_not_asked_may_say_it_all_the_same(world):
    """The page of the code takes a verdict within the days, asked or not; rates count those that were asked."""
    world.adopt("mini_quiet")
    world.report("r1", kind="rubbish", channel="app", code=CODE, at="2026-03-02 09:00")
    world.complete_all("r1")
    world.judge(CODE, "partly")

    assert (world.fact("r1", f.VerdictGiven).callback_id, world.waiting()) == (None, ["r1"])
    rates = world.get("/v1/verdicts/rates", by="leader-on-duty", first_day="2026-03-02", last_day="2026-03-02")
    assert rates["solved"]["denominator"] == 0


def test_a_message_brings_the_link(world):
    """Where the city sends messages, the reporter gets one with their link, once; the journal holds no number."""
    world.adopt("mini_sms")
    world.report("r1", kind="rubbish", channel="app", code=CODE, phone="13812345678")
    world.complete_all("r1")
    world.tell_again()

    assert world.callback("r1").way == "sms"
    assert (world.messages_go_out(), world.messages_go_out()) == (1, 0)
    assert world.messages() == [("13812345678", f"https://town.example/track/{CODE}")]
    assert "13812345678" not in str(world.told("r1"))


def test_a_message_waits_while_the_provider_is_down(world):
    """It is tried again with growing pauses, and sent when the provider is back."""
    world.adopt("mini_sms")
    world.report("r1", kind="rubbish", channel="app", code=CODE, phone="13812345678")
    world.complete_all("r1")
    world.provider_is(down=True)
    assert world.messages_go_out() == 0
    world.provider_is(down=False)
    assert world.messages_go_out() == 0  # its pause is not over
    world.later(minutes=2)
    assert world.messages_go_out() == 1


def test_a_message_is_not_sent_when_the_reporter_was_erased(world):
    """Number and text are made when it is sent; what the vault no longer holds, nobody sends."""
    world.adopt("mini_sms")
    world.report("r1", kind="rubbish", channel="app", code=CODE, phone="13812345678")
    world.complete_all("r1")
    world.erase("r1")

    assert (world.messages_go_out(), world.messages()) == (0, [])


def test_a_reply_is_read_with_the_code(world):
    """The city answers: the reporter reads it on their page, the journal says only that and by whom."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    world.reply("r1", "The bin is moved on Thursday.")

    assert [each["text"] for each in world.track(CODE)["replies"]] == ["The bin is moved on Thursday."]
    assert (world.fact("r1", f.ReplyGiven).kind, "Thursday" in str(world.told("r1"))) == ("explain", False)


def test_a_reply_says_something(world):
    """An empty reply, or one of an unknown kind, is none."""
    world.report("r1", kind="rubbish", channel="app", code=CODE)
    with world.refuses("inspect.no_words"):
        world.reply("r1", "  ")
    with world.refuses("inspect.code_unknown"):
        world.reply("r1", "Soon.", "promise")


def test_told_twice_nobody_is_asked_twice(world):
    """Every handler hears everything again: who was asked is not asked again, and what was judged is not redone."""
    world.report("r1", kind="rubbish", cell="a1", channel="app", code=CODE)
    world.report("r2", kind="rubbish", cell="a1", channel="hotline", phone="13812345678", joins="r1")
    world.complete_all("r1")
    world.judge(CODE, "not")
    world.complete_all("r1")
    before = world.story("r1"), world.story("r2")
    world.tell_again()

    assert (world.story("r1"), world.story("r2")) == before
    assert world.replayed() == []


def test_a_rate_is_counted_with_the_words_of_the_city(world):
    """Of three verdicts one solved, one partly, one not: partly counts half, mostly four fifths."""
    cells = {"r1": "a1", "r2": "b1", "r3": "d1"}
    for name, cell in cells.items():
        world.report(name, kind="rubbish", cell=cell, channel="hotline", phone="13812345678", at="2026-03-02 09:00")
        world.complete_all(name)
    world.call_back("r1", "solved", "satisfied")
    world.call_back("r2", "partly", "mostly")
    world.call_back("r3", "not", "not")
    rates = world.get("/v1/verdicts/rates", by="leader-on-duty", first_day="2026-03-02", last_day="2026-03-02")

    assert (rates["solved"]["value_ppm"], rates["solved"]["denominator"]) == (500_000, 3)
    assert rates["satisfied"]["value_ppm"] == 600_000
    assert (rates["called_back"]["value_ppm"], rates["redone"]["value_ppm"]) == (1_000_000, 333_333)
