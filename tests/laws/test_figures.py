"""Figures say what the facts say: against a slow oracle, with their lists, over groups, periods and replay."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import product

import pytest
from tests.laws.figure_oracle import Oracle, group_of, rows_of
from tests.laws.figure_world import END, close_all, policy_of, redo_all, tell_stories
from tests.laws.journal_world import ALL

from cityloop.domain.calendar import calendar_in
from cityloop.domain.time import worked_us
from cityloop.journal import Journal, told_from
from cityloop.journal.replay import replay
from cityloop.stages.evaluate import asked_from, figures, items_all, items_behind
from cityloop.stages.evaluate.model import By, Part, Window
from cityloop.stages.evaluate.model.metrics import ELAPSED, METRICS, WORKING
from cityloop.stages.evaluate.store import item_list

POLICY = policy_of()
DAYS = [date(2026, 3, 1) + timedelta(days=n) for n in range(22)]
PERIODS = [(DAYS[0], DAYS[-1]), (DAYS[1], DAYS[7]), (DAYS[8], DAYS[14]), (DAYS[5], DAYS[5])]
NOW = END - timedelta(days=6)
TIMES = (ELAPSED, WORKING)
AS_OF_NOW = {each.code for each in METRICS if each.window is Window.now}
SIDES = [(metric, part) for metric in METRICS for part in Part if metric.denominator or part is Part.numerator]


def facts_told(database):
    with database.reading() as tx:
        rows = tx.all("SELECT seq, body FROM fact WHERE city = :city ORDER BY seq")
        return [told_from(tx.city, row.seq, row.body) for row in rows]


@pytest.fixture(params=[1, 2])
def city(request, places):
    """A city full of stories, and the oracle that has heard them."""
    database = places.open()
    tell_stories(database, request.param)
    return database, Oracle(facts_told(database))


def question(by=By.all, days=PERIODS[0], **more):
    return asked_from(by, days, policy=POLICY, now=NOW, **more)


def expected(oracle, asked, covers=lambda story: True):
    """(metric, part, group) -> the ids that count there."""
    found = defaultdict(set)
    for metric, part, id, person, row in rows_of(oracle, asked.span.since, asked.span.until, asked.now):
        story = row if hasattr(row, "report") else row.case
        if covers(story):
            found[metric, part, group_of(oracle, row, asked.by, person)].add(id)
    return found


def numbers(answer):
    """(metric, part, group) -> the number, where it is not nothing; of times only how many were timed."""
    found = {}
    for group in answer.groups if answer.by is not By.all else (answer.whole,):
        for figure in group.figures:
            if figure.numerator and figure.metric not in TIMES:
                found[figure.metric, Part.numerator, group.group] = figure.numerator
            if figure.denominator:
                found[figure.metric, Part.denominator, group.group] = figure.denominator
    return found


def test_each_number_is_what_a_walk_over_the_facts_counts(city):
    database, oracle = city
    for by, days in product(By, PERIODS):
        asked = question(by, days)
        with database.reading() as tx:
            answer = figures(tx, asked, policy=POLICY)
        assert numbers(answer) == {key: len(ids) for key, ids in expected(oracle, asked).items()}


@pytest.mark.parametrize("by", [By.unit, By.person, By.channel])
def test_each_number_lists_exactly_its_rows(city, by):
    database, oracle = city
    asked = question(by, PERIODS[1])
    truth = expected(oracle, asked)
    with database.reading() as tx:
        for metric, part in SIDES:
            if metric.code in TIMES and part is Part.numerator:
                continue
            groups = {group for code, side, group in truth if (code, side) == (metric.code, part)} | {"nowhere"}
            for group in groups:
                listed = [item.id for item in items_all(tx, asked, metric, part, group=group)]
                assert listed == sorted(truth.get((metric.code, part, group), ())), (metric.code, part, group)


def test_a_list_comes_in_pages_that_follow_one_another(city):
    database, _ = city
    asked = question()
    metric = next(each for each in METRICS if each.code == "reported")
    with database.reading() as tx:
        whole = [item.id for item in items_all(tx, asked, metric, Part.numerator, group=None)]
        paged, after = [], ""
        while page := items_behind(tx, asked, metric, Part.numerator, group=None, after=after, limit=7):
            paged += [item.id for item in page]
            after = paged[-1]
    assert paged == whole
    assert len(whole) == 60


def test_the_groups_together_are_the_whole(city):
    database, _ = city
    with database.reading() as tx:
        whole = figures(tx, question(), policy=POLICY).whole
        assert {by: figures(tx, question(by), policy=POLICY).whole for by in By} == dict.fromkeys(By, whole)


def test_periods_add_up(city):
    """Each thing counts on one day; what counts now counts on every day alike."""
    database, _ = city
    total = defaultdict(int)
    with database.reading() as tx:
        whole = numbers(figures(tx, question(By.unit), policy=POLICY))
        for day in DAYS:
            for key, number in numbers(figures(tx, question(By.unit, (day, day)), policy=POLICY)).items():
                total[key] += number
    lasting = {metric.code for metric in METRICS if metric.window is not Window.now}
    assert {key: n for key, n in total.items() if key[0] in lasting} == {
        key: n for key, n in whole.items() if key[0] in lasting
    }
    assert {key for key in whole if key[0] == "open_now"}


def test_no_part_is_greater_than_its_whole(city):
    database, _ = city
    with database.reading() as tx:
        for group in figures(tx, question(By.person), policy=POLICY).groups:
            for figure in group.figures:
                if figure.measure == "ppm":
                    assert figure.numerator <= figure.denominator
                    assert (figure.value is None) == (figure.denominator == 0)
                    assert figure.value is None or 0 <= figure.value <= 1_000_000


def test_times_are_the_sums_of_what_each_task_took(city):
    database, oracle = city
    asked, calendar = question(By.unit, PERIODS[2]), calendar_in(POLICY)
    sums = defaultdict(lambda: [0, 0, 0])
    for work in oracle.tasks.values():
        if work.outcome == "finished" and asked.span.since <= work.ended_at < asked.span.until:
            took = sums[work.unit]
            took[0] += 1
            took[1] += round((work.ended_at - work.given_at).total_seconds() * 1e6)
            took[2] += worked_us(work.given_at, work.ended_at, calendar)
    with database.reading() as tx:
        answer = figures(tx, asked, policy=POLICY)
    assert sums
    for group in answer.groups:
        count, elapsed, worked = sums[group.group]
        for figure in group.figures:
            if figure.metric in TIMES:
                took = elapsed if figure.metric == ELAPSED else worked
                assert figure.denominator == count
                assert figure.numerator == int(took / 60e6 + 0.5)
                assert figure.value == (int(took / 60e6 / count + 0.5) if count else None)


SEATS = [("990101",), ("990101001", "990102"), ("990109",), ()]


@pytest.mark.parametrize(("seats", "area"), [*((seats, None) for seats in SEATS), (SEATS[0], "990101001")])
def test_a_seat_sees_its_area_only(city, seats, area):
    database, oracle = city
    policy = policy_of(areas=("990101001",))
    asked = asked_from(By.street, PERIODS[0], policy=policy, now=NOW, area=area, seat_areas=seats)

    def covers(story):
        cell = (story.where.cell if story else None) or ""
        return cell.startswith(area or "") and any(cell.startswith(seat) for seat in seats)

    truth = expected(oracle, asked, covers)
    with database.reading() as tx:
        assert numbers(figures(tx, asked, policy=policy)) == {key: len(ids) for key, ids in truth.items()}
        for metric, part in SIDES:
            if metric.code not in TIMES:
                listed = {item.id for item in items_all(tx, asked, metric, part, group=None)}
                assert listed == set().union(*(ids for key, ids in truth.items() if key[:2] == (metric.code, part)))


def test_what_is_simulated_says_so(city):
    database, oracle = city
    asked, reported = question(By.channel), METRICS[0]
    with database.reading() as tx:
        items = item_list(tx, asked, reported, Part.numerator, group=None, after="", limit=1000)
        marked = {item.id for item in items if item.simulated}
        answer = figures(tx, question(), policy=policy_of(simulated=True))
        plain = figures(tx, asked, policy=POLICY)
    assert marked == {came.id for came in oracle.reports.values() if came.told.fact.simulated}
    assert answer.simulated
    assert answer.whole.simulated
    assert plain.simulated is bool(marked)


def test_figures_of_a_replayed_city_are_the_same(places, target_places):
    source = places.open()
    tell_stories(source, 4)
    target = target_places.open(source.city, name="replayed")
    replay(source, target, Journal(ALL))
    for by in By:
        with source.reading() as here, target.reading() as there:
            assert figures(here, question(by), policy=POLICY) == figures(there, question(by), policy=POLICY)


def test_all_figures_of_a_grouping_take_three_statements(places, monkeypatch):
    database = places.open()
    tell_stories(database, 5, count=10)
    said = []
    for by in By:
        with database.reading() as tx:
            with monkeypatch.context() as patch:
                for name in ("fetch", "tally"):
                    ask = getattr(tx.engine, name)
                    patch.setattr(tx.engine, name, lambda sql, *rest, to=ask: said.append(sql) or to(sql, *rest))
                figures(tx, question(by), policy=POLICY)
    # where the database counts the rows, its statement is seen twice
    assert len([sql for sql in said if not sql.startswith("SELECT *")]) == 3 * len(By)


def test_the_stories_tell_enough(places):
    """A law over stories in which nothing happens would hold for nothing."""
    database = places.open()
    tell_stories(database, 1)
    asked = question()
    truth = expected(Oracle(facts_told(database)), asked)
    silent = {
        (metric.code, part)
        for metric, part in SIDES
        if (metric.code, part, "") not in truth and not (metric.code in TIMES and part is Part.numerator)
    }
    assert silent == set()


@pytest.mark.parametrize("by", [By.all, By.unit, By.person, By.problem_class])
def test_what_was_printed_of_a_period_stays_when_cases_are_done_again(city, by):
    """Every closed case is taken up again later, done and closed anew: no period before that changes any number."""
    database, _ = city

    def printed():
        with database.reading() as tx:
            answers = [figures(tx, question(by, days), policy=POLICY) for days in PERIODS[1:]]
        return [
            {key: number for key, number in numbers(answer).items() if key[0] not in AS_OF_NOW} for answer in answers
        ]

    before = printed()
    assert redo_all(database, closes=False)
    assert printed() == before
    close_all(database)
    assert printed() == before
    assert redo_all(database, closes=True)
    assert printed() == before
