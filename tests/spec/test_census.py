"""Census 普查: who works in the field says that the register of components is wrong; somebody else looks and lets it be changed."""

import pytest
from tests.field_world import COVER

from cityloop.domain import facts as f
from cityloop.field import census

KNOWN = "9902010101000001"  # the pack's one cover, in the middle of a1


def test_a_component_is_added(field):
    """新增: with its approval it gets the next number of its class in the district, and reports near it are tied to it."""
    field.propose("c1", "add", by="collector-a2", cell="a2", problem_class=COVER, owner="covers", note="新装的井盖")
    assert field.around("a2") == []
    field.approve("c1")

    assert field.around("a2") == ["9902010101000002"]
    assert (field.change_seen("c1", by="collector-a2")["state"], field.change_seen("c1", by="collector-a2")["note"]) == (
        "approved", "新装的井盖",
    )  # fmt: skip
    field.report("r1", kind=None, cell="a2", sure=False)
    field.accept("r1", kind="cover", place={"lon": 100.0151, "lat": 30.015})
    assert field.case("r1").component == "9902010101000002"


def test_a_component_is_moved_changed_and_retired(field):
    """移位、变更、注销: each lies over the pack's row; a number that was given once is never given again."""
    field.propose("c1", "move", by="collector-a1", component=KNOWN, cell="a2")
    field.approve("c1")
    assert (field.around("a1"), field.around("a2")) == ([], [KNOWN])
    field.propose("c2", "change", by="collector-a1", component=KNOWN, state="damaged", maintainer="street-1")
    field.approve("c2")
    assert (field.component(KNOWN)["state"], field.component(KNOWN)["maintainer"]) == ("damaged", "street-1")
    field.propose("c3", "retire", by="collector-a1", component=KNOWN)
    field.approve("c3")
    with field.refuses("census.component_unknown"):
        field.component(KNOWN)
    field.propose("c4", "add", by="collector-a1", cell="a1", problem_class=COVER, owner="covers")
    field.approve("c4")

    assert field.around("a1") == ["9902010101000002"]


def test_reports_are_tied_to_where_a_component_stands_now(field):
    """A cover that was moved is no longer where the pack says."""
    field.propose("c1", "move", by="collector-a1", component=KNOWN, cell="a2")
    field.approve("c1")
    field.report("r1", kind=None, cell="a1", sure=False)
    field.accept("r1", kind="cover", place={"lon": 100.005, "lat": 30.015})

    assert field.case("r1").component is None


def test_nobody_approves_what_they_proposed(field):
    """Two pairs of eyes; and who only proposes does not decide."""
    field.propose("c1", "retire", by="collector-a1+leader-on-duty", component=KNOWN)
    with field.refuses("census.own_proposal"):
        field.approve("c1", by="collector-a1+leader-on-duty")
    with field.refuses("not_allowed"):
        field.approve("c1", by="collector-a2")
    field.reject("c1", "not_so")

    seen = field.change_seen("c1", by="collector-a1")
    assert (seen["state"], seen["refused_for"], field.component(KNOWN)["state"]) == ("refused", "not_so", "intact")


def test_what_changed_since_is_not_approved(field):
    """Two proposals for one thing: the second was made for a row that is no longer so."""
    field.propose("c1", "change", by="collector-a1", component=KNOWN, state="damaged")
    field.propose("c2", "move", by="collector-a2", component=KNOWN, cell="a2")
    field.approve("c1")
    with field.refuses("census.changed_since"):
        field.approve("c2")
    with field.refuses("census.change_over"):
        field.approve("c1")
    field.take_back("c2", by="collector-a2")

    assert field.change_seen("c2", by="collector-a2")["state"] == "withdrawn"


def test_a_proposal_is_seen_by_who_made_it_and_who_decides(field):
    """Others do not know of it."""
    field.propose("c1", "retire", by="collector-a1", component=KNOWN)

    assert field.change_seen("c1", by="leader-on-duty")["decides"] is True
    with field.refuses("census.change_unknown"):
        field.change_seen("c1", by="collector-a2")
    with field.refuses("census.change_unknown"):
        field.take_back("c1", by="collector-a2")
    listed = field.get("/v1/components/changes", by="leader-on-duty", proposal="proposed")
    assert [each["id"] for each in listed["items"]] == [field.changes["c1"]]
    assert field.get("/v1/components/changes", by="collector-a2")["items"] == []


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        ("add", {"cell": "a1", "owner": "covers"}, "census.change_wrong"),
        ("add", {"cell": "a1", "problem_class": COVER, "owner": "nobody"}, "census.change_wrong"),
        ("add", {"cell": "a1", "problem_class": "gbt30428_2_2013/event/0113", "owner": "covers"}, "census.change_wrong"),
        ("change", {"component": KNOWN, "state": "intact"}, "census.change_wrong"),
        ("change", {"component": KNOWN, "state": "broken"}, "census.change_wrong"),
        ("move", {"component": KNOWN}, "census.change_wrong"),
        ("move", {"component": KNOWN, "lon": 10, "lat": 10}, "place.outside"),
        ("retire", {"component": "9902010101000009"}, "census.component_unknown"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(field, kind, said, code):
    """What is missing, unknown, or so already; and a place outside the city."""
    with field.refuses(code):
        field.propose("c1", kind, by="collector-a1", **said)


def test_the_register_goes_back_to_the_pack(field):
    """Approved rows are given out as the pack's own; a pack that has them counts, and one that was corrected since goes first."""
    field.propose("c1", "change", by="collector-a1", component=KNOWN, state="damaged")
    field.propose("c2", "add", by="collector-a2", cell="a2", problem_class=COVER, owner="covers")
    field.approve("c1")
    field.approve("c2")

    assert field.export(only_changed=True) == [
        f"{KNOWN},{COVER},990201001001001,100.0050000,30.0150000,covers,covers,damaged",
        f"9902010101000002,{COVER},990201001001002,100.0150000,30.0150000,covers,covers,intact",
    ]
    field.adopt("mini_surveyed")  # its own row says: lost
    assert field.component(KNOWN)["state"] == "lost"
    assert field.around("a2") == ["9902010101000002"]


def test_what_lies_over_the_pack_is_read_at_once(field, monkeypatch):
    """However many changes were approved: whether there is anything new, and then all of it."""
    for number, cell in enumerate(("a1", "a2", "a2")):
        field.propose(f"c{number}", "add", by=f"collector-{cell}", cell=cell, problem_class=COVER, owner="covers")
        field.approve(f"c{number}")
    with field.database.reading() as tx:
        asked, fetch = [], tx.engine.fetch
        monkeypatch.setattr(tx.engine, "fetch", lambda sql, params: asked.append(sql) or fetch(sql, params))
        assert len(census.overlay(tx, field.policy).more) == 3
    assert len(asked) == 2


def test_a_thing_bears_a_code(field):
    """二维码: whoever reads it off begins a report with that thing; the code is the same for ever, and typed badly is read well."""
    tag = field.tag(KNOWN)
    assert field.tag(KNOWN, by="collector-a2") == tag
    thing = field.get(f"/v1/things/{tag.lower().replace('0', 'o')}", by=None)
    assert (thing["class_key"], thing["lon"], thing["lat"]) == (COVER, 100.005, 30.015)
    with field.refuses("census.tag_unknown"):
        field.get("/v1/things/00000000", by=None)
    with field.refuses("census.component_unknown"):
        field.tag("9902010101000009")


def test_replay_gives_the_same_register(field):
    """Every row follows from the facts, on each engine."""
    field.propose("c1", "change", by="collector-a1", component=KNOWN, state="damaged", note="盖子裂了")
    field.propose("c2", "add", by="collector-a2", cell="a2", problem_class=COVER, owner="covers")
    field.propose("c3", "retire", by="collector-a2", component=KNOWN)
    field.approve("c1")
    field.reject("c3", "not_seen")
    field.tag(KNOWN)

    assert field.fact_of_change("c1", f.ComponentApproved).component == KNOWN
    assert not field.stands_in_a_fact("盖子裂了")
    assert field.replayed() == []
