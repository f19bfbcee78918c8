"""Our own client: over HTTP and from a folder alike; it reads another city into ours, and ours serves it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from tests.open311_world import LAT, LON, POTHOLE, V2, over_http, town_at

from cityloop.doors.open311 import City, FolderSource, Format, HttpSource, read_city
from cityloop.doors.open311.model import AnswerUnreadable, CityUnreachable
from cityloop.people.erasure import erase_asked

ZONE = ZoneInfo("Asia/Shanghai")
SINCE, UNTIL = datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 3, 6, 2, tzinfo=UTC)


@contextmanager
def live(town, format: Format = Format.json) -> Iterator[HttpSource]:
    """The town, read over HTTP."""
    with over_http(town.parts) as address, HttpSource(f"{address}{V2}", format=format) as source:
        yield source


def filled(town) -> list[str]:
    """Some requests over more than two windows, the newest first."""
    came = [town.case(state="closed", at=at) for at in ("2025-10-02 09:00", "2026-01-05 09:00", "2026-03-01 09:00")]
    town.clock.set("2026-03-06 08:30")
    came.append(town.get(f"tokens/{town.report(address_string='七号门前')}.json").json()[0]["service_request_id"])
    town.clock.set("2026-03-06 09:00")
    return came[::-1]


def recorded(town, folder: Path, format: str) -> Path:
    """The answers that a reader would get, as files."""
    folder.mkdir()
    wide = {"start_date": "2025-12-06T01:00:00Z", "end_date": "2026-03-06T01:00:00Z"}
    for name, what, asked in (
        ("services", "services", {}),
        (f"services_{POTHOLE}", f"services/{POTHOLE}", {}),
        ("requests", "requests", wide),
        ("servicerequestupdates", "servicerequestupdates", wide),
    ):
        (folder / f"{name}.{format}").write_bytes(town.get(f"{what}.{format}", **asked).content)
    return folder


@pytest.mark.parametrize("format", ["json", "xml"])
def test_the_port_and_its_fake_give_the_same(town, tmp_path, format):
    """What is read from files is what is read over HTTP, in either spelling."""
    came = filled(town)
    with live(town, Format(format)) as source:
        city = City(source, zone=ZONE)
        since = datetime(2025, 12, 6, 1, tzinfo=UTC)
        asked = city.services(), list(city.requests(since, UNTIL)), list(city.updates(since, UNTIL))
    city = City(FolderSource(recorded(town, tmp_path / "answers", format)), zone=ZONE)
    kept = city.services(), list(city.requests(SINCE, UNTIL)), list(city.updates(SINCE, UNTIL))
    assert kept == asked
    assert [each.id for each in asked[1]] == came[:3]
    hole = next(each for each in asked[0] if each.code == POTHOLE)
    assert [each.code for each in hole.attributes][:2] == ["DEPTH", "LANE"]
    assert hole.attributes[1].values == (("left", "左侧"), ("right", "右侧"))


@pytest.mark.parametrize("page_size", [1, 2, 1000])
def test_all_pages_of_all_windows_are_read_each_request_once(town, page_size):
    came = filled(town)
    with live(town) as source:
        city = City(source, zone=ZONE, page_size=page_size)
        assert sorted(each.id for each in city.requests(SINCE, UNTIL)) == sorted(came)


def test_a_city_is_read_and_served_again_field_by_field(town, tmp_path, places, clock, monkeypatch):
    filled(town)
    with live(town, Format.xml) as source, town_at(places, clock, monkeypatch) as reader:
        city = City(source, zone=ZONE)
        read = read_city(reader.parts.writer, city, "north.example", SINCE, UNTIL)
        assert (read.requests, read.requests_new, read.undated) == (4, 4, 0)
        assert read.updates == read.updates_new > 10
        elsewhere = {"jurisdiction_id": "north.example"}
        for first in ("2025-10-01T00:00:00Z", "2025-12-29T00:00:00Z"):
            span = {"start_date": first}
            there, here = town.get("requests.json", **span).json(), reader.get("requests.json", **span, **elsewhere).json()
            assert here == there != []
        assert reader.get("services.json", **elsewhere).json() == town.get("services.json").json()
        definition = f"services/{POTHOLE}.json"
        assert reader.get(definition, **elsewhere).json() == town.get(definition).json()
        told = [msgspec.json.decode(each.get("servicerequestupdates.json", **more).content) for each, more in ((town, {}), (reader, elsewhere))]
        assert sorted(told[0], key=str) == sorted(told[1], key=str)
        assert reader.get("requests.json").json() == [], "none of it is a case of ours"
        assert reader.value("SELECT count(*) FROM case_file WHERE city = :city") == 0
        assert reader.replayed() == []


def test_read_again_only_what_changed_is_kept(town, places, clock, monkeypatch):
    came = filled(town)
    with live(town) as source, town_at(places, clock, monkeypatch) as reader:
        city = City(source, zone=ZONE)
        read_city(reader.parts.writer, city, "north.example", SINCE, UNTIL)
        size = reader.size()
        again = read_city(reader.parts.writer, city, "north.example", SINCE, UNTIL)
        assert (again.requests, again.requests_new, again.updates_new, again.services_changed) == (4, 0, 0, False)
        assert reader.size() == size
        clock.forward(minutes=5)
        sent = {"service_request_id": came[0], "update_id": "u", "updated_datetime": "2026-03-06T09:00:00+08:00"}
        town.post("servicerequestupdates.json", **sent, status="FIXED", description="gone")
        new = town.case()
        third = read_city(reader.parts.writer, city, "north.example", SINCE, UNTIL)
        assert (third.requests_new, third.updates_new) == (1, 2)
        shown = reader.get(f"requests/{new}.json", jurisdiction_id="north.example").json()
        assert shown == town.get(f"requests/{new}.json").json()


def test_another_citys_requests_are_asked_for_like_our_own(town, places, clock, monkeypatch):
    came = filled(town)
    with live(town) as source, town_at(places, clock, monkeypatch) as reader:
        read_city(reader.parts.writer, City(source, zone=ZONE), "north.example", SINCE, UNTIL)
        span = {"start_date": "2025-12-10T00:00:00Z", "end_date": "2026-03-06T01:00:00Z"}
        changed = {"updated_after": "2026-03-01T00:00:00Z", "updated_before": "2026-03-06T01:00:00Z"}
        near = {"lat": str(LAT), "long": str(LON), "radius": "30"}
        for asked in (
            {}, span, span | {"status": "closed"}, span | {"service_code": POTHOLE}, span | {"page_size": "1", "page": "2"},
            span | near, changed, changed | {"status": "open"}, {"service_request_id": came[3]},
        ):  # fmt: skip
            there = town.get("requests.json", **asked)
            here = reader.get("requests.json", jurisdiction_id="north.example", **asked)
            assert here.json() == there.json(), asked
            assert ("link" in here.headers) == ("link" in there.headers)
        assert town.get("requests.json", **span | near).json() != []


def test_words_of_another_city_lie_in_the_vault_and_can_be_erased(town, places, clock, monkeypatch):
    came = filled(town)
    with live(town) as source, town_at(places, clock, monkeypatch) as reader:
        read_city(reader.parts.writer, City(source, zone=ZONE), "north.example", SINCE, UNTIL)
        bodies = reader.ask(lambda tx: b"".join(row[0] for row in tx.tuples("SELECT body FROM fact WHERE city = :city")))
        for word in ("a deep hole", "七号门前"):
            assert word.encode() not in bodies
        asked = {"subjects": [f"foreign/north.example/{came[0]}"], "ids": [], "reason": "ordered"}
        reader.parts.writer.change(lambda tx: erase_asked(tx, erased=reader.parts.erased, **asked))
        (shown,) = reader.get(f"requests/{came[0]}.json", jurisdiction_id="north.example").json()
        assert (shown["service_request_id"], shown["status"], shown["description"]) == (came[0], "open", None)


# cities that behave otherwise


class Odd:
    """A city with requests, one a minute, that answers as it likes."""

    def __init__(self, count: int, *, pages: bool, most: int = 1000, fails: tuple[int, ...] = ()):
        self.rows = [
            {"service_request_id": str(i), "requested_datetime": (SINCE + timedelta(minutes=i)).isoformat()} for i in range(count)
        ]
        self.pages, self.most, self.fails, self.asked = pages, most, list(fails), 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.fails:
            return httpx.Response(self.fails.pop(0), json=[{"code": 1, "description": "not today"}])
        asked = request.url.params
        first, last = (datetime.fromisoformat(asked[name].replace("Z", "+00:00")) for name in ("start_date", "end_date"))
        rows = [row for row in self.rows if first <= datetime.fromisoformat(row["requested_datetime"]) <= last]
        begin = self.most * (int(asked["page"]) - 1) if self.pages else 0
        return httpx.Response(200, json=rows[begin : begin + self.most])


def odd(behaves) -> City:
    client = httpx.Client(transport=httpx.MockTransport(behaves))
    return City(HttpSource("http://odd.example/v2", client=client, pause_s=0), zone=ZONE)


@pytest.mark.parametrize("behaves", [Odd(2500, pages=False), Odd(2500, pages=True), Odd(130, pages=True, most=50), Odd(30, pages=False, most=50)])
def test_a_city_that_knows_no_pages_or_smaller_ones_is_read_whole(behaves):
    found = [each.id for each in odd(behaves).requests(SINCE, SINCE + timedelta(days=5))]
    assert len(found) == len(set(found)) == len(behaves.rows)


def test_a_busy_city_is_asked_again_and_one_that_says_no_is_not():
    patient = Odd(3, pages=True, fails=(503, 429))
    assert len(list(odd(patient).requests(SINCE, SINCE + timedelta(days=1)))) == 3
    with pytest.raises(CityUnreachable, match="says 503"):
        list(odd(Odd(3, pages=True, fails=(503,) * 3)).requests(SINCE, SINCE + timedelta(days=1)))
    stern = Odd(3, pages=True, fails=(400,))
    with pytest.raises(CityUnreachable, match="says 400: not today"):
        list(odd(stern).requests(SINCE, SINCE + timedelta(days=1)))
    assert stern.asked == 1


def test_a_city_that_is_not_there_or_knows_no_updates():
    def gone(request):
        raise httpx.ConnectError("refused")

    with pytest.raises(CityUnreachable, match="does not answer: ConnectError"):
        odd(gone).services()
    assert list(odd(lambda request: httpx.Response(404)).updates(SINCE, UNTIL)) == []


def test_an_answer_without_end_is_cut_off(monkeypatch):
    monkeypatch.setattr("cityloop.doors.open311.client.BYTES_MAX", 1_000)
    with pytest.raises(AnswerUnreadable, match="more than 1000 bytes"):
        odd(lambda request: httpx.Response(200, content=b" " * 2_000)).services()


def test_entities_leave_nothing_in_the_city(town, tmp_path):
    (tmp_path / "services.json").write_text('[{"service_code": "1"}]')
    (tmp_path / "requests.xml").write_text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>')
    with pytest.raises(AnswerUnreadable, match="document type or an entity"):
        read_city(town.parts.writer, City(FolderSource(tmp_path), zone=ZONE), "evil.example", SINCE, UNTIL)
    assert town.value("SELECT count(*) FROM open311_request WHERE city = :city") == 0


def test_a_folder_with_two_answers_is_refused(tmp_path):
    for name in ("a_requests.json", "b_requests.xml"):
        (tmp_path / name).write_text("[]")
    with pytest.raises(AnswerUnreadable, match="several answers to requests"):
        FolderSource(tmp_path).fetch("requests")
    assert FolderSource(tmp_path, prefix="a_").fetch("requests").content == b"[]"
