"""The extension for updates: what happened to requests, and what others tell of them."""

from xml.etree import ElementTree

import pytest
from tests.open311_world import V2

SAID = {"update_id": "u1", "updated_datetime": "2026-03-06T08:00:00+08:00", "status": "OPEN", "description": "still there"}
FIELDS = ["update_id", "service_request_id", "status", "updated_datetime", "description", "media_url"]


def tell(town, id: str, **changed: str):
    return town.post("servicerequestupdates.json", service_request_id=id, **SAID | changed)


def test_updates_tell_what_happened_in_its_order(town):
    id = town.case(state="closed", at="2026-03-05 09:00")
    refusal = town.case(state="refused", at="2026-03-06 09:00")
    told = town.get("servicerequestupdates.json").json()
    assert all(list(each) == FIELDS for each in told)
    statuses = [each["status"] for each in told if each["service_request_id"] == id]
    assert statuses == ["OPEN", "ACTION_SCHEDULED", "IN_PROGRESS", "INVESTIGATING", "FIXED"]
    assert [(each["service_request_id"], each["status"]) for each in told][-1] == (refusal, "NO_FURTHER_ACTION")
    assert len({each["update_id"] for each in told}) == len(told)
    root = ElementTree.fromstring(town.get("servicerequestupdates.xml").content)
    assert (root.tag, root[0].tag) == ("service_requests_updates", "request_update")


def test_updates_of_a_span(town):
    old, new = town.case(at="2026-03-02 09:00"), town.case(at="2026-03-04 09:00")
    town.clock.set("2026-03-06 09:00")
    span = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-03-03T00:00:00Z"}
    assert {each["service_request_id"] for each in town.get("servicerequestupdates.json", **span).json()} == {old}
    span = {"start_date": "2026-03-03T00:00:00Z", "end_date": "2026-03-05T00:00:00Z"}
    assert {each["service_request_id"] for each in town.get("servicerequestupdates.json", **span).json()} == {new}


def test_updates_of_more_than_ninety_days_are_refused(town):
    span = {"start_date": "2025-12-01T00:00:00Z", "end_date": "2026-03-05T00:00:00Z"}
    assert town.get("servicerequestupdates.json", **span).status_code == 400


def test_an_update_is_kept_with_the_case_and_changes_nothing(town):
    id = town.case(state="dispatched")
    before = town.get(f"requests/{id}.json").json()
    answer = tell(town, id)
    assert answer.status_code == 201
    assert town.get(f"requests/{id}.json").json() == before
    told = [each for each in town.get("servicerequestupdates.json").json() if each["description"] == "still there"]
    assert [(each["update_id"], each["status"]) for each in told] == [(answer.json()[0]["update_id"], "OPEN")]
    assert town.value("SELECT subject FROM vault WHERE city = :city AND kind = 'told'") == f"case/{id}"
    assert town.replayed() == []


def test_an_update_told_twice_is_kept_once(town):
    id = town.case()
    first, second = tell(town, id), tell(town, id, description="still there, I say")
    assert first.json() == second.json()
    assert town.value("SELECT count(*) FROM open311_update WHERE city = :city") == 1
    assert tell(town, id, update_id="u2").json() != first.json()


@pytest.mark.parametrize("name", ["service_request_id", *SAID])
def test_an_update_has_its_fields(town, name):
    sent = {"service_request_id": town.case(), **SAID} | {name: ""}
    answer = town.post("servicerequestupdates.json", **sent)
    assert answer.status_code == 400
    assert answer.json()[0]["description"] == f"{name} was not provided."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "EXPLODED"), ("updated_datetime", "yesterday"), ("updated_datetime", "2026-03-06T10:00:00+08:00"),
        ("update_id", "u" * 201), ("description", "x" * 4001),
    ],
)  # fmt: skip
def test_an_update_that_cannot_be_is_refused(town, name, value):
    id, before = town.case(), town.size()
    answer = tell(town, id, **{name: value})
    assert answer.status_code == 400
    assert answer.json()[0]["description"].startswith(name)
    assert town.size() == before


@pytest.mark.parametrize("kind", ["unknown", "internal"])
def test_an_update_of_no_request_is_404(town, kind):
    id = "42" if kind == "unknown" else town.case(kind="event/0136")
    answer = tell(town, id)
    assert answer.status_code == 404
    assert answer.json()[0]["description"] == f"The service_request_id '{id}' was not found."


def test_what_others_told_is_read_only_where_words_are_public(town, shy_town):
    id = shy_town.case()
    assert tell(shy_town, id).status_code == 201
    assert "still there" not in shy_town.get("servicerequestupdates.json").text
    assert "still there" not in town.client.get(f"{V2}/servicerequestupdates.xml").text
