"""The room of the pack: what it says and whence; a change is drafted, tried, put up by one and approved by another."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser import violations

ASSESSOR, LEADER, DUTY_LEADER = "wang.en", "han.chen", "gao.tao"

STILL = """cell => new Promise((done) => {
  let timer;
  const again = () => { clearTimeout(timer); timer = setTimeout(done, 1_000); };
  document.addEventListener("scroll", again, true);
  new MutationObserver(again).observe(cell.closest("table"), { childList: true, subtree: true });
  again();
})"""  # resolves once a table has neither moved nor got rows for a second


def limit_of(page: Page, key: str) -> str:
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=key, exact=True))
    expect(row).to_be_visible()
    found = re.search(r"时限\s*(\d+)", row.inner_text())
    assert found, row.inner_text()
    return found[1]


def test_rules_are_found_by_their_words_with_their_sources(visitors):
    page = visitors.visit("/pack", name=DUTY_LEADER)
    expect(page).to_have_url(re.compile("/pack/tables/rules"))
    page.get_by_label("查找").fill("井盖 缺失")
    expect(page.get_by_role("status").filter(has_text="行")).to_be_visible()
    expect(page).to_have_url(re.compile("q="))
    expect(page.get_by_role("row").nth(1)).to_contain_text("井盖")
    expect(page.get_by_role("row").nth(1)).to_contain_text("来自")
    assert violations(page) == []
    page.get_by_role("link", name=re.compile("类别")).click()
    expect(page.get_by_role("group").locator("summary").first).to_be_visible()
    assert violations(page) == []


def test_rows_are_said_in_words(visitors):
    """Who answers, at which level and when, whom one helps, and who approves: names, and no codes or brackets."""
    page = visitors.visit("/pack/tables/duties", name=DUTY_LEADER)
    row = page.get_by_role("row").filter(has_text="协办").first
    expect(row).to_contain_text("单位类型")
    words = row.get_by_role("cell").nth(1).inner_text()
    assert not re.search(r'[\["_a-z]', words), words
    page.goto("/pack/tables/approvals?lang=en")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Leader")
    assert "unit_manager" not in page.get_by_role("table").inner_text()
    assert violations(page) == []


def test_one_drafts_and_tries_and_another_approves(visitors):
    """The limit of a rule is shortened: the checks, the sandbox's answer, another's approval, and the new version in force."""
    page = visitors.visit("/pack/tables/rules", name=ASSESSOR)
    key = page.get_by_role("row").nth(1).get_by_role("rowheader").inner_text()
    limit = limit_of(page, key)
    page.get_by_role("button", name=f"修改 {key}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("时限 *", exact=True)).to_have_value(limit)
    dialog.get_by_label("时限 *", exact=True).fill("soon")
    dialog.get_by_role("button", name="存入草案并检查").click()
    expect(dialog.get_by_role("alert")).to_contain_text("soon")
    assert violations(page) == []
    dialog.get_by_label("时限 *", exact=True).fill("1")
    dialog.get_by_role("button", name="存入草案并检查").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="草案", exact=True).click()
    expect(page.get_by_text("检查通过")).to_be_visible()
    page.get_by_role("button", name="开始推演").click()
    expect(page.get_by_text("次自动派遣会不同")).to_be_visible(timeout=30_000)
    assert violations(page) == []
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_role("heading", name=re.compile("^提议"))).to_be_visible()
    expect(page.get_by_role("button", name="批准并生效")).to_have_attribute("aria-disabled", "true")
    path = page.url
    leader = visitors.visit(path, name=LEADER)
    expect(leader.get_by_text("次自动派遣会不同")).to_be_visible()
    assert violations(leader) == []
    leader.get_by_role("button", name="批准并生效").click()
    expect(leader.get_by_text(re.compile("^已批准："))).to_be_visible()
    leader.get_by_role("link", name="版本").click()
    first = leader.get_by_role("row").nth(1)
    expect(first).to_contain_text("现行")
    expect(first).to_contain_text("王恩")
    expect(first).to_contain_text("韩晨")
    first.get_by_role("button").click()
    expect(leader.get_by_role("heading", name=re.compile("^版本 "))).to_be_visible()
    assert violations(leader) == []
    leader.goto("/pack/tables/rules")
    assert limit_of(leader, key) == "1"


def test_the_sandbox_names_each_decision_that_would_differ(visitors, demo_city):
    """Without a rule's own limit the deadlines move: each case with what was and what would be."""
    token = demo_city.token(ASSESSOR)
    draft = demo_city.call("POST", "/v1/packs/drafts", {}, token)
    rows = demo_city.call("GET", "/v1/packs/current/rules?limit=200&q=event", token=token)["items"]
    steps = demo_city.call("GET", "/v1/packs/current/stages", token=token)["items"]
    stepped = {(row["cells"]["class"], row["cells"]["no"]) for row in steps}  # whose limit is that of their steps
    changed = [
        {"table": "rules", "cells": {**row["cells"], "limit_value": "1", "limit_unit": "urgent_hour"}}
        for row in rows
        if (row["cells"]["class"], row["cells"]["no"]) not in stepped
    ]
    demo_city.call("POST", f"/v1/packs/drafts/{draft['id']}/edits", {"no": draft["no"], "rows": changed}, token)
    page = visitors.visit(f"/pack/drafts/{draft['id']}", name=ASSESSOR, lang="en", theme="dark")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("link", name="See them").click(timeout=30_000)
    expect(page.get_by_role("columnheader", name="Would be")).to_be_visible()
    page.get_by_label("What differs").select_option("due")
    expect(page.get_by_role("row").nth(1)).to_contain_text("due")
    expect(page).to_have_url(re.compile("changed=due"))
    assert violations(page) == []


def test_who_may_not_draft_is_told_so(visitors):
    page = visitors.visit("/pack/drafts", name=DUTY_LEADER, lang="en")
    expect(page.get_by_role("button", name="Draft a new change")).to_have_attribute("aria-disabled", "true")
    assert violations(page) == []


def test_the_decision_table_is_edited_in_its_own_editor(visitors):
    """The GoRules editor under the page's own strict policy: no style of its own in the page, nothing from outside."""
    outside: list[str] = []
    page = visitors.visit("/pack/tables/duties", name=ASSESSOR)
    page.on("request", lambda asked: outside.append(asked.url) if not asked.url.startswith(("data:", "blob:", page.url[:17])) else None)
    page.get_by_role("link", name="在决策表编辑器中打开").click()
    cell = page.get_by_role("row").filter(has_text="0501").first.locator("td").nth(7)
    expect(page.get_by_role("columnheader", name="在办量")).to_be_visible()
    expect(page.get_by_text("加一行", exact=True)).to_be_visible()
    assert violations(page) == []
    cell.scroll_into_view_if_needed()
    cell.evaluate(STILL)  # rows that came into sight are measured, which moves the table; a menu closes when what it is of moves
    cell.click(button="right")
    expect(page.get_by_role("menuitem", name="删除此行")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    cell.click()
    page.keyboard.type("< 1000")
    assert violations(page) == []
    page.get_by_role("button", name="存入草案并检查").click()
    expect(page).to_have_url(re.compile("draft="))
    expect(page.get_by_text("检查通过").or_(page.get_by_text("检查发现的问题"))).to_be_visible()
    page.get_by_role("link", name="草案", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="< 1000")).to_be_visible()
    assert outside == []
    assert page.evaluate("[...document.querySelectorAll('style')].filter(each => each instanceof HTMLStyleElement).length") == 0
