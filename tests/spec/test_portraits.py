"""Portraits 数字画像: an object beside fair peers; few cases have no place; a person's is for themselves and who leads them."""

from datetime import date

import pytest
from msgspec.structs import replace

from cityloop.domain.policy import Level, Source, Unit
from cityloop.domain.policy.outside import Contract
from cityloop.stages.evaluate.model import By, Figure, Group, Measure, Window
from cityloop.stages.evaluate.model.portrait import Of, Standing
from cityloop.stages.evaluate.rules.portrait import contracted, marks_of, together


def group(name: str, above: int, below: int, metric: str = "handled_on_time") -> Group:
    figure = Figure(
        metric=metric, numerator=above, denominator=below, value=None, measure=Measure.ppm, formula="", window=Window.settled
    )  # fmt: skip
    return Group(group=name, name=None, simulated=False, figures=(figure,))


def unit(id: str, kind: str, level: Level = Level.district) -> Unit:
    return Unit(id=id, name={}, kind=kind, level=level, area=None)


def test_a_unit_stands_among_those_of_its_kind_with_like_work(papers):
    """By hand: 180 of 200 are 90 %; of four like it, 60, 70, 80 and 95 %, three are worse: 75 of 100; one with 1,000 is no peer."""
    kinds = [unit(each, "sweeping") for each in ("own", "a", "b", "c", "d", "big")] + [unit("else", "lighting")]
    policy = replace(papers.policy, units=tuple(kinds))
    groups = [group("own", 180, 200), group("a", 120, 200), group("b", 70, 100), group("c", 320, 400), group("d", 190, 200), group("big", 10, 1000), group("else", 200, 200)]
    (mark,) = marks_of(Of.unit, "own", groups, policy)

    assert (mark.value, mark.peers, mark.percentile, mark.standing) == (0.9, ("a", "b", "c", "d"), 75.0, Standing.strong)
    assert (mark.least, mark.middle, mark.most) == (0.6, 0.75, 0.95)
    assert 0.75 < mark.low < 0.9 < mark.high
    tenth = [group(each.group, each.figures[0].numerator // 10, each.figures[0].denominator // 10) for each in groups]
    assert marks_of(Of.unit, "own", tenth, policy)[0].standing is Standing.middle  # 18 of 20: it may as well be 75 %


def test_where_less_is_better_less_stands_higher(papers):
    """The unit with the fewest reworks does better than all of its peers."""
    policy = replace(papers.policy, units=tuple(unit(each, "sweeping") for each in ("own", "a", "b", "c")))
    groups = [group("own", 1, 20, "rework_rate"), *(group(each, 5, 20, "rework_rate") for each in "abc")]
    assert marks_of(Of.unit, "own", groups, policy)[0].percentile == 100.0
    assert marks_of(Of.unit, "a", groups, policy)[0].percentile == 100 * (0 + 2 / 2) / 3


def test_few_cases_and_few_peers_have_no_place(papers):
    """Nine cases, or two peers: the number is told with its interval, and nothing is judged; no cases at all: no number."""
    policy = replace(papers.policy, units=tuple(unit(each, "sweeping") for each in ("own", "a", "b", "c")))
    nine = marks_of(Of.unit, "own", [group("own", 9, 9), *(group(each, 5, 10) for each in "abc")], policy)[0]
    two = marks_of(Of.unit, "own", [group("own", 9, 10), group("a", 5, 10), group("b", 5, 10)], policy)[0]

    assert [(each.percentile, each.standing) for each in (nine, two)] == [(None, "few"), (None, "alone")]
    assert marks_of(Of.unit, "own", [group("own", 0, 0)], policy) == ()


def test_a_portrait_says_what_figures_say(papers):
    """A month of one unit, over the way that people take; its course tells the weeks."""
    papers.report("quick", kind="rubbish")
    papers.handle("quick")
    papers.inspect("quick")
    seen = papers.get("/v1/portraits/unit?object=cleaning", by="assessor")
    mark = next(each for each in seen["marks"] if each["metric"] == "handled_on_time")
    course = next(each for each in seen["courses"] if each["metric"] == "handled_on_time")

    assert (mark["numerator"], mark["denominator"], mark["standing"]) == (1, 1, "few")
    assert (len(course["weeks"]), course["values"][course["weeks"].index("2026-W10")]) == (12, 1.0)
    with papers.refuses("evaluate.portrait_unknown"):
        papers.get("/v1/portraits/unit?object=none", by="assessor")
    with papers.refuses("not_allowed"):
        papers.get("/v1/portraits/unit?object=cleaning", by="handler-cleaning")


def test_a_persons_portrait_is_for_themselves_and_who_leads_them(papers):
    """The handler sees their own; of another unit nobody does, whatever figures they read; peers of a person have no names."""
    papers.sit("handler-cleaning", "handler-cleaning")
    papers.sit("collector-a1", "collector-a1")
    papers.report("quick", kind="rubbish")
    papers.handle("quick")
    own = papers.get("/v1/portraits/person?object=me", by="handler-cleaning")

    assert own["object"] == "account:handler-cleaning"
    assert own["names"] == {}
    for who, whom in (("assessor", "handler-cleaning"), ("dispatcher", "collector-a1"), ("collector-a1", "handler-cleaning")):
        with papers.refuses("evaluate.portrait_unknown"):
            papers.get(f"/v1/portraits/person?object=account:{whom}", by=who)
    assert papers.get("/v1/portraits/person?object=account:collector-a1", by="leader-on-duty")["marks"] == []  # of the same centre


def test_every_number_of_a_portrait_is_a_rate_but_the_count_of_a_shop(papers):
    """What is compared has a line, or is how much was filed at a shop's door; the metric table knows it."""
    from cityloop.stages.evaluate.model.metrics import METRIC_OF
    from cityloop.stages.evaluate.model.portrait import BY
    from cityloop.stages.evaluate.rules.portrait import LESS_IS_BETTER, MEASURED

    used = {code for codes in MEASURED.values() for code in codes}
    assert {code for code in used if METRIC_OF[code].measure is not Measure.ppm} == {"filed"}
    assert METRIC_OF["filed"].measure is Measure.count
    assert used | {"filed_from_public"} >= LESS_IS_BETTER
    assert set(MEASURED) == set(BY) == set(Of)
    assert set(BY.values()) <= set(By)

# contractors and shops

SOURCE = Source(document="made for tests", clause="1", date="2026")
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
NOODLES, KITCHEN, CORNER, SOUTH = "9902010399000001", "9902010399000002", "9902010399000003", "9902020399000001"


def contract(id: str, contractor: str, unit: str, since: date = date(2025, 1, 1), until: date | None = None) -> Contract:
    return Contract(id=id, contractor=contractor, unit=unit, since=since, until=until, source=SOURCE)  # type: ignore[arg-type]


def test_a_contractor_stands_among_those_that_do_such_work(papers):
    """By hand: 180 of 200 beside 60, 70, 80 and 95 %: 75 of 100 do worse; who lights lamps is no peer of who sweeps."""
    names = ("own", "a", "b", "c", "d", "lamps")
    policy = replace(
        papers.policy, units=tuple(unit(f"u-{each}", "lighting" if each == "lamps" else "sweeping") for each in names),
        contracts=tuple(contract(each, each, f"u-{each}") for each in names),
    )  # fmt: skip
    groups = [group("own", 180, 200), group("a", 120, 200), group("b", 70, 100), group("c", 320, 400), group("d", 190, 200), group("lamps", 100, 200)]
    (mark,) = marks_of(Of.contractor, "own", groups, policy)

    assert (mark.peers, mark.percentile, mark.middle, mark.standing) == (("a", "b", "c", "d"), 75.0, 0.75, Standing.strong)
    assert marks_of(Of.contractor, "lamps", groups, policy)[0].standing is Standing.alone


def test_a_contract_counts_on_its_days(papers):
    """Of two contracts for one unit's work each has its part of March; what several units did is added, 3 of 4 and 1 of 6 are 4 of 10."""
    policy = replace(
        papers.policy,
        contracts=(
            contract("1", "x", "u", until=date(2026, 3, 10)), contract("2", "y", "u", since=date(2026, 3, 11)),
            contract("3", "x", "v", since=date(2026, 4, 1)),
        ),
    )  # fmt: skip
    assert list(contracted(MARCH, policy)) == [
        ("x", "u", (date(2026, 3, 1), date(2026, 3, 10))), ("y", "u", (date(2026, 3, 11), date(2026, 3, 31))),
    ]  # fmt: skip
    (figure,) = together("x", [group("u", 3, 4), group("v", 1, 6)]).figures
    assert (figure.numerator, figure.denominator) == (4, 10)


@pytest.mark.parametrize(
    ("own", "peers", "said"),
    [
        (12, (2, 3, 4, 5), (3.5, 0.0, Standing.weak)),  # Garwood: 12 may stand for 6.2 to 21.0, and the middle is 3.5
        (0, (12, 12, 12), (12.0, 100.0, Standing.strong)),  # nothing may stand for 3.7 at most
        (5, (7, 7, 7), (7.0, 100.0, Standing.middle)),  # 5 may stand for 1.6 to 11.7: it may as well be 7
        (3, (1, 2, 2), (2.0, None, Standing.few)),  # 3 and 2 are fewer than ten
        (40, (1, 1), (1.0, 0.0, Standing.weak)),  # few have the trade, so the barber with one is a peer too
    ],
)
def test_what_happened_at_a_shops_door_is_a_count(papers, own, peers, said):
    """How much was filed beside shops of the trade, those with nothing among them; a count that chance explains is not judged."""
    names = ["own", *(f"p{n}" for n in range(len(peers)))]
    counts = [replace(group(name, n, 0, "filed").figures[0], measure=Measure.count, denominator=None) for name, n in zip(names, (own, *peers), strict=True)]
    groups = [replace(group(name, 0, 0), figures=(each,)) for name, each in zip(names, counts, strict=True)]
    trades = dict.fromkeys(names, "gbt30428_2_2013/component/039901") | {"barber": "gbt30428_2_2013/component/039903", "lamp": "gbt30428_2_2013/component/010101"}
    lamp = replace(groups[1], group="lamp", figures=(replace(counts[0], numerator=500),))  # no shop, and no peer of one
    (mark,) = marks_of(Of.shop, "own", [*groups, replace(groups[1], group="barber"), lamp], papers.policy, trades)

    assert (mark.middle, mark.percentile, mark.standing) == said
    assert (mark.numerator, mark.denominator, mark.is_less_better) == (own, None, True)


def test_the_interval_of_a_count(papers):
    """Garwood's interval of 12, as tables have it: 6.2006 to 20.9616."""
    figure = replace(group("own", 12, 0, "filed").figures[0], measure=Measure.count, denominator=None)
    (mark,) = marks_of(Of.shop, "own", [replace(group("own", 0, 0), figures=(figure,))], papers.policy, {"own": "gbt30428_2_2013/component/039901"})
    assert (mark.low, mark.high) == (pytest.approx(6.2006, abs=1e-4), pytest.approx(20.9616, abs=1e-4))
    assert (mark.standing, mark.middle) == (Standing.alone, None)


def mark_in(seen, metric):
    """Numbers of a mark: above and below the line, and its standing."""
    found = next(each for each in seen["marks"] if each["metric"] == metric)
    return found["numerator"], found["denominator"], found["standing"]


def test_two_companies_after_each_other_at_one_units_work(papers):
    """Until the 10th the cleaning was Clean's, since then it is Bright's; Clean mends the north's roads too: 2 of 2, and 0 of 1."""
    papers.adopt("mini_shops")
    papers.report("early", kind="rubbish")
    papers.handle("early")
    papers.report("hole", kind="pothole")
    papers.handle("hole")
    papers.report("late", kind="rubbish", at="2026-03-12 09:00")
    papers.at("2026-03-20 09:00")
    papers.handle("late")
    clean, bright = (papers.get(f"/v1/portraits/contractor?object={each}", by="assessor") for each in ("clean", "bright"))

    assert mark_in(clean, "handled_on_time") == (2, 2, "few")
    assert mark_in(bright, "handled_on_time") == (0, 1, "few")
    assert clean["name"] == {"zh": "洁城公司", "en": "Clean Ltd"}
    courses = {seen["object"]: next(each for each in seen["courses"] if each["metric"] == "handled_on_time") for seen in (clean, bright)}
    weeks = courses["clean"]["weeks"]
    assert [courses["clean"]["values"][weeks.index(each)] for each in ("2026-W10", "2026-W11")] == [1.0, None]
    assert [courses["bright"]["values"][weeks.index(each)] for each in ("2026-W10", "2026-W11")] == [None, 0.0]
    assert [each["object"] for each in papers.get("/v1/portraits/contractor/objects", by="assessor")] == ["bright", "clean"]
    with papers.refuses("evaluate.portrait_unknown"):
        papers.get("/v1/portraits/contractor?object=nobody", by="assessor")


def test_a_shop_has_what_was_filed_at_its_door(papers):
    """Two noises at the noodles' door, one nearer to the kitchen 29 m further, one at nobody's; rubbish is no shop's affair."""
    papers.adopt("mini_shops")
    papers.report("one", kind="noise")
    papers.report("two", kind="noise", beside="one", east_m=3, at="2026-03-05 09:00")  # later than the same could be told again
    papers.report("next", kind="noise", beside="one", east_m=27)
    papers.report("far", kind="noise", cell="c1")
    papers.report("rubbish", kind="rubbish", beside="one")
    assert [papers.case(each).component for each in ("one", "two", "next", "far", "rubbish")] == [NOODLES, NOODLES, KITCHEN, None, None]

    seen = papers.get(f"/v1/portraits/shop?object={NOODLES}", by="assessor")
    assert mark_in(seen, "filed") == (2, None, "few")
    assert (seen["name"], seen["names"][KITCHEN]) == ({"zh": "老巷面馆"}, {"zh": "得月饭庄"})
    filed = next(each for each in seen["courses"] if each["metric"] == "filed")
    assert filed["values"][filed["weeks"].index("2026-W09") : filed["weeks"].index("2026-W11") + 1] == [0.0, 2.0, None]
    assert mark_in(papers.get(f"/v1/portraits/shop?object={CORNER}", by="assessor"), "filed") == (0, None, "few")
    assert [each["object"] for each in papers.get("/v1/portraits/shop/objects", by="assessor")] == [NOODLES, KITCHEN]
    assert papers.get(f"/v1/portraits/shop?object={NOODLES}", by="dispatcher-north")["marks"][0]["numerator"] == 2
    with papers.refuses("evaluate.portrait_unknown"):
        papers.get(f"/v1/portraits/shop?object={SOUTH}", by="dispatcher-north")  # beyond their area
    by_thing = papers.get("/v1/figures?by=component&period=month", by="assessor")["groups"]
    assert {each["group"] for each in by_thing} >= {NOODLES, KITCHEN, ""}


def test_who_files_a_noise_names_the_shop_by_its_place(papers):
    """A class that a person chooses ties the case to the nearest door, and another class lets it go."""
    papers.adopt("mini_shops")
    papers.report("one", kind=None, cell="a1", sure=False)
    papers.accept("one", kind="noise", place={"lon": 100.00501, "lat": 30.01501})
    papers.report("other", kind=None, cell="a1", sure=False)
    papers.accept("other", kind="rubbish", place={"lon": 100.00501, "lat": 30.01501})
    assert [papers.case(each).component for each in ("one", "other")] == [NOODLES, None]
