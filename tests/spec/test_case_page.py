"""The case's page: what it shows to whom, and which moves it offers."""


def test_the_page_offers_what_the_table_allows(world):
    """Allowed moves are offered; one that is another's is shown with the reason."""
    world.report("r1", kind="greenery")

    assert world.moves("r1", by="acceptor") == {
        "merge": None,
        "ask_verify": None,
        "accept": None,
        "file": "why_not.no_right",
        "refuse": "why_not.no_right",
    }
    assert world.moves("r1", by="leader-on-duty")["file"] is None


def test_the_page_follows_the_case(world):
    """After each step the page offers what may be done next, to whoever may do it; a closed case may be taken up again, for some days."""
    world.report("r1", kind="rubbish")
    assert world.moves("r1", by="handler-cleaning") == {"sign": None, "return": None}
    world.sign("r1")
    assert world.moves("r1", by="handler-cleaning") == {"return": None, "finish": None}
    world.finish("r1")
    assert world.moves("r1", by="collector-a1") == {"ask_inspection": "why_not.no_right", "inspect": None}
    world.inspect("r1")
    assert world.moves("r1", by="leader-on-duty") == {"redo": None}
    world.later(days=8)
    assert world.moves("r1", by="leader-on-duty") == {"redo": "why_not.window_over"}


def test_a_desk_that_does_not_hold_the_case_is_told_so(world):
    """Only the desk that holds the case may dispatch it; the others see the move, and why it is not theirs."""
    world.report("r1", kind="noise")
    assert world.moves("r1", by="dispatcher-north")["dispatch"] == "why_not.not_yours"
    world.move("r1", "down")
    assert world.moves("r1", by="dispatcher-north")["dispatch"] is None
    assert world.moves("r1", by="dispatcher")["dispatch"] == "why_not.not_yours"


def test_own_work_is_marked(world):
    """Who sits in a collector's post and did the work is shown that they may not inspect it."""
    world.report("r1", kind="rubbish")
    world.handle("r1")
    assert world.moves("r1", by="collector-a1+handler-cleaning")["inspect"] == "why_not.own_work"


def test_a_case_without_a_class_says_what_is_missing(world):
    """Filing and verifying wait for somebody to name the problem, and the page says that this is what is missing."""
    world.report("r1", kind=None)
    moves = world.moves("r1", by="leader-on-duty")
    assert (moves["file"], moves["ask_verify"], moves["accept"]) == ("why_not.problem", "why_not.problem", None)


def test_the_page_shows_rule_source_reports_tasks_and_story(world):
    """One page tells by which rule, from which document, after how many reports, through which tasks and by which steps."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="rubbish", joins="r1")
    world.handle("r1")
    page = world.view("r1", by="leader-on-duty")

    assert page["rule"]["source"]["document"] == "a town that does not exist"
    assert page["rule"]["file_condition"]["en"] == "There is rubbish"
    assert page["class_name"]["en"] == "Exposed household rubbish"
    assert (page["reports_count"], len(page["reports"])) == (2, 2)
    assert [task["kind"] for task in page["tasks"]] == ["handle", "inspect"]
    assert [line["fact"] for line in page["story"]] == [
        "CaseFiled", "CaseDispatched", "ReportJoined", "TaskSigned", "TaskFinished", "InspectionAsked",
    ]  # fmt: skip
    assert page["story"][0]["says"]["number"] == page["number"]
    assert page["story"][0]["cause"].startswith("report/")


def test_who_may_not_read_facts_sees_no_story(world):
    """A handler sees the work, and not who did what before."""
    world.report("r1", kind="rubbish")
    assert world.view("r1", by="handler-cleaning")["story"] is None


def test_the_page_names_its_version(world):
    """What a change must send back."""
    world.report("r1", kind="rubbish")
    answer = world.client.get(f"/v1/cases/{world.case('r1').id}", headers={"x-post": "dispatcher"})
    assert answer.headers["etag"] == f'"{world.case("r1").no}"'


def test_proposals_and_duties_stand_on_the_page(world):
    """The dispatcher sees which units answer by the duty table, how sure the machine was of the class, and why it asked."""
    world.report("r1", kind="noise")
    page = world.view("r1", by="dispatcher")
    assert [duty["unit"] for duty in page["duties"]] == ["street-1", "cleaning"]
    assert page["proposals"][0]["confidence_ppm"] == 950_000
    assert page["why"] == ["confidence:495000<900000"]
