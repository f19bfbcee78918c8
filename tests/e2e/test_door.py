"""Coming in, going out, and what the pages say to who may not."""

from playwright.sync_api import expect

from tests.e2e.browser import PASSWORD, violations


def test_somebody_signs_in_and_out_again(visitors):
    """The office asks who comes, opens its rooms, and forgets whoever leaves."""
    page = visitors.visit("/console")
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("登录名").fill("gao.tao")
    page.get_by_label("密码").fill("wrong, surely")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("登录名")).to_have_value("gao.tao")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("navigation", name="页面")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()


def test_a_post_without_the_right_is_told_so(visitors):
    """The security administrator sees no cases."""
    page = visitors.visit("/console", name="liu.hao", lang="en")
    expect(page.get_by_role("heading", name="Your post does not open this page")).to_be_visible()
    assert violations(page) == []


def test_a_session_that_ends_covers_the_page_and_keeps_it(visitors):
    """What stood on the page stands there after signing in again."""
    page = visitors.visit("/pack", name="gao.tao")
    expect(page.get_by_role("navigation", name="页面")).to_be_visible()
    page.context.clear_cookies()
    page.evaluate("window.stays = 1")
    page.evaluate("window.dispatchEvent(new Event('visibilitychange'))")
    dialog = page.get_by_role("dialog", name="登录已过期")
    expect(dialog).to_be_visible()
    dialog.get_by_label("登录名").fill("gao.tao")
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录").click()
    expect(dialog).to_be_hidden()
    assert page.evaluate("window.stays") == 1
