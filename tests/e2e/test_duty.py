"""Who leads the duty: sees who is on duty and where, what nobody fills, and changes the week; who is seen sees it."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, DemoCity, violations
from tests.e2e.staff import off_duty
from tests.e2e.test_work import AT, COLLECTOR, OTHER_COLLECTOR

LEADER = "gao.tao"


def somebody(city: DemoCity) -> tuple[str, str]:
    """A collector whom no other journey uses: sign-in name, and what they are called."""
    lines = [line.split() for line in city.cli("user", "list").splitlines()]
    taken = {COLLECTOR, OTHER_COLLECTOR}
    name = next(line[0] for line in lines if any(each.startswith("collector-") for each in line) and line[0] not in taken)
    return name, city.call("GET", "/v1/me", token=city.token(name))["name"]


def on_duty(city: DemoCity, name: str, *, lon: float = 112.53, lat: float = 28.48) -> str:
    """Somebody signs on in a post of theirs, all day long, and their phone tells where it is; gives the post."""
    token = city.token(name)
    duty = city.call("GET", "/v1/duty", token=token)
    post = duty["plans"][0]["post"]
    shift = duty["shift"] or city.call("POST", "/v1/duty/shifts", {"post": post}, token=token)
    position = {"at": shift["started_at"], "lon": lon, "lat": lat, "error_m": 5.0}
    city.call("POST", f"/v1/duty/shifts/{shift['id']}/track", {"positions": [position]}, token=token)
    return post


def test_the_leader_sees_who_is_on_duty_and_they_see_who_looked(visitors, demo_city):
    """The list says who and where, the map says the same; the phone names the post that looked, and when."""
    name, called = somebody(demo_city)
    off_duty(demo_city, name)
    on_duty(demo_city, name)
    worker = visitors.visit("/work/patrol", name=name, size=PHONE, **AT)
    expect(worker.get_by_text("还没有人看过您的位置")).to_be_visible()

    page = visitors.visit("/console/duty", name=LEADER)
    line = page.get_by_role("button", name=re.compile(called))
    expect(line.first).to_be_visible()
    expect(page.get_by_text(re.compile("在岗 [1-9]"))).to_be_visible()
    line.first.click()
    expect(line.first).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", name=re.compile("空岗"))).to_be_visible()
    expect(page.locator("canvas")).to_be_visible()
    assert violations(page) == []

    worker.reload()
    expect(worker.get_by_text("看过您现在位置的")).to_be_visible()
    assert violations(worker) == []


def test_hours_are_the_city_s_wherever_the_phone_is(visitors, demo_city):
    """A phone set to another zone tells the plan by the city's clock, also while nothing else stands on the page."""
    lines = [line.split() for line in demo_city.cli("user", "list").splitlines()]
    name = [line[0] for line in lines if any(each.startswith("collector-") for each in line)][-1]
    off_duty(demo_city, name)
    plan = demo_city.call("GET", "/v1/duty", token=demo_city.token(name))["plans"][0]
    page = visitors.visit("/work/patrol", name=name, size=PHONE, timezone_id="America/St_Johns", **AT)
    expect(page.get_by_text(f"今天 {plan['begins'][11:16]}–{plan['ends'][11:16]}")).to_be_visible()


def test_the_leader_changes_the_week(visitors, demo_city):
    """A post is found by its person, a day is made free, the rest of the week gets other hours; what the city set is marked."""
    page: Page = visitors.visit("/console/duty?show=week", name=LEADER)
    page.get_by_role("button", name="下一周").click()
    page.get_by_label("找岗位").fill(somebody(demo_city)[1])
    row = page.get_by_role("row").nth(1)
    monday, tuesday = row.get_by_role("button").nth(0), row.get_by_role("button").nth(1)
    expect(monday).to_be_visible()
    tuesday.click()
    form = page.get_by_role("dialog", name="改排班")
    form.get_by_label("从", exact=True).fill("20:00")
    form.get_by_label("到", exact=True).fill("04:00")
    expect(form.get_by_text("就是次日")).to_be_visible()
    form.get_by_label("用于").select_option("rest")
    assert violations(page) == []
    form.get_by_role("button", name="保存").click()
    expect(row.get_by_text("20:00–04:00")).to_have_count(6)
    monday.click()
    form.get_by_label("上班").uncheck()
    form.get_by_role("button", name="保存").click()
    expect(monday).to_contain_text("休")
    expect(row.get_by_title("已调整")).to_have_count(7)
    page.reload()
    expect(page.get_by_text("20:00–04:00")).to_have_count(6)  # week and words stand in the address
    assert violations(page) == []
