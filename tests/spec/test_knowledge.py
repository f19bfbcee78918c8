"""The knowledge base: what the city answers with, who answers for it, and inquiries that need no case."""

import pytest
from tests.knowledge_world import LAMPS

from cityloop.domain import facts as f
from cityloop.knowledge import index_knowledge


def test_an_entry_is_read_once_somebody_else_approved_it(town):
    """A seat writes what to answer; the duty leader publishes it; until then nobody finds it."""
    town.draft("lamps")
    assert (town.found("路灯"), town.listed("waiting")) == ([], [LAMPS["title"]])
    town.publish("lamps")

    assert (town.found("路灯坏了"), town.listed("waiting")) == ([LAMPS["title"]], [])
    assert town.entry_story("lamps") == ["KnowledgeDrafted", "KnowledgePublished"]


def test_the_index_of_entries_can_be_made_anew(town):
    """Pieces of words are no facts: replay does not make them, `cityloop index` does, from what is kept and can still be read."""
    for name in ("lamps", "dogs"):
        town.draft(name)
        town.publish(name)
    town.revise("lamps", title="路灯由谁修")
    town.retire("dogs", "nobody_asks")
    before = grams(town)
    town.writer.whole(lambda tx: tx.run("DELETE FROM knowledge_gram WHERE city = :city"))
    assert town.found("路灯") == []

    assert index_knowledge(town.writer) == 2
    assert grams(town) == before
    assert town.found("路灯") == [LAMPS["title"]]


def grams(town) -> list[tuple]:
    with town.database.reading() as tx:
        rows = tx.all("SELECT gram, entry, revision, weight FROM knowledge_gram WHERE city = :city ORDER BY gram, entry, revision")
    return [tuple(row) for row in rows]


def test_who_wrote_it_does_not_approve_it(town):
    """Four eyes: a duty leader who writes an entry waits for another."""
    town.draft("lamps", by="leader-on-duty")
    with town.refuses("knowledge.own_work"):
        town.publish("lamps")


def test_a_revision_that_is_not_approved_leaves_the_one_before(town):
    """The text in force stays until a better one is approved; a rejection says why."""
    town.draft("lamps")
    town.publish("lamps")
    town.revise("lamps", title="路灯由谁修")
    town.reject_entry("lamps", "no_source", revision=2)

    assert town.found("路灯") == [LAMPS["title"]]
    assert town.entry("lamps")["revisions"][0]["reason"] == "no_source"
    with town.refuses("knowledge.nothing_waits"):
        town.publish("lamps", revision=2)


def test_a_published_revision_takes_the_place_of_the_one_before(town):
    """What the old text said is not found any more."""
    town.draft("lamps")
    town.publish("lamps")
    town.revise("lamps", title="景观灯不亮", text="联系城市照明中心。")
    town.publish("lamps", revision=2)

    assert (town.found("灯杆编号"), town.found("照明中心")) == ([], ["景观灯不亮"])


def test_the_best_answer_stands_first(town):
    """Pieces that few entries have count more than those that all have; a title counts more than the text."""
    for title, text in (("垃圾清运时间", "每天两次。办事请带身份证。"), ("身份证明", "证明"), ("养犬登记", "养犬要带身份证。")):
        town.draft(title, title=title, text=text)
        town.publish(title)

    assert town.found("养犬登记带什么身份证")[0] == "养犬登记"
    assert town.found("清运")[0] == "垃圾清运时间"
    assert town.found("完全无关") == []


def test_anybody_of_the_staff_says_that_an_entry_is_outdated(town):
    """It is still read, with the flag, until its owner confirms it to another day."""
    town.draft("lamps")
    town.publish("lamps")
    town.flag("lamps", "outdated", note="电话换了")

    line = town.get("/v1/knowledge", by="hotline-seat", q="路灯")["items"][0]
    assert (line["flags"], town.listed("flagged")) == (1, [LAMPS["title"]])
    assert town.entry("lamps")["flags"][0]["note"] == "电话换了"
    town.confirm("lamps", "2027-06-30")
    assert (town.listed("flagged"), town.entry_story("lamps")[-2:]) == ([], ["KnowledgeFlagged", "KnowledgeConfirmed"])
    assert town.entry("lamps")["flags"][0]["settled_at"] is not None


def test_who_does_not_own_an_entry_does_not_confirm_it(town):
    """The unit that owns it does, or who approves."""
    town.draft("dogs")
    town.publish("dogs")
    with town.refuses("knowledge.not_owner"):
        town.confirm("dogs", "2027-06-30")
    town.confirm("dogs", "2027-06-30", by="street-desk-1")


def test_after_its_last_day_nobody_is_answered_with_it(town):
    """It is listed as expired for its owner, and found by nobody."""
    town.draft("lamps", valid_until="2026-03-05")
    town.publish("lamps")
    town.at("2026-03-05 23:59")
    assert town.found("路灯") == [LAMPS["title"]]
    town.at("2026-03-06 00:00")

    assert (town.found("路灯"), town.listed("expired")) == ([], [LAMPS["title"]])
    with town.refuses("knowledge.not_read"):
        town.answer_with("lamps")
    town.confirm("lamps", "2026-12-31")
    assert town.found("路灯") == [LAMPS["title"]]


def test_a_retired_entry_is_read_no_more(town):
    """And takes no further revision."""
    town.draft("lamps")
    town.publish("lamps")
    town.retire("lamps", "told_elsewhere")

    assert (town.found("路灯"), town.listed("retired")) == ([], [LAMPS["title"]])
    with town.refuses("knowledge.not_read"):
        town.revise("lamps")


def test_residents_read_what_is_public(town):
    """Without signing in; what is for the staff alone is not there for them, nor what waits."""
    town.draft("lamps")
    town.draft("dogs")
    assert town.get("/v1/answers", by=None) == []
    town.publish("lamps")
    town.publish("dogs")

    assert [each["title"] for each in town.get("/v1/answers", by=None, q="路灯")] == [LAMPS["title"]]
    assert town.get("/v1/answers", by=None, q="养犬登记") == []
    with town.refuses("knowledge.unknown"):
        town.get(f"/v1/answers/{town.entries['dogs']}", by=None)


def test_an_inquiry_is_answered_without_a_case(town):
    """The seat reads the answer out; what was asked is a fact of its own, which names the revision, and no case begins."""
    town.draft("lamps")
    town.publish("lamps")
    inquiry = town.answer_with("lamps", question="楼下路灯三天不亮了", phone="138 1234 5678")

    fact = town.inquiry_fact(inquiry)
    assert isinstance(fact, f.InquiryAnswered)
    assert (fact.entry_id, fact.revision, fact.channel) == (town.entries["lamps"], 1, "hotline")
    assert (town.rows_of("case_file"), town.rows_of("report")) == (0, 0)
    assert not town.stands_in_a_fact("路灯")
    assert not town.stands_in_a_fact("1381234")


def test_inquiries_are_counted_apart(town):
    """By channel, entry and class; the figures of cases know nothing of them."""
    town.draft("lamps")
    town.publish("lamps")
    town.answer_with("lamps")
    town.answer_with("lamps", by="counter", channel="counter")
    span = {"first_day": "2026-03-01", "last_day": "2026-03-31"}

    counted = town.get("/v1/inquiries/figures", by="leader-on-duty", **span)
    assert (counted["inquiries"], counted["by_entry"]) == (2, [{"key": town.entries["lamps"], "inquiries": 2}])
    assert {each["key"]: each["inquiries"] for each in counted["by_channel"]} == {"hotline": 1, "counter": 1}
    assert town.get("/v1/knowledge", by="hotline-seat", q="路灯")["items"][0]["asked"] == 2


def test_behind_each_figure_of_inquiries_stand_the_inquiries(town):
    """As many as the figure says, by channel and entry, named by the entry's title; who asked and in what words is not there."""
    town.draft("lamps")
    town.publish("lamps")
    town.answer_with("lamps")
    town.answer_with("lamps", by="counter", channel="counter")
    span = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
    counted = town.get("/v1/inquiries/figures", by="leader-on-duty", **span)
    behind = lambda **of: town.get("/v1/inquiries/figures/inquiries", by="leader-on-duty", **span, **of)

    assert len(behind()) == counted["inquiries"] == 2
    assert [each["channel"] for each in behind(channel="counter")] == ["counter"]
    assert {each["title"] for each in behind(entry=town.entries["lamps"])} == set(counted["titles"].values())
    assert set(behind()[0]) == {"id", "answered_at", "channel", "class_key", "entry", "title"}
    assert town.get("/v1/inquiries/figures/inquiries", by="leader-on-duty", first_day="2026-04-01", last_day="2026-04-30") == []
    with town.refuses("not_allowed"):
        town.get("/v1/inquiries/figures/inquiries", by="hotline-seat", **span)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": " "}, "knowledge.unsound"),
        ({"text": "长" * 8_001}, "knowledge.unsound"),
        ({"valid_until": "2026-03-01"}, "knowledge.unsound"),
        ({"owner": "nobody"}, "knowledge.unsound"),
        ({"areas": ["12"]}, "knowledge.unsound"),
        ({"classes": ["gbt30428_2_2013/event/9999"]}, "class.unknown"),
    ],
)
def test_an_entry_is_sound(town, wrong, code):
    """What is wrong with it is named, and nothing is kept."""
    with town.refuses(code):
        town.draft("lamps", **wrong)


def test_with_the_words_goes_what_they_are_found_by(town):
    """An erased entry leaves no piece of its text in the index; its facts stay."""
    town.draft("lamps")
    town.publish("lamps")
    town.erase_pieces([town.words_kept("lamps")])

    assert town.rows_of("knowledge_gram") == 0
    assert town.found("路灯") == []
    assert town.get("/v1/answers", by=None) == []
    assert town.entry_story("lamps") == ["KnowledgeDrafted", "KnowledgePublished"]


def test_the_knowledge_base_is_the_same_when_the_journal_is_replayed(town):
    """Entries, revisions, flags and inquiries come again from the facts; a handler told twice changes nothing."""
    town.draft("lamps")
    town.publish("lamps")
    town.flag("lamps", "wrong")
    town.revise("lamps", valid_until="2026-09-01")
    town.answer_with("lamps", question="?")
    town.reject_entry("lamps", "unclear", revision=2)
    town.confirm("lamps", "2027-01-31")
    town.retire("lamps", "nobody_asks")
    town.tell_again()

    assert town.replayed() == []
