"""Field tools of evaluation: what the loop does not count by itself is gathered by tables, site visits and questionnaires.

The town asks its streets for figures, has lanes and a market looked at, and asks people what they say.
"""

import pytest
from tests.survey_world import MANAGER, NORTH, ONE, SECRET, TWO

FAR = 0.002  # degrees east: 193 m at this latitude


def test_a_table_becomes_a_number(survey):
    """平台上报: the street fills it in, the assessor accepts it, and what is published is a numerator over a denominator."""
    survey.open("t", "figures")
    survey.fill("t", covered=700, households=1000, sweepers=12.5, texts={"remarks": "含新建小区"})
    survey.accept_sheet("t")
    survey.publish("t")

    assert survey.numbers("t") == {(ONE, "coverage"): (700, 1000, 1), (ONE, "staff"): (12.5, None, 1)}
    assert survey.survey("t")["state"] == "published"
    assert not survey.in_a_fact("含新建小区")
    assert survey.replayed() == []


def test_a_table_is_returned_and_sent_again(survey):
    """审核退回: the street reads why, corrects it, and only the last one counts."""
    survey.open("t", "figures")
    survey.fill("t", covered=990, households=1000)
    survey.return_sheet("t", "unproved", note="缺台账")
    assert (survey.sheet("t")["state"], survey.sheet("t")["reason"], survey.sheet("t")["note"]) == ("returned", "unproved", "缺台账")
    survey.fill("t", covered=700, households=1000)
    survey.accept_sheet("t")
    survey.publish("t")
    assert survey.numbers("t") == {(ONE, "coverage"): (700, 1000, 1)}
    assert survey.withheld("t") == {(ONE, "staff"): "absent"}
    assert survey.replayed() == []


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ({"covered": 700}, {}),  # the other is needed
        ({"covered": 1001, "households": 1000}, {}),  # more than there are
        ({"covered": 1.5, "households": 1000}, {}),  # no whole number
        ({"covered": -1, "households": 1000}, {}),
        ({"covered": 1, "households": 2, "sweepers": 501}, {}),
        ({"covered": 1, "households": 2, "dogs": 3}, {}),  # no such field
        ({"covered": 1, "households": 2, "remarks": 3}, {}),  # a text
        ({"covered": 1, "households": 2}, {"sweepers": "many"}),  # a number
    ],
)
def test_a_table_that_cannot_be_is_refused(survey, numbers, texts):
    """Each refusal names the field, and nothing is kept."""
    survey.open("t", "figures")
    with survey.refuses("survey.sheet_wrong"):
        survey.fill("t", texts=texts, **numbers)
    assert survey.sheet("t")["state"] == "open"


def test_nothing_is_divided_by_nothing(survey):
    """A street without households has no coverage, and the task says why."""
    survey.open("t", "figures")
    survey.fill("t", covered=0, households=0)
    survey.accept_sheet("t")
    survey.publish("t")
    assert survey.numbers("t") == {}
    assert survey.withheld("t")[ONE, "coverage"] == "nothing_below"


def test_who_fills_in_and_who_reviews(survey):
    """Only who answers for the object fills in its table, and who handles cases reviews nothing."""
    survey.open("t", "figures", objects=(ONE, TWO))
    with survey.refuses("survey.sheet_unknown"):
        survey.fill("t", TWO, by="street-desk-1", covered=1, households=2)
    with survey.refuses("not_allowed"):
        survey.fill("t", by="handler-cleaning", covered=1, households=2)
    survey.fill("t", covered=1, households=2)
    with survey.refuses("not_allowed"):
        survey.accept_sheet("t", by="street-desk-1")
    with survey.refuses("survey.sheet_over"):
        survey.fill("t", covered=1, households=2)  # it waits for review
    survey.fill("t", TWO, by="street-desk-2+assessor", covered=1, households=2)
    with survey.refuses("survey.own_sheet"):
        survey.accept_sheet("t", TWO, by="street-desk-2+assessor")


def test_a_manager_of_one_district_sees_no_other(survey):
    """What lies outside one's area is not there."""
    survey.open("t", "figures", objects=(NORTH, ONE), by="assessor-north")
    assert survey.survey("t", by=MANAGER)["objects"] == [NORTH, ONE]
    with survey.refuses("survey.task_unknown"):
        survey.open("u", "figures", objects=("990202",), by="assessor-north")
    survey.open("v", "figures", objects=("990202",))
    with survey.refuses("survey.task_unknown"):
        survey.survey("v", by="assessor-north")


def test_points_are_drawn_by_lot(survey):
    """As many different roads as there are come first; where there are fewer places than wanted, all are drawn and it is told."""
    drawn = survey.open("t", "walk")
    lanes = [each for each in survey.points("t") if each["kind"] == "lane"]
    assert sorted(each["place_name"]["en"] for each in lanes) == ["East-west Road", "Short Lane"]
    assert [each for each in survey.points("t") if each["kind"] == "fair"] == []  # the market lies in another street
    assert [(each["kind"], each["wanted"], each["there"]) for each in drawn["short"]] == [("fair", 1, 0)]
    assert survey.to_visit(by="collector-c") == [each["id"] for each in survey.points("t")]
    assert survey.to_visit(by="collector-d1") == []


def test_a_visit_costs_points_for_each_occurrence(survey):
    """实地考察: 2 litter cost 20, 12 ads 50 at most; one hole 40; the other lane keeps its hundred."""
    survey.open("t", "walk")
    first, second = survey.points("t")
    survey.visit(first, found={"litter": 2, "ads": 12, "hole": 1})
    survey.visit(second)
    survey.publish("t")
    # clean: 100 - 20 - 50 = 30 and 100 of 200; tidy: 60 and 100 of 200; beside them how often each was found
    assert survey.numbers("t") == {
        (ONE, "clean"): (1.3, 2, 2), (ONE, "tidy"): (1.6, 2, 2),
        (ONE, "litter"): (2, None, 2), (ONE, "ads"): (12, None, 2), (ONE, "hole"): (1, None, 2),
    }  # fmt: skip
    assert survey.replayed() == []


def test_a_visit_from_far_off_is_told_as_such(survey):
    """GPS: it is taken, since a phone between houses errs, and who reviews sees how far it was."""
    survey.open("t", "walk")
    first, second = survey.points("t")
    assert [(seen["metres"], seen["is_far"]) for seen in [survey.visit(first, off=FAR)]] == [(193, True)]
    seen = survey.visit(second, off=None)
    assert (seen["metres"], seen["is_far"]) == (None, True)
    survey.return_point(survey.points("t")[0], "wrong_place")
    assert survey.visit(survey.points("t")[0], off=0)["is_far"] is False
    assert not survey.in_a_fact(str(second["lon"] + FAR))
    assert survey.replayed() == []


def test_a_point_that_could_not_be_looked_at(survey):
    """It says why, with a photo; it counts neither for nor against."""
    survey.open("t", "walk")
    first, second = survey.points("t")
    with survey.refuses("survey.visit_wrong"):
        survey.visit(first, missed="shut", found={"litter": 1})
    survey.visit(first, missed="shut")
    survey.visit(second, found={"hole": 1})
    survey.publish("t")
    assert survey.numbers("t")[ONE, "tidy"] == (0.6, 1, 1)


@pytest.mark.parametrize(
    "said",
    [
        {"found": {"dogs": 1}},
        {"found": {"litter": -1}},
        {"found": {"litter": 1000}},
        {"photos": 0},
        {"missed": "lazy"},
        {"at": "2026-02-01T09:00:00+08:00"},  # before the task began
    ],
)
def test_a_visit_that_cannot_be_is_refused(survey, said):
    """What is not looked for, no count, no photo, no reason, no time."""
    survey.open("t", "walk")
    with survey.refuses("survey.visit_wrong"):
        survey.visit(survey.points("t")[0], **said)


def test_a_point_is_looked_at_once(survey):
    """Two phones at one point: the second is told, and nothing is counted twice."""
    survey.open("t", "walk")
    first = survey.points("t")[0]
    survey.visit(first)
    with survey.refuses("stale"):
        survey.visit(first)
    with survey.refuses("survey.point_over"):
        survey.visit(first, match=1)
    with survey.refuses("survey.point_unknown"):
        survey.visit(survey.points("t")[1], by="collector-d1")


def test_nobody_learns_who_came_in_secret(survey):
    """暗访: no fact, row or page of the objects names the visitor; the vault does, until it is erased."""
    survey.open("t", "walk", who="mystery", visitors=[SECRET])
    first = survey.points("t")[0]
    assert survey.to_visit(by=SECRET) == [each["id"] for each in survey.points("t")]
    assert survey.to_visit(by="visitor") == []
    survey.visit(first, by=SECRET, found={"litter": 1})

    told = survey.facts_of(f"survey_point/{first['id']}")[-1]
    assert (told.actor, told.fact.by) == ("visitor", None)
    assert not survey.in_a_fact(f'"{SECRET}"')
    assert not survey.in_a_fact(f"account:{SECRET}")
    assert survey.survey("t")["visitors"] == [SECRET]  # who manages the task knows
    survey.forget("t")
    assert survey.survey("t")["visitors"] == []
    assert survey.to_visit(by=SECRET) == []
    with survey.refuses("not_allowed"):
        survey.survey("t", by="street-desk-1")
    assert survey.replayed() == []


def test_an_invitation_counts_once(survey):
    """问卷: answered twice, the second is refused with words, and the first stays as it is."""
    survey.open("t", "people")
    (code,) = survey.invite("t", 1)
    assert survey.answer(code, age="old", clean="yes")["answered"] is True
    with survey.refuses("survey.answered_already"):
        survey.answer(code, age="old", clean="no")
    assert survey.count("survey_answer") == 1
    assert not survey.in_a_fact(code)  # whoever reads the journal cannot answer
    with survey.refuses("survey.code_unknown"):
        survey.answer("000000000000", age="old", clean="yes")
    with survey.refuses("survey.code_unknown"):
        survey.answer("hello", age="old", clean="yes")


def test_the_same_answer_sent_again_is_one(survey):
    """A phone in a dead spot sends it twice under one key."""
    survey.open("t", "people")
    (code,) = survey.invite("t", 1)
    for _ in range(2):
        survey.answer(code.lower(), key="k1", age="old", clean="yes")
    assert survey.count("survey_answer") == 1


@pytest.mark.parametrize(
    "chosen",
    [
        {"clean": "yes"},  # the age is needed
        {"age": "old"},
        {"age": "old", "clean": "maybe"},
        {"age": "old", "clean": "yes|no"},
        {"age": "old", "clean": "yes", "dogs": "yes"},
        {"age": "old", "clean": "yes", "words": "yes"},
    ],
)
def test_answers_that_cannot_be_are_refused(survey, chosen):
    """The refusal names the question; the invitation is still good."""
    survey.open("t", "people")
    (code,) = survey.invite("t", 1)
    with survey.refuses("survey.answers_wrong"):
        survey.answer(code, **chosen)
    assert survey.answer(code, age="old", clean="yes")["answered"]


def test_answers_are_weighted_to_the_population(survey):
    """Three young say yes, one old says no: half of the people are old, so the value is one half, not three quarters."""
    survey.open("t", "people")
    codes = survey.invite("t", 4)
    for code in codes[:3]:
        survey.answer(code, age="young", clean="yes")
    survey.answer(codes[3], age="old", clean="no")
    survey.publish("t", anyway=True)
    # weights: young 0.5 / 0.75 = 2/3 each, old 0.5 / 0.25 = 2; above 3 x 2/3 x 1 + 2 x 0 = 2, below 4
    above, below, behind = survey.numbers("t")[ONE, "liking"]
    assert (above, below, behind) == (pytest.approx(2), pytest.approx(4), 4)
    assert survey.replayed() == []


def test_questions_have_their_weights(survey):
    """干净 counts three quarters and 安静 one; who leaves one out is counted by the other alone."""
    survey.open("t", "people")
    codes = survey.invite("t", 3)
    survey.answer(codes[0], age="old", clean="yes", quiet="no")  # 0.75
    survey.answer(codes[1], age="old", clean="half", quiet="half")  # 0.5
    survey.answer(codes[2], age="old", clean="no")  # 0
    survey.publish("t", anyway=True)
    assert survey.numbers("t") == {
        (ONE, "liking"): (pytest.approx(1.25), 3, 3), (ONE, "people"): (pytest.approx(1.25), 3, 3),
        (ONE, "people_participation"): (3, 3, 3),
    }  # fmt: skip


def test_what_is_beyond_the_quota_is_kept_and_does_not_count(survey):
    """The fourth of the young is thanked like the others."""
    survey.open("t", "people")
    for code in survey.invite("t", 4):
        survey.answer(code, age="young", clean="yes")
    survey.publish("t", anyway=True)
    assert survey.count("survey_answer") == 4
    assert survey.numbers("t")[ONE, "liking"][2] == 3


def test_nothing_is_shown_under_the_least_number(survey):
    """Two answers are too few: neither a number nor a word of them is shown, nor how many there were."""
    survey.open("t", "people")
    codes = survey.invite("t", 2)
    survey.answer(codes[0], age="old", clean="yes", texts={"words": "这里的狗太多"})
    survey.answer(codes[1], age="old", clean="yes")
    assert survey.numbers("t") == {}
    survey.publish("t", anyway=True)
    assert survey.withheld("t") == dict.fromkeys([(ONE, "liking"), (ONE, "people"), (ONE, "people_participation")], "too_few")
    assert {each["cases"] for each in survey.survey("t")["withheld"]} == {0}
    assert survey.words("t") is None
    assert not survey.in_a_fact("狗")


def test_words_are_shown_among_others_only(survey):
    """Three have answered and it is published: what they wrote is listed in the order of the letters, not as it came."""
    survey.open("t", "people")
    for code, text in zip(survey.invite("t", 3), ("zebra", "", "apple"), strict=True):
        survey.answer(code, age="old", clean="yes", texts={"words": text})
    assert survey.words("t") is None  # as long as it runs, each new one would show who said what
    survey.publish("t", anyway=True)
    assert survey.words("t") == {"words": ["apple", "zebra"]}


def test_a_questionnaire_ends(survey):
    """After its last day, or once its numbers hold, an unused invitation opens nothing."""
    survey.open("t", "people", until="2026-03-03")
    first, second = survey.invite("t", 2)
    survey.at("2026-03-03 23:59")
    survey.answer(first, age="old", clean="yes")
    survey.at("2026-03-04 00:00")
    with survey.refuses("survey.task_over"):
        survey.answer(second, age="old", clean="yes")
    survey.publish("t")
    with survey.refuses("survey.task_over"):
        survey.invite("t", 1)


def test_what_is_not_there_is_told_before_publishing(survey):
    """Nothing is published by oversight: what lacks is counted, and left out only where that is wanted."""
    survey.open("t", "figures", "walk", "people")
    with survey.refuses("survey.not_ready"):
        survey.publish("t")
    survey.fill("t", covered=1, households=2)
    found = survey.publish("t", anyway=True)
    assert (found["state"], found["lacks"]) == ("published", 3)  # a table that nobody accepted, two points
    assert survey.withheld("t") == dict.fromkeys([(ONE, each) for each in ("coverage", "staff", "clean", "tidy", "liking", "people")], "absent")


def test_one_number_for_an_object_and_a_period(survey):
    """A second task about the same cannot publish another value beside the first."""
    for name in ("t", "u"):
        survey.open(name, "figures")
        survey.fill(name, covered=1, households=2)
        survey.accept_sheet(name)
    survey.publish("t")
    with survey.refuses("survey.number_taken"):
        survey.publish("u")
    survey.cancel("u", "mistaken")
    with survey.refuses("survey.task_over"):
        survey.publish("u")


def test_who_sees_published_numbers(survey):
    """Who reads figures sees those of their area, who fills in tables those of their own object, others none."""
    survey.open("t", "figures", objects=(ONE, TWO))
    for object, post in ((ONE, "street-desk-1"), (TWO, "street-desk-2")):
        survey.fill("t", object, by=post, covered=1, households=2)
        survey.accept_sheet("t", object)
    assert survey.public_numbers(by="leader") == []
    survey.publish("t")
    assert survey.public_numbers(by="leader") == [(ONE, "coverage"), (TWO, "coverage")]
    assert survey.public_numbers(by="street-desk-2") == [(TWO, "coverage")]
    with survey.refuses("not_allowed"):
        survey.public_numbers(by="collector-c")


def test_only_who_is_concerned_sees_a_photo(survey):
    """Of a visit who manages the task and who makes the visits; of a table also who fills it in."""
    survey.open("t", "figures", "walk")
    survey.fill("t", covered=1, households=2)
    survey.visit(survey.points("t")[0])
    of_table, of_visit = survey.sheet("t")["photos"][0]["thumb"], survey.points("t")[0]["photos"][0]["thumb"]
    assert [survey.photo_status(of_visit, by=post) for post in (MANAGER, "collector-c", "street-desk-1", "visitor")] == [200, 200, 404, 404]
    assert [survey.photo_status(of_table, by=post) for post in (MANAGER, "street-desk-1", "street-desk-2")] == [200, 200, 404]
    assert survey.photo_status(of_table.replace("/survey/photos", "/files"), by="street-desk-2") == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"objects": ("999999",)},
        {"objects": ()},
        {"first_day": "2026-03-02", "last_day": "2026-03-01"},
        {"until": "2026-03-01"},  # yesterday
        {"visitors": ["collector-c"]},  # nothing is visited
    ],
)
def test_a_task_that_cannot_be_is_refused(survey, asked):
    """What is no object, no period, over already, or visited by nobody."""
    with survey.refuses("survey.task_wrong"):
        survey.open("t", "figures", **asked)
    with survey.refuses("survey.task_wrong"):
        survey.open("t", "nothing")
    with survey.refuses("survey.task_wrong"):
        survey.open("t", "walk", visitors=["handler-cleaning"])
