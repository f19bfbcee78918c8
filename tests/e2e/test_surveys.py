"""What the loop does not count by itself: a visitor without a network, the assessor at the desk, a resident without script."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import PHONE, DemoCity
from tests.e2e.test_work import photo, waiting

VISITOR, ASSESSOR = "gao.yan", "wang.en"
AT = {"geolocation": {"longitude": 112.5, "latitude": 28.49}, "permissions": ["geolocation"]}


def under_way(page: Page) -> dict:
    """The task under way, whole, as the assessor sees it."""
    tasks = page.request.get("/v1/survey/tasks").json()["items"]
    (found,) = [each for each in tasks if each["state"] == "open"]
    return page.request.get(f"/v1/survey/tasks/{found['id']}").json()


def test_a_point_is_looked_at_without_a_network(visitors):
    """Counted with one press each, kept on the phone, sent once there is a network; the assessor sees what was found."""
    page = visitors.visit("/work", name=VISITOR, size=PHONE, **AT)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    expect(page.get_by_role("button", name="考察这个点位").first).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).some(name => name.startsWith('kept.') && name.length > 10)")
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="考察这个点位").first.click()
    form = page.get_by_role("form", name="考察这个点位")
    form.get_by_role("button", name="提交考察").click()
    expect(form.get_by_role("alert")).to_contain_text("至少拍 1 张照片")
    for _ in range(2):
        form.get_by_role("button", name="＋ 暴露垃圾").click()
    form.get_by_label("照片", exact=True).set_input_files([photo("green")])
    expect(form.get_by_role("img", name="照片")).to_have_count(1)
    form.get_by_role("button", name="提交考察").click()
    expect(waiting(page)).to_contain_text("1")
    expect(page.get_by_text("待发送")).to_be_visible()

    desk = visitors.visit("/evaluate/survey", name=ASSESSOR)
    before = under_way(desk)["points_done"]
    page.context.set_offline(False)
    expect(waiting(page)).to_have_count(0)
    task = under_way(desk)
    assert task["points_done"] == before + 1
    newest = max((each for each in task["all_points"] if each["visited_at"]), key=lambda each: each["visited_at"])
    assert (newest["found"], newest["is_far"], len(newest["photos"])) == ({"exposed_rubbish": 2}, True, 1)


def test_the_assessor_accepts_a_table(visitors):
    """What was sent is read with its numbers and counts once it is accepted."""
    page = visitors.visit("/evaluate/survey", name=ASSESSOR)
    before = under_way(page)["sheets_done"]
    page.get_by_role("button", name=re.compile("1 张待审核")).click()
    page.get_by_role("button", name="通过").click()
    expect(page.get_by_role("button", name="通过")).to_have_count(0)
    assert under_way(page)["sheets_done"] == before + 1


def test_a_resident_answers_without_script(visitors, browser: Browser, demo_city: DemoCity):
    """By the code of an invitation: no account, no script; the second time the page says that it was answered."""
    desk = visitors.visit("/evaluate/survey", name=ASSESSOR)
    task = under_way(desk)
    asked = {"form": "questionnaire", "object": task["objects"][0], "unused": "true"}
    code = desk.request.get(f"/v1/survey/tasks/{task['id']}/invitations", params=asked).json()[0]["code"]
    context = browser.new_context(base_url=demo_city.url, viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/survey/{code}")
    page.get_by_label("40–59 岁").check()
    for group in page.get_by_role("group").all():
        if group.get_by_role("radio", name="比较好").count():
            group.get_by_role("radio", name="比较好").check()
    page.get_by_label(re.compile("还想说什么")).fill("路灯修得快")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="收到了，谢谢您")).to_be_visible()
    page.goto(f"/survey/{code}")
    expect(page.get_by_role("alert")).to_contain_text("这份邀请已经用过了")
    context.close()
