"""Beside a case: what helped last time, read on the page; a reply drafted, with what it lacks told and stopping nobody."""

import os

from playwright.sync_api import Page, expect

from tests.e2e.browser import violations
from tests.e2e.staff import ACCEPTOR


def pictured(page: Page, name: str) -> None:
    """A picture for who wants to look, where CITYLOOP_PICTURES names a folder."""
    if folder := os.environ.get("CITYLOOP_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_the_desk_reads_what_helped_and_replies(visitors, staff):
    """Advice with its basis, cases like it, then a reply: what is missing goes away with the draft, and it is sent."""
    case, _ = staff.new_case("垃圾袋堆在路口树坑边没人收，编号{}", **{"class": "gbt30428_2_2013/event/0110"})
    page = visitors.visit(f"/console?case={case}", name=ACCEPTOR)
    expect(page.locator(f"article[data-case='{case}']")).to_be_visible()
    page.get_by_text("上次怎么办好的").click()
    expect(page.get_by_role("heading", name="处置建议")).to_be_visible()
    page.locator("summary", has_text="依据").click()
    expect(page.get_by_text("第四十九条").first).to_be_visible()
    assert violations(page) == []
    pictured(page, "helped")

    page.get_by_text("答复反映人").first.click()
    field = page.get_by_label("答复内容")
    field.fill("您好，已转相关部门处理。")
    expect(page.get_by_text("没有写什么时候办的")).to_be_visible()
    pictured(page, "reply_lacks")
    page.get_by_role("button", name="起草").click()
    expect(page.get_by_text("要素齐全")).to_be_visible()
    assert violations(page) == []
    pictured(page, "reply")
    page.get_by_role("button", name="发出答复").click()
    expect(page.get_by_text("已发出")).to_be_visible()


def test_in_english_and_in_the_dark(visitors, staff):
    """The same panel in the other language and colours."""
    case, _ = staff.new_case("垃圾袋堆在路口树坑边没人收，编号{}", **{"class": "gbt30428_2_2013/event/0110"})
    page = visitors.visit(f"/console?case={case}", name=ACCEPTOR, lang="en", theme="dark")
    page.get_by_text("What helped last time").click()
    expect(page.get_by_role("heading", name="How it is usually handled")).to_be_visible()
    expect(page.get_by_text("Sweep and collect what lies about").first).to_be_visible()
    assert violations(page) == []
    pictured(page, "helped_en")
