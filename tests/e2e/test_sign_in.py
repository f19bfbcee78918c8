"""A second factor from the first scan to the last code, and a proof that goes on with what was meant."""

import sqlite3

from playwright.sync_api import expect

from tests.e2e.browser import PASSWORD, PHONE, violations

NAME = "zhou.ping"  # nobody else's story signs in as her


def code_of(secret: str) -> str:
    from pyotp import TOTP

    return TOTP(secret.replace(" ", "")).now()


def grow_old(city) -> None:
    """Let the last proof of all sessions be two hours old."""
    database = sqlite3.connect(city.home / "city.db", timeout=10)
    with database:
        database.execute("UPDATE session SET stepped_at = '2026-01-01T00:00:00.000000Z'")
        database.execute("UPDATE people_version SET no = no + 1")
    database.close()


def test_a_second_factor_is_set_used_and_given_up(visitors, demo_city):
    """Scan, confirm, codes on paper; sign in with one; give it up once a proof was given, without pressing twice."""
    page = visitors.visit("/people/me", name=NAME, size=PHONE)
    page.get_by_role("button", name="设置").click()
    page.get_by_role("button", name="开始设置").click()
    expect(page.get_by_role("img", name="身份验证器二维码")).to_be_visible()
    assert page.evaluate("document.querySelector('img').naturalWidth") > 0, "the page's policy lets the picture be seen"
    page.get_by_text("无法扫码").click()
    secret = page.locator("code").first.inner_text()
    assert violations(page) == []
    page.get_by_label("输入显示的六位码").fill(code_of(secret))
    page.get_by_role("button", name="确认启用").click()
    expect(page.get_by_role("heading", name="备用码")).to_be_visible()
    paper = page.get_by_role("listitem").filter(has=page.locator("code")).all_inner_texts()[-10:]
    assert violations(page) == []
    page.get_by_role("button", name="已保存").click()
    expect(page.get_by_text("备用码剩 10 个")).to_be_visible()

    other = visitors.visit("/console", lang="en")
    other.get_by_label("Name").fill(NAME)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_label("Code")).to_be_visible()
    assert violations(other) == []
    other.get_by_label("Code").fill(paper[0])
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_label("Code")).to_be_hidden()

    grow_old(demo_city)
    page.reload()
    page.get_by_role("button", name="停用").click()
    dialog = page.get_by_role("dialog", name="再次确认身份")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_label("动态码").fill("000000")
    dialog.get_by_role("button", name="确认并继续").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("动态码").fill(paper[1])
    dialog.get_by_role("button", name="确认并继续").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("未启用")).to_be_visible()
