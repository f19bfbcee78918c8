"""Who reads names: whoever works on a case reads the words without the people in them; whole they are read for a reason that stays."""

import pytest

from cityloop.domain import facts as f
from cityloop.domain.policy import RequestKind

SAYS = "我叫张伟，电话13874620519，住春风小区3栋2单元501室，湘A7K325堵了门口"
AT_WORK = "我叫张**，电话【电话】，住春风小区3栋2单元501室，湘A7K325堵了门口"
TO_ALL = "我叫张**，电话【电话】，住春风小区【门牌】，【车牌】堵了门口"


@pytest.mark.parametrize("by", ["acceptor", "leader-on-duty", "dispatcher", "handler-cleaning"])
def test_who_works_on_it_reads_where_and_not_who(world, by):
    """The acceptor, the dispatcher and the handler need the door and the plate, and no name or telephone."""
    world.report("r1", kind="rubbish", cell="a1", says=SAYS)

    assert [each["text"] for each in world.view("r1", by=by)["reports"]] == [AT_WORK]


def test_a_leader_who_may_not_read_reports_reads_nothing(world):
    """As before: without the permission there are no words at all."""
    world.report("r1", kind="rubbish", cell="a1", says=SAYS)
    assert [each["text"] for each in world.view("r1", by="leader")["reports"]] == [None]


def test_the_report_itself_is_read_alike(world):
    """By its own address it says no more than on the page of its case."""
    world.report("r1", kind="rubbish", cell="a1", says=SAYS)
    assert world.get(f"/v1/reports/{world.reports['r1']}", by="handler-cleaning")["text"] == AT_WORK


def test_whole_it_is_read_for_a_reason_and_the_asking_stays(world):
    """The supervision centre asks with a reason; who, when and why is a fact, also where nobody left a contact."""
    world.report("r1", kind="rubbish", cell="a1", says=SAYS)
    shown = world.post(f"/v1/reports/{world.reports['r1']}/reveal", by="acceptor", json={"reason": "ask_more"})

    assert (shown["text"], shown["contact"]) == (SAYS, {})
    assert world.fact("r1", f.PersonRevealed).reason == "ask_more"


def test_where_nothing_is_masked_there_is_nothing_to_reveal(world):
    """No contact, and nobody named: the asking is refused, and no fact is told."""
    world.report("r1", kind="rubbish", cell="a1", says="垃圾堆了三天")
    with world.refuses("report.no_contact"):
        world.post(f"/v1/reports/{world.reports['r1']}/reveal", by="acceptor", json={"reason": "ask_more"})


def test_who_handles_never_reveals(world):
    """Neither the command centre nor a unit learns who is named."""
    world.report("r1", kind="rubbish", cell="a1", says=SAYS)
    for by in ("dispatcher", "handler-cleaning"):
        with world.refuses("not_allowed", "people.out_of_scope"):
            world.post(f"/v1/reports/{world.reports['r1']}/reveal", by=by, json={"reason": "ask_more"})


def test_a_search_finds_what_one_may_read(world):
    """By the estate, the door and the plate; not by the name or the number."""
    world.report("r1", kind="rubbish", cell="a1", says=SAYS)
    assert [world.cases_found(words) for words in ("春风小区", "湘A7K325")] == [["r1"], ["r1"]]
    assert [world.cases_found(words) for words in ("张伟", "13874620519")] == [[], []]


def test_traditional_characters_are_found_by_simplified_ones(world):
    """路燈 and 路灯 are one word, whichever was written and whichever is looked for."""
    world.report("r1", kind="rubbish", cell="a1", says="樓下垃圾沒人清")
    assert world.cases_found("楼下垃圾") == world.cases_found("樓下垃圾") == ["r1"]


def test_strangers_read_neither_doors_nor_plates(world):
    """A town that shows words to anybody shows no person, no door and no plate."""
    world.adopt("mini_public")
    world.report("r1", kind="rubbish", cell="a1", says=SAYS)
    (told,) = world.get("/open311/v2/requests.json", by=None)
    assert told["description"] == TO_ALL


def test_the_desk_is_told_what_kind_of_request_it_is(world):
    """咨询, 求助, 投诉, 举报, 建议 or 表扬 stands beside the state, with how sure that is, and in the story why."""
    world.report("r1", kind="rubbish", cell="a1", says="请问几点收垃圾", asks=RequestKind.consult)
    world.report("r2", kind="rubbish", cell="a1")

    screens = [world.get(f"/v1/screens/case/{world.case(name).id}", by="acceptor", lang="zh") for name in ("r1", "r2")]
    assert [each["words"]["request"] for each in screens] == ["咨询 93 %", None]
    (step,) = [each for each in screens[0]["story"] if each["fact"] == "ReportUnderstood"]
    assert ["诉求类型", "咨询 93 % ← 用语 请问"] in step["lines"]


def test_what_is_hidden_can_be_asked_for_by_those_who_may(world):
    """Whom words name, and who sent them, is hidden; an acceptor may ask with a reason, who commands may not."""
    world.report("r1", kind="rubbish", cell="a1", says=SAYS)
    world.report("r2", kind="rubbish", cell="b1", says="路灯不亮")
    case, plain = world.case("r1").id, world.case("r2").id
    screen = world.get(f"/v1/screens/case/{case}", by="acceptor")
    assert [each["masked"] for each in screen["case"]["reports"]] == [True]
    assert screen["to_reveal"] == [screen["case"]["report_id"]]
    assert world.get(f"/v1/screens/case/{plain}", by="acceptor")["to_reveal"] == []
    assert world.get(f"/v1/screens/case/{case}", by="dispatcher-north")["to_reveal"] == []
