"""What intake gives back: to whoever holds the code, to posts within their scope, and nothing once it is erased."""

import json

import pytest
from tests.engines import Clock
from tests.report_world import LAT, LON, city_at, photo, received

from cityloop.journal import erase, story

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")

TEXT = "书院路路灯不亮，晚上一片漆黑"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """One city for all: every test looks at what it adds."""
    with pytest.MonkeyPatch.context() as patch:
        with city_at(tmp_path_factory.mktemp("city"), patch, Clock("2026-03-06T01:00:00+00:00")) as found:
            yield found


# who may read


def test_what_became_of_it_is_told_by_code_only(city):
    answers = [city.client.get(f"/v1/track/{code}") for code in ("000000000000", "zz", "%00", "' OR 1=1 --")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({json.dumps(answer.json() | {"request": ""}) for answer in answers}) == 1


def test_a_report_is_read_within_scope(city):
    policy = city.parts.book.in_force()

    def post_with(permission, whole):
        return next(
            each.id
            for each in policy.posts
            if permission in policy.role_by_id[each.role].permissions and (each.area is None) is whole
        )

    body = city.form(photo(), text=TEXT, address="书院路 3 号", lon=str(LON), lat=str(LAT)).json()
    url = f"/v1/reports/{body['id']}"
    assert city.client.get(url).status_code == 401
    reader = city.sign_in("reader", post_with("report.read", True))
    view = reader.get(url)
    assert view.status_code == 200, view.text
    assert (view.json()["text"], view.json()["address"], view.json()["has_contact"]) == (TEXT, "书院路 3 号", False)
    assert view.headers["etag"] == '"1"'
    assert reader.get(view.json()["photos"][0]["thumb"]).status_code == 200
    local = city.sign_in("local", post_with("report.read", False))
    assert local.get(url).json()["code"] == "report.unknown"  # nobody knows yet where it is
    assert local.get(view.json()["photos"][0]["thumb"]).status_code == 404
    assert reader.get("/v1/reports/none").status_code == 404


def test_what_is_erased_is_gone_everywhere(city):
    before = city.counts()
    body = city.form(photo(), text=TEXT).json()
    fact = received(city, body["id"])
    shown = f"/v1/files/{fact.photos[0].shown}"
    params = {"code": body["tracking_code"]}
    assert city.client.get(shown, params=params).status_code == 200
    city.parts.writer.change(lambda tx: erase(tx, [fact.said.id, fact.photos[0].sent.id], reason="asked"))
    assert city.client.get(f"/v1/track/{body['tracking_code']}").status_code == 404
    assert city.client.get(shown, params=params).status_code == 404
    city.drain()
    assert all(city.counts()[table] == before[table] for table in ("tracking", "file_shown", "vault"))
    understood = city.ask(lambda tx: story(tx, f"report/{body['id']}"))[-1].fact
    assert (understood.why, understood.proposals, understood.alone) == (("erased",), (), False)
