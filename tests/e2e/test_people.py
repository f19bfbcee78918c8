"""People and doors: accounts and posts, partners and keys, what goes out, what is parked."""

import sqlite3

from playwright.sync_api import expect

from tests.e2e.browser import DESK, violations

ADMIN, OPERATOR = "liu.hao", "zhang.gang"


def test_an_account_is_opened_gets_a_post_and_a_password(visitors):
    """Whoever is let in comes in at once, and must choose another password."""
    system = visitors.visit("/people/accounts", name=OPERATOR)
    system.get_by_role("button", name="新建账号").click()
    system.get_by_label("姓名", exact=True).fill("新人")
    system.get_by_label("登录名", exact=True).fill("xin.ren")
    system.get_by_role("button", name="保存").click()
    expect(system.get_by_role("heading", name="新人")).to_be_visible()
    expect(system.get_by_label("安排岗位")).to_have_count(0)
    page = visitors.visit("/people", name=ADMIN)
    expect(page.get_by_role("button", name="新建账号")).to_have_count(0)
    page.get_by_role("button", name="新人").click()
    page.get_by_label("安排岗位").select_option("acceptor-1")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="离岗：受理员 1")).to_be_visible()
    page.get_by_label("初始口令").fill("First-Password-1")
    page.get_by_role("button", name="重设口令").click()
    expect(page.get_by_text("已重设")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("按姓名、登录名或岗位筛选").fill("xin.ren")
    expect(page.get_by_role("row")).to_have_count(2)


def test_a_partner_gets_a_key_that_is_shown_once(visitors):
    """With scopes of its post; revoked with a reason."""
    system = visitors.visit("/people/partners", name=OPERATOR, lang="en")
    system.get_by_label("Name of the system").fill("Weather")
    system.get_by_role("button", name="Let a partner in").click()
    expect(system.get_by_role("heading", name="Weather")).to_be_visible()
    page = visitors.visit("/people/partners", name=ADMIN, lang="en")
    page.get_by_role("button", name="Weather").click()
    page.get_by_label("Give a post").select_option("partner")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("case.read").check()
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_text("The key is shown this once")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Reason").select_option("lost")
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("revoked: lost, or known to others")).to_be_visible()


def test_parked_work_is_tried_again_or_passed_over_with_a_reason(visitors, demo_city):
    """An operator sees what stands still, and why."""
    database = sqlite3.connect(demo_city.home / "city.db", timeout=10)
    city = database.execute("SELECT city FROM log_head").fetchone()[0]
    with database:
        database.execute(
            "INSERT INTO held (city, handler, seq, shard, subject, fact_id, tries, next_at, parked, error) "
            "VALUES (?, 'dispatch', 999999, 0, 'case/none', 'case/none#1', 8, NULL, 1, 'no duty table')", (city,)
        )  # fmt: skip
    database.close()
    page = visitors.visit("/people/held", name=OPERATOR)
    line = page.get_by_role("listitem").filter(has_text="case/none#1")
    expect(line.get_by_text("no duty table")).to_be_visible()
    assert violations(page) == []
    line.get_by_role("button", name="跳过").click()
    line.get_by_label("理由").select_option("handled_by_hand")
    line.get_by_role("button", name="跳过").click()
    expect(page.get_by_text("没有停下的处理")).to_be_visible()


def test_each_page_is_for_who_may_see_it(visitors):
    """A duty leader sees their own account; an operator the deliveries; both pages are clean."""
    leader = visitors.visit("/people", name="gao.tao", theme="dark")
    expect(leader.get_by_role("heading", name="我的岗位")).to_be_visible()
    expect(leader.get_by_role("link", name="账号与岗位")).to_have_count(0)
    assert violations(leader) == []
    operator = visitors.visit("/people/outbox", name=OPERATOR, size=DESK, lang="en")
    expect(operator.get_by_role("heading", name="What was not taken")).to_be_visible()
    assert violations(operator) == []
