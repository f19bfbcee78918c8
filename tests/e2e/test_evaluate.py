"""The room of figures: numbers with their formula, their course, and the cases behind each; closing a case moves one."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.browser import violations

SHEET: ViewportSize = {"width": 1047, "height": 718}  # A4 laid across, within margins of one centimetre


def closed(page: Page) -> int:
    """The number of closed cases of the whole city, as the table says it."""
    cell = page.get_by_role("button", name=re.compile("· 合计 · 结案数"))
    expect(cell).to_be_visible()
    return int(cell.inner_text().replace(",", ""))


def test_the_figure_moves_after_a_case_is_closed(visitors, staff):
    """What the duty leader closes stands in the next answer, and in the list behind it."""
    staff.bring(staff.new_case()[0], "closed")  # the week may have just begun
    page = visitors.visit("/evaluate?period=week&sheet=closing", name="gao.tao")
    before = closed(page)
    case = staff.bring(staff.new_case()[0], "closed")
    page.reload()
    assert closed(page) == before + 1
    page.get_by_role("button", name=re.compile("· 合计 · 结案数")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("^口径："))).to_be_visible()
    more = dialog.get_by_role("button", name="再看一些")
    expect(dialog.get_by_role("row").nth(1)).to_be_visible()
    while more.is_visible():
        rows = dialog.get_by_role("row").count()
        more.click()
        expect(dialog.get_by_role("row").nth(rows)).to_be_visible()
    expect(dialog.get_by_role("link", name=case["number"])).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_what_is_asked_lives_in_the_address(visitors):
    """Grouping, sorting and period can be sent to a colleague."""
    page = visitors.visit("/evaluate", name="gao.tao", lang="en")
    page.get_by_label("Group by").select_option("street")
    page.get_by_label("Period", exact=True).select_option("week")
    page.get_by_role("button", name="Handled on time", exact=False).first.click()
    expect(page).to_have_url(re.compile("by=street.*sort="))
    expect(page.get_by_role("columnheader", name=re.compile("Handled on time"))).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_text("Which rows:", exact=False).first).to_be_visible()
    expect(page.locator("figcaption").first).to_be_visible()
    assert violations(page) == []


def test_an_auditor_reads_the_numbers_of_a_chart_as_a_table_in_the_dark(visitors):
    """What is drawn is also told, and the scale is safe in the dark."""
    page = visitors.visit("/evaluate?period=week&by=street", name="gao.tao", theme="dark")
    expect(page.get_by_text("数据表")).to_have_count(2)
    page.get_by_text("数据表").first.click()
    expect(page.locator("figure table").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_printed_whole_and_dark_on_white(visitors, lang):
    """On A4 laid across every column is on the sheet, nothing lies in a box that scrolls, and the screen's dark stays there."""
    page = visitors.visit("/evaluate?period=month", name="gao.tao", lang=lang, theme="dark", size=SHEET)
    expect(page.locator("figcaption").first).to_be_visible()
    page.emulate_media(media="print")
    table = page.get_by_role("table").first
    box = table.bounding_box()
    assert box
    assert box["x"] + box["width"] <= SHEET["width"]
    assert table.evaluate("each => each.parentElement.scrollHeight <= each.parentElement.clientHeight")
    assert table.evaluate("each => getComputedStyle(each).color") == "rgb(28, 30, 33)"
    assert page.pdf(format="A4", landscape=True).startswith(b"%PDF")


def test_who_may_not_see_figures_is_told_so(visitors):
    page = visitors.visit("/evaluate", name="liu.hao", lang="en")
    expect(page.get_by_role("heading", name="Your post does not open this page")).to_be_visible()


def test_inquiries_stand_beside_the_figures_with_what_is_behind_each(visitors, demo_city):
    """What was answered at once is counted by source and entry; a number opens the inquiries that it counts."""
    seat, leader = demo_city.token("guo.yan"), demo_city.token("gao.tao")
    unit = demo_city.call("GET", "/v1/me", token=seat)["seats"][0]["unit"]
    said = {"title": "公园几点关门", "text": "晚上十点。", "owner": unit, "valid_until": "2099-12-31"}
    entry = demo_city.call("POST", "/v1/knowledge", said, token=seat)
    match = {"If-Match": f'"{entry["no"]}"'}
    demo_city.call("POST", f"/v1/knowledge/{entry['id']}/decision", {"revision": 1, "granted": True}, token=leader, **match)
    for _ in range(2):
        demo_city.call("POST", "/v1/inquiries", {"entry": entry["id"], "question": "几点关门"}, token=seat)

    page = visitors.visit("/evaluate", name="wang.en")
    table = page.get_by_role("region", name="咨询")
    table.get_by_role("button", name="公园几点关门：2 件").click()
    behind = page.get_by_role("dialog")
    expect(behind.get_by_role("row")).to_have_count(3)
    expect(behind.get_by_role("link", name="公园几点关门").first).to_be_visible()
    assert violations(page) == []
