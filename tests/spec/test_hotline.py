"""The hotline: a work order keeps its own number, limits, reply and call-back, whatever becomes of its case."""

import pytest

from cityloop.domain import facts as f

DISPATCHED = {"city_dispatch_time": "2026-03-02T08:30:00+08:00"}


def test_an_order_becomes_a_report_and_goes_the_straight_way(town):
    """What the hotline gives us is filed and dispatched like any report, and its caller is kept as the report's contact."""
    town.order("H1", kind="rubbish")

    assert town.story("H1") == ["ReportReceived", "CaseFiled", "CaseDispatched"]
    assert town.fact("H1", f.ReportReceived).contact is not None
    assert town.order_story("H1") == ["WorkOrderReceived"]
    assert town.seen("H1").state == "received"


def test_the_clocks_of_an_order_are_its_own(town):
    """They count from the hotline's dispatch, by what the caller wants, in working time of the city."""
    town.order("H1", work_order_category="求助", **DISPATCHED)
    order = town.seen("H1")

    assert town.local(order.sign_due) == "2026-03-02 10:30"
    assert town.local(order.contact_due) == "2026-03-03 08:30"
    assert town.local(order.reply_due) == "2026-03-09 08:30"
    town.order("H2", work_order_category="consult", deadline="2026-03-04 12:00", **DISPATCHED)
    assert town.local(town.seen("H2").reply_due) == "2026-03-04 12:00"  # the hotline named the moment itself


def test_an_order_that_is_sent_twice_is_one(town):
    """The same number is the same order, however often and under whatever key it is sent."""
    assert town.order("H1", kind="rubbish", **DISPATCHED)["taken"] == "now"
    town.later(minutes=5)
    assert town.order("H1", kind="rubbish", **DISPATCHED)["taken"] == "known"

    assert town.order_story("H1") == ["WorkOrderReceived"]
    assert town.case("H1").reports == 1


def test_an_order_that_is_sent_again_with_other_words_is_an_update(town):
    """What changed is kept; an older version that comes later changes nothing."""
    town.order("H1", send_time="2026-03-02T08:40:00+08:00", **DISPATCHED)
    town.order("H1", send_time="2026-03-02T08:50:00+08:00", main_content="是桥面破损", is_whistle=True, **DISPATCHED)
    town.order("H1", send_time="2026-03-02T08:40:00+08:00", **DISPATCHED)

    assert town.order_story("H1") == ["WorkOrderReceived", "WorkOrderUpdated"]
    assert town.order_page("H1")["content"] == "是桥面破损"
    assert town.order_page("H1")["line"]["marks"] == ["whistle"]


def test_the_same_number_of_another_hotline_is_another_order(town):
    """Two hotlines count for themselves."""
    town.order("H1", kind="rubbish")
    answer = town.post("/v1/hotline/orders", by="hotline-link", json={"workOrderNumber": "H1", "source": "12319", "title": "x"})

    assert answer["taken"] == "now"
    assert answer["orderId"] != town.orders["H1"]


def test_a_seat_signs_speaks_to_the_caller_and_replies(town):
    """签收, 响应, 答复: each is told with whether it was in time."""
    town.order("H1", **DISPATCHED)
    town.seat_answer("H1", "signature")
    town.seat_answer("H1", "contact", how="phone", reached=False)
    town.seat_answer("H1", "contact", how="visit", reached=True)
    town.at("2026-03-12 09:00")
    town.seat_answer("H1", "reply", text="已修好", is_true=True)

    assert town.order_story("H1")[1:] == ["WorkOrderSigned", "WorkOrderContacted", "WorkOrderContacted", "WorkOrderReplied"]
    assert town.seen("H1").contact_tries == 2
    assert town.seen("H1").state == "replied"
    assert not town.order_fact("H1", f.WorkOrderReplied).on_time
    assert town.order_fact("H1", f.WorkOrderSigned).on_time


def test_what_is_not_ours_is_sent_back_within_its_limit(town):
    """退单: the seat asks, the hotline decides; what it refuses is ours, as if it were signed for."""
    town.order("H1", **DISPATCHED)
    town.seat_answer("H1", "return", reason="not_ours", note="属区水务局")
    town.hotline("H1", "return", granted=False)
    assert town.seen("H1").state == "signed"

    town.seat_answer("H1", "return", reason="outside")
    town.hotline("H1", "return", granted=True, at="2026-03-02T09:01:00+08:00")
    assert town.seen("H1").state == "returned"

    town.order("H2", **DISPATCHED)
    town.at("2026-03-03 09:00")
    with town.refuses("hotline.return_too_late"):
        town.seat_answer("H2", "return", reason="not_ours")
    with town.refuses("hotline.reason_unknown"):
        town.seat_answer("H2", "return", reason="too much work")


def test_more_time_is_asked_for_before_the_limit_and_the_hotline_grants_it(town):
    """延期: once, as long as the pack allows, and the limit moves only when the hotline says so."""
    town.order("H1", work_order_category="help", **DISPATCHED)
    town.seat_answer("H1", "signature")
    with town.refuses("hotline.extension_wrong"):
        town.seat_answer("H1", "extension", limit={"value": 9, "unit": "work_day"}, reason="works")
    town.seat_answer("H1", "extension", limit={"value": 2, "unit": "work_day"}, reason="works")
    assert town.local(town.seen("H1").reply_due) == "2026-03-09 08:30"
    town.hotline("H1", "extension", granted=True)

    assert town.local(town.seen("H1").reply_due) == "2026-03-11 08:30"
    with town.refuses("hotline.extension_wrong"):
        town.seat_answer("H1", "extension", limit={"value": 1, "unit": "work_day"}, reason="works")


def test_many_orders_of_one_case_are_answered_each_by_itself(town):
    """并案: the case is closed once, and every order gets a draft of its own and keeps its own reply and call-back."""
    town.order("H1", kind="rubbish")
    town.order("H2", kind="rubbish", joins="H1", beside="H1")
    assert town.case("H2").id == town.case("H1").id
    town.seat_answer("H1", "signature")
    town.seat_answer("H2", "signature")
    town.handle("H1")
    town.inspect("H1")

    assert "工单 H1" in town.order_page("H1")["draft"]
    assert "工单 H2" in town.order_page("H2")["draft"]
    town.seat_answer("H1", "reply", text="")  # as it was drafted
    assert town.order_page("H1")["reply"] == town.order_page("H1")["draft"]
    assert town.seen("H2").state == "signed"
    town.hotline("H1", "callback", is_solved="解决", is_satisfaction="满意")
    assert (town.seen("H1").solved, town.seen("H2").solved) == ("solved", None)


def test_a_refused_case_drafts_its_reason(town):
    """What is not taken up is answered too, with why."""
    town.order("H1", kind="greenery", sure=False)
    town.seat_answer("H1", "signature")
    town.refuse("H1", "private_matter")

    assert "民事纠纷" in town.order_page("H1")["draft"]


def test_what_is_said_of_an_order_before_it_comes_waits_for_it(town):
    """Out of order: an urge and a call-back came first; nothing of them is lost, and nothing is done twice."""
    assert town.hotline("H1", "urge", message_id="u1")["taken"] == "kept"
    assert town.hotline("H1", "urge", message_id="u1")["taken"] == "known"
    assert town.hotline("H1", "callback", message_id="c1", is_solved="partly")["taken"] == "kept"
    town.order("H1", kind="rubbish")

    assert town.order_story("H1") == [
        "WorkOrderMessageKept", "WorkOrderMessageKept", "WorkOrderReceived", "WorkOrderUrged", "WorkOrderCalledBack",
    ]
    assert (town.seen("H1").urges, town.seen("H1").solved, town.seen("H1").state) == (1, "partly", "received")


def test_an_order_that_was_taken_back_before_it_came_is_no_report(town):
    """It is received and over in the same moment; nobody is sent out for it."""
    town.hotline("H1", "withdrawal", at="2026-03-02T08:45:00+08:00")
    town.order("H1", **DISPATCHED)

    assert town.order_story("H1") == ["WorkOrderMessageKept", "WorkOrderReceived", "WorkOrderWithdrawn"]
    assert (town.seen("H1").state, town.seen("H1").report_id) == ("withdrawn", None)


def test_an_order_taken_back_while_its_case_is_handled_leaves_the_case_to_a_person(town):
    """Nobody else told of it: the case goes on, and says in every list that its source is gone."""
    town.order("H1", kind="rubbish", **DISPATCHED)
    town.sign("H1")
    town.hotline("H1", "withdrawal")

    assert town.seen("H1").state == "withdrawn"
    assert town.state("H1") == "handling"
    assert town.story("H1")[-1] == "CaseSourceWithdrawn"
    assert town.get("/v1/cases", by="dispatcher")["items"][0]["marks"] == ["source_withdrawn"]
    town.finish("H1")
    town.inspect("H1")
    assert town.state("H1") == "closed"
    assert town.seen("H1").draft is None  # nobody waits for an answer any more


def test_an_order_taken_back_whose_case_others_need_changes_nothing_for_them(town):
    """Another reporter told of the same: the case is theirs too."""
    town.order("H1", kind="rubbish", **DISPATCHED)
    town.report("r2", kind="rubbish", joins="H1", beside="H1")
    town.hotline("H1", "withdrawal")

    assert "CaseSourceWithdrawn" not in town.story("r2")
    assert town.get("/v1/cases", by="dispatcher")["items"][0]["marks"] == []


def test_an_order_taken_back_before_its_report_was_understood_marks_the_case_that_it_becomes(town):
    """The withdrawal overtook the machine: the case that comes of the report says at once that its source is gone."""
    town.order("H1", kind="rubbish", heard=False, **DISPATCHED)
    town.hotline("H1", "withdrawal")
    town.understand("H1", kind="rubbish")

    assert "CaseSourceWithdrawn" in town.story("H1")


def test_an_order_dispatched_again_after_it_was_taken_back_begins_a_new_round(town):
    """The number stays, the clocks begin anew; the old dispatch, sent once more, wakes nothing."""
    town.order("H1", kind="rubbish", **DISPATCHED)
    town.hotline("H1", "withdrawal")
    town.later(hours=1)
    town.order("H1", kind="rubbish", **DISPATCHED)
    assert town.seen("H1").state == "withdrawn"

    town.order("H1", kind="rubbish", city_dispatch_time="2026-03-02T09:30:00+08:00")
    assert (town.seen("H1").state, town.seen("H1").round_no) == ("received", 2)
    assert town.local(town.seen("H1").sign_due) == "2026-03-02 11:30"


def test_the_newest_call_back_counts_whichever_came_last(town):
    """The hotline called twice, and told us of the second call first."""
    town.order("H1", kind="rubbish")
    town.answer_all("H1")
    town.later(hours=2)
    town.hotline("H1", "callback", at="2026-03-02T10:30:00+08:00", is_solved="solved", is_satisfaction="基本满意")
    town.hotline("H1", "callback", at="2026-03-02T10:00:00+08:00", is_solved="not", is_satisfaction="不满意")

    assert (town.seen("H1").solved, town.seen("H1").satisfied) == ("solved", "mostly")
    assert town.order_story("H1").count("WorkOrderCalledBack") == 2


def test_an_exclusion_is_asked_for_and_decided_by_the_hotline(town):
    """剔除: what is excluded does not count in the rates, and says so."""
    town.order("H1", kind="rubbish")
    town.seat_answer("H1", "signature")
    town.seat_answer("H1", "exclusion", reason="legal_process")
    with town.refuses("hotline.exclusion_wrong"):
        town.seat_answer("H1", "exclusion", reason="not_so")
    assert town.rates()["all"]["excluded"] == 0
    town.hotline("H1", "exclusion", granted=True)

    assert town.seen("H1").exclusion == "granted"
    assert town.rates()["all"]["excluded"] == 1


def test_the_three_rates_are_counted_over_valid_orders_with_the_orders_behind_them(town):
    """三率: each rate has its numerator and denominator, and the list of orders adds up to them."""
    for name, solved, satisfied in (("H1", "解决", "满意"), ("H2", "部分解决", "基本满意"), ("H3", "未解决", "未评价")):
        town.order(name, kind="rubbish")
        town.answer_all(name)
        town.hotline(name, "callback", is_solved=solved, is_satisfaction=satisfied)
    town.order("H4", kind="rubbish")  # nobody has spoken to the caller yet, and there is time
    rates = town.rates()["all"]

    assert rates["response"] == {"numerator_ppm": 3_000_000, "denominator": 3, "rate_ppm": 1_000_000}
    assert rates["solve"] == {"numerator_ppm": 1_500_000, "denominator": 3, "rate_ppm": 500_000}
    assert rates["satisfy"] == {"numerator_ppm": 1_800_000, "denominator": 2, "rate_ppm": 900_000}
    assert rates["weighted_ppm"] == 790_000
    behind = town.rates(path="/orders", of="solve")
    assert [(each["order"]["number"], each["adds"]["solve"]) for each in behind] == [
        ("H1", 1_000_000), ("H2", 500_000), ("H3", 0),
    ]


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("contact", "hotline.move_forbidden"),
        ("reply", "hotline.move_forbidden"),
        ("exclusion", "hotline.move_forbidden"),
    ],
)
def test_nothing_is_answered_before_an_order_is_signed_for(town, deed, code):
    """The table of moves says what may follow what."""
    town.order("H1", kind="rubbish")
    with town.refuses(code):
        town.seat_answer("H1", deed, **{"contact": {"how": "phone"}, "reply": {"text": "x"}, "exclusion": {"reason": "not_so"}}[deed])


def test_a_seat_without_words_of_its_own_needs_a_draft(town):
    """An answer that says nothing is none."""
    town.order("H1", kind="rubbish")
    town.seat_answer("H1", "signature")
    with town.refuses("hotline.reply_empty"):
        town.seat_answer("H1", "reply", text="  ")


def test_what_a_report_cannot_hold_does_not_keep_an_order_out(town):
    """A number that nobody can dial, a place outside the city, words without end: the order is taken, and keeps them."""
    town.order("H1", kind="rubbish", call_phone_number="未留", lon=2.35, lat=48.85, main_content="很长" * 3_000)

    assert town.fact("H1", f.ReportReceived).contact is None
    assert len(town.order_page("H1")["content"]) == 6_000


def test_who_called_is_never_shown_with_an_order(town):
    """The seat calls back through the report's contact, with a reason that is told; a dispatcher sees no words at all."""
    town.order("H1", kind="rubbish", secret=True)

    assert "13812345678" not in f"{town.order_page('H1')}"
    assert town.order_page("H1", by="dispatcher")["content"] is None


def test_only_the_hotlines_system_sends_orders_and_only_a_seat_answers_them(town):
    """Neither can do what is the other's."""
    town.order("H1", kind="rubbish")
    with town.refuses("not_allowed"):
        town.seat_answer("H1", "signature", by="hotline-link")
    with town.refuses("not_allowed"):
        town.post("/v1/hotline/orders", by="hotline-seat", json={"workOrderNumber": "H2", "title": "x"})


def test_orders_are_the_same_when_the_journal_is_replayed(town):
    """Every order, message and mark comes again from the facts alone."""
    town.hotline("H1", "urge")
    town.order("H1", kind="rubbish", **DISPATCHED)
    town.order("H2", kind="rubbish", joins="H1", beside="H1")
    town.seat_answer("H2", "signature")
    town.handle("H1")
    town.inspect("H1")
    town.hotline("H2", "withdrawal", at="2026-03-02T09:05:00+08:00")

    assert town.replayed() == []
    before = town.order_story("H2")
    town.tell_again()
    assert town.order_story("H2") == before


def test_what_a_seat_answers_reaches_the_hotline_in_its_order(town):
    """签收, 响应, 答复 go out in the fields of the hotline, each once."""
    town.order("H1", kind="rubbish")
    town.answer_all("H1")
    town.send()

    assert town.line.heard("H1") == ["sign", "contact", "reply"]
    reply = town.line.told("H1")[-1]
    assert (reply["replyContent"], reply["isTrue"], reply["caseNumber"]) == ("已修好，谢谢您", True, town.case("H1").number)


def test_a_hotline_that_is_down_gets_everything_when_it_is_up_again(town):
    """It is tried for as long as it takes; a hotline is never given up."""
    town.line.is_down = True
    town.order("H1", kind="rubbish")
    town.order("H2", kind="rubbish")
    town.answer_all("H1")
    for _ in range(20):
        town.send(rounds=1)
        town.later(days=1)
    assert town.line.heard("H1") == []
    town.seat_answer("H2", "signature")
    town.line.is_down = False
    town.later(days=1)
    town.send()

    assert town.line.heard("H1") == ["sign", "contact", "reply"]
    assert town.line.heard("H2") == ["sign"]


def test_an_order_that_the_hotline_will_not_take_holds_up_no_other(town):
    """One order is refused; what is answered to the others goes out."""
    town.order("H1", kind="rubbish")
    town.order("H2", kind="rubbish")
    town.line.refuses.add("H1")
    town.answer_all("H1")
    town.answer_all("H2")
    town.send()

    assert (town.line.heard("H1"), town.line.heard("H2")) == ([], ["sign", "contact", "reply"])
    town.line.refuses.clear()
    town.later(minutes=2)
    town.send()
    assert town.line.heard("H1") == ["sign", "contact", "reply"]


def test_each_order_of_one_case_is_answered_to_its_own_number(town):
    """Three calls, one hole: three answers."""
    town.order("H1", kind="rubbish")
    town.order("H2", kind="rubbish", joins="H1", beside="H1")
    town.order("H3", kind="rubbish", joins="H1", beside="H1")
    for name in ("H1", "H2", "H3"):
        town.seat_answer(name, "signature")
    town.handle("H1")
    town.inspect("H1")
    for name in ("H1", "H2", "H3"):
        town.seat_answer(name, "reply")
    town.send()

    assert [town.line.heard(name) for name in ("H1", "H2", "H3")] == [["sign", "reply"]] * 3
    assert "工单 H2" in town.line.told("H2")[-1]["replyContent"]


def test_erasing_a_report_erases_what_its_order_keeps_and_sending_it_again_brings_nothing_back(town):
    """Words, caller, notes, draft and reply go together; the order's numbers and moments stay, and count."""
    town.order("H1", kind="rubbish", **DISPATCHED)
    town.answer_all("H1")
    town.hotline("H1", "callback", is_solved="解决", note="她很满意")
    assert town.kept_of("H1") == 6
    town.erase("H1")
    town.order("H1", kind="rubbish", **DISPATCHED)

    assert town.kept_of("H1") == 0
    page = town.order_page("H1")
    assert (page["content"], page["reply"], page["line"]["state"]) == (None, None, "called_back")
    assert town.rates()["all"]["solve"]["numerator_ppm"] == 1_000_000
    assert town.replayed() == []
    town.send()
    assert town.line.heard("H1") == ["sign", "contact"]  # what was erased before it went out is not sent
