"""Four years of twelve air stations come in as history: every hour and every month as plain pandas counts them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from cityloop.app import Settings, join, open_city
from cityloop.app.parts import Parts
from cityloop.domain.calendar import epoch_us
from cityloop.doors.past import PastMapping, import_past
from cityloop.doors.past.mapping import Moment
from cityloop.stages.sense.rules.describing import StreamAsked
from cityloop.stages.sense.rules.reading_back import edges_of
from cityloop.stages.sense.service.register import ThingAsked, register_things
from cityloop.telemetry.model import HOUR_US

DATA = Path(__file__).resolve().parents[3] / "shared/data/sensors"
COLUMNS = {
    "PM2.5": "pm25", "PM10": "pm10", "SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3", "TEMP": "temp", "PRES": "pres",
    "DEWP": "dewp", "RAIN": "rain", "WSPM": "wspm",
}  # fmt: skip
ZONE = ZoneInfo("Asia/Shanghai")
MAPPING = PastMapping(thing_column="station", at=Moment(columns=("year", "month", "day", "hour"), zone="Asia/Shanghai"), streams=COLUMNS)

pytestmark = pytest.mark.real


@pytest.fixture
def parts(tmp_path) -> Iterator[Parts]:
    """A city of its own."""
    found = join(Settings(home=str(tmp_path / "home")))
    open_city(found)
    yield found
    found.close()


def register(parts: Parts, names: list[str], keys: list[str]) -> None:
    asked = [ThingAsked(key=name, streams=tuple(StreamAsked(key=key) for key in keys)) for name in names]
    policy = parts.book.in_force()
    parts.writer.change(lambda tx: register_things(tx, asked, policy=policy), actor="machine:test")
    parts.register.refresh()


def bring(parts: Parts, path: Path, mapping: PastMapping):
    return import_past(path, mapping, parts.register.now(), parts.senses.history, parts.senses.past.append, bad=path.parent / "never")


def test_twelve_stations_four_years(parts):
    files = sorted((DATA / "beijing_air").glob("PRSA_Data_*.csv.gz"))
    assert len(files) == 12
    frames = pd.concat([pd.read_csv(path) for path in files])
    register(parts, sorted(frames["station"].unique()), list(COLUMNS.values()))
    wanted = int(frames[list(COLUMNS)].notna().sum().sum())

    tallies = [bring(parts, path, MAPPING) for path in files]

    assert sum(each.new for each in tallies) == wanted
    assert sum(each.bad for each in tallies) == 0
    while parts.senses.segments.seal(datetime.now(UTC)):
        pass
    again = bring(parts, files[3], MAPPING)
    assert (again.new, again.same) == (0, tallies[3].new)

    local = pd.to_datetime(frames[["year", "month", "day", "hour"]]).dt.tz_localize(ZONE)
    frames["us"] = local.dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[us]").astype("int64")
    long = frames.melt(id_vars=["station", "us", "year", "month"], value_vars=list(COLUMNS)).dropna(subset="value")
    numbers = parts.register.now().by_key
    long["stream"] = (long["station"] + "/" + long["variable"].map(COLUMNS)).map(numbers)
    since, until = datetime(2013, 3, 1, tzinfo=ZONE), datetime(2017, 3, 1, tzinfo=ZONE)

    hours = parts.senses.history.means(None, epoch_us(since), epoch_us(until), HOUR_US)
    plain = long.sort_values(["stream", "us"])
    assert np.array_equal(hours.stream, plain["stream"])
    assert np.array_equal(hours.at, plain["us"])
    assert np.array_equal(hours.mean, plain["value"])

    months = parts.senses.history.means(None, epoch_us(since), epoch_us(until), edges_of("month", since, until, ZONE))
    grouped = long.groupby(["stream", "year", "month"])["value"].agg(["size", "mean", "min", "max"]).reset_index()
    assert np.array_equal(months.stream, grouped["stream"])
    assert np.array_equal(months.count, grouped["size"])
    assert months.mean == pytest.approx(grouped["mean"].to_numpy(), rel=1e-12)
    assert np.array_equal(months.least, grouped["min"])
    assert np.array_equal(months.most, grouped["max"])


def test_series_of_one_column(parts):
    """NAB's and Montreal's: a moment and a value."""
    register(parts, ["taxi", "noise"], ["value"])
    taxi = PastMapping(thing="taxi", at=Moment(column="timestamp", zone="UTC"), streams={"value": "value"})
    noise = PastMapping(thing="noise", at=Moment(column="datetime", zone="America/Montreal"), streams={"LEQ dB -A": "value"})
    for path, mapping in ((DATA / "nab/data/realKnownCause/nyc_taxi.csv", taxi), (DATA / "noise_montreal/test_data_laeq1m.csv", noise)):
        frame = pd.read_csv(path)
        tally = bring(parts, path, mapping)
        assert (tally.new, tally.bad) == (frame.iloc[:, 0].nunique(), 0) or tally.new + tally.same == len(frame)
        found = parts.senses.history.points([parts.register.now().by_key[f"{mapping.thing}/value"]], -(2**60), 2**60, 10**6)
        assert found.value.sum() == pytest.approx(frame.drop_duplicates(frame.columns[0], keep="last").iloc[:, 1].sum())
