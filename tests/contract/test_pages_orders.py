"""What people do beside the way, by the forms of the case's page: each form is the API's own request."""

import re

import pytest
from tests.contract.test_pages import PARKED, forms, post_with, words_of
from tests.pages_world import city_in


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path, monkeypatch, clock) as found:
        yield found


def do(city, browser, case: str, deed: str, **fields: object) -> str:
    """Send a form as the page gave it; gives the page afterwards."""
    address = f"/cases/{case}/deeds/{deed}"
    hidden = forms(browser.get(f"/cases/{case}").text)
    assert address in hidden, (deed, sorted(hidden))
    answer = browser.post(address, data=hidden[address] | fields)
    assert answer.status_code == 303, words_of(answer.text)[:2000]
    city.drain()
    return browser.get(f"/cases/{case}").text


def dispatched(city) -> tuple:
    """A case that a unit has, and the dispatcher who gave it to them."""
    case = city.report("车停在人行道上", PARKED)
    dispatcher = city.signed_in("lin.dispatch", "dispatcher-1")
    if city.value("SELECT unit FROM case_file WHERE city = :city AND id = :id", id=case) is None:
        do(city, dispatcher, case, "dispatch")
    return case, dispatcher


def handler_of(city, name: str, case: str):
    unit = city.value("SELECT unit FROM case_file WHERE city = :city AND id = :id", id=case)
    post = next(each for each in city.parts.book.in_force().posts if each.unit == unit and each.role == "handler")
    return city.signed_in(name, post.id), unit


def other_unit(city, *not_these: str) -> str:
    posts = city.parts.book.in_force().posts
    return next(each.unit for each in posts if each.role == "handler" and each.unit not in not_these)


def test_orders_are_given_and_answered_by_forms(city):
    case, dispatcher = dispatched(city)
    leader = city.signed_in("gao.leader", "leader")
    do(city, dispatcher, case, "urge", reason="resident_waits", note="她今天打了两次电话")
    do(city, leader, case, "instruct", words="开学前必须解决", addressed="unit", urgency="1")
    page = do(city, leader, case, "supervise", level="urgent", reason="recurs", note="第三次了")
    assert "督办〔2026〕1号" in page
    handler, _ = handler_of(city, "sun.handler", case)
    told = words_of(do(city, handler, case, "answer", words="已安排人员值守"))
    for said in ("催办", "她今天打了两次电话", "开学前必须解决", "紧急督办", "第三次了", "已安排人员值守"):
        assert said in told, said
    do(city, leader, case, "ask_answer_again", reason="answer_empty")
    do(city, handler, case, "answer", words="现场已设置隔离桩")
    page = do(city, leader, case, "accept_answer")
    assert "已办结" in words_of(page)
    listed = words_of(dispatcher.get("/plain?view=open&lang=en").text)
    assert "urged" in listed
    assert "instructed" in listed


def test_help_and_another_unit_by_forms(city):
    case, dispatcher = dispatched(city)
    handler, unit = handler_of(city, "sun.handler", case)
    helper = other_unit(city, unit)
    do(city, dispatcher, case, "ask_assist", unit=helper)
    post = next(each.id for each in city.parts.book.in_force().posts if each.unit == helper and each.role == "handler")
    helping = city.signed_in("wu.helper", post)
    assert case in helping.get("/plain?view=open").text
    do(city, helping, case, "sign_assist")
    do(city, handler, case, "sign")
    address = f"/cases/{case}/deeds/finish"
    hidden = forms(handler.get(f"/cases/{case}").text)[address]
    refused = handler.post(address, data=hidden | {"note": "车辆已全部驶离现场"})
    assert refused.status_code == 409
    assert "协办尚未完成" in refused.text
    assert 'name="without_assist"' in refused.text
    do(city, helping, case, "finish_assist", note="已协助劝离车辆并清场")
    third = other_unit(city, unit, helper)
    page = do(city, dispatcher, case, "reassign", unit=third, reason="overloaded", note="")
    assert "原单位任务过多" in words_of(page)


def test_calling_departments_by_forms(city):
    case, dispatcher = dispatched(city)
    policy = city.parts.book.in_force()
    street = city.value("SELECT street FROM case_file WHERE city = :city AND id = :id", id=case)
    worker = city.signed_in("he.grid", f"grid-worker-{street}")
    page = do(city, dispatcher, case, "reassign", unit=f"street-{street}", reason="not_theirs", note="")
    called = other_unit(city, f"street-{street}")
    page = do(city, worker, case, "whistle", units=[called], reason="many_needed", note="车主不在场")
    assert "吹哨" in words_of(page)
    post = next(each.id for each in policy.posts if each.unit == called and each.role == "handler")
    department = city.signed_in("wu.department", post)
    do(city, department, case, "report_in")
    do(city, worker, case, "end_whistle", words="部门到场，车辆已移走")
    page = do(city, worker, case, "rate", unit=called, score="5", reason="prompt")
    assert "部门到场，车辆已移走" in words_of(page)
    assert department.get(f"/cases/{case}").status_code == 404


def test_transfer_and_appeal_by_forms(city, clock):
    case, _ = dispatched(city)
    clock.forward(days=30)  # the work is late by now, and everybody signs in anew
    dispatcher = city.signed_in("qian.dispatch", post_with(city, "dispatcher"))
    handler, _ = handler_of(city, "sun.handler", case)
    task = city.value("SELECT task_id FROM case_file WHERE city = :city AND id = :id", id=case)
    do(city, handler, case, "sign")
    do_return = forms(handler.get(f"/cases/{case}").text)[f"/cases/{case}/deeds/return"]
    handler.post(f"/cases/{case}/deeds/return", data=do_return | {"reason": "not_ours", "note": ""})
    city.drain()
    no = city.value("SELECT no FROM case_file WHERE city = :city AND id = :id", id=case)
    lodged = handler.post(
        f"/v1/tasks/{task}/appeal", json={"about": "overdue", "words": "非本单位原因"}, headers={"if-match": f'"{no}"'}
    )
    assert lodged.status_code == 201, lodged.text
    page = do(
        city, dispatcher, case, "transfer", system="province-12345", their_number="P-1", reason="higher_level", note=""
    )
    assert "省级政务热线平台" in words_of(page)
    page = do(city, dispatcher, case, "return_transfer", reason="incomplete", note="缺照片")
    assert "材料不全" in words_of(page)
    leader = city.signed_in("gao.tao", post_with(city, "duty_leader"))
    shown = leader.get(f"/cases/{case}").text
    appeal = re.search(r'<select name="appeal" required><option value="([^"]+)">', shown)[1]
    page = do(city, leader, case, "uphold", appeal=appeal, note="情况属实")
    assert "成立，不计入" in words_of(page)


def test_a_form_that_says_nonsense_is_refused_in_words(city):
    case, _ = dispatched(city)
    leader = city.signed_in("gao.leader", "leader")
    address = f"/cases/{case}/deeds/supervise"
    hidden = forms(leader.get(f"/cases/{case}").text)[address]
    answer = leader.post(address, data=hidden | {"level": "huge", "reason": "late"})
    assert answer.status_code == 400
    assert "huge" not in re.findall(r"<option value=\"([^\"]*)\" selected", answer.text)
