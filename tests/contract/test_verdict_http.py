"""The verdict at the edge: a page that works without script, one answer for every wrong code, the same request once."""

from collections.abc import Iterator

import pytest
from tests.contract.test_pages import forms
from tests.engines import Clock, Places
from tests.world import World, the_app

from cityloop.domain import facts as f

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
CODE = "7G2KD9QW4X1M"
HERE = {"origin": "http://town.local"}


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[World]:
    """A town with one closed case of a resident."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_app() as client:
        world = World(places.open(clock=clock), clock, tmp_path, client)
        world.report("r1", kind="rubbish", channel="app", code=CODE)
        world.complete_all("r1")
        yield world
        world.close()


def page(town: World, query: str = "") -> str:
    answer = town.client.get(f"/track/{CODE}{query}", headers={"accept-language": "zh"})
    assert answer.status_code == 200, answer.text
    return answer.text


def send(town: World, **said: object):
    """Press the button of the form that the page shows."""
    (address,) = [each for each in forms(page(town)) if "/verdict" in each]
    answer = town.client.post(address, data=said, headers=HERE, follow_redirects=False)
    town.drain()
    return answer


def test_the_page_asks_and_says_what_happens_next(town):
    shown = page(town)
    assert "问题解决了吗" in shown
    assert "请在下面告诉我们解决了没有" in shown
    assert "3月9日前（含当天）" in shown, "the last day, and not the midnight after it"


def test_the_page_promises_no_more_than_the_city(town):
    """Where the duty leader decides, nobody is told that somebody comes again."""
    town.adopt("mini_lenient")
    assert "值班长会重新安排或者给您答复" in page(town)


def test_a_verdict_by_the_form(town):
    sent = send(town, solved="solved", satisfied="satisfied")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/track/{CODE}?judged=1#judge")
    shown = page(town, "?judged=1")
    assert "已收到您的评价" in shown
    assert 'value="solved" checked' in shown
    assert town.fact("r1", f.VerdictGiven).way == "link"


def test_not_solved_by_the_form_says_that_it_is_done_again(town):
    assert send(town, solved="not", reasons=["half_done", "came_back"], words="后门还有一堆").status_code == 303
    shown = page(town)
    assert "已退回单位重新办理" in shown
    assert "问题解决了吗" not in shown, "there is nothing to judge now"
    assert town.fact("r1", f.VerdictGiven).reasons == ("half_done", "came_back")
    assert "后门" not in str(town.told("r1"))


def test_a_refused_verdict_keeps_what_was_typed(town):
    answer = send(town, solved="", words="还没弄完 <b>")
    assert answer.status_code == 400
    assert "还没弄完 &lt;b&gt;" in answer.text


def test_pressed_twice_it_is_said_once(town):
    (address,) = [each for each in forms(page(town)) if "/verdict" in each]
    for _ in range(2):
        sent = town.client.post(address, data={"solved": "partly", "words": "差一点"}, headers=HERE, follow_redirects=False)
        assert sent.status_code == 303
    assert town.story("r1").count("VerdictGiven") == 1


def test_another_site_cannot_judge_in_somebodys_name(town):
    answer = town.client.post(f"/track/{CODE}/verdict", data={"solved": "not"}, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403
    assert town.story("r1").count("VerdictGiven") == 0


def test_an_idempotency_key_is_honoured(town):
    said = {"json": {"solved": "partly", "words": "once"}, "headers": {"idempotency-key": "k1"}}
    assert [town.client.post(f"/v1/track/{CODE}/verdict", **said).status_code for _ in range(2)] == [201, 201]
    assert town.story("r1").count("VerdictGiven") == 1
    other = {"json": {"solved": "solved"}, "headers": {"idempotency-key": "k1"}}
    assert town.client.post(f"/v1/track/{CODE}/verdict", **other).status_code == 409


def test_every_wrong_code_gets_the_same_answer(town):
    answers = [
        town.client.post(f"/v1/track/{code}/verdict", json={"solved": "solved"})
        for code in ("7G2KD9QW4X1N", "nothing", "7G2KD9QW4X1M7")
    ]
    assert {each.status_code for each in answers} == {404}
    assert len({each.text for each in answers}) == 1
    shown = town.client.post("/track/7G2KD9QW4X1N/verdict", data={"solved": "solved"}, headers=HERE)
    assert shown.status_code == 404
    assert "问题解决了吗" not in shown.text


def test_the_answer_is_kept_by_no_cache(town):
    answer = town.client.post(f"/v1/track/{CODE}/verdict", json={"solved": "solved"})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {"solved": "solved", "satisfied": "none", "changes": 0}


def test_taking_up_again_names_the_version_that_was_seen(town):
    case = town.case("r1")
    ask = {"json": {"reason": "seen_again"}, "headers": {"x-post": "leader-on-duty"}}
    assert town.client.post(f"/v1/cases/{case.id}/redo", **ask).status_code == 428
    ask["headers"] |= {"if-match": f'"{case.no - 1}"'}
    assert town.client.post(f"/v1/cases/{case.id}/redo", **ask).status_code == 412
    ask["headers"] |= {"if-match": f'"{case.no}"'}
    answer = town.client.post(f"/v1/cases/{case.id}/redo", **ask)
    assert (answer.status_code, answer.json()["state"], answer.headers["etag"]) == (201, "to_sign", f'"{case.no + 1}"')


def test_the_list_comes_in_pages(town):
    for n, cell in enumerate(("b1", "d1", "a2"), 2):
        town.report(f"r{n}", kind="rubbish", cell=cell, channel="hotline", phone="13812345678")
        town.complete_all(f"r{n}")
    seen, after = [], None
    while True:
        more = {"after": after} if after else {}
        got = town.get("/v1/callbacks", by="acceptor", limit=1, **more)
        seen += [each["report"] for each in got["items"]]
        after = got["next"]
        if after is None:
            break
    assert sorted(seen) == sorted(town.reports.values())
    assert [each["code"] for each in got["questions"]][1] == "callback.ask.solved"
    assert set(got["questions"][1]["words"]) == {"zh", "en"}


def test_days_that_are_no_period_are_refused(town):
    asked = {"first_day": "2026-03-09", "last_day": "2026-03-02"}
    answer = town.client.get("/v1/verdicts/rates", params=asked, headers={"x-post": "leader-on-duty"})
    assert (answer.status_code, answer.json()["code"]) == (400, "inspect.days_wrong")
