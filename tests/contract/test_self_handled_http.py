"""The door for what a collector put right on the spot: whole or not at all, and only from collectors."""

import pytest
from tests.engines import Clock
from tests.report_world import LAT, LON, city_at, photo

from cityloop.domain import facts as f
from cityloop.journal import story

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")

POSTER = "gbt30428_2_2013/event/0201"  # on the demo city's list
PARKED = "gbt30428_2_2013/event/0499"  # not on it
POST = "collector-990102002002-1"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        with city_at(tmp_path_factory.mktemp("city"), patch, Clock("2026-03-06T01:00:00+00:00")) as found:
            yield found


@pytest.fixture(scope="module")
def collector(city):
    return city.sign_in("a.collector", POST)


def send(client, *, kind: str = POSTER, before: int = 1, after: int = 1, headers: dict | None = None, **fields: object):
    parts = [("before", (f"b{n}.jpg", photo(60 + n), "image/jpeg")) for n in range(before)]
    parts += [("after", (f"a{n}.jpg", photo(40 + n), "image/jpeg")) for n in range(after)]
    given = {"problem_class": kind, "lon": LON, "lat": LAT, "simulated": True} | fields
    parts += [(name, (None, str(value))) for name, value in given.items()]
    return client.post("/v1/self-handled", files=parts, headers=headers)


def test_report_and_photos_of_both_come_in_one_act(city, collector):
    """Words and photos go to the vault; the facts name them and hold nothing of them."""
    answer = send(collector, text="撕除小广告 13812345678", note="已清除干净")
    assert answer.status_code == 201, answer.text
    received, cleared = (told.fact for told in city.ask(lambda tx: story(tx, f"report/{answer.json()['id']}")))
    assert isinstance(cleared, f.SelfHandlingReported)
    assert (len(received.photos), len(cleared.photos), received.declared_class) == (1, 1, POSTER)
    bodies = city.value("SELECT group_concat(CAST(body AS text)) FROM fact WHERE city = :city")
    assert "13812345678" not in bodies
    assert "已清除干净" not in bodies




@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": PARKED}, "intake.not_cleared_so"),
        ({"before": 0}, "intake.clearing_unproved"),
        ({"after": 0}, "intake.clearing_unproved"),
        ({"after": 12}, "intake.too_many_photos"),
        ({"lon": 10.0}, "place.outside"),
    ],
)
def test_what_is_wrong_leaves_nothing(city, collector, wrong, code):
    before = city.counts()
    answer = send(collector, **wrong)
    assert answer.json()["code"] == code, answer.text
    assert city.counts() == before


def test_only_a_collector_may(city):
    assert send(city.client).status_code == 401
    dispatcher = city.sign_in("a.dispatcher", "dispatcher-1")
    assert send(dispatcher).status_code == 403
