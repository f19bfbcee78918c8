"""A resident on a phone: reports with a photo and without a network, follows it, joins what is known, in large type too."""

import gzip
import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, Visitors, violations
from tests.e2e.pages import still
from tests.e2e.test_offline import TEXT, snapshot

HERE = {"geolocation": {"latitude": 28.48, "longitude": 112.53, "accuracy": 9}, "permissions": ["geolocation"]}
MEASURE = """() => {
  const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
  const small = [], narrow = [];
  for (const element of document.querySelectorAll("body *")) {
    if (!seen(element)) continue;
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (own && parseFloat(getComputedStyle(element).fontSize) < 18) small.push(element.outerHTML.slice(0, 90));
  }
  for (const element of document.querySelectorAll("a[href], button, input, select, textarea, [role=button]")) {
    if (!seen(element) || element.type === "hidden") continue;
    const target = element.closest("label") ?? element;
    const { width, height, left } = target.getBoundingClientRect();
    if (left < 0 || (width <= 1 && height <= 1)) continue; // comes into sight with the focus
    if (height < 60 || width < 60) narrow.push(`${Math.round(width)}x${Math.round(height)} ${element.outerHTML.slice(0, 90)}`);
  }
  return { small, narrow };
}"""
PAGES = ("/", "/#/report", "/#/near", "/#/mine")


def phone(visitors: Visitors, path: str = "/", **more: object) -> Page:
    """A page on a phone that knows where it is."""
    page = visitors.visit(path, size=PHONE, **HERE, **more)
    expect(page.locator("main h1:visible")).to_be_visible()
    return page


def elder(page: Page) -> None:
    """Large type, chosen as a person chooses it."""
    page.get_by_role("button", name="长辈版").click()
    page.get_by_role("button", name="打开长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-density", "elder")


def test_what_is_said_becomes_words_in_the_form(visitors, ear):
    """Spoken into the phone, written down by the city's own ear, read and mended before it is sent; silence and a refusal say so."""
    ear.got.clear()
    page = visitors.visit("/#/report", size=PHONE, geolocation=HERE["geolocation"], permissions=["geolocation", "microphone"])
    page.get_by_label("说一说").fill("您好，")
    page.get_by_role("button", name="语音输入").click()
    expect(page.get_by_role("button", name="正在听")).to_have_attribute("aria-pressed", "true")
    assert violations(page) == []
    page.wait_for_timeout(1_200)
    page.get_by_role("button", name="正在听").click()
    expect(page.get_by_label("说一说")).to_have_value(f"您好，{ear.says}")
    expect(page.get_by_text("路灯", exact=False).first).to_be_visible()  # what it may be called is proposed from it
    assert b'filename="said.webm"' in ear.got[0].raw

    for says, mode, told in (("", "good", "没有听到说话"), ("路灯", "down", "没能转成文字")):
        ear.says, ear.mode = says, mode
        page.get_by_role("button", name="语音输入").click()
        page.wait_for_timeout(300)
        page.get_by_role("button", name="正在听").click()
        expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    ear.mode, ear.says = "good", "解放路口的路灯不亮了"
    expect(page.get_by_label("说一说")).to_have_value("您好，解放路口的路灯不亮了")
    assert violations(page) == []


def test_words_for_a_form_that_was_left_go_nowhere(visitors, ear):
    """Whoever goes away while it is written down finds the form as they left it."""
    page = visitors.visit("/#/report", size=PHONE, geolocation=HERE["geolocation"], permissions=["geolocation", "microphone"])
    ear.mode = "wait"
    page.get_by_role("button", name="语音输入").click()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="正在听").click()
    expect(page.get_by_role("button", name="正在转成文字")).to_be_visible()
    page.get_by_role("link", name="返回").click()
    with page.expect_response("**/v1/heard**"):
        ear.on.set()
    ear.mode = "good"
    ear.on.clear()
    page.wait_for_timeout(500)
    page.goto("/#/report")
    expect(page.get_by_label("说一说")).to_have_value("")
    page.reload()
    expect(page.get_by_label("说一说")).to_have_value("")


def test_a_microphone_that_may_not_be_used_says_so(visitors, ear):
    page = visitors.visit("/#/report", size=PHONE, geolocation=HERE["geolocation"], permissions=["geolocation"])
    page.get_by_role("button", name="语音输入").click()
    expect(page.get_by_role("alert").filter(has_text="用不了麦克风")).to_be_visible()


def test_a_report_with_a_photo_offline_and_then_online(visitors):
    """Three taps: photo, what, send. The network is gone, and comes back; the city has the very bytes of the phone."""
    page = phone(visitors)
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.get_by_test_id("camera").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": snapshot()})
    expect(page.get_by_role("heading", name="上报问题")).to_be_visible()
    expect(page.get_by_text("我的位置，误差约 9 米")).to_be_visible()
    page.get_by_label("说一说").fill(TEXT)
    expect(page.get_by_text("指纹")).to_be_visible()
    before = page.get_by_text("指纹").inner_text()

    page.get_by_role("button", name="遮挡").click()
    canvas = page.get_by_role("dialog").locator("canvas")
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 80, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_text(before)).to_be_hidden()  # other bytes, another digest
    digest = page.get_by_text("指纹").inner_text().removeprefix("指纹 ")
    assert violations(page) == []

    page.context.set_offline(True)
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_role("heading", name="已存好，等网络恢复就发送")).to_be_visible()
    assert violations(page) == []
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    page.get_by_role("link", name="查看进展").click()
    expect(page.get_by_text(digest)).to_be_visible()
    assert violations(page) == []


def test_me_too_joins_what_is_open_nearby(visitors, demo_city):
    """One tap on a case that is known: a report of one's own, and this phone says it once."""
    lon, lat = 112.5345, 28.4822
    demo_city.call("POST", "/v1/reports", {"text": "路灯不亮，一片漆黑", "lon": lon, "lat": lat, "class": "gbt30428_2_2013/component/0401"})
    page = phone(visitors, "/#/near")
    page.get_by_role("button", name="我也遇到").first.click()
    expect(page.get_by_text("已加入，进展见“我的”").first).to_be_visible()
    page.get_by_role("link", name="我的", exact=True).click()
    expect(page.get_by_role("listitem").get_by_role("link").first).to_be_visible()
    page.get_by_role("link", name="附近", exact=True).click()
    expect(page.get_by_text("已加入，进展见“我的”").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing(visitors, lang, theme):
    """On every page, in both languages and colours."""
    page = phone(visitors, lang=lang, theme=theme)
    for path in PAGES:
        page.goto(path)
        expect(page.locator("main h1:visible")).to_be_visible()
        still(page)
        assert violations(page) == [], path


def large_enough(page: Page, where: str) -> None:
    """Measured: text of 18 px and more, targets of 60 px and more, contrast of 4.5 and more."""
    still(page)
    assert page.evaluate(MEASURE) == {"small": [], "narrow": []}, where
    assert violations(page) == [], where


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_elder_version_is_large_on_every_step(visitors, staff, theme):
    """From the first page to the last word on the result, dialogs and maps too; one button calls the city."""
    page = phone(visitors, theme=theme)
    elder(page)
    expect(page.get_by_role("link", name="打电话 12345")).to_have_attribute("href", "tel:12345")
    expect(page.get_by_role("button", name="朗读", exact=True)).to_be_visible()
    large_enough(page, "the first page")
    page.get_by_role("button", name="设置").click()
    large_enough(page, "settings")
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()

    page.goto("/#/report")
    large_enough(page, "an empty report")
    page.get_by_label("拍照").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": snapshot()})
    expect(page.get_by_text("指纹")).to_be_visible()
    page.get_by_role("button", name="遮挡").click()
    expect(page.get_by_role("dialog").locator("canvas")).to_be_visible()
    large_enough(page, "blurring")
    page.get_by_role("button", name="完成").click()
    page.get_by_role("button", name="在地图上选").click()
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    large_enough(page, "a place on the map")
    page.get_by_role("button", name="按地名找").click()
    page.get_by_label("按地名找").fill("街道")
    expect(page.get_by_role("list").get_by_role("button").first).to_be_visible()
    large_enough(page, "a place by its name")
    page.get_by_role("button", name="用我的位置").click()
    page.get_by_label("说一说").fill(TEXT)
    page.get_by_role("button", name="其他类别").click()
    expect(page.get_by_label("找一类")).to_be_visible()
    large_enough(page, "a kind of problem")
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    large_enough(page, "sent")
    page.get_by_role("link", name="查看进展").click()
    expect(page.get_by_role("heading", name="进展")).to_be_visible()
    large_enough(page, "followed")
    page.get_by_role("link", name="打印回执").click()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    large_enough(page, "the receipt")

    for path in ("/#/mine", "/#/near"):
        page.goto(path)
        expect(page.locator("main h1:visible")).to_be_visible()
        large_enough(page, path)
    page.get_by_role("button", name="在地图上看").click()
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    large_enough(page, "the neighbourhood on the map")

    case, _ = staff.new_case()
    staff.bring(case, "closed")
    page.goto(f"/#/mine/{staff.codes[case]}")
    page.get_by_label("没有解决").check()
    expect(page.get_by_label("还想说什么")).to_be_visible()
    large_enough(page, "a word on the result")


def test_the_first_page_is_light_and_soon_there(visitors, demo_city):
    """At most 120 kB of compressed JavaScript without the map, and usable in two seconds on a processor four times
    slower; the time is measured and printed, the size is held."""
    page = phone(visitors)
    scripts = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name).filter((name) => name.endsWith('.js') && name.includes('/assets/'))")
    sizes = {name.rpartition("/")[2]: len(gzip.compress(urllib.request.urlopen(name).read(), 6)) for name in set(scripts)}
    assert sum(sizes.values()) <= 120_000, sizes

    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.reload(wait_until="commit")
    expect(page.get_by_role("button", name="拍照上报")).to_be_enabled()
    took = page.evaluate("performance.now()")
    print(f"\nresident_js_kb_gz={sum(sizes.values()) / 1000:.1f} usable_ms={took:.0f} at a quarter of the processor")


def test_without_javascript_there_is_a_way(browser, demo_city):
    """The shell leads to the pages that need none."""
    context = browser.new_context(base_url=demo_city.url, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name=re.compile("上报问题")).click()
    expect(page.locator("form")).to_be_visible()
    context.close()


def test_it_can_be_put_on_the_first_screen_of_a_phone(visitors):
    """Name, signs and a page that opens without a network: what browsers ask of something that is installed."""
    page = phone(visitors)
    found = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert found["errors"] == []
    told = json.loads(found["data"])
    assert (told["start_url"], told["display"]) == ("/", "standalone")
    for each in told["icons"]:
        assert page.request.get(each["src"]).headers["content-type"] == "image/png"
