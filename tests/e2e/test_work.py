"""At work: a handler without a network, a whistle that brings two units, and every page for everybody."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import PASSWORD, PHONE, violations
from tests.e2e.pages import still
from tests.e2e.staff import DISPATCHER, Staff, off_duty, soon

AT = {"geolocation": {"longitude": 112.53, "latitude": 28.48}, "permissions": ["geolocation"]}
HANDLER, GRID_WORKER, COLLECTOR, LEADER = "xie.chen", "zhou.ning", "wang.anran", "han.chen"
OTHER_COLLECTOR = "li.bing"


def photo(colour: str) -> dict[str, object]:
    """A photo as a phone's camera hands it over."""
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def ready(page: Page) -> None:
    """The service worker has what it needs, and the list is kept."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    expect(page.get_by_role("list").first).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).some(name => name.startsWith('kept.') && name.length > 10)")


def in_hand(staff: Staff) -> tuple[str, str]:
    """A case that its unit has signed for, and who works on it."""
    case, _ = staff.new_case()
    return case, staff.handler(staff.bring(case, "handling"))


def filled(page: Page, case: str, words: str) -> Locator:
    """The form that says that the work is done, opened from the list, with words in it."""
    page.locator(f"ol a[href$='/{case}']").click()
    page.get_by_role("button", name="处置完成").click()
    form = page.get_by_role("form", name="处置完成")
    form.get_by_label("说明").first.fill(words)
    return form


def done(staff: Staff, case: str) -> dict:
    """The task that was finished, once the case waits for somebody to look."""
    return [task for task in staff.until(case, "inspecting")["tasks"] if task["outcome"] == "finished"][-1]


def waiting(page: Page) -> Locator:
    """What has not been sent yet, as the top of every page says it."""
    return page.get_by_role("banner").get_by_role("link", name="待发")


def test_a_handler_works_without_a_network(visitors, staff):
    """The list is there though the network is not; work is ended with photos, waits, and is sent once the network is back."""
    case, handler = in_hand(staff)
    page = visitors.visit("/work", name=handler, size=PHONE, **AT)
    ready(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("没有网络。照常办，有网后自动发出。")).to_be_visible()
    form = filled(page, case, "")
    form.get_by_role("button", name="处置完成").click()
    expect(form.get_by_role("alert")).to_contain_text("拍一张照片，或至少写 8 个字")
    form.get_by_label("照片", exact=True).set_input_files([photo("green"), photo("grey")])
    expect(form.get_by_role("img", name="照片")).to_have_count(2)
    form.get_by_role("button", name="处置完成").click()
    expect(waiting(page)).to_have_text(re.compile("1"))
    assert staff.case(case)["state"] == "handling"
    page.reload()  # the tab was killed, and opened again without a network
    expect(waiting(page)).to_have_text(re.compile("1"))
    page.context.set_offline(False)
    expect(waiting(page)).to_be_hidden()
    task = done(staff, case)
    assert (task["outcome"], len(task["photos"])) == ("finished", 2)


def test_what_somebody_changed_meanwhile_is_settled_by_the_person(visitors, staff):
    """The dispatcher urged while the phone had no network: the deed waits until the person has seen it."""
    case, handler = in_hand(staff)
    page = visitors.visit("/work", name=handler, size=PHONE, **AT)
    ready(page)
    page.context.set_offline(True)
    filled(page, case, "井盖已换好，现场已清理干净").get_by_role("button", name="处置完成").click()
    expect(waiting(page)).to_be_visible()
    staff.do(DISPATCHER, case, "urge", reason="late")
    page.context.set_offline(False)
    page.get_by_role("link", name="1 件要您看一下").click()
    expect(page.get_by_role("alert")).to_contain_text("催办")
    assert violations(page) == []
    page.get_by_role("button", name="看过了，照样发送").click()
    expect(page.get_by_text("都发出去了")).to_be_visible()
    staff.until(case, "inspecting")


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(visitors, staff):
    """What was typed stands there after a reload, is kept when it is sent by nobody, and goes once the same person is back."""
    case, handler = in_hand(staff)
    page = visitors.visit("/work", name=handler, size=PHONE, **AT)
    ready(page)
    page.evaluate("void (IDBObjectStore.prototype.put = () => new Promise(() => {}))")  # the page is left before the device has it
    filled(page, case, "写到一半登录过期了，一个字也不能丢")
    page.reload()
    form = filled_again(page)
    expect(form.get_by_label("说明").first).to_have_value("写到一半登录过期了，一个字也不能丢")
    page.context.clear_cookies()
    form.get_by_role("button", name="处置完成").click()
    door = page.get_by_role("dialog", name="登录已过期")
    expect(door).to_be_visible()
    assert staff.case(case)["state"] == "handling"
    door.get_by_label("登录名").fill(handler)
    door.get_by_label("密码").fill(PASSWORD)
    door.get_by_role("button", name="登录").click()
    expect(door).to_be_hidden()
    expect(waiting(page)).to_be_hidden()
    assert done(staff, case)["note"] == "写到一半登录过期了，一个字也不能丢"


def test_a_form_stays_open_under_the_door(visitors, staff):
    """The phone finds out by itself that the session has ended: the form stays as it is beneath, and goes on once they are back."""
    case, handler = in_hand(staff)
    page = visitors.visit("/work", name=handler, size=PHONE, **AT)
    ready(page)
    form = filled(page, case, "正写着，登录过期了")
    page.context.clear_cookies()
    page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    door = page.get_by_role("dialog", name="登录已过期")
    expect(door).to_be_visible()
    page.wait_for_timeout(500)  # whatever follows from it
    expect(page.locator("form[aria-label='处置完成'] textarea").first).to_have_value("正写着，登录过期了")
    door.get_by_label("登录名").fill(handler)
    door.get_by_label("密码").fill(PASSWORD)
    door.get_by_role("button", name="登录").click()
    expect(door).to_be_hidden()
    form.get_by_role("button", name="处置完成").click()
    assert done(staff, case)["note"] == "正写着，登录过期了"


LATE = """void (() => {
  const late = (kind, which, ms) => {
    kind.addEventListener = function (event, hear, more) {
      const mine = which(this, event) ? (told) => setTimeout(() => hear.call(this, told), ms) : hear;
      return EventTarget.prototype.addEventListener.call(this, event, mine, more);
    };
  };
  const both = (names) => names.contains("outbox") && names.contains("draft");
  late(IDBRequest.prototype, (it, event) => event === "success" && it.source?.name === "draft" && it.transaction.mode === "readonly", 1500);
  late(IDBTransaction.prototype, (it, event) => event === "complete" && both(it.objectStoreNames), 3000);
})()"""
KEPT = """async () => {
  const db = await new Promise((done) => { indexedDB.open("cityloop").onsuccess = (event) => done(event.target.result) });
  const keys = await new Promise((done) => { db.transaction("draft").objectStore("draft").getAllKeys().onsuccess = (event) => done(event.target.result) });
  db.close();
  return [...keys, ...Object.keys(localStorage).filter((key) => key.startsWith("cityloop.draft:"))];
}"""


def test_what_was_sent_does_not_come_back(visitors, staff):
    """On a slow device the form hears what was kept of it only while it is sent: nothing of it is kept then."""
    case, handler = in_hand(staff)
    page = visitors.visit("/work", name=handler, size=PHONE, **AT)
    ready(page)
    page.evaluate(LATE)
    filled(page, case, "写得快，发得也快").get_by_role("button", name="处置完成").click()
    expect(page.get_by_role("form", name="处置完成")).to_be_hidden()
    assert done(staff, case)["note"] == "写得快，发得也快"
    assert page.evaluate(KEPT) == []


def filled_again(page: Page) -> Locator:
    """The same form, after the page came anew."""
    page.get_by_role("button", name="处置完成").click()
    return page.get_by_role("form", name="处置完成")


def test_a_whistle_brings_two_units(visitors, staff):
    """吹哨报到: the street's grid worker calls two units; each finds the case on its phone and reports in."""
    case, _ = staff.new_case()
    street = staff.case(case)["where"]["street"]
    staff.to_unit(case, f"street-{street}")
    page = visitors.visit("/work", name=staff.by_post[f"grid-worker-{street}"], size=PHONE, **AT)
    page.locator(f"ol a[href$='/{case}']").click()
    page.get_by_role("button", name="吹哨").click()
    form = page.get_by_role("form", name="吹哨")
    called = {"municipal-works": "市政设施管理处", "water": "供排水公司"}
    for unit in called.values():
        form.get_by_role("searchbox").fill(unit)
        form.get_by_role("checkbox", name=unit).check()
    form.get_by_role("combobox").select_option(index=1)
    form.get_by_role("button", name="吹哨").click()
    soon(lambda: "whistled" in staff.case(case)["marks"], "nobody was called")
    for away, unit in ((1, "municipal-works"), (0, "water")):
        other = visitors.visit("/work", name=staff.by_post[f"handler-{unit}"], size=PHONE, **AT)
        other.locator(f"ol a[href$='/{case}']").click()
        other.get_by_role("button", name="报到").click()
        other.get_by_role("form", name="报到").get_by_role("button", name="报到").click()
        soon(lambda unit=unit: unit in arrived(staff, street, case), f"{unit} is not there")
        page.goto(f"/work/case/{case}")
        expect(page.get_by_text("· 未到")).to_have_count(away)
        expect(page.get_by_text("· 已到")).to_have_count(2 - away)


def arrived(staff: Staff, street: str, case: str) -> set[str]:
    """The called units that reported in, as the grid worker's list has it."""
    token = staff.city.token(staff.by_post[f"grid-worker-{street}"])
    items = staff.city.call("GET", "/v1/screens/work", token=token)["items"]
    return {called["unit"] for item in items if item["id"] == case for called in item["called"] if called["arrived_at"]}


def test_a_collector_signs_on_and_off_and_sees_the_track(visitors, demo_city):
    """On duty the position is noted; the worker sees the way, and signing off ends it."""
    off_duty(demo_city, COLLECTOR)
    page = visitors.visit("/work/patrol", name=COLLECTOR, size=PHONE, **AT)
    page.on("dialog", lambda dialog: dialog.accept())
    expect(page.get_by_text("今天 07:30–18:30")).to_be_visible()  # by the city's clock, wherever the browser is
    page.get_by_role("button", name="上岗打卡").click()
    expect(page.get_by_role("link", name="● 在岗")).to_be_visible()
    soon(lambda: noted(page) > 0, "no position is noted")
    token = demo_city.token(COLLECTOR)
    shift = soon(lambda: demo_city.call("GET", "/v1/duty", token=token)["shift"], "the city knows of no shift")
    page.get_by_role("button", name="下岗").click()
    expect(page.get_by_role("link", name="○ 未上岗")).to_be_visible()
    mine = page.locator(f"li[data-shift='{shift['id']}']")  # the demo's own days on duty stand below
    expect(mine).to_contain_text(re.compile(r"· [1-9]\d* 个点"))
    assert violations(page) == []
    mine.get_by_role("button", name="申请删除轨迹").click()
    expect(mine.get_by_text("已申请删除")).to_be_visible()


def test_positions_are_noted_as_often_as_the_pack_says(visitors, demo_city):
    """The pace is the city's: here every 600 s, so that a minute of looking notes one position; without it, none."""
    off_duty(demo_city, COLLECTOR)
    page = visitors.visit("/work/patrol", name=COLLECTOR, size=PHONE, service_workers="block", **AT)
    said: dict[str, object] = {"track_every_s": None}

    def slower(route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), **said})

    page.route("**/v1/duty", slower)
    page.reload()
    page.get_by_role("button", name="上岗打卡").click()
    expect(page.get_by_role("banner").get_by_role("link", name="● 在岗")).to_be_visible()
    page.wait_for_timeout(6_000)
    assert noted(page) == 0
    said["track_every_s"] = 600
    page.reload()
    soon(lambda: noted(page) == 1, "one position is noted")
    page.wait_for_timeout(11_000)  # it looks every 5 s
    assert noted(page) == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="下岗").click()
    expect(page.get_by_role("banner").get_by_role("link", name="○ 未上岗")).to_be_visible()
    expect(page.get_by_role("banner").get_by_role("link", name="待发")).to_be_hidden(timeout=30_000)  # told, too


def noted(page: Page) -> int:
    """How many positions the phone keeps, or sent of this shift."""
    return page.evaluate("""async () => {
      const db = await new Promise((done) => { indexedDB.open("cityloop").onsuccess = (event) => done(event.target.result) });
      const all = (name) => new Promise((done) => { db.transaction(name).objectStore(name).getAll().onsuccess = (event) => done(event.target.result) });
      const keys = await new Promise((done) => { db.transaction("shelf").objectStore("shelf").getAllKeys().onsuccess = (event) => done(event.target.result) });
      const shelf = await all("shelf"), outbox = await all("outbox");
      const buffered = shelf.filter((_, n) => String(keys[n]).startsWith("work.track.")).flat();
      return buffered.length + outbox.flatMap((each) => each.body?.json?.positions ?? []).length;
    }""")


@pytest.mark.parametrize("room", ["/work/me", "/console"])
def test_signing_out_of_any_room_forgets_what_the_phone_kept(visitors, room):
    """A phone is shared: what was kept for one is not there for the next, wherever the first signed out."""
    page = visitors.visit("/work", name=HANDLER, size=PHONE, **AT)
    ready(page)
    page.goto(room)
    page.get_by_role("button", name="退出").first.click()
    expect(page.get_by_label("密码")).to_be_visible()
    mine = "async () => (await caches.keys()).filter((name) => name.startsWith('kept.') && name !== 'kept.')"
    page.wait_for_timeout(6_000)  # what was under way when they signed out has come by now
    assert page.evaluate(mine) == []


def test_a_shift_that_ended_does_not_come_back(visitors, demo_city):
    """A list of tasks that is a moment old still tells of the shift: the phone, where it was ended, knows better."""
    off_duty(demo_city, OTHER_COLLECTOR)
    page = visitors.visit("/work/patrol", name=OTHER_COLLECTOR, size=PHONE, service_workers="block", **AT)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="上岗打卡").click()
    expect(page.get_by_role("link", name="在岗")).to_be_visible()
    expect(page.get_by_role("button", name="我的轨迹").first).to_be_visible()
    old = soon(lambda: (body := page.request.get("/v1/screens/work?lang=zh").json())["shift"] and body, "the city knows of no shift")
    page.route("**/v1/screens/work*", lambda route: route.fulfill(json=old))
    with page.expect_response("**/v1/screens/work*"):
        page.get_by_role("button", name="下岗").click()
    expect(waiting(page)).to_be_hidden()
    page.wait_for_timeout(1_000)  # whatever follows from it
    expect(page.get_by_role("link", name="未上岗")).to_be_visible()


def test_a_trifle_is_put_right_on_the_spot(visitors):
    """自行处置: a photo before and one after; without the second it is not sent."""
    page = visitors.visit("/work/report", name=COLLECTOR, size=PHONE, **AT)
    page.get_by_role("button", name="顺手处理了").click()
    page.get_by_label("处理前照片").set_input_files([photo("brown")])
    page.get_by_label("是什么问题").select_option(index=1)
    page.get_by_role("button", name="用现在的位置").click()
    expect(page.get_by_text("位置已定")).to_be_visible()
    page.get_by_role("button", name="自行处置").click()
    expect(page.get_by_role("alert")).to_contain_text("各要一张照片")
    page.get_by_label("处理后照片").set_input_files([photo("green")])
    page.get_by_role("button", name="自行处置").click()
    expect(page.get_by_role("heading", name="待办")).to_be_attached()
    expect(page.get_by_role("banner").get_by_role("link", name="待发")).to_be_hidden()


def test_a_component_is_proposed_and_approved(visitors):
    """普查: the collector adds a thing where they stand; the duty leader lets it into the register."""
    page = visitors.visit("/work/census", name=COLLECTOR, size=PHONE, **AT)
    page.get_by_role("button", name="新增部件").click()
    page.get_by_label("照片").set_input_files([photo("blue")])
    page.get_by_label("类别").select_option(index=1)
    page.get_by_label("权属单位").select_option(index=1)
    page.get_by_role("button", name="用现在的位置").click()
    expect(page.get_by_text("位置已定")).to_be_visible()
    page.get_by_role("form").get_by_role("button", name="新增部件").click()
    expect(page.get_by_text("待审核")).to_be_visible()
    leader = visitors.visit("/work/census", name="gao.tao", size=PHONE)
    leader.get_by_role("button", name="通过").click()
    expect(leader.get_by_role("button", name="通过")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("已通过")).to_be_visible()


def test_a_leader_reads_the_morning_and_gives_a_word(visitors, staff):
    """Each number opens its cases; an instruction is given on one that is under supervision."""
    case, _ = in_hand(staff)
    staff.do(LEADER, case, "supervision", level="ordinary", reason="late")
    page = visitors.visit("/work", name=LEADER, size=PHONE)
    expect(page.get_by_role("heading", name="早报")).to_be_visible()
    page.get_by_role("button", name="上报数").click()
    expect(page.get_by_role("list", name="看这些案件").get_by_role("listitem").first).to_be_visible()
    assert violations(page) == []
    page.locator(f"ol a[href*='{case}']").click()
    page.get_by_role("button", name="批示").click()
    form = page.get_by_role("form", name="批示")
    form.get_by_role("textbox").fill("请今天办结")
    for choice in form.get_by_role("combobox").all():
        choice.select_option(index=1)
    form.get_by_role("button", name="批示").click()
    expect(page.get_by_role("banner").get_by_role("link", name="待发")).to_be_hidden()
    expect(page.get_by_role("heading", name="早报")).to_be_visible()


@pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/work", HANDLER), ("/work", GRID_WORKER), ("/work/report", COLLECTOR), ("/work/patrol", COLLECTOR),
        ("/work/census", COLLECTOR), ("/work/census", "gao.tao"), ("/work/me", HANDLER), ("/work/brief", LEADER),
        ("/work/outbox", HANDLER), ("/work/case/none", HANDLER),
    ],
)  # fmt: skip
def test_axe_finds_nothing_and_targets_are_large(visitors, path, name, lang, theme):
    """In both languages and both lights; whatever is touched is at least 48 px high or wide."""
    page = visitors.visit(path, name=name, size=PHONE, lang=lang, theme=theme, **AT)
    expect(page.get_by_role("navigation")).to_be_visible()
    still(page)
    assert violations(page) == []
    small = page.evaluate(
        "() => [...document.querySelectorAll('#room button, #room a, #room select, #room summary, nav a, header a')]"
        ".filter(e => e.offsetParent && !e.closest('.maplibregl-map') && e.getBoundingClientRect().height < 47.5)"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []
