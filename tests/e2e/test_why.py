"""The room of causes and effects: from what wanders to a trial of one unit, and from a measure to its effect, told with its doubt."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, violations
from tests.e2e.staff import DISPATCHER, WORKS, Staff

ROOM = "/evaluate/why?days=30"
ASSESSOR, AUDITOR = "wang.en", "li.fang"


@pytest.fixture(scope="module")
def wandering(staff: Staff) -> tuple[str, str]:
    """Three cases go from one unit to another and back; gives the two units."""
    other = next(unit for post, unit in sorted((post, post.removeprefix("handler-")) for post in staff.by_post) if post.startswith("handler-") and unit != WORKS)
    for _ in range(3):
        case = staff.new_case()[0]
        staff.to_unit(case)
        for unit in (other, WORKS):
            staff.do(DISPATCHER, case, "reassignment", unit=unit, reason="ordered")
    return other, WORKS


def wanders(page: Page):
    """The line of the two units between which most cases went there and back."""
    return page.get_by_role("listitem").filter(has=page.get_by_text(re.compile("转手|moves,"))).first


def test_from_what_wanders_to_a_trial_of_one_unit(visitors, wandering):
    """The assessor lets past decisions be made again with one unit answering; progress, then numbers and cases; it stays after a reload."""
    page = visitors.visit(ROOM, name=ASSESSOR)
    line = wanders(page)
    line.get_by_text("在过去的决定上试算").click()
    expect(line.get_by_text("人的处理保持原样", exact=False)).to_be_visible()
    line.get_by_role("button", name="开始试算").click()
    tried = line.get_by_role("article", name=re.compile("^试算：")).first
    expect(tried.get_by_role("status")).to_contain_text("无从推知")
    assert violations(page) == []
    differ = tried.get_by_role("button", name="看会不同的案件")
    differ.click()
    expect(differ).to_have_attribute("aria-expanded", "true")
    expect(tried.get_by_role("link").first).to_be_visible()

    page.reload()
    again = wanders(page).get_by_role("article", name=re.compile("^试算：")).first
    expect(again.get_by_role("status")).to_contain_text("无从推知")
    again.get_by_role("link", name="到草案继续修改或提交审批").click()
    expect(page).to_have_url(re.compile("/pack/drafts/"))
    expect(page.get_by_role("heading", name=re.compile("^草案"))).to_be_visible()


def test_who_does_not_draft_sees_trials_and_is_told_why_they_cannot_begin_one(visitors, wandering):
    page = visitors.visit(ROOM, name=AUDITOR, lang="en", theme="dark")
    line = wanders(page)
    line.get_by_text("Try it on past decisions").click()
    button = line.get_by_role("button", name="Try it", exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_accessible_description("your post does not draft changes")
    assert violations(page) == []


def test_a_measure_is_noted_in_words_and_its_effect_told_with_its_doubt(visitors):
    """Before and after: what is typed names nobody once it is read, and where nobody can tell an effect that is said."""
    page = visitors.visit(ROOM, name=ASSESSOR)
    page.get_by_text("登记措施", exact=True).click()
    page.get_by_role("combobox", name="区域").last.select_option(index=3)
    page.get_by_role("textbox", name=re.compile("^具体做法")).fill("每晚九点巡查一次，电话13812345678")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("✓ 已登记")).to_be_visible()
    expect(page.get_by_text("每晚九点巡查一次", exact=False).first).to_be_visible()
    expect(page.get_by_text("13812345678")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^看成效")).first.click()
    expect(page.get_by_text("目前无法估计。", exact=False)).to_be_visible()
    assert violations(page) == []


def test_the_room_on_a_phone_does_not_spill(visitors, wandering):
    page = visitors.visit(ROOM, name=ASSESSOR, size=PHONE)
    wanders(page).get_by_text("在过去的决定上试算").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
