"""The resident's pages inside WeChat's browser: no service worker, no printing, one history; scanned things; answers first."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, DemoCity, Visitors, violations
from tests.e2e.test_offline import snapshot
from tests.e2e.test_resident import HERE
from tests.e2e.test_seat import LEADER, SEAT

AGENT = (
    "Mozilla/5.0 (Linux; Android 13; V2241A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile "
    "Safari/537.36 XWEB/1160083 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F30) WeChat/arm64 Weixin NetType/WIFI"
)


def wechat(visitors: Visitors, path: str, **more: object) -> Page:
    """A page inside WeChat, whose browser lets no service worker in."""
    return visitors.visit(path, size=PHONE, user_agent=AGENT, service_workers="block", **HERE, **more)


def tag_of(city: DemoCity) -> tuple[str, dict]:
    """The code on a thing of the city, and what it says of itself."""
    token = city.token("gao.tao")
    near: list = city.call("GET", "/v1/components?lon=112.53&lat=28.48&radius_m=2000", token=token)  # type: ignore[assignment]
    tagged: list = city.call("POST", "/v1/components/tags", {"components": [near[0]["code"]]}, token=token)  # type: ignore[assignment]
    tag = tagged[0]["tag"]
    return tag, city.call("GET", f"/v1/things/{tag}")


def test_a_report_inside_wechat_from_photo_to_receipt(visitors, demo_city):
    """Photo, words, sent without a service worker; the back key goes back; the receipt is a picture to be saved, not printed."""
    page = wechat(visitors, "/")
    assert page.evaluate("navigator.serviceWorker?.controller ?? null") is None
    camera = page.get_by_test_id("camera")
    assert camera.get_attribute("accept") == "image/*"
    camera.set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": snapshot()})
    page.get_by_label("说一说").fill("人行道地砖松动，踩上去溅水")
    page.go_back()
    expect(page.get_by_role("link", name="继续填写上次的上报")).to_be_visible()
    page.go_forward()
    expect(page.get_by_label("说一说")).to_have_value("人行道地砖松动，踩上去溅水")
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="查看进展").click()
    expect(page).to_have_url(re.compile(r"#/mine/"))
    page.goto(f"{page.url}/receipt")
    sign = page.get_by_role("img")
    expect(sign).to_have_attribute("src", re.compile("^data:image/png"))
    expect(page.get_by_text("长按二维码")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_have_count(0)
    assert violations(page) == []


def test_a_scanned_thing_opens_its_report(visitors, demo_city):
    """The code on a thing: its place and class are filled in; a report that was begun before is asked about first."""
    tag, thing = tag_of(demo_city)
    page = wechat(visitors, f"/q/{tag}")
    expect(page.get_by_text("扫码部件的位置")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/#/report$"))
    name = next(iter(thing["class_name"].values()))
    expect(page.get_by_role("radio", name=name).or_(page.get_by_role("radio", name="说不准")).first).to_be_checked()
    page.evaluate("void (IDBObjectStore.prototype.put = () => new Promise(() => {}))")  # the page is left before the device has it
    page.get_by_label("说一说").fill("井盖松动")
    page.goto(f"/q/{tag}")
    expect(page.get_by_text("您还有一份没写完的上报")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="只换地点和类别").click()
    expect(page.get_by_label("说一说")).to_have_value("井盖松动")
    expect(page.get_by_text("扫码部件的位置")).to_be_visible()


def test_a_scanned_thing_without_script_is_the_plain_form(visitors, demo_city):
    """Whoever has no script comes to the form with the thing's place."""
    tag, thing = tag_of(demo_city)
    page = visitors.visit(f"/q/{tag}", size=PHONE, java_script_enabled=False)
    page.wait_for_url(f"**/report?thing={tag}")
    assert page.locator("input[name=lon]").get_attribute("value") == f"{thing['lon']:.7f}"


def test_a_question_is_answered_before_it_is_reported(visitors, demo_city):
    """Public answers are found by words, on a page of their own and while a report is written; the way to report stays."""
    seat, leader = demo_city.token(SEAT), demo_city.token(LEADER)
    unit = demo_city.call("GET", "/v1/me", token=seat)["seats"][0]["unit"]
    said = {"title": "大件垃圾怎么处理", "text": "拨打预约电话上门收运，见 https://city.example/rubbish.html。", "owner": unit,
            "valid_until": "2099-12-31", "public": True}  # fmt: skip
    entry = demo_city.call("POST", "/v1/knowledge", said, token=seat)
    match = {"If-Match": f'"{entry["no"]}"'}
    demo_city.call("POST", f"/v1/knowledge/{entry['id']}/decision", {"revision": 1, "granted": True}, token=leader, **match)
    page = wechat(visitors, "/")
    page.get_by_role("link", name="常见问题").click()
    page.get_by_label("想问什么").fill("大件垃圾")
    page.get_by_role("link", name="大件垃圾怎么处理").click()
    expect(page.get_by_role("link", name="https://city.example/rubbish.html")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("main").get_by_role("link", name="上报问题").click()
    page.get_by_label("说一说").fill("大件垃圾没人收")
    expect(page.get_by_role("complementary")).to_contain_text("大件垃圾怎么处理")
    assert violations(page) == []
