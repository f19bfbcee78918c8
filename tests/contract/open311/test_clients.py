"""Clients that nobody here wrote, against our server on a real port of this machine."""

from datetime import timedelta

import civicbot.http
import georeport
import pytest
from civicbot.open311 import Open311Client, ValidationError
from civicbot.registry import Endpoint
from tests.open311_world import LAT, LON, POTHOLE, RUBBISH, V2, over_http

from cityloop.doors.open311.client import spelled


@pytest.fixture
def address(town):
    """Where the town answers to anybody who speaks HTTP."""
    with over_http(town.parts) as found:
        yield f"{found}{V2}"


def bot(address: str, **more) -> Open311Client:
    """civicbot's client; it waits half a second between calls to a city, which a test need not."""
    endpoint = Endpoint(id="town", name="Town", base_url=address, write=True, api_key_required_for_write=False)
    hurried = civicbot.http.HttpTransport(rate_limiter=civicbot.http.RateLimiter(min_interval=0))
    return Open311Client(endpoint, hurried, **more)


@pytest.mark.parametrize("format", ["json", "xml"])
def test_georeport_reads_services_definitions_and_requests(town, address, format):
    closed, open = town.case(state="closed"), town.case(kind="event/0113")
    client = georeport.GeoReport(address, jurisdiction="town.example", output_format=format)
    services = {each["service_code"]: each for each in client.get_service_list()}
    assert services[RUBBISH]["service_name"] == "暴露生活垃圾"
    assert str(services[POTHOLE]["metadata"]).lower() == "true"
    definition = client.get_service_definition(POTHOLE)
    attributes = definition["attributes"] if format == "json" else definition["attributes"]["attribute"]
    assert [each["code"] for each in attributes][:2] == ["DEPTH", "LANE"]
    assert {each["service_request_id"] for each in client.get_service_requests()} == {closed, open}
    assert client.get_service_request(closed)["status"] == "closed"
    span = {"start_date": spelled(town.clock.now - timedelta(hours=1)), "end_date": spelled(town.clock.now)}
    few = client.get_service_requests(service_code=RUBBISH, status="closed", **span)
    assert [each["service_request_id"] for each in (few if format == "json" else [few])] == [closed]


def test_georeport_sees_an_error_as_an_error(address):
    client = georeport.GeoReport(address)
    with pytest.raises(georeport.georeport.requests.HTTPError, match="404"):
        client.get_service_definition("dragons")
    with pytest.raises(georeport.georeport.requests.HTTPError, match="400"):
        client.get_service_requests(start_date="2020-01-01T00:00:00Z", end_date="2026-01-01T00:00:00Z")


def test_civicbot_reports_and_follows_what_became_of_it(town, address):
    client = bot(address)
    answers = {"DEPTH": "12", "LANE": "left", "DANGER": ["cyclists", "walkers"]}
    place = {"lat": LAT, "lng": LON, "description": "a deep hole"}
    sent = client.create_request(
        POTHOLE, attributes=answers, **place, dry_run=False, confirm="SEND", validate_remote=True
    )
    token = sent.response[0]["token"]
    with pytest.raises(civicbot.http.HttpError) as early:
        client.get_token(token)
    assert early.value.status == 404
    town.drain()
    id = client.get_token(token)[0]["service_request_id"]
    shown = client.get_request(id)
    assert (shown["status"], shown["description"], shown["service_code"]) == ("open", "a deep hole", POTHOLE)
    assert [each["service_request_id"] for each in client.list_requests(service_request_ids=[id])] == [id]
    assert [each["service_request_id"] for each in client.list_requests(page_size=1)] == [id]


def test_civicbot_checks_a_report_by_our_own_definition(address):
    client = bot(address)
    place = {"lat": LAT, "lng": LON}
    with pytest.raises(ValidationError, match="required attribute 'DEPTH' missing"):
        client.create_request(POTHOLE, attributes={"LANE": "left"}, validate_remote=True, **place)
    with pytest.raises(ValidationError, match="not in"):
        client.create_request(POTHOLE, attributes={"DEPTH": "1", "LANE": "up"}, validate_remote=True, **place)
    with pytest.raises(ValidationError, match="not offered"):
        client.create_request("dragons", validate_remote=True, **place)


def test_civicbot_is_refused_in_words(address):
    with pytest.raises(civicbot.http.HttpError, match=r"attribute\[DEPTH\] is required") as no:
        bot(address).create_request(POTHOLE, lat=LAT, lng=LON, dry_run=False, confirm="SEND")
    assert no.value.status == 400
