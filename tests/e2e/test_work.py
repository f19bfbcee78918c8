"""At work: a handler without a network, a whistle that brings two units, and every page for everybody."""

import time
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, violations

AT = {"geolocation": {"longitude": 112.53, "latitude": 28.48}, "permissions": ["geolocation"]}
HANDLER, GRID_WORKER, COLLECTOR, LEADER = "xie.chen", "zhou.ning", "wang.anran", "han.chen"
GRID_WORKERS = ("liang.ming", "song.anran", "zheng.bing", "zhou.ning", "wu.ping", "xu.qian", "gao.wen", "lin.xia", "he.yan")


def photo(colour: str) -> dict[str, object]:
    """A photo as a phone's camera hands it over."""
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def whistleable(city) -> tuple[str, str]:
    """A grid worker, and a case on that phone for which units may be called. The demo city's days differ."""
    for name in GRID_WORKERS:
        items = city.call("GET", "/v1/screens/work", token=city.token(name))["items"]
        for item in items:
            if any(deed["name"] == "whistle" for deed in item["deeds"]):
                return name, item["id"]
    raise AssertionError("no grid worker of the demo city has a case for which units may be called")


def soon(true: Callable[[], bool]) -> None:
    """It becomes so within some seconds."""
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.2)


def ready(page: Page) -> None:
    """The service worker has what it needs, and the list is kept."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    expect(page.get_by_role("list").first).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).some(name => name.startsWith('kept.') && name.length > 10)")


def test_a_handler_works_without_a_network(visitors, demo_city):
    """The list is there though the network is not; work is ended with photos, waits, and is sent once the network is back."""
    page = visitors.visit("/work", name=HANDLER, size=PHONE, **AT)
    ready(page)
    line = page.locator("ol li a", has_text="处置完成").first
    title = line.locator("span").nth(1).inner_text()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("没有网络。照常办，有网后自动发出。")).to_be_visible()
    page.locator("ol li a", has_text="处置完成").first.click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    case = page.url.rpartition("/")[2]
    page.get_by_role("button", name="处置完成").click()
    form = page.get_by_role("form", name="处置完成")
    form.get_by_role("button", name="处置完成").click()
    expect(form.get_by_role("alert")).to_contain_text("拍一张照片，或至少写 8 个字")
    form.get_by_label("照片", exact=True).set_input_files([photo("green"), photo("grey")])
    expect(form.get_by_role("img", name="照片")).to_have_count(2)
    form.get_by_role("button", name="处置完成").click()
    expect(page.get_by_role("banner").get_by_role("link", name="待发 1")).to_be_visible()
    assert demo_city.call("GET", f"/v1/cases/{case}", token=demo_city.token("gao.tao"))["state"] == "handling"
    page.reload()  # the tab was killed, and opened again without a network
    expect(page.get_by_role("banner").get_by_role("link", name="待发 1")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("banner").get_by_role("link", name="待发 1")).to_be_hidden(timeout=20_000)
    seen = demo_city.call("GET", f"/v1/cases/{case}", token=demo_city.token("gao.tao"))
    done = [task for task in seen["tasks"] if task["outcome"] == "finished"]
    assert seen["state"] in ("handled", "inspecting", "to_close", "closed")
    assert len(done[-1]["photos"]) == 2


def test_what_somebody_changed_meanwhile_is_settled_by_the_person(visitors, demo_city):
    """The dispatcher urged while the phone had no network: the deed waits until the person has seen it."""
    page = visitors.visit("/work", name=HANDLER, size=PHONE, **AT)
    ready(page)
    page.context.set_offline(True)
    page.locator("ol li a", has_text="处置完成").last.click()
    case = page.url.rpartition("/")[2]
    page.get_by_role("button", name="处置完成").click()
    form = page.get_by_role("form", name="处置完成")
    form.get_by_label("说明").first.fill("井盖已换好，现场已清理干净")
    form.get_by_role("button", name="处置完成").click()
    token = demo_city.token("liang.yu")
    no = demo_city.call("GET", f"/v1/cases/{case}", token=token)["no"]
    demo_city.call("POST", f"/v1/cases/{case}/urge", {"reason": "late"}, token, **{"If-Match": f'"{no}"'})
    page.context.set_offline(False)
    page.get_by_role("link", name="1 件要您看一下").click(timeout=20_000)
    expect(page.get_by_role("alert")).to_contain_text("催办")
    assert violations(page) == []
    page.get_by_role("button", name="看过了，照样发送").click()
    expect(page.get_by_text("都发出去了")).to_be_visible(timeout=20_000)


def test_a_whistle_brings_two_units(visitors, demo_city):
    """吹哨报到: the street's grid worker calls two units; each finds the case on its phone and reports in."""
    name, case = whistleable(demo_city)
    page = visitors.visit("/work", name=name, size=PHONE, **AT)
    page.locator(f'ol li a[href$="/{case}"]').click()
    page.get_by_role("button", name="吹哨").click()
    form = page.get_by_role("form", name="吹哨")
    for unit in ("市政设施管理处", "供排水公司"):
        form.get_by_role("searchbox").fill(unit)
        form.get_by_role("checkbox", name=unit).check()
    form.get_by_role("combobox").select_option(index=1)
    form.get_by_role("button", name="吹哨").click()
    token = demo_city.token("gao.tao")
    soon(lambda: "whistled" in demo_city.call("GET", f"/v1/cases/{case}", token=token)["marks"])
    other = visitors.visit(f"/work/case/{case}", name=HANDLER, size=PHONE, **AT)
    other.get_by_role("button", name="报到").click()
    other.get_by_role("form", name="报到").get_by_role("button", name="报到").click()
    expect(other.get_by_role("heading", name="待办")).to_be_attached()
    expect(other.get_by_role("banner").get_by_role("link", name="待发")).to_be_hidden(timeout=20_000)
    page.goto(f"/work/case/{case}")
    expect(page.get_by_text("· 已到")).to_be_visible()
    expect(page.get_by_text("· 未到")).to_be_visible()


def test_a_collector_signs_on_and_off_and_sees_the_track(visitors):
    """On duty the position is noted; the worker sees the way, and signing off ends it."""
    page = visitors.visit("/work/patrol", name=COLLECTOR, size=PHONE, **AT)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="上岗打卡").click()
    expect(page.get_by_role("link", name="在岗")).to_be_visible()
    page.wait_for_timeout(6_000)  # one look of the driver
    page.get_by_role("button", name="下岗").click()
    expect(page.get_by_role("link", name="未上岗")).to_be_visible()
    expect(page.get_by_text("1 个点")).to_be_visible(timeout=20_000)
    assert violations(page) == []
    page.get_by_role("button", name="申请删除轨迹").click()
    expect(page.get_by_text("已申请删除")).to_be_visible(timeout=20_000)


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
    expect(page.get_by_role("banner").get_by_role("link", name="待发")).to_be_hidden(timeout=20_000)


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
    expect(page.get_by_text("待审核")).to_be_visible(timeout=20_000)
    leader = visitors.visit("/work/census", name="gao.tao", size=PHONE)
    leader.get_by_role("button", name="通过").click()
    expect(leader.get_by_role("button", name="通过")).to_be_hidden(timeout=20_000)
    page.reload()
    expect(page.get_by_text("已通过")).to_be_visible()


def test_a_leader_reads_the_morning_and_gives_a_word(visitors):
    """Each number opens its cases; an instruction is given on one that is late."""
    page = visitors.visit("/work", name=LEADER, size=PHONE)
    expect(page.get_by_role("heading", name="早报")).to_be_visible()
    page.get_by_role("button", name="上报数").click()
    expect(page.get_by_role("list", name="看这些案件").get_by_role("listitem").first).to_be_visible()
    assert violations(page) == []
    page.locator("ol li a").first.click()
    page.get_by_role("button", name="批示").click()
    form = page.get_by_role("form", name="批示")
    form.get_by_role("textbox").fill("请今天办结")
    for choice in form.get_by_role("combobox").all():
        choice.select_option(index=1)
    form.get_by_role("button", name="批示").click()
    expect(page.get_by_role("banner").get_by_role("link", name="待发")).to_be_hidden(timeout=20_000)
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
    page.wait_for_timeout(800)
    assert violations(page) == []
    small = page.evaluate(
        "() => [...document.querySelectorAll('#room button, #room a, #room select, #room summary, nav a, header a')]"
        ".filter(e => e.offsetParent && !e.closest('.maplibregl-map') && e.getBoundingClientRect().height < 47.5)"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []
