"""On the field's phone: what the city ended, and what it refused."""

from playwright.sync_api import expect

from tests.e2e.browser import PHONE, violations
from tests.e2e.staff import off_duty, soon
from tests.e2e.test_work import AT, COLLECTOR, OTHER_COLLECTOR, photo, waiting

SHIFT = """async () => {
  const db = await new Promise((done) => { indexedDB.open("cityloop").onsuccess = (event) => done(event.target.result) });
  const all = (how) => new Promise((done) => { db.transaction("shelf").objectStore("shelf")[how]().onsuccess = (event) => done(event.target.result) });
  const [keys, values] = [await all("getAllKeys"), await all("getAll")];
  db.close();
  return values[keys.findIndex((key) => key.startsWith("work.shift."))] ?? {};
}"""


def test_a_shift_that_the_city_ended_ends_on_the_phone_and_in_every_tab(visitors, demo_city):
    """Forgotten, or ended from elsewhere: the phone notes no more, says why, and says so until the person has read it."""
    off_duty(demo_city, OTHER_COLLECTOR)
    page = visitors.visit("/work/patrol", name=OTHER_COLLECTOR, size=PHONE, **AT)
    page.get_by_role("button", name="上岗打卡").click()
    expect(page.get_by_role("banner").get_by_role("link", name="● 在岗")).to_be_visible()
    expect(waiting(page)).to_be_hidden()
    soon(lambda: page.evaluate(SHIFT).get("seen_at"), "no list of tasks told of the shift")
    other = page.context.new_page()
    other.goto("/work/patrol")
    expect(other.get_by_role("banner").get_by_role("link", name="● 在岗")).to_be_visible()
    off_duty(demo_city, OTHER_COLLECTOR)
    other.reload()
    for tab in (other, page):
        expect(tab.get_by_role("banner").get_by_role("link", name="班次已结束")).to_be_visible()
    expect(other.get_by_role("alert")).to_contain_text("本人下岗")
    assert violations(other) == []
    other.get_by_role("button", name="知道了").click()
    for tab in (other, page):
        expect(tab.get_by_role("banner").get_by_role("link", name="○ 未上岗")).to_be_visible()


def test_what_the_city_refused_goes_back_into_its_form(visitors):
    """A phone whose clock is wrong: the report is refused, stands in its form again with its photo, and is taken then."""
    page = visitors.visit("/work/report", name=COLLECTOR, size=PHONE, service_workers="block", **AT)
    bodies: list[bytes] = []

    def wrong_clock(route) -> None:
        bodies.append(route.request.post_data_buffer or b"")
        if len(bodies) > 1:
            route.continue_()
        else:
            route.fulfill(status=400, json={"status": 400, "code": "time.in_future", "detail": "after now"})

    page.route("**/v1/reports", wrong_clock)
    page.get_by_label("照片", exact=True).set_input_files([photo("brown")])
    page.get_by_label("是什么问题").select_option(index=1)
    page.get_by_role("button", name="用现在的位置").click()
    expect(page.get_by_text("位置已定")).to_be_visible()
    page.get_by_role("button", name="上报", exact=True).click()
    page.get_by_role("link", name="1 件要您看一下").click()
    page.get_by_role("button", name="修改后再发").click()
    form = page.get_by_role("form", name="上报")
    expect(form.get_by_role("img", name="照片 1")).to_be_visible()
    form.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("heading", name="待办")).to_be_attached()
    expect(waiting(page)).to_be_hidden()
    assert [b'name="happened_at"' in each for each in bodies] == [True, False]
