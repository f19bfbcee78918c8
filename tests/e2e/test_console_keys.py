"""A morning at the console without a mouse: find, accept, join many, take one out again, give back."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser import violations
from tests.e2e.staff import ACCEPTOR, BRIDGE, LEADER, Staff, a_word
from tests.e2e.test_console import opened


def found(page: Page, word: str, case: str) -> None:
    """Look for a case by a word that its reporter wrote, and open it."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="查找")).to_be_visible()
    page.keyboard.type(word)
    expect(page.get_by_role("listbox", name="查找").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    opened(page, case)


def deed(page: Page, name: str) -> None:
    """Press the key that stands on a deed's button."""
    key = page.locator(f"[data-deed='{name}']").get_attribute("aria-keyshortcuts")
    assert key, f"{name} has no key"
    page.keyboard.press(key)
    expect(page.get_by_role("form")).to_be_visible()


def down(page: Page, steps: int = 1) -> None:
    """Choose in the list that has the focus, and go on to the next field."""
    for _ in range(steps):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")


def into(page: Page, word: str) -> None:
    """Look for the case that takes it, choose it, and go on."""
    page.keyboard.type(word)
    select = page.get_by_role("form").locator("select[name='into']")
    expect(select.locator("option")).to_have_count(2)
    page.keyboard.press("Tab")
    expect(select).to_be_focused()
    down(page)


def send(page: Page) -> None:
    """Go on to the button that sends, and press it."""
    for _ in range(8):
        if page.evaluate("document.activeElement?.getAttribute('type') === 'submit'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_an_acceptors_morning_by_keys_alone(visitors, staff: Staff):
    """Nothing is clicked: a case is found and taken up, three become one, one of them leaves it again."""
    word = a_word()
    made = [staff.new_case(BRIDGE.replace("{}", f"{{}} {word}")) for _ in range(3)]
    (first, _), (second, _), (third, own) = made
    page = visitors.visit("/console", name=ACCEPTOR)
    page.route("**/v1/facts/stream", lambda route: route.abort())
    page.reload()
    expect(page.locator("li[data-here] a")).to_be_visible()

    alone, its_word = staff.new_case()
    found(page, its_word, alone)
    page.keyboard.press("a")
    expect(page.get_by_text("✓ 已受理")).to_be_visible()
    assert staff.case(alone)["state"] == "to_file"

    page.keyboard.press("Control+k")
    page.keyboard.type(word)
    expect(page.get_by_role("listbox", name="查找").get_by_role("option")).to_have_count(3)
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_text(f"“{word}”的结果")).to_be_visible()
    expect(page.get_by_role("list", name="待办列表").get_by_role("listitem")).to_have_count(3)
    page.keyboard.press("Shift+X")
    bar = page.get_by_role("group", name="已选 3 件")
    expect(bar).to_be_visible()
    page.keyboard.press("b")
    expect(bar.locator("[data-many='accept']")).to_be_focused()
    page.keyboard.press("Tab")
    expect(bar.locator("[data-many='merge']")).to_be_focused()
    page.keyboard.press("Enter")
    into(page, own)
    assert violations(page) == []
    staff.do(ACCEPTOR, second, "accept")  # somebody else was faster
    send(page)
    expect(page.get_by_text("1 件已办理 · 1 件未办理，仍在选中：")).to_be_visible()
    expect(page.get_by_role("group", name="已选 1 件")).to_be_visible()
    assert (staff.case(first)["state"], staff.case(second)["state"]) == ("merged", "to_file")
    assert staff.case(third)["reports_count"] == 2
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name=re.compile("已选"))).to_have_count(0)

    found(page, own, third)
    page.keyboard.press("c")
    expect(page.locator("[data-scroll]")).to_be_focused()
    deed(page, "part")
    down(page)
    down(page)
    send(page)
    expect(page.get_by_text("✓ 已拆分")).to_be_visible()
    assert staff.case(third)["reports_count"] == 1

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="快捷键")
    expect(sheet.get_by_text("办理选中的案件")).to_be_visible()
    assert violations(page) == []


def test_the_duty_leader_gives_many_back_by_keys_alone(visitors, staff: Staff):
    """One reason for both; the acceptor completes them."""
    word = a_word()
    cases = [staff.new_case(BRIDGE.replace("{}", f"{{}} {word}"))[0] for _ in range(2)]
    for case in cases:
        staff.do(ACCEPTOR, case, "accept")
    page = visitors.visit(f"/console?q={word}", name=LEADER)
    expect(page.get_by_role("list", name="待办列表").get_by_role("listitem")).to_have_count(2)
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("group", name="已选 2 件")).to_be_visible()
    page.keyboard.press("b")
    for _ in range(12):
        if page.evaluate("document.activeElement?.dataset.many") == "complete":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="退回补正")
    expect(form.get_by_label("理由")).to_be_focused()
    send(page)
    expect(form.get_by_role("alert")).to_have_text("必填")
    expect(form.get_by_label("理由")).to_be_focused()
    down(page, 2)
    page.keyboard.type("请补充位置")
    send(page)
    expect(page.get_by_text("2 件已办理")).to_be_visible()
    assert {staff.case(case)["state"] for case in cases} == {"reported"}
