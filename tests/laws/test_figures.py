"""Figures say what the facts say: against a slow oracle, with their lists, over groups, periods and replay."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import product

import pytest
from msgspec.structs import replace
from tests.laws.figure_oracle import Oracle
from tests.laws.figure_rows import expected, expected_over_time, rows_of
from tests.laws.figure_world import CLASSES, END, GRIDS, SOURCE, UNITS, close_all, policy_of, redo_all, tell_stories
from tests.laws.journal_world import ALL

from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import About
from cityloop.domain.policy import DueReading, Kind, Level, ProblemClass, Unit
from cityloop.domain.time import worked_us
from cityloop.journal import Journal, told_from
from cityloop.journal.replay import replay
from cityloop.stages.evaluate import asked_from, figures, items_all, items_behind
from cityloop.stages.evaluate.model import OVER_TIME, Against, By, Known, Only, Part, Window
from cityloop.stages.evaluate.model.metrics import (
    ACCEPT_ELAPSED,
    ACCEPT_WORKING,
    ELAPSED,
    METRIC_OF,
    METRICS,
    WORKING,
    metrics_by,
)
from cityloop.stages.evaluate.store import item_list

POLICY = policy_of()
DAYS = [date(2026, 3, 1) + timedelta(days=n) for n in range(22)]
PERIODS = [(DAYS[0], DAYS[-1]), (DAYS[1], DAYS[7]), (DAYS[8], DAYS[14]), (DAYS[5], DAYS[5])]
NOW = END - timedelta(days=6)
TIMES = (ELAPSED, WORKING, ACCEPT_ELAPSED, ACCEPT_WORKING)
AS_OF_NOW = {each.code for each in METRICS if each.window is Window.now}
SIDES = [(metric, part) for metric in METRICS for part in metric.sides]
PLACES = [by for by in By if by not in OVER_TIME]


def class_named(key):
    words = {"zh": "类", "en": "Class"}
    return ProblemClass(key=key, scheme="x", kind=Kind.event, code=key[-4:], major_name=words, name=words, source=SOURCE)


def unit_named(id):
    return Unit(id=id, name={"zh": "队", "en": "Unit"}, kind="roads", level=Level.city, area=None)


def facts_told(database):
    with database.reading() as tx:
        rows = tx.all("SELECT seq, body FROM fact WHERE city = :city ORDER BY seq")
        return [told_from(tx.city, row.seq, row.body) for row in rows]


@pytest.fixture(params=[1, 2])
def city(request, places):
    """A city full of stories, and the oracle that has heard them."""
    database = places.open()
    tell_stories(database, request.param)
    return database, Oracle(facts_told(database), GRIDS)


def question(by=By.all, days=PERIODS[0], policy=POLICY, **only):
    return asked_from(by, days, policy=policy, now=NOW, only=Only(**only))


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
    for by, days in product(PLACES, PERIODS):
        asked = question(by, days)
        if by is not By.cell:
            with database.reading() as tx:
                answer = figures(tx, asked, policy=POLICY)
            assert numbers(answer) == {key: len(ids) for key, ids in expected(oracle, asked).items()}


def test_a_rework_is_that_of_the_work_that_failed_and_none_where_its_unit_was_right(places):
    """Sent back twice: an appeal about the first rework frees the first work, whatever became of the rework."""
    database = places.open()
    tell_stories(database, 7, passing=0.05, appealing=0.8)
    oracle, asked = Oracle(facts_told(database)), question()
    freed = [work for work in oracle.tasks.values() if work.rework and not work.sent_again]
    assert any("failed_inspection" not in work.right and work.rework.rework for work in freed)
    assert any("rework" not in work.rework.right for work in freed)
    with database.reading() as tx:
        assert numbers(figures(tx, asked, policy=POLICY)) == {k: len(ids) for k, ids in expected(oracle, asked).items()}


@pytest.mark.parametrize("due", DueReading)
def test_each_reading_of_what_is_owed_counts_what_it_says(city, due):
    """Also a deadline that comes after the end of its case, and one that is older than the period."""
    database, oracle = city
    policy = policy_of(due=due)
    for by, days in product((By.all, By.unit), PERIODS):
        asked = question(by, days, policy=policy)
        with database.reading() as tx:
            answer = figures(tx, asked, policy=policy)
            truth = expected(oracle, asked)
            assert numbers(answer) == {key: len(ids) for key, ids in truth.items()}
            for metric in metrics_by(policy.figures).values():
                for part in metric.sides:
                    listed = [item.id for item in items_all(tx, asked, metric, part, policy=policy, group=None)]
                    ids = set().union(*(ids for key, ids in truth.items() if key[:2] == (metric.code, part)))
                    assert listed == sorted(ids), (metric.code, part)


@pytest.mark.parametrize("due", DueReading)
@pytest.mark.parametrize("by", OVER_TIME)
def test_over_time_each_calendar_period_counts_its_own(city, by, due):
    """Cut at the ends of the question; what stands as of now stands in none; each number has its list."""
    database, oracle = city
    policy = policy_of(due=due)
    for days in PERIODS:
        asked = question(by, days, policy=policy)
        truth = expected_over_time(oracle, asked)
        with database.reading() as tx:
            answer = figures(tx, asked, policy=policy)
            assert numbers(answer) == {key: len(ids) for key, ids in truth.items()}
            assert answer.whole == figures(tx, question(days=days, policy=policy), policy=policy).whole
            for (code, part, group), ids in truth.items():
                metric = metrics_by(policy.figures)[code]
                listed = [item.id for item in items_all(tx, asked, metric, part, policy=policy, group=group)]
                assert listed == sorted(ids), (code, part, group)


@pytest.mark.parametrize("by", [By.unit, By.person, By.channel, By.grid])
def test_each_number_lists_exactly_its_rows(city, by):
    database, oracle = city
    asked = question(by, PERIODS[1])
    truth = expected(oracle, asked)
    with database.reading() as tx:
        for metric, part in SIDES:
            groups = {group for code, side, group in truth if (code, side) == (metric.code, part)} | {"nowhere"}
            for group in groups:
                listed = [item.id for item in items_all(tx, asked, metric, part, policy=POLICY, group=group)]
                assert listed == sorted(truth.get((metric.code, part, group), ())), (metric.code, part, group)


def test_what_is_counted_only_is_counted_alone(city):
    """A class, a major class, a channel, a unit and a duty grid, each as the groups of the same say it."""
    database, _ = city
    policy = replace(policy_of(), classes=tuple(class_named(key) for key in CLASSES), units=tuple(map(unit_named, UNITS)))
    ways = ((By.problem_class, "problem_class"), (By.major, "problem_class"), (By.channel, "channel"), (By.unit, "unit"),
            (By.grid, "grid"))  # fmt: skip
    with database.reading() as tx:
        for by, name in ways:
            for group in figures(tx, question(by, policy=policy), policy=policy).groups:
                if group.group:
                    only = question(policy=policy, **{name: group.group})
                    alone = figures(tx, only, policy=policy)
                    assert alone.whole.figures == group.figures, (by, group.group)


@pytest.mark.parametrize("against", Against)
def test_a_comparison_is_the_figure_of_the_other_period(city, against):
    """Each earlier number is the one that the other period gives when asked by itself."""
    database, _ = city
    days = (DAYS[15], DAYS[21]) if against is Against.before else (date(2027, 3, 1), date(2027, 3, 14))
    with database.reading() as tx:
        answer = figures(tx, question(By.unit, days), policy=POLICY, against=[against])
        (compared,) = answer.compared
        other = figures(tx, question(By.unit, (compared.span.first_day, compared.span.last_day)), policy=POLICY)
    assert compared.known is (Known.whole if against is Against.before else Known.part)
    then = {group.group: group for group in other.groups} | {None: other.whole}
    assert {group.group for group in answer.groups} >= {group.group for group in other.groups}
    for key, group in [(None, answer.whole), *((each.group, each) for each in answer.groups)]:
        for n, figure in enumerate(group.figures):
            (change,) = figure.changes
            was = then[key].figures[n] if key in then else None
            if METRIC_OF[figure.metric].window is Window.now:
                assert change.value is None
            elif was:
                assert (change.numerator, change.denominator, change.value) == (was.numerator, was.denominator, was.value)
                if figure.value is not None and was.value is not None:
                    assert change.difference == figure.value - was.value


def test_nothing_is_said_of_a_time_before_the_city(city):
    """A missing year is no year of nothing done."""
    database, _ = city
    with database.reading() as tx:
        answer = figures(tx, question(By.unit), policy=POLICY, against=[Against.year])
    assert answer.compared[0].known is Known.none
    for group in (answer.whole, *answer.groups):
        for figure in group.figures:
            assert (figure.changes[0].numerator, figure.changes[0].value, figure.changes[0].difference) == (None,) * 3


def test_what_was_owed_is_all_accounted_for(city):
    """应处置 is finished in time or late, or waits in time or late, or came back late; 应结案 is closed or waits."""
    database, _ = city
    for due in DueReading:
        policy = policy_of(due=due)
        with database.reading() as tx:
            for group in figures(tx, question(By.unit, policy=policy), policy=policy).groups:
                of = {figure.metric: figure.numerator for figure in group.figures}
                assert of["to_handle"] == of["to_handle_in_time"] + of["overdue_open"]
                assert of["due_to_handle"] >= of["handled_in_time"] + of["handled_late"] + of["to_handle"]
                assert of["due_to_close"] == of["closed_in_time"] + of["closed_late"] + of["to_close"]


def test_a_list_comes_in_pages_that_follow_one_another(city):
    database, _ = city
    asked = question()
    metric = next(each for each in METRICS if each.code == "reported")
    with database.reading() as tx:
        whole = [item.id for item in items_all(tx, asked, metric, Part.numerator, policy=POLICY, group=None)]
        paged, after = [], ""
        while page := items_behind(
            tx, asked, metric, Part.numerator, policy=POLICY, group=None, after=after, limit=7
        ):
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


def test_times_are_the_sums_of_what_each_row_took(city):
    database, oracle = city
    asked, calendar = question(By.person, PERIODS[2]), calendar_in(POLICY)
    sums = defaultdict(lambda: [0, 0])
    for metric, _, _, person, row, _ in rows_of(oracle, asked.span.since, asked.span.until, asked.now):
        if metric in TIMES:
            start, end = row.given_at if hasattr(row, "given_at") else oracle.reports[row.report].told.fact.at, None
            end = row.ended_at if hasattr(row, "given_at") else row.filed_at or row.refused_at
            plain = round((end - start).total_seconds() * 1e6)
            took = sums[metric, person or ""]
            took[0] += 1
            took[1] += plain if "elapsed" in metric else worked_us(start, end, calendar)
    with database.reading() as tx:
        answer = figures(tx, asked, policy=POLICY)
    assert {metric for metric, _ in sums} == set(TIMES)
    for group in answer.groups:
        for figure in group.figures:
            if figure.metric in TIMES:
                count, took = sums[figure.metric, group.group]
                assert figure.denominator == count
                assert figure.numerator == int(took / 60e6 + 0.5)
                assert figure.value == (int(took / 60e6 / count + 0.5) if count else None)


SEATS = [("990101",), ("990101001", "990102"), ("990109",), ()]


@pytest.mark.parametrize(("seats", "area"), [*((seats, None) for seats in SEATS), (SEATS[0], "990101001")])
def test_a_seat_sees_its_area_only(city, seats, area):
    database, oracle = city
    policy = policy_of(areas=("990101001",))
    asked = asked_from(By.street, PERIODS[0], policy=policy, now=NOW, only=Only(area=area), seat_areas=seats)

    def covers(story):
        cell = (story.where.cell if story else None) or ""
        return cell.startswith(area or "") and any(cell.startswith(seat) for seat in seats)

    truth = expected(oracle, asked, covers)
    with database.reading() as tx:
        assert numbers(figures(tx, asked, policy=policy)) == {key: len(ids) for key, ids in truth.items()}
        for metric, part in SIDES:
            listed = {item.id for item in items_all(tx, asked, metric, part, policy=policy, group=None)}
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
            ours, theirs = (figures(tx, question(by), policy=POLICY) for tx in (here, there))
        assert replace(ours, seq=0) == theirs  # whose facts were applied, and not written


def test_all_figures_of_a_grouping_take_five_statements(places, monkeypatch):
    """One for what they follow from, one for each table; four more for each period that they are compared with."""
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
                if by is By.unit:
                    figures(tx, question(by, PERIODS[2]), policy=POLICY, against=Against)
    # where the database counts the rows, its statement is seen twice
    one = [sql for sql in said if not sql.startswith("SELECT *")]
    assert len(one) == 5 * len(By) + 5 + 4  # the year before there was no city


def test_the_stories_tell_enough(places):
    """A law over stories in which nothing happens would hold for nothing."""
    database = places.open()
    tell_stories(database, 1)
    asked = question()
    oracle = Oracle(facts_told(database))
    truth = expected(oracle, asked)
    assert {about for work in oracle.tasks.values() for about in work.right} == set(About)
    silent = {
        (metric.code, part)
        for metric, part in SIDES
        if (metric.code, part, "") not in truth
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
