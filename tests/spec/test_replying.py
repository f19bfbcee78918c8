"""Replying: a draft from what became of it, and what a reply lacks; a person decides."""

from typing import Any

import pytest

CODE = "7G2KD9QW4X1M"
BAGS = "楼下垃圾袋堆在树坑边没人收，已经三天了"
GOOD = "您好！一街清洁队3月2日上午已清运楼下垃圾袋，树坑已清理完毕。"


def draft(world: Any, name: str, kind: str = "result", *, by: str = "acceptor", lang: str = "zh") -> dict[str, Any]:
    """What the desk is given to begin with."""
    return world.get(f"/v1/reports/{world.reports[name]}/replies/draft", by=by, kind=kind, lang=lang)


def lacks(world: Any, name: str, text: str, kind: str = "result", *, by: str = "acceptor") -> list[str]:
    """What the check names."""
    said = {"kind": kind, "text": text}
    found = world.post(f"/v1/reports/{world.reports[name]}/replies/check", by=by, json=said)["lacks"]
    return [each["code"] for each in found]


def test_the_draft_tells_who_did_what_when_with_which_result(world):
    """After closing it names the unit, the day, what was noted and the inspection, and lacks nothing."""
    world.report("r1", kind="rubbish", says=BAGS)
    world.handle("r1")
    world.inspect("r1")
    found = draft(world, "r1")

    assert found["lacks"] == []
    assert "3月2日" in found["text"]
    assert "核查" in found["text"]
    assert "cleared away, the place is as before" in found["text"]


def test_the_draft_names_nobody(world):
    """What the handler noted about a person stays inside: the draft is for anybody."""
    world.report("r1", kind="rubbish", says=BAGS)
    world.sign("r1")
    world.finish("r1", note="已清运，联系人张伟，电话13874620519")
    world.inspect("r1")

    assert "13874620519" not in draft(world, "r1")["text"]
    assert "张伟" not in draft(world, "r1")["text"]
    assert draft(world, "r1")["lacks"] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_says_why_and_by_which_law(world, lang):
    """Not taken up: the reason, and the legal basis from the pack."""
    world.report("r1", kind="building", channel="app", says="楼顶在盖房子，声音很大还漏水")
    world.verify("r1")
    world.refuse("r1")
    found = draft(world, "r1", "explain", lang=lang)

    assert "《中华人民共和国城乡规划法》" in found["text"]
    assert found["lacks"] == []
    assert "basis" in lacks(world, "r1", "经核实，楼顶房子不予立案。", "explain")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_underway_the_draft_says_by_when(world, lang):
    """Before it is done the reporter is told who has it and by when."""
    world.report("r1", kind="rubbish", says=BAGS)
    assert draft(world, "r1", lang=lang)["lacks"] == []
    world.report("r2", kind=None, says=BAGS)
    assert draft(world, "r2", lang=lang)["lacks"] == []


def test_what_is_missing_stands_beside_it_and_stops_nobody(world):
    """A poor reply is sent all the same, if a person wants it so."""
    world.report("r1", kind="rubbish", says=BAGS, channel="app", code=CODE)
    world.complete_all("r1")

    assert lacks(world, "r1", "您好，垃圾问题已转相关部门处理。") == ["who", "what", "when", "forwarded"]
    assert lacks(world, "r1", GOOD) == []
    assert lacks(world, "r1", GOOD + "投放人李秀兰，电话13874620519。") == ["private"]
    world.reply("r1", "您好，垃圾问题已转相关部门处理。", "result")
    assert world.story("r1")[-1] == "ReplyGiven"


def test_after_the_limit_it_is_late(world):
    """Whoever is to be called back by a moment is answered late after it."""
    world.report("r1", kind="rubbish", says=BAGS, channel="app", code=CODE)
    world.complete_all("r1")
    assert lacks(world, "r1", GOOD) == []
    world.later(days=3)
    assert lacks(world, "r1", GOOD) == ["late"]


def test_where_the_city_asks_for_more_it_is_refused(world):
    """A pack that names `private` and `basis` lets no reply out with another's number in it."""
    world.adopt("mini_strict")
    world.report("r1", kind="rubbish", says=BAGS)
    world.complete_all("r1")
    with world.refuses("inspect.reply_lacks"):
        world.reply("r1", GOOD + "投放人电话13874620519。", "result")
    world.reply("r1", "已转。", "result")
    assert world.story("r1")[-1] == "ReplyGiven"


@pytest.mark.parametrize("by", ["handler-cleaning", "collector-a1"])
def test_only_who_may_reply_is_given_a_draft(world, by):
    """Neither who did the work nor who inspected it."""
    world.report("r1", kind="rubbish", says=BAGS)
    with world.refuses("not_allowed"):
        draft(world, "r1", by=by)
