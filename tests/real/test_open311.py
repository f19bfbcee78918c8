"""Real answers of real cities, `make real`: read by our client into a city, served by our server, equal field by field."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from real.page import measured, note
from tests.engines import Clock, Places
from tests.open311_world import town_at

from cityloop.doors.open311 import City, FolderSource, read_city

DATA = Path(__file__).parents[3] / "shared" / "data" / "requests_311" / "open311"
NAMES = {"text": "service_name", "value": "service_code"}  # of the city whose list is a menu of links
MOMENTS = ("requested_datetime", "updated_datetime", "expected_datetime")
SINCE, UNTIL = datetime(2012, 1, 1, tzinfo=UTC), datetime(2013, 1, 1, tzinfo=UTC)
CITIES = {
    "bloomington": (DATA / "open311status", "America/Indiana/Indianapolis", 21, 46),
    "san_francisco": (DATA / "open311status", "America/Los_Angeles", 56, 38),
    "boston": (DATA, "America/New_York", 0, 365),
}


def rows_in(folder: Path, prefix: str, what: str) -> list[dict[str, Any]]:
    """A file's rows, read by nothing of ours: field -> value as it stands there."""
    for path in folder.glob(f"{prefix}_{what}.*"):
        if path.suffix == ".json":
            return json.loads(path.read_text(encoding="utf-8"))
        root = ElementTree.parse(path).getroot()
        return [
            {NAMES[name.lower()]: value for name, value in row.attrib.items() if name.lower() in NAMES}
            or {field.tag: field.text for field in row}
            for row in root
        ]
    return []


def same(name: str, theirs: Any, ours: Any, zone: ZoneInfo) -> str:
    """How a field is the same: letter by letter, in meaning, as nothing on both sides; or not at all."""
    if theirs in (None, "") and ours in (None, ""):
        return "nothing"
    if theirs == ours:
        return "letter by letter"
    if name in MOMENTS and theirs and ours:
        at = datetime.fromisoformat(theirs if "." not in theirs else f"{theirs:0<26}"[:26])
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        return "in meaning" if at == datetime.fromisoformat(ours) else "different"
    if str(theirs).lower() == str(ours).lower():
        return "in meaning"  # Open and open, False and false, 39.1 and "39.1"
    try:
        return "in meaning" if float(theirs) == float(ours) else "different"
    except (TypeError, ValueError):
        return "different"


def compared(theirs: list[dict[str, Any]], ours: list[dict[str, Any]], key: str, zone: ZoneInfo) -> Counter:
    """How many fields are the same in which way; rows are told apart by `key` and their place."""
    found: Counter = Counter()
    assert [str(row[key]) for row in theirs] == [str(row[key]) for row in ours]
    for one, other in zip(theirs, ours, strict=True):
        for name, value in one.items():
            how = same(name, value, other.get(name), zone)
            assert how != "different", (one[key], name, value, other.get(name))
            found[how] += 1
    return found


@pytest.mark.real
@pytest.mark.parametrize("prefix", list(CITIES))
def test_a_real_city_is_read_and_served_again(prefix, tmp_path, monkeypatch):
    folder, zone_name, requests, services = CITIES[prefix]
    ways: dict[str, Counter] = {}
    assert folder.exists(), f"{folder} is absent; lay the data folder beside the project"
    zone = ZoneInfo(zone_name)
    told = {what: rows_in(folder, prefix, what) for what in ("services", "requests")}
    assert (len(told["requests"]), len(told["services"])) == (requests, services)
    with town_at(Places("sqlite", tmp_path, ""), Clock(), monkeypatch) as town:
        city = City(FolderSource(folder, prefix=prefix), zone=zone)
        read = read_city(town.parts.writer, city, prefix, SINCE, UNTIL)
        assert (read.requests, read.requests_new, read.services, read.undated) == (requests, requests, services, 0)
        span = {"start_date": "2012-04-01T00:00:00Z", "end_date": "2012-06-29T00:00:00Z", "jurisdiction_id": prefix}
        newest = sorted(told["requests"], key=lambda row: row["requested_datetime"], reverse=True)
        answers = {
            "requests": town.get("requests.json", **span).json(),
            "services": town.get("services.json", jurisdiction_id=prefix).json(),
            "requests in XML": xml_rows(town.get("requests.xml", **span).content),
            "services in XML": xml_rows(town.get("services.xml", jurisdiction_id=prefix).content),
        }
        for what, ours in answers.items():
            rows, key = (newest, "service_request_id") if what.startswith("requests") else (told["services"], "service_code")
            ways[f"{len(rows)} {what}"] = compared(rows, ours, key, zone)
            print(f"{prefix}, {len(rows)} {what}: {dict(ways[f'{len(rows)} {what}'])}")
        again = read_city(town.parts.writer, city, prefix, SINCE, UNTIL)
        assert (again.requests_new, again.services_changed) == (0, False)
        assert town.replayed() == []
    note("open311", {"cities": measured().get("open311", {}).get("cities", {}) | {prefix: ways}})


def xml_rows(raw: bytes) -> list[dict[str, Any]]:
    return [{field.tag: field.text for field in row} for row in ElementTree.fromstring(raw)]


def test_a_difference_is_seen():
    """The comparison itself can fail."""
    zone = ZoneInfo("UTC")
    for name, theirs, ours in (
        ("description", "a", "b"), ("description", "a", None), ("zipcode", "07", "7x"), ("status", "Open", "closed"),
        ("requested_datetime", "2012-05-22 23:57:23.97", "2012-05-22T23:57:23+00:00"), ("lat", "39.1", "39.2"),
    ):  # fmt: skip
        assert same(name, theirs, ours, zone) == "different", name
