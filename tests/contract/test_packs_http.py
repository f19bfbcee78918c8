"""The pack over HTTP: looked through, changed in a draft, tried, proposed by one and approved by another."""

import asyncio

import pytest
from litestar.testing import TestClient
from tests.report_world import HERE, City
from tests.still import stand_still

from cityloop import app as joined


@pytest.fixture
def city(tmp_path, monkeypatch):
    """The whole demo city; nothing happens by itself."""

    stand_still(monkeypatch)
    parts = joined.join(joined.Settings(home=str(tmp_path)))
    joined.open_city(parts)
    with TestClient(joined.create_app(parts), base_url=HERE["origin"]) as client:
        yield City(parts, client)
    parts.close()


@pytest.fixture
def assessor(city: City):
    return city.sign_in("assessor", post_of(city, "supervisor"))


@pytest.fixture
def leader(city: City):
    return city.sign_in("the-leader", post_of(city, "leader"))


def post_of(city: City, role: str) -> str:
    return next(post.id for post in city.parts.book.in_force().posts if post.role == role)


def rule_of(client, key: str = "") -> dict:
    rows = client.get("/v1/packs/current/rules").json()["items"]
    return next((row for row in rows if row["key"] == key), rows[0])


def draft_with(client, **cells) -> dict:
    draft = client.post("/v1/packs/drafts").json()
    row = rule_of(client)
    body = {"no": draft["no"], "rows": [{"table": "rules", "cells": {**row["cells"], **cells}}]}
    answer = client.post(f"/v1/packs/drafts/{draft['id']}/edits", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_rows_are_found_by_their_words_and_name_their_source(city, assessor):
    view = assessor.get("/v1/packs/current").json()
    assert {"classes", "rules", "approvals", "duties", "units"} <= {each["table"] for each in view["tables"]}
    found = assessor.get("/v1/packs/current/classes", params={"q": "井盖", "limit": 3}).json()
    assert found["items"]
    assert all("井盖" in str(row["cells"]) for row in found["items"])
    assert all(row["source"]["document"] for row in found["items"])
    assert assessor.get("/v1/packs/current/nonsense").json()["code"] == "pack.table_unknown"


def test_pages_of_rows_meet_without_a_gap(city, assessor):
    whole = assessor.get("/v1/packs/current/rules", params={"limit": 200}).json()
    keys, after = [], None
    while True:
        page = assessor.get("/v1/packs/current/rules", params={"limit": 7, **({"after": after} if after else {})}).json()
        keys += [row["key"] for row in page["items"]]
        after = page["next"]
        if after is None or len(keys) >= len(whole["items"]):
            break
    assert keys[: len(whole["items"])] == [row["key"] for row in whole["items"]]


def test_the_decision_table_is_given_as_the_editor_opens_it(city, assessor):
    content = assessor.get("/v1/packs/current/duties.jdm.json").json()
    assert [node["type"] for node in content["nodes"]].count("decisionTableNode") == 1
    rows = assessor.get("/v1/packs/current/duties").json()["items"]
    assert rows[0]["source"]["document"]


def test_a_draft_is_checked_as_on_the_command_line(city, assessor):
    draft = draft_with(assessor, limit_unit="fortnight")
    assert not draft["sound"]
    assert draft["problems"][0]["file"] == "demo/rules.csv"
    assert "fortnight" in draft["problems"][0]["what"]
    refused = assessor.post("/v1/packs/proposals", json={"draft": draft["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "pack.draft_unsound")


def test_one_proposes_another_approves_and_it_is_in_force(city, assessor, leader):
    before = city.parts.book.in_force().digest
    draft = draft_with(assessor, limit_value="77")
    assert draft["sound"], draft["problems"]
    changes = assessor.get(f"/v1/packs/{draft['id']}/changes").json()["items"]
    assert [(each["thing"], each["how"], each["part"]) for each in changes] == [("rules", "changed", "limit")]
    made = assessor.post("/v1/packs/proposals", json={"draft": draft["id"]})
    assert made.status_code == 201, made.text
    id, tag = made.json()["id"], made.headers["etag"]
    assert made.json()["mine"]
    seen = leader.get(f"/v1/packs/proposals/{id}")
    done = leader.post(f"/v1/packs/proposals/{id}/approval", headers={"if-match": seen.headers["etag"]})
    assert (done.status_code, done.json()["state"]) == (201, "approved"), done.text
    assert city.parts.book.in_force().digest == draft["digest"]
    newest = leader.get("/v1/packs/versions").json()[0]
    assert newest["in_force"]
    assert (newest["proposed_by"]["name"], newest["approved_by"]["name"]) == ("assessor", "the-leader")
    assert newest["before"] == before
    again = leader.post(f"/v1/packs/proposals/{id}/approval", headers={"if-match": tag})
    assert again.status_code == 412
    assert rule_of(leader, changes[0]["key"])["cells"]["limit_value"] == "77"


def test_nobody_approves_their_own_and_without_the_right_nobody_at_all(city):
    both = city.sign_in("both", post_of(city, "system_admin"), post_of(city, "leader"))
    draft = draft_with(both, limit_value="78")
    made = both.post("/v1/packs/proposals", json={"draft": draft["id"]})
    tag = {"if-match": made.headers["etag"]}
    refused = both.post(f"/v1/packs/proposals/{made.json()['id']}/approval", headers=tag)
    assert (refused.status_code, refused.json()["code"]) == (403, "pack.own_proposal")
    only = city.sign_in("only", post_of(city, "supervisor"))
    assert only.post(f"/v1/packs/proposals/{made.json()['id']}/approval", headers=tag).status_code == 403
    assert both.post(f"/v1/packs/proposals/{made.json()['id']}/withdrawal", headers=tag).json()["state"] == "withdrawn"


def test_a_rejection_has_a_reason_with_words(city, assessor, leader):
    draft = draft_with(assessor, limit_value="79")
    made = assessor.post("/v1/packs/proposals", json={"draft": draft["id"]})
    path, tag = f"/v1/packs/proposals/{made.json()['id']}/rejection", {"if-match": made.headers["etag"]}
    assert leader.post(path, json={"reason": "bah"}, headers=tag).json()["code"] == "pack.reason_unknown"
    assert leader.post(path, json={"reason": "limit_wrong"}, headers=tag).json()["state"] == "rejected"
    refused = leader.post(path, json={"reason": "limit_wrong"}, headers={"if-match": '"3"'})
    assert refused.status_code in (409, 412)


def test_a_draft_over_a_version_that_is_gone_is_drafted_again(city, assessor, leader):
    first, second = draft_with(assessor, limit_value="71"), draft_with(assessor, limit_value="72")
    made = assessor.post("/v1/packs/proposals", json={"draft": first["id"]})
    leader.post(f"/v1/packs/proposals/{made.json()['id']}/approval", headers={"if-match": made.headers["etag"]})
    refused = assessor.post("/v1/packs/proposals", json={"draft": second["id"]})
    assert refused.json()["code"] == "pack.base_moved"


def test_two_who_edit_one_draft_do_not_overwrite_each_other(city, assessor):
    draft = draft_with(assessor, limit_value="73")
    late = assessor.post(f"/v1/packs/drafts/{draft['id']}/edits", json={"no": draft["no"] - 1, "rows": []})
    assert late.status_code == 412


def test_a_trial_runs_in_the_background_and_lists_what_would_differ(city, assessor):
    city.send(text="路面有个坑", lon=112.53, lat=28.48)
    city.parts.delivery.drain()
    draft = draft_with(assessor, limit_value="80")
    today = city.parts.database.clock().date().isoformat()
    asked = assessor.post(
        "/v1/packs/trials", json={"version": draft["id"], "from": "2026-01-01" if today < "2026-01-02" else today, "to": "2100-01-01"}
    )
    assert asked.status_code == 201, asked.text
    assert asked.json()["state"] == "waiting"
    assert asyncio.run(city.parts.tries.round())
    done = assessor.get(f"/v1/packs/trials/{asked.json()['id']}").json()
    assert (done["state"], done["done"]) == ("done", done["size"]), done
    assert done["score"]["filings"] >= 0
    lines = assessor.get(f"/v1/packs/trials/{done['id']}/lines").json()
    assert lines["next"] is None
    assert not asyncio.run(city.parts.tries.round())
    assert assessor.get("/v1/packs/trials/none").json()["code"] == "trial.unknown"
    wrong = assessor.post("/v1/packs/trials", json={"version": "current", "from": "2100-01-01", "to": "2100-01-02"})
    assert wrong.json()["code"] == "trial.period_wrong"


def test_a_proposal_of_where_and_why_is_tried_and_can_be_put_up(city, assessor):
    """Its draft passes the checks of the pack, so another may let it come into force."""
    today = city.parts.database.clock().date().isoformat()
    policy = city.parts.book.in_force()
    unit = next(each.id for each in policy.units if each.kind == "sanitation")
    remedy = {"class_key": "gbt30428_2_2013/event/0111", "unit": unit, "area": "990101001"}
    assert remedy["area"] in policy.area_by_code
    asked = assessor.post("/v1/packs/remedies", json={"remedy": remedy, "from": today, "to": today})
    assert asked.status_code == 201, asked.text
    assert asked.json()["remedy"] == remedy
    assert asyncio.run(city.parts.tries.round())
    assert assessor.get(f"/v1/packs/trials/{asked.json()['id']}").json()["state"] == "done"
    draft = assessor.get(f"/v1/packs/drafts/{asked.json()['draft_id']}").json()
    assert draft["sound"], draft["problems"]
    assert assessor.post("/v1/packs/proposals", json={"draft": draft["id"]}).json()["state"] == "waiting"
