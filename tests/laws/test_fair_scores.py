"""Scores over a city of stories: an interval holds whatever the engine makes of shares inside; the journal gives the same."""

from random import Random

import msgspec
import pytest
from msgspec.structs import replace
from tests.engines import Places
from tests.laws.figure_world import END, tell_stories
from tests.laws.journal_world import ALL
from tests.laws.test_scores import POLICY, SPAN

from cityloop.domain.policy.scoring import Role, in_force
from cityloop.journal import Journal, Writer
from cityloop.journal.replay import replay
from cityloop.stages.evaluate import APPLY, sheet_of
from cityloop.stages.evaluate.model.metrics import METRIC_OF
from cityloop.stages.evaluate.model.scoring import Number
from cityloop.stages.evaluate.rules.fair import apart, exact_rate, poisson
from cityloop.stages.evaluate.rules.fair.sheets import PLACED_LEAST
from cityloop.stages.evaluate.rules.scoring import score_all
from cityloop.stages.evaluate.service.fair import differences_in, fair_sheet, publish_scores
from cityloop.stages.evaluate.store.fair.sheets import sheet_get

EVERY = {**ALL, **APPLY}
SCHEMES = ("department", "area", "duty_leader")


@pytest.fixture
def city(places):
    database = places.open()
    tell_stories(database, 4, 150)
    return database


def moved(score, scheme, random):
    """The numbers of a score, each share and count moved to somewhere within its own interval, at what all together need."""
    roles = {each.code: each.role for each in in_force(scheme.indicators, SPAN.first_day)}
    lines = [each for each in score.lines if each.points is not None and roles[each.indicator] is Role.score]
    known = [each for each in lines if each.metric in METRIC_OF]
    numbers = {(score.object, each.metric): each.number for each in score.lines if each.number}
    for line in known:
        number, needs = line.number, apart(len(known))
        if number.denominator is None:
            within = poisson(number.numerator, needs)
            numbers[score.object, line.metric] = Number(random.uniform(within.low, within.high))
        elif 0 <= number.numerator <= number.denominator:
            within = exact_rate(number.numerator, number.denominator, needs)
            share = random.choice((within.low, within.high, random.uniform(within.low, within.high)))
            numbers[score.object, line.metric] = Number(share * number.denominator, number.denominator)
    return numbers


@pytest.mark.parametrize("name", SCHEMES)
def test_a_score_stays_inside_wherever_its_numbers_lie(city, name):
    scheme, random, tried = POLICY.scoring.schemes[name], Random(3), 0
    with city.reading() as tx:
        sheet = sheet_of(tx, name, SPAN, policy=POLICY, now=END)
        fair = {each.score.object: each.score for each in fair_sheet(tx, name, SPAN, policy=POLICY, now=END).scores}
    for score in (each for each in sheet.scores if each.points is not None):
        told = fair[score.object]
        assert told.low <= score.points <= told.high
        for _ in range(20):
            (again,) = score_all(
                scheme, POLICY.scoring.functions, moved(score, scheme, random), [score.object], day=SPAN.first_day,
                city_kind=POLICY.settings.city_kind,
            )  # fmt: skip
            assert told.low - 1e-4 <= again.points <= told.high + 1e-4
            tried += 1
    assert tried


def test_places_are_ranges_and_few_cases_have_none(city):
    with city.reading() as tx:
        scores = fair_sheet(tx, "department", SPAN, policy=POLICY, now=END).scores
    placed = [each.score for each in scores if each.score.best is not None]
    assert placed
    for each in scores:
        assert (each.score.best is None) == (each.score.cases < PLACED_LEAST or each.score.points is None)
        assert each.few == (each.score.cases < PLACED_LEAST)
    for one in placed:
        ahead = sum(other.points > one.points for other in placed if other.group == one.group)
        assert one.best <= ahead + 1 <= one.worst


def test_the_journal_alone_gives_what_was_published(city, tmp_path):
    """From the facts until the sheet's, in other tables; later ones change the city, and not the sheet."""
    writer = Writer(city, Journal(EVERY))
    with city.reading() as tx:
        sheet = fair_sheet(tx, "department", SPAN, policy=POLICY, now=END)
    after = END + (END - SPAN.since)
    id = writer.change(
        lambda tx: publish_scores(tx, sheet, notice_days=7, reason=None, by="p0", policy=POLICY, now=after),
        actor="account:p0",
    )
    tell_stories(city, 5, 60)
    with city.reading() as tx:
        row = sheet_get(tx, id)
        assert list(differences_in(tx, row, policy=POLICY)), "later facts must change the city"
    target = Places("sqlite", tmp_path, "").open(city.city, name="again")
    assert replay(city, target, Journal(EVERY), until=row.seq) == row.seq
    with target.reading() as tx:
        assert list(differences_in(tx, row, policy=POLICY)) == []
        forged = msgspec.json.decode(row.scores)
        forged[0]["lines"][0]["numerator"] = 99.0
        lied = replace(row, scores=msgspec.json.encode(forged).decode())
        assert [each.object for each in differences_in(tx, lied, policy=POLICY)] == [forged[0]["object"]]
    target.close()
