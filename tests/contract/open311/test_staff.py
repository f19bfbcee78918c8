"""What came by Open311, as those see it who work on the case."""

import pytest
from litestar.testing import TestClient
from tests.open311_world import V2
from tests.people_world import PASSWORD, hashed

from cityloop.people import Person, open_account, set_password, take_post

HERE = {"origin": "http://town.local"}


@pytest.fixture
def acceptor(town):
    """A browser in which somebody is signed in who may accept cases."""
    return signed_in(town, "acceptor")


def signed_in(town, post: str) -> TestClient:
    def use_case(tx):
        account = open_account(tx, sign_in_name=post, person=Person(name=post))
        set_password(tx, account, hashed(), must_change=False)
        take_post(tx, account, post, policy=town.policy)

    town.parts.writer.change(use_case)
    client = TestClient(town.client.app, base_url=HERE["origin"])
    client.headers.update(HERE)
    assert client.post("/v1/sessions", json={"name": post, "password": PASSWORD}).status_code == 201
    return client


def reported(town) -> str:
    token = town.report(**{"attribute[DANGER][]": ["cyclists"], "media_url": "https://pictures.example/1.jpg"})
    return town.get(f"tokens/{token}.json").json()[0]["service_request_id"]


def test_answers_stand_beside_the_words(town, acceptor):
    id = reported(town)
    (line,) = acceptor.get(f"/v1/cases/{id}").json()["reports"]
    assert line["answers"] == {"DEPTH": ["12"], "LANE": ["left"], "DANGER": ["cyclists"]}
    assert line["media_url"] == "https://pictures.example/1.jpg"
    page = acceptor.get(f"/cases/{id}", headers={"accept-language": "en"}).text
    assert "In which lane? Left" in page
    assert "https://pictures.example/1.jpg" in page
    whole = acceptor.get(f"/v1/reports/{line['id']}").json()
    assert (whole["answers"]["LANE"], whole["media_url"]) == (["left"], "https://pictures.example/1.jpg")


def test_what_others_told_is_read_by_those_who_may_read_the_case(town, acceptor):
    id = reported(town)
    sent = {"service_request_id": id, "update_id": "u1", "updated_datetime": "2026-03-06T08:00:00+08:00"}
    for number, status in enumerate(("OPEN", "FIXED")):
        town.post("servicerequestupdates.json", **sent | {"update_id": f"u{number}"}, status=status, description=f"said {number}")
    told = acceptor.get(f"/v1/cases/{id}/updates").json()
    assert [(each["their_id"], each["status"], each["text"]) for each in told] == [("u0", "OPEN", "said 0"), ("u1", "FIXED", "said 1")]
    assert town.client.get(f"/v1/cases/{id}/updates").status_code == 401
    assert acceptor.get("/v1/cases/none/updates").status_code == 404


def test_the_documentation_names_what_may_be_asked_and_sent(town):
    paths = town.client.get("/docs/openapi.json").json()["paths"]
    asked = {each["name"] for each in paths[f"{V2}/requests.json"]["get"]["parameters"]}
    assert {"service_request_id", "service_code", "start_date", "end_date", "status", "page", "updated_after", "radius"} <= asked
    body = paths[f"{V2}/requests.xml"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/x-www-form-urlencoded", "multipart/form-data"}
    assert {"service_code", "lat", "long", "media", "attribute[CODE]"} <= set(body["multipart/form-data"]["schema"]["properties"])
    assert "400" in paths[f"{V2}/requests.json"]["get"]["responses"]
