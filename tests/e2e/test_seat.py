"""The hotline seat: who calls, what they reported before, an answer without a case, a report, a call back."""

import pytest
from playwright.sync_api import expect

from cityloop.people.demo import demo_key
from tests.e2e.browser import DemoCity, violations

SEAT, LEADER, PHONE = "guo.yan", "gao.tao", "138 0013 8000"


@pytest.fixture(scope="module")
def answers(demo_city: DemoCity) -> str:
    """The knowledge base answers where a dog is registered; gives the entry."""
    seat, leader = demo_city.token(SEAT), demo_city.token(LEADER)
    unit = demo_city.call("GET", "/v1/me", token=seat)["seats"][0]["unit"]
    asked = {"title": "养犬登记在哪里办", "text": "到街道办事处，带身份证和免疫证明。", "owner": unit, "valid_until": "2099-12-31"}
    entry = demo_city.call("POST", "/v1/knowledge", asked, token=seat)
    match = {"If-Match": f'"{entry["no"]}"'}
    demo_city.call("POST", f"/v1/knowledge/{entry['id']}/decision", {"revision": 1, "granted": True}, token=leader, **match)
    return entry["id"]


def test_a_caller_is_answered_without_a_case_and_known_when_they_call_again(visitors, answers):
    """The question is typed while listening; what was answered stands in the caller's history the next time."""
    page = visitors.visit("/console/seat", name=SEAT)
    page.get_by_label("来电号码").fill(PHONE)
    page.get_by_role("button", name="查来电历史").click()
    expect(page.get_by_text("首次来电")).to_be_visible()
    page.get_by_label("来电人问什么").fill("请问狗在哪里登记")
    found = page.get_by_role("list", name="找到的答复").get_by_role("listitem").filter(has_text="养犬登记在哪里办")
    expect(found.get_by_text("带身份证和免疫证明")).to_be_visible()
    assert violations(page) == []
    found.get_by_role("button", name="就这样答复，不立案").click()
    expect(page.get_by_text("没有产生案件")).to_be_visible()
    page.get_by_role("button", name="换一位来电人").click()
    expect(page.get_by_label("来电人问什么")).to_have_value("")
    page.get_by_label("来电号码").fill("+86 13800138000")
    page.get_by_role("button", name="查来电历史").click()
    expect(page.get_by_text("咨询：养犬登记在哪里办")).to_be_visible()


def test_a_seat_reports_for_who_calls(visitors, answers):
    """The number comes with the report; the caller is told the code, and what they reported is there at once."""
    page = visitors.visit("/console/seat", name=SEAT, theme="dark")
    page.get_by_label("来电号码").fill("139 0013 9000")
    page.get_by_role("button", name="查来电历史").click()
    page.get_by_role("button", name="代为上报").click()
    page.get_by_label("反映什么问题").fill("小区门口路灯三天不亮")
    page.get_by_label("在哪里").fill("中山路 5 号")
    expect(page.get_by_label("回访号码")).to_have_value("139 0013 9000")
    assert violations(page) == []
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_text("请告诉来电人查询码")).to_be_visible()
    page.get_by_role("button", name="查来电历史").click()
    expect(page.get_by_text("小区门口路灯三天不亮")).to_be_visible()


def test_a_place_is_found_by_its_name_and_comes_with_the_report(visitors, demo_city):
    """The gazetteer knows what the caller names; chosen, its point comes with the report; typed on, it is none again."""
    known = demo_city.call("GET", "/v1/places?q=%E5%B0%8F%E5%8C%BA&limit=1")["items"][0]
    page = visitors.visit("/console/seat", name=SEAT)
    page.get_by_role("button", name="代为上报").click()
    page.get_by_label("反映什么问题").fill("楼道里堆着杂物")
    where = page.get_by_label("在哪里")
    where.fill(known["name"]["zh"])
    page.get_by_role("button", name=known["name"]["zh"]).first.click()
    expect(page.get_by_text("位置已定")).to_be_visible()
    assert violations(page) == []
    where.press("End")
    where.type("三栋")
    expect(page.get_by_text("位置已定")).to_be_hidden()
    where.fill(known["name"]["zh"])
    page.get_by_role("button", name=known["name"]["zh"]).first.click()
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/v1/reports")) as sent:
        page.get_by_role("button", name="上报", exact=True).click()
    assert (sent.value.post_data_json["lon"], sent.value.post_data_json["lat"]) == (known["lon"], known["lat"])
    expect(page.get_by_text("请告诉来电人查询码")).to_be_visible()


def test_a_seat_calls_back_with_the_script(visitors):
    """Whoever waits longest stands first; the script is read out, and what was said is written down."""
    page = visitors.visit("/console/seat", name=SEAT, lang="en")
    page.get_by_role("button", name="Call-backs").click()
    lines = page.get_by_role("listitem").get_by_role("button")
    expect(lines.first).to_be_visible()
    before = lines.count()
    lines.first.click()
    expect(page.get_by_text("Hello, this is the city's service centre")).to_be_visible()
    page.get_by_role("radio", name="Solved", exact=True).check()
    assert violations(page) == []
    page.get_by_role("button", name="Write the verdict down").click()
    expect(page.get_by_text("Noted.")).to_be_visible()
    expect(lines).to_have_count(before - 1)


def test_what_is_no_number_is_said_beside_the_field(visitors):
    """And what was typed stays."""
    page = visitors.visit("/console/seat", name=SEAT)
    page.get_by_label("来电号码").fill("王女士")
    page.get_by_role("button", name="查来电历史").click()
    expect(page.get_by_role("alert")).to_contain_text("不是电话号码")
    expect(page.get_by_label("来电号码")).to_have_value("王女士")


def test_a_work_order_is_signed_for_and_its_caller_spoken_to(visitors, demo_city):
    """The hotline sends an order; the seat signs, notes that the caller was reached, and answers."""
    order = {"workOrderNumber": "H-SEAT-1", "title": "路灯不亮", "mainContent": "小区门口路灯不亮", "callPhoneNumber": "13700137000"}
    demo_city.call("POST", "/v1/hotline/orders", order, token=demo_key("hotline-link"))
    page = visitors.visit("/console/seat", name=SEAT)
    page.get_by_role("button", name="热线工单").click()
    page.get_by_role("button", name="H-SEAT-1").click()
    expect(page.get_by_text("小区门口路灯不亮")).to_be_visible()
    assert violations(page) == []
    reply = page.get_by_role("button", name="答复热线", exact=True)
    expect(reply).to_have_attribute("aria-disabled", "true")
    expect(reply).to_have_attribute("title", "先签收")
    page.get_by_role("button", name="签收", exact=True).click()
    page.get_by_role("button", name="联系来电人", exact=True).click()
    page.get_by_label("怎么联系的").select_option("visit")
    page.get_by_role("button", name="已联系上来电人").click()
    expect(page.get_by_role("region", name="计入三率")).to_contain_text("响应100%")
    page.get_by_role("button", name="答复热线", exact=True).click()
    page.get_by_label("答复内容").fill("已派员维修，今晚恢复照明。")
    assert violations(page) == []
    page.get_by_role("form", name="答复热线").get_by_role("button", name="答复热线").click()
    expect(page.get_by_role("heading", name="H-SEAT-1")).to_contain_text("已答复")
    expect(page.get_by_text("已派员维修，今晚恢复照明。")).to_be_visible()


def test_more_time_marks_and_exclusion_are_asked_for_on_the_page(visitors, demo_city):
    """Each deed has its form; what was asked for once is barred with the reason, and the list says how the order stands."""
    order = {"workOrderNumber": "H-SEAT-2", "title": "树枝", "mainContent": "树枝压在电线上", "workOrderCategory": "help"}
    demo_city.call("POST", "/v1/hotline/orders", order, token=demo_key("hotline-link"))
    page = visitors.visit("/console/seat", name=SEAT)
    page.get_by_role("button", name="热线工单").click()
    page.get_by_label("工单编号").fill("H-SEAT-2")
    page.get_by_role("button", name="H-SEAT-2").click()
    page.get_by_role("button", name="签收", exact=True).click()
    page.get_by_role("button", name="申请延期", exact=True).click()
    page.get_by_label("延长多少").fill("1")
    page.get_by_role("form", name="申请延期").get_by_label("为什么").select_option("other_units")
    page.get_by_role("form", name="申请延期").get_by_role("button").click()
    more = page.get_by_role("button", name="申请延期", exact=True).first  # the form's own goes once it is taken
    expect(more).to_have_attribute("title", "延期审核中，等热线答复")
    expect(page.get_by_text("等热线审核")).to_be_visible()
    page.get_by_role("button", name="改标记", exact=True).click()
    page.get_by_role("checkbox", name="吹哨").check()
    page.get_by_role("form", name="改标记").get_by_role("button").click()
    expect(page.get_by_role("heading", name="H-SEAT-2")).to_contain_text("吹哨")
    page.get_by_role("button", name="申请剔除", exact=True).click()
    page.get_by_role("form", name="申请剔除").get_by_label("说明").fill("当事人已撤诉")
    page.get_by_role("form", name="申请剔除").get_by_role("button").click()
    expect(page.get_by_role("region", name="计入三率")).to_contain_text("剔除审核中")
    expect(page.get_by_role("button", name="回访来电人")).to_have_attribute("aria-disabled", "true")
    page.reload()  # which order is open stands in the address
    expect(page.get_by_role("heading", name="H-SEAT-2")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="返回名单").click()
    expect(page.get_by_role("button", name="H-SEAT-2")).to_contain_text("剔除审核中")
