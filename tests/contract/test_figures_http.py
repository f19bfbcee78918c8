"""The door of figures: who may ask, what is answered, and files that no spreadsheet runs."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient
from msgspec.structs import replace
from openpyxl import load_workbook
from tests.laws.figure_world import END, policy_of, tell_stories

from cityloop.domain.permission import Permission
from cityloop.domain.policy import Level, Unit
from cityloop.http import EXCEPTION_HANDLERS, NOBODY, Caller, Edge
from cityloop.http.door import door_of
from cityloop.http.identity import Seat
from cityloop.journal import Journal, Writer
from cityloop.stages import evaluate

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
ROADS = Unit(id="roads-a", name={"zh": "道路", "en": "=HYPERLINK(1)"}, kind="roads", level=Level.city, area=None)


class Town:
    """A city of stories behind the routes of figures; `x-area` chooses the caller's seat."""

    def __init__(self, database, *, simulated=False):
        self.policy = replace(policy_of(simulated=simulated, areas=("990101", "990102")), units=(ROADS,))
        self.database = database
        self.readers = ThreadPoolExecutor(2, "reader")
        app = Litestar(
            route_handlers=evaluate.ROUTES,
            dependencies={"door": Provide(door_of)},
            exception_handlers=EXCEPTION_HANDLERS,
            logging_config=None,
        )
        app.state.edge = Edge(
            database=database,
            writer=Writer(database, Journal({})),
            policy=lambda: self.policy,
            identify=self.identify,
            readers=self.readers,
            behind=lambda tx: 0,
        )
        self.client = TestClient(app)

    async def identify(self, connection) -> Caller:
        area = connection.headers.get("x-area")
        if area is None:
            return NOBODY
        may = frozenset() if area == "stranger" else frozenset({Permission.figures_read.value})
        known = None if area in ("city", "stranger") else area
        seat = Seat(post="p", role="leader", unit="u", area=known, permissions=may)
        return Caller(account="a", name="Li", seats=(seat,))

    def get(self, path="", area="city", **params):
        headers = {} if area is None else {"x-area": area}
        return self.client.get(f"/v1/figures{path}", params=params, headers=headers)


@pytest.fixture
def towns(places, clock):
    """`towns(simulated=…)`: the same stories, and what the pack says of them."""
    clock.now = END
    database = places.open(clock=clock)
    tell_stories(database, 1)
    opened = []

    def town(**more) -> Town:
        opened.append(Town(database, **more))
        opened[-1].client.__enter__()
        return opened[-1]

    yield town
    for each in opened:
        each.client.__exit__(None, None, None)
        each.readers.shutdown()


@pytest.fixture
def town(towns):
    return towns()


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def lines(answer) -> list[dict[str, str]]:
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("path", ["", "/cases?metric=filed", "/metrics"])
def test_nobody_and_strangers_learn_nothing(town, path):
    assert code(town.get(path, area=None)) == (401, "needs_sign_in")
    assert code(town.get(path, area="stranger")) == (403, "not_allowed")


def test_each_figure_says_what_it_is_made_of(town):
    answer = town.get(by="unit", **MARCH)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["span"] == {
        "first_day": "2026-03-01", "last_day": "2026-03-31", "zone": "Asia/Shanghai",
        "since": "2026-02-28T16:00:00Z", "until": "2026-03-31T16:00:00Z", "kind": "month",
    }  # fmt: skip
    assert [group["group"] for group in body["groups"]] == ["roads-a", "roads-b", "sanitation", ""]
    figure = next(each for each in body["whole"]["figures"] if each["metric"] == "handled_on_time")
    assert figure["value"] == (2_000_000 * figure["numerator"] // figure["denominator"] + 1) // 2
    assert (figure["measure"], figure["window"]) == ("ppm", "settled")
    assert figure["formula"] == "figures.formula.handled_on_time"
    assert "办结之日" in body["windows"]["settled"]["zh"]
    assert (body["pack"], body["readings"], body["days"]) == ("d", {"due_window": "settled"}, 31)
    with town.database.reading() as tx:
        assert body["seq"] == tx.value("SELECT size FROM log_head WHERE city = :city") > 0
    worded = {each["metric"]: each for each in town.get("/metrics").json()}
    assert set(worded) == {each["metric"] for each in body["whole"]["figures"]}
    assert worded["handled_on_time"]["name"]["zh"] == "按期处置率"


def test_each_number_has_its_list(town):
    body = town.get(by="district", **MARCH).json()
    for group in body["groups"]:
        for figure in group["figures"]:
            for part in ("numerator", "denominator"):
                if figure[part] is None or (figure["measure"], part) == ("min", "numerator"):
                    continue
                asked = {"metric": figure["metric"], "part": part, "group": group["group"], "limit": 200}
                page = town.get("/cases", by="district", **asked, **MARCH).json()
                assert len(page["items"]) == figure[part]
                assert page["next"] is None


def test_lists_come_in_pages(town):
    asked = {"metric": "reported", "limit": 25, **MARCH}
    pages = [town.get("/cases", **asked).json()]
    while mark := pages[-1]["next"]:
        pages.append(town.get("/cases", after=mark, **asked).json())
    assert [len(page["items"]) for page in pages] == [25, 25, 10]
    ids = [item["id"] for page in pages for item in page["items"]]
    assert ids == sorted(set(ids))
    assert code(town.get("/cases", after="nonsense", metric="filed")) == (400, "list.bad_mark")
    assert town.get("/cases", limit=1000, metric="filed").status_code == 400


def test_a_seat_sees_its_district(town):
    whole, here = town.get(by="district", **MARCH).json(), town.get(by="district", area="990102", **MARCH).json()
    assert here["scope"] == ["990102"]
    assert whole["scope"] is None
    assert [group["group"] for group in here["groups"]] == ["990102"]
    assert here["groups"][0] == next(group for group in whole["groups"] if group["group"] == "990102")
    listed = town.get("/cases", area="990102", metric="filed", **MARCH).json()["items"]
    assert {item["district"] for item in listed} == {"990102"}


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "evaluate.period_wrong"),
        ({"from": "2026-03-02"}, "evaluate.period_wrong"),
        ({"from": "2026-03-01", "to": "2026-03-02", "period": "week"}, "evaluate.period_wrong"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "evaluate.period_wrong"),
        ({"on": "0001-01-01", "period": "week"}, "evaluate.period_wrong"),
        ({"from": "yesterday", "to": "2026-03-02"}, "invalid"),
        ({"by": "moon"}, "invalid"),
        ({"compare": "wish"}, "invalid"),
        ({"by": "week", "compare": "before"}, "evaluate.period_wrong"),
        ({"from": "2020-01-01", "to": "2026-01-01", "by": "day"}, "evaluate.too_many"),
        ({"grid": "g9"}, "evaluate.filter_unknown"),
        ({"class": "x"}, "evaluate.filter_unknown"),
        ({"channel": "pigeon"}, "evaluate.filter_unknown"),
        ({"unit": "gone"}, "evaluate.filter_unknown"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_why(town, asked, says):
    assert code(town.get(**asked)) == (400, says)


def test_unknown_names_are_told(town):
    assert code(town.client.get("/v1/figures?area=12", headers={"x-area": "city"})) == (400, "evaluate.area_unknown")
    assert code(town.get("/cases", metric="luck")) == (400, "evaluate.metric_unknown")
    assert code(town.get("/cases", metric="filed", part="denominator")) == (400, "evaluate.metric_unknown")


def test_named_periods_are_around_a_day(town):
    span = town.get(period="week", on="2026-03-04").json()["span"]
    assert (span["first_day"], span["last_day"]) == ("2026-03-02", "2026-03-08")
    span = town.get().json()["span"]  # today is the day after the stories
    assert (span["first_day"], span["last_day"]) == ("2026-03-01", "2026-03-31")


def test_files_hold_the_same_numbers_and_no_formula(town):
    answer = town.get(by="unit", format="csv", **MARCH)
    assert answer.headers["content-disposition"] == 'attachment; filename="figures-unit-2026-03-01-2026-03-31.csv"'
    rows = lines(answer)
    body = town.get(by="unit", **MARCH).json()
    told = {
        (group["group"] if group is not body["whole"] else "*", each["metric"]): each["numerator"]
        for group in (body["whole"], *body["groups"])
        for each in group["figures"]
    }
    assert {(row["group"], row["metric"]): int(row["numerator"]) for row in rows} == told
    assert {row["group_en"] for row in rows if row["group"] == "roads-a"} == {"'=HYPERLINK(1)"}
    assert rows[0]["formula_zh"] == "本期收到的上报"


def test_a_comparison_says_what_it_stands_beside(town):
    """Both at once; where the city was not, nothing is made up."""
    body = town.get(by="unit", period="week", on="2026-03-25", compare=["before", "year"]).json()
    spans = [(each["against"], each["span"]["first_day"], each["known"]) for each in body["compared"]]
    assert spans == [("before", "2026-03-16", "whole"), ("year", "2025-03-24", "none")]
    figure = next(each for each in body["whole"]["figures"] if each["metric"] == "closed")
    before, year = figure["changes"]
    assert figure["numerator"] - before["numerator"] == before["difference"] != 0
    assert year == {"against": "year"} | dict.fromkeys(("numerator", "denominator", "value", "difference", "change_ppm"))
    assert body["running"]


def test_a_role_has_its_own_numbers(town):
    for role, code in (("collector", "valid_reports"), ("dispatcher", "dispatched"), ("handler", "handled_late")):
        figures = town.get(by="person", role=role, **MARCH).json()["whole"]["figures"]
        assert code in {each["metric"] for each in figures}
        assert "closed" not in {each["metric"] for each in figures}


def test_a_workbook_holds_the_same_and_says_what_it_is(towns):
    simulated = towns(simulated=True)
    answer = simulated.get(by="unit", format="xlsx", compare="before", **MARCH)
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    book = load_workbook(io.BytesIO(answer.content))
    head, *rows = book["figures"].iter_rows(values_only=True)
    body = simulated.get(by="unit", compare="before", **MARCH).json()
    told = {
        (group["group"] if group is not body["whole"] else "*", each["metric"]): each["numerator"]
        for group in (body["whole"], *body["groups"])
        for each in group["figures"]
    }
    at = {name: head.index(name) for name in head}
    assert {(row[at["group"]] or "", row[at["metric"]]): row[at["numerator"]] for row in rows} == told
    assert {row[at["simulated"]] for row in rows} == {"simulated"}
    assert {row[at["seq"]] for row in rows} == {body["seq"]}
    assert "'=HYPERLINK(1)" in {row[at["group_en"]] for row in rows}
    about = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert about["pack"] == "d"
    assert "模拟" in about["simulated"]
    assert "办结之日" in about["window: settled"]
    listed = simulated.get("/cases", metric="reported", format="xlsx", **MARCH)
    assert load_workbook(io.BytesIO(listed.content))["cases"].max_row == 61


def test_every_row_of_a_simulated_city_says_so(towns):
    plain, simulated = towns(), towns(simulated=True)
    for path, asked in (("", {}), ("/cases", {"metric": "reported"})):
        rows = lines(simulated.get(path, format="csv", **asked, **MARCH))
        assert {row["simulated"] for row in rows} == {"simulated"}
    marks = [row["simulated"] for row in lines(plain.get("/cases", metric="reported", format="csv", **MARCH))]
    assert len(marks) == 60
    assert set(marks) == {"", "simulated"}
    items = simulated.get("/cases", metric="reported", **MARCH).json()["items"]
    assert all(item["simulated"] for item in items)
    assert simulated.get(**MARCH).json()["simulated"]
