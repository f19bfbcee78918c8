"""Sheets over a city of stories: their numbers are those of figures, less exactly what was excluded."""

import pytest
from msgspec.structs import replace
from tests.laws.figure_world import END, policy_of, tell_stories
from tests.laws.test_figures import DAYS

from cityloop.domain.calendar import calendar_in
from cityloop.domain.policy.scoring import FIGURES, SCHEME, SPREAD, Successor, is_rate
from cityloop.packs import load
from cityloop.stages.evaluate import asked_from, figures, items_all, sheet_of
from cityloop.stages.evaluate.model import By, Part
from cityloop.stages.evaluate.model.metrics import METRIC_OF
from cityloop.stages.evaluate.model.scoring import Excluded, PeriodTooLong, SchemeUnknown
from cityloop.stages.evaluate.rules import span_of

DEMO = load("demo")
POLICY = replace(policy_of(), settings=DEMO.settings, scoring=DEMO.scoring)
SPAN = span_of(DAYS[0], DAYS[-1], calendar_in(POLICY))
OF_FIGURES = sorted(
    code for code, scheme in DEMO.scoring.schemes.items()
    if any(each.metric in FIGURES for each in scheme.indicators)
)  # fmt: skip


@pytest.fixture
def city(places):
    database = places.open()
    tell_stories(database, 1)
    return database


@pytest.mark.parametrize("scheme", OF_FIGURES)
def test_the_numbers_of_a_sheet_are_those_of_figures(city, scheme):
    with city.reading() as tx:
        sheet = sheet_of(tx, scheme, SPAN, policy=POLICY, now=END)
        asked = asked_from(By(sheet.by), (DAYS[0], DAYS[-1]), policy=POLICY, now=END)
        answer = figures(tx, asked, policy=POLICY)
    groups = {"all": answer.whole} if sheet.by == By.all else {each.group: each for each in answer.groups}
    known = {(object, each.metric): each for object, group in groups.items() for each in group.figures}
    assert sheet.scores
    assert (sheet.seq, sheet.pack) == (answer.seq, POLICY.digest)
    for score in sheet.scores:
        for line in score.lines:
            if line.metric in METRIC_OF and line.number:
                figure = known[score.object, line.metric]
                assert (line.number.numerator, line.number.denominator) == (figure.numerator, figure.denominator)


def test_what_is_excluded_is_counted_nowhere(city):
    """Excluding every case behind a number leaves it at nothing, and the unit stays on the sheet without points for it."""
    metric = METRIC_OF["handled_on_time"]
    with city.reading() as tx:
        asked = asked_from(By.unit, (DAYS[0], DAYS[-1]), policy=POLICY, now=END)
        items = list(items_all(tx, asked, metric, Part.denominator, policy=POLICY, group="roads-a"))
        whole = {each.object: each for each in sheet_of(tx, "department", SPAN, policy=POLICY, now=END).scores}
        for named in ((), ("handled_on_time",)):
            left_out = [Excluded(each, named) for each in {item.case_id for item in items}]
            less = {each.object: each for each in sheet_of(tx, "department", SPAN, policy=POLICY, now=END, exclusions=left_out).scores}
            line = _line(less["roads-a"], "handled_on_time")
            assert len(items) > 1
            assert (line.number.numerator, line.number.denominator, line.why) == (0, 0, "nothing_below")
            filed = [_line(each["roads-a"], "filed").number.numerator for each in (whole, less)]
            assert (filed[1] < filed[0]) if not named else (filed[1] == filed[0])
        one = sheet_of(tx, "department", SPAN, policy=POLICY, now=END, exclusions=[Excluded(items[0].case_id, ("handled_on_time",))])
        left = [_line(each, "handled_on_time").number.denominator for each in one.scores if each.object == "roads-a"]
        assert left == [len(items) - sum(1 for each in items if each.case_id == items[0].case_id)]


def _line(score, metric):
    return next(each for each in score.lines if each.metric == metric)


def test_every_shipped_scheme_makes_a_sheet(city):
    """Each line either has a value and points, or says why not; nothing is left unsaid."""
    for code in DEMO.scoring.schemes:
        with city.reading() as tx:
            sheet = sheet_of(tx, code, SPAN, policy=POLICY, now=END)
        for score in sheet.scores:
            for line in score.lines:
                assert (line.points is None) == (line.why in ("no_number", "nothing_below", "too_few")), (code, line)
                if line.value is not None and is_rate(line.metric) and not line.metric.startswith((SCHEME, SPREAD)):
                    assert 0 <= line.value <= 1, (code, line)


def test_a_sheet_refuses_with_words(city):
    with city.reading() as tx:
        with pytest.raises(SchemeUnknown, match="There is no scoring scheme 'nobody'; there are acceptor, area"):
            sheet_of(tx, "nobody", SPAN, policy=POLICY, now=END)
        long = span_of(DAYS[0].replace(year=2024), DAYS[-1], calendar_in(POLICY))
        with pytest.raises(PeriodTooLong, match="ask for 366 at most"):
            sheet_of(tx, "department", long, policy=POLICY, now=END)


def test_a_unit_merged_in_the_middle_of_the_period_stands_under_its_successor(city):
    """All numbers of both are one unit's, from the first day on; before the day of the merger nothing changes."""
    merged = Successor(unit="roads-a", into="roads-b", since=DAYS[10])
    policy = replace(POLICY, scoring=replace(POLICY.scoring, successors=(merged,)))
    earlier = span_of(DAYS[0], DAYS[9], calendar_in(POLICY))
    with city.reading() as tx:
        apart = {each.object: each for each in sheet_of(tx, "department", SPAN, policy=POLICY, now=END).scores}
        together = {each.object: each for each in sheet_of(tx, "department", SPAN, policy=policy, now=END).scores}
        before = [sheet_of(tx, "department", earlier, policy=each, now=END).scores for each in (POLICY, policy)]
    assert "roads-a" in apart
    assert set(together) == set(apart) - {"roads-a"}
    for metric in ("filed", "closing_rate", "handled_on_time", "rework_rate"):
        parts = [_line(apart[unit], metric).number for unit in ("roads-a", "roads-b")]
        whole = _line(together["roads-b"], metric).number
        assert whole.numerator == sum(each.numerator for each in parts) > 0
        assert whole.denominator in (None, sum(each.denominator or 0 for each in parts))
    assert before[0] == before[1]


def test_a_chain_of_mergers_ends_at_the_last():
    chain = tuple(Successor(unit=unit, into=into, since=DAYS[0]) for unit, into in (("a", "b"), ("b", "c")))
    assert replace(POLICY.scoring, successors=chain).succeeded_by("a", DAYS[1]) == "c"


def test_who_sees_a_district_has_scores_of_that_district(city):
    """The seat's area limits what is counted, as it does for figures."""
    with city.reading() as tx:
        whole = sheet_of(tx, "department", SPAN, policy=POLICY, now=END)
        part = sheet_of(tx, "department", SPAN, policy=POLICY, now=END, seat_areas=("990102",))
        none = sheet_of(tx, "department", SPAN, policy=POLICY, now=END, seat_areas=())
    filed = [sum(_line(each, "filed").number.numerator for each in sheet.scores) for sheet in (whole, part)]
    assert 0 < filed[1] < filed[0]
    assert none.scores == ()


def test_a_score_made_of_another_reaches_no_further_than_that_one(city):
    """Who sees a district is told no unit, and no points, of the others by way of the inner score."""
    metric = f"{SCHEME}sample_on_time_80"
    with city.reading() as tx:
        inner, outer = (
            sheet_of(tx, code, SPAN, policy=POLICY, now=END, seat_areas=("990102",)).scores for code in ("sample_on_time_80", "sample_final")
        )
        whole = sheet_of(tx, "sample_on_time_80", SPAN, policy=POLICY, now=END).scores
        none = sheet_of(tx, "sample_final", SPAN, policy=POLICY, now=END, seat_areas=()).scores
    points = {each.object: each.points for each in inner}
    assert points != {each.object: each.points for each in whole}, "the districts must differ"
    assert {each.object for each in outer} == set(points)
    for each in outer:
        number = next((line.number for line in each.lines if line.metric == metric), None)
        assert (number and number.numerator) == points[each.object]
    assert none == ()
