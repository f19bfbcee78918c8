"""Copied reports 雷同: the same words again and again, one photo in several reports, shown to whoever decides."""

import pytest
from tests.report_world import photo

from cityloop.domain import facts as f
from cityloop.journal import erase, vault_ids

DECLARED = "gbt30428_2_2013/event/0110"
WORDS = "每天早上垃圾堆在楼道门口没有人清运"
PHONES = ("13800000001", "13800000002", "13800000003")


def send(world, name: str, text: str, *, phone: str = "", channel: str = "app", photos: tuple[bytes, ...] = (), cell: str = "a1", **at) -> None:
    """A report through the door, each in a place of its own unless it lies `beside` another."""
    lon, lat = world.spots.take(name, cell, beside=at.get("beside"), east_m=at.get("east_m", 4))
    form = {"text": text, "lon": str(lon), "lat": str(lat), "class": DECLARED, "channel": channel}
    form |= {"contact_phone": phone} if phone else {}
    files = [("photos", ("p.jpg", raw, "image/jpeg")) for raw in photos] or [("text", (None, text))]
    by = "collector-a1" if channel == "collector" else None
    world.reports[name] = world.post("/v1/reports", by=by, data=form if photos else {k: v for k, v in form.items() if k != "text"}, files=files)["id"]


def copied(world, name: str) -> list[tuple]:
    told = world.fact(name, f.ReportUnderstood)
    return [(each.what.value, each.reports, each.people) for each in told.copied]


def test_the_same_words_elsewhere_are_for_a_person_who_sees_why(school):
    """The first is filed alone; the second waits with a mark, and leads to the first."""
    send(school, "one", WORDS, phone=PHONES[0])
    send(school, "two", f"{WORDS[:9]}，{WORDS[9:]}！！", phone=PHONES[1], cell="b1")

    assert school.state("one") != "reported"
    assert (school.state("two"), copied(school, "two")) == ("reported", [("text", 1, 2)])
    assert "copied_text:1" in school.fact("two", f.CaseOpened).why
    screen = school.screen("two", by="acceptor")
    (copy,) = screen["copies"]
    assert [(each["case"], each["is_own"]) for each in copy["cases"]] == [(school.case("one").id, False)]
    assert "1" in copy["says"]
    assert "2" in copy["says"]
    assert WORDS not in str(school.fact("two", f.ReportUnderstood))
    assert school.replayed() == []


def test_lists_and_the_api_have_the_mark(school):
    """Asked for by it, the list holds the copies alone; the case's page says of which report."""
    for number in range(3):
        send(school, f"r{number}", WORDS, phone=PHONES[number], cell=("a1", "b1", "d1")[number])

    listed = school.get("/v1/screens/queue", by="acceptor", mark="copied")["items"]
    assert {each["case"]["id"] for each in listed} == {school.case("r1").id, school.case("r2").id}
    assert {(*each["case"]["marks"], *each["marks"]) for each in listed} == {("copied", "雷同")}
    assert {each["id"]: each["marks"] for each in school.get("/v1/cases", by="acceptor")["items"]}[school.case("r0").id] == []
    view = school.view("r2", by="acceptor")
    (said,) = view["reports"]
    assert [(each["what"], each["reports"], each["people"]) for each in said["copied"]] == [("text", 2, 3)]
    assert "last" not in said["copied"][0], "whoever sees one case learns nothing of reports elsewhere"


def test_one_photo_in_reports_of_two_places_is_told_whenever_it_came(school):
    """Its bytes tell it, a year later too; words are copies for ninety days."""
    send(school, "one", WORDS, photos=(photo(61), photo(62)))
    school.later(days=200)
    send(school, "two", WORDS, photos=(photo(62),), cell="b1")
    send(school, "three", WORDS, photos=(photo(63),), cell="d1")

    assert copied(school, "two") == [("photo", 1, 2)]
    assert copied(school, "three") == [("text", 1, 2)]
    assert copied(school, "one") == []


def test_the_same_caller_again_is_one_hand(school):
    """Who says it twice is no crowd; the number itself stands nowhere."""
    send(school, "one", WORDS, phone=PHONES[0])
    send(school, "two", WORDS, phone=PHONES[0], cell="b1")

    assert copied(school, "two") == [("text", 1, 1)]
    assert "one person" in school.get(f"/v1/screens/case/{school.case('two').id}", by="acceptor", lang="en")["copies"][0]["says"]


def test_what_surely_is_another_sight_of_an_open_case_joins_it_and_bears_the_mark(school):
    """Neighbours who pass a text on: nobody need look, whoever works on the case sees it, and taken out again the mark goes too."""
    send(school, "one", WORDS, phone=PHONES[0])
    send(school, "two", WORDS, phone=PHONES[1], beside="one")

    assert school.case("two").id == school.case("one").id
    assert copied(school, "two") == [("text", 1, 2)]
    assert school.view("one", by="dispatcher")["marks"] == ["copied"]
    (copy,) = school.screen("one", by="dispatcher")["copies"]
    assert [each["is_own"] for each in copy["cases"]] == [True]

    school.part("two", by="dispatcher")
    assert school.view("one", by="dispatcher")["marks"] == []
    assert school.view("two", by="dispatcher")["marks"] == ["copied"]
    assert school.replayed() == []


@pytest.mark.parametrize(("text", "channel"), [("楼道口有垃圾没人管", "app"), (WORDS, "collector")])
def test_short_words_and_those_of_who_works_here_are_no_copies(school, text, channel):
    """What is short is alike by chance; a collector writes the same every day."""
    send(school, "one", text, channel=channel)
    send(school, "two", text, channel=channel, cell="b1")

    assert copied(school, "two") == []


def test_a_copy_of_what_was_erased_is_none(school):
    """By what it would be found goes with the words."""
    send(school, "one", WORDS, photos=(photo(64),))
    school.writer.change(lambda tx: erase(tx, vault_ids(tx, f"report/{school.reports['one']}"), reason="asked_by_person"))
    send(school, "two", WORDS, photos=(photo(64),), cell="b1")

    assert copied(school, "two") == []


def test_who_does_not_see_the_other_case_learns_how_many_and_not_which(school):
    """Another district's case is none of theirs."""
    send(school, "one", WORDS, cell="c1")
    send(school, "two", WORDS, cell="d1")

    seen = school.screen("two", by="acceptor-south")["copies"]
    assert [(each["what"], each["cases"]) for each in seen] == [("text", [])]
