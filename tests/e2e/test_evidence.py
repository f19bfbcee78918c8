"""Somebody who doubts a case checks it in the browser, changes a byte to see whether it is seen, and takes it away."""

import zipfile

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PHONE, violations


@pytest.fixture(scope="module")
def case(demo_city) -> str:
    """A closed case of the demo city."""
    answer = demo_city.call("GET", "/v1/cases?state=closed&limit=1", token=demo_city.token("gao.tao"))
    return answer["items"][0]["id"]


def test_every_fact_is_checked_and_a_changed_byte_is_seen(visitors, case):
    """All holds; with one byte changed exactly that fact falls, with the reason; put back, all holds again."""
    page = visitors.visit(f"/evidence/{case}", name="gao.tao")
    expect(page.get_by_text("条事实全部成立")).to_be_visible()
    facts = page.get_by_role("listitem").filter(has=page.get_by_text("原文与证明"))
    expect(facts.nth(1)).to_be_visible()
    expect(facts.get_by_role("img", name="成立", exact=True)).to_have_count(facts.count())
    second = facts.nth(1)
    second.get_by_text("原文与证明").click()
    second.get_by_role("button", name="改动一个字节试试").click()
    expect(page.get_by_text("1 步不成立")).to_be_visible()
    expect(second.get_by_role("img", name="不成立")).to_be_visible()
    expect(second.get_by_role("alert")).to_contain_text("内容被改动过")
    expect(page.get_by_role("img", name="不成立")).to_have_count(1)
    assert violations(page) == []
    second.get_by_role("button", name="恢复原样").click()
    expect(page.get_by_text("条事实全部成立")).to_be_visible()


def test_the_evidence_is_taken_away(visitors, case, tmp_path):
    """The archive holds the data, a verifier, and how to use it."""
    page = visitors.visit(f"/evidence/{case}", name="gao.tao", lang="en", size=PHONE)
    expect(page.get_by_text("facts hold")).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the evidence").click()
    coming.value.save_as(tmp_path / "case.zip")
    assert set(zipfile.ZipFile(tmp_path / "case.zip").namelist()) >= {"evidence.json", "verify_case.py", "HOW-TO.en.md"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_who_may_not_read_facts_is_told_so(visitors, case):
    """A handler handles; the evidence is for others."""
    page = visitors.visit(f"/evidence/{case}", name="xie.chen")
    expect(page.get_by_role("heading", name="您的岗位没有此页权限")).to_be_visible()


def test_the_case_file_is_a_page_to_print(visitors, case):
    """Numbered parts on paper, with a code that leads to the evidence."""
    page = visitors.visit(f"/cases/{case}/file", name="gao.tao")
    expect(page.get_by_role("heading", name="事实与存证")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    assert violations(page) == []
