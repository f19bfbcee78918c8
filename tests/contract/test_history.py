"""What streams said, over HTTP: points, means, CSV; open data for everybody, the rest for who may read devices."""

import csv
import io
from collections.abc import Iterator

import pytest
from tests.engines import Places, at_nine
from tests.sensing_world import NOISE, SensingWorld, the_sensing_app

from cityloop.telemetry import batch_of

HOUR = 3_600_000_000
BEGAN = 1_772_380_800_000_000  # 2026-03-02 00:00 by the city's clock


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[SensingWorld]:
    """A town with two meters: what one says is open to everybody."""
    for world in at_nine(SensingWorld, the_sensing_app, places, tmp_path):
        world.device("open-1", streams=[NOISE | {"is_open": True}])
        world.device("own-1", streams=[NOISE])
        world.register.refresh()
        world.senses.log.append(batch_of([1] * 48, [BEGAN + no * HOUR // 4 for no in range(48)], [float(no) for no in range(48)]))
        world.senses.log.append(batch_of([2], [BEGAN], [7.0]))
        world.senses.segments.seal(world.clock.now)
        world.senses.log.append(batch_of([1], [BEGAN + 47 * HOUR // 4], [100.0]))  # said again, not sealed
        yield world


def stream(town: SensingWorld, key: str) -> str:
    return town.seen(key)["streams"][0]["id"]


def ask(town: SensingWorld, path: str, *, by: str | None, **asked):
    asked = {"since": "2026-03-02T00:00:00+08:00", "until": "2026-03-03T00:00:00+08:00"} | asked
    return town.client.get(path, params=asked, headers=town.signed(by) if by else {})


def test_points_and_means_are_read_by_anybody_where_the_stream_is_open(town):
    found = ask(town, f"/v1/streams/{stream(town, 'open-1')}/points", by=None).json()
    assert found["stream"] == "open-1/laeq"
    assert found["value"] == [*map(float, range(47)), 100.0]
    assert not found["more"]
    newest = ask(town, f"/v1/streams/{stream(town, 'open-1')}/points", by=None, limit=2, newest=True).json()
    assert (newest["value"], newest["more"]) == ([46.0, 100.0], True)
    means = ask(town, f"/v1/streams/{stream(town, 'open-1')}/means", by=None).json()
    assert means["mean"] == [*(4 * hour + 1.5 for hour in range(11)), (44 + 45 + 46 + 100) / 4]
    day = ask(town, f"/v1/streams/{stream(town, 'open-1')}/means", by=None, step="day").json()
    assert (day["at"], day["count"], day["least"], day["most"]) == ([BEGAN], [48], [0.0], [100.0])


def test_what_is_not_open_is_there_for_who_may_read_devices(town):
    path = f"/v1/streams/{stream(town, 'own-1')}/points"
    assert ask(town, path, by=None).status_code == 404
    assert ask(town, path, by=None).json()["code"] == ask(town, "/v1/streams/none/points", by=None).json()["code"]
    assert ask(town, path, by="collector-a1").json()["value"] == [7.0]


def test_a_csv_holds_every_point_and_no_cell_is_run(town):
    answer = ask(town, f"/v1/streams/{stream(town, 'open-1')}/points", by=None, form="csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 48
    assert rows[0] == {"stream": "open-1/laeq", "unit": "dB[SPL]", "at": "2026-03-01T16:00:00Z", "value": "0.0", "track": "", "count": "1"}
    assert answer.headers["content-type"].startswith("text/csv")
    town.device("=cmd|x", streams=[NOISE | {"is_open": True}])
    town.register.refresh()
    town.senses.log.append(batch_of([3], [BEGAN], [-1.0]))
    rows = list(csv.reader(io.StringIO(ask(town, f"/v1/streams/{stream(town, '=cmd|x')}/points", by=None, form="csv").text)))
    assert rows[1][0] == "'=cmd|x/laeq"
    assert rows[1][3] == "-1.0"


@pytest.mark.parametrize("asked", [{"since": "2026-03-02T00:00:00"}, {"until": "2026-03-01T00:00:00Z"}, {"step": "year"}, {"step": "1", "since": "2020-01-01T00:00:00Z"}])
def test_what_cannot_be_asked_is_refused_in_words(town, asked):
    answer = ask(town, f"/v1/streams/{stream(town, 'open-1')}/means", by=None, **asked)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == "sense.bad_span"


def test_a_csv_page_loses_no_track(town, monkeypatch):
    """Several tracks of one moment lie on both sides of a page's end."""
    monkeypatch.setattr("cityloop.stages.sense.routes.history.PAGE_ROWS", 4)
    town.device("cam-1", streams=[{"key": "road", "observing": "detection", "words": ["road", "car"], "is_open": True}])
    town.register.refresh()
    town.senses.log.append(batch_of([3] * 10, [BEGAN] * 3 + [BEGAN + 1] * 3 + [BEGAN + 2] * 4, [0.5] * 10, [*range(1, 4), *range(1, 4), *range(1, 5)]))
    answer = ask(town, f"/v1/streams/{stream(town, 'cam-1')}/points", by=None, form="csv")
    assert len(list(csv.reader(io.StringIO(answer.text)))) == 11
