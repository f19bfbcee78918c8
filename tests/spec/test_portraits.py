"""Portraits 数字画像: an object beside fair peers; few cases have no place; a person's is for themselves and who leads them."""

from msgspec.structs import replace

from cityloop.domain.policy import Level, Unit
from cityloop.stages.evaluate.model import By, Figure, Group, Measure, Window
from cityloop.stages.evaluate.model.portrait import Of, Standing
from cityloop.stages.evaluate.rules.portrait import marks_of


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


def test_every_number_of_a_portrait_is_a_rate(papers):
    """What is compared has a line, and the metric table knows it."""
    from cityloop.stages.evaluate.model.metrics import METRIC_OF
    from cityloop.stages.evaluate.model.portrait import BY
    from cityloop.stages.evaluate.rules.portrait import LESS_IS_BETTER, MEASURED

    used = {code for codes in MEASURED.values() for code in codes}
    assert {METRIC_OF[code].measure for code in used} == {Measure.ppm}
    assert used | {"filed_from_public"} >= LESS_IS_BETTER
    assert set(MEASURED) == set(BY) == set(Of)
    assert set(BY.values()) <= set(By)
