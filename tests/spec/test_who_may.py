"""Who may do what: the right of a post, its area, the version that was seen, and two people at once."""

import pytest


@pytest.mark.parametrize(
    ("deed", "post"),
    [
        ("accept", "dispatcher"),
        ("file", "acceptor"),
        ("refuse", "collector-a1"),
        ("ask_verify", "handler-cleaning"),
        ("dispatch", "leader-on-duty"),
    ],
)
def test_a_post_without_the_right_may_not(world, deed, post):
    """Supervision and command are apart: neither does the other's work."""
    world.report("r1", kind="greenery" if deed != "dispatch" else "noise")
    with world.refuses("not_allowed"):
        getattr(world, deed)("r1", by=post)
    with world.refuses("needs_sign_in"):
        getattr(world, deed)("r1", by="")


def test_a_case_of_another_area_is_not_there(world):
    """404, not 403: what one may not know of does not exist."""
    world.report("r1", kind="greenery", cell="a1")
    with world.refuses("case.unknown"):
        world.accept("r1", by="acceptor-south")
    with world.refuses("case.unknown"):
        world.view("r1", by="acceptor-south")


def test_two_people_on_one_case_at_once(world):
    """Both saw the same version; the second is told what happened since, and nothing is overwritten."""
    world.report("r1", kind="greenery")
    case = world.case("r1")
    path = f"/v1/cases/{case.id}"
    world.post(f"{path}/accept", by="acceptor", match=case.no, json={})
    with world.refuses("stale"):
        world.post(f"{path}/refusal", by="leader-on-duty", match=case.no, json={"reason": "not_ours"})
    assert world.state("r1") == "to_file"


def test_the_second_learns_what_has_changed(world):
    """The answer to the one who came second lists what was done in between."""
    world.report("r1", kind="greenery")
    case = world.case("r1")
    world.accept("r1")
    answer = world.client.post(
        f"/v1/cases/{case.id}/filing", headers={"x-post": "leader-on-duty", "if-match": '"1"'}, json={}
    )

    assert answer.status_code == 412
    assert [each["fact"] for each in answer.json()["changed"]] == ["CaseAccepted"]


def test_a_change_names_the_version_that_was_seen(world):
    """Without saying which version they saw, nobody changes anything."""
    world.report("r1", kind="greenery")
    with world.refuses("needs_match"):
        world.post(f"/v1/cases/{world.case('r1').id}/accept", by="acceptor", json={})


def test_the_same_key_twice_changes_once(world):
    """A request that was sent again because its answer was lost."""
    world.report("r1", kind="greenery")
    case = world.case("r1")
    headers = {"x-post": "acceptor", "if-match": f'"{case.no}"', "idempotency-key": "k1"}
    first = world.client.post(f"/v1/cases/{case.id}/accept", headers=headers, json={})
    second = world.client.post(f"/v1/cases/{case.id}/accept", headers=headers, json={})

    assert (first.status_code, second.status_code) == (201, 201)
    assert world.story("r1").count("CaseAccepted") == 1


def test_completion_with_a_photo_is_once_too(world):
    """A form sent again by a phone in a dead spot finishes the work once."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    case = world.case("r1")
    headers = {"x-post": "handler-cleaning", "if-match": f'"{case.no}"', "idempotency-key": "k2"}
    form = [("note", (None, "cleared away, all of it"))]
    request = world.client.build_request("POST", f"/v1/cases/{case.id}/completion", headers=headers, files=form)
    body, kind = request.read(), request.headers["content-type"]
    for _ in range(2):
        answer = world.client.post(
            f"/v1/cases/{case.id}/completion", headers={**headers, "content-type": kind}, content=body
        )
        assert answer.status_code == 201, answer.text
        world.drain()
    assert world.story("r1").count("TaskFinished") == 1
