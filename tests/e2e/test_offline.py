"""Nothing that somebody sends is lost and nothing is sent twice: each accident by itself, in a real browser, over a line
that really breaks."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.browser import PASSWORD, PATIENCE_MS, PHONE, DemoCity
from tests.e2e.line import CUT, DEAD, MUTE, SLOW, STALL, UP, Line
from tests.e2e.staff import soon

TEXT = "路面有个坑，很危险"
QUEUED = "已存好，等网络恢复就发送"
WITHOUT_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"


def snapshot(width: int = 1200) -> bytes:
    """A photo that does not compress to nothing."""
    image = Image.effect_noise((width, width * 3 // 4), 90).convert("RGB")
    ImageDraw.Draw(image).ellipse((300, 300, 600, 500), fill=(20, 20, 20))
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


class Phone:
    """A phone whose line may break."""

    def __init__(self, browser: Browser, city: DemoCity, line: Line):
        self.browser, self.city, self.line = browser, city, line
        self.context: BrowserContext = browser.new_context(
            base_url=line.url, viewport=PHONE, locale="zh-CN", has_touch=True, permissions=["geolocation"],
            geolocation={"latitude": 28.48, "longitude": 112.53, "accuracy": 9},
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script("try { localStorage.setItem('cityloop.lang', 'zh') } catch {}")

    def open(self, path: str = "/") -> Page:
        """A tab, whose worker is at work."""
        page = self.context.new_page()
        page.goto(path)
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        expect(page.get_by_role("navigation", name="页面")).to_be_visible()
        return page

    def fill(self, page: Page, *, photo: bool = True) -> None:
        """A report, not yet sent."""
        page.goto("/#/report")
        if photo:
            page.get_by_label("拍照").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": snapshot()})
            expect(page.get_by_text("指纹")).to_be_visible()
        page.get_by_label("说一说").fill(TEXT)
        expect(page.get_by_text("已自动保存")).to_be_visible()

    def send(self, page: Page) -> None:
        page.get_by_role("button", name="发送", exact=True).click()

    def items(self, page: Page) -> list[dict]:
        """What the outbox holds."""
        return json.loads(page.evaluate(READ))

    def put(self, page: Page, **item: object) -> None:
        """Lay an item into the outbox, as a page of somebody's work does."""
        whole = {
            "id": "by-hand", "kind": "report", "title": "一条", "account": "", "method": "POST", "path": "/v1/reports",
            "body": {"json": {"text": TEXT}}, "made_at": 1, "tries": 0, "next_at": 0, "state": "waiting",
        } | item  # fmt: skip
        page.evaluate(PUT, whole)


READ = """() => new Promise((done) => {
  const asked = indexedDB.open("cityloop");
  asked.onsuccess = () => {
    const all = asked.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => { asked.result.close(); done(JSON.stringify(all.result.map(({ body, ...rest }) => rest))); };
  };
})"""
PUT = """(item) => new Promise((done, fail) => {
  const asked = indexedDB.open("cityloop");
  asked.onsuccess = () => {
    const tx = asked.result.transaction("outbox", "readwrite");
    tx.objectStore("outbox").put(item);
    tx.oncomplete = () => { asked.result.close(); done(1); };
    tx.onerror = fail;
  };
})"""


@pytest.fixture
def line(demo_city: DemoCity) -> Iterator[Line]:
    found = Line(demo_city.port)
    yield found
    found.close()


@pytest.fixture
def phone(browser: Browser, demo_city: DemoCity, line: Line) -> Iterator[Phone]:
    found = Phone(browser, demo_city, line)
    yield found
    found.context.close()


@pytest.fixture
def kept(demo_city: DemoCity) -> Callable[[], int]:
    """Counts the reports that the city keeps since the test began."""

    def count() -> int:
        with sqlite3.connect(f"file:{demo_city.home}/city.db?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM report").fetchone()[0]

    before = count()
    return lambda: count() - before


def settled(page: Page) -> None:
    """Until nothing waits any more; a second longer, so that a second sending would be seen."""
    for _ in range(600):  # a busy machine tries a third time
        if all(each["state"] != "waiting" for each in json.loads(page.evaluate(READ))):
            page.wait_for_timeout(1_000)
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(READ))


def test_a_report_waits_for_the_network_though_the_page_is_closed(phone, kept):
    """Written and sent without a network, the page closed: it arrives when the page is opened again, once."""
    page = phone.open()
    phone.line.turn(DEAD)
    phone.fill(page)
    phone.send(page)
    expect(page.get_by_role("heading", name=QUEUED)).to_be_visible()
    page.close()
    assert kept() == 0

    phone.line.turn(UP)
    page = phone.open("/#/mine")
    expect(page.get_by_role("link", name=TEXT)).to_be_visible()
    settled(page)
    assert kept() == 1
    page.get_by_role("link", name=TEXT).click()
    expect(page.get_by_text("城市收到的照片与拍摄时一致")).to_be_visible()


def test_the_page_opens_without_a_network_and_the_draft_is_there(phone, kept):
    """A dead line, a closed tab: shell, lazy pages, the city's name and everything that was typed come from the phone."""
    page = phone.open()
    phone.fill(page)
    page.close()
    phone.line.turn(DEAD)
    page = phone.context.new_page()
    page.goto("/")
    page.get_by_role("link", name="继续填写上次的上报").click()
    expect(page.get_by_label("说一说")).to_have_value(TEXT)
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.goto("/#/mine")
    expect(page.get_by_role("heading", name="我的上报")).to_be_visible()
    expect(page.get_by_text("霁川市")).to_be_visible()
    assert kept() == 0


def test_an_answer_that_was_lost_makes_no_second_report(phone, kept):
    """The city kept it, the phone never heard: sent again under its key it is the same report."""
    page = phone.open()
    phone.fill(page)
    phone.line.turn(MUTE)
    phone.send(page)
    expect(page.get_by_role("heading", name=QUEUED)).to_be_visible()
    soon(lambda: kept() == 1, "the city kept nothing")

    phone.line.turn(UP)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    settled(page)
    assert kept() == 1


def test_an_upload_that_breaks_off_is_sent_again_whole(phone, kept):
    """Half a photo is no photo: the city keeps nothing of it, the phone everything."""
    page = phone.open()
    phone.fill(page)
    phone.line.turn(CUT)
    phone.send(page)
    expect(page.get_by_role("heading", name=QUEUED)).to_be_visible()
    assert kept() == 0
    phone.line.turn(UP)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    assert kept() == 1


def renderers(browser: Browser) -> list[int]:
    """The processes in which this browser's pages and workers live."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    return [each["id"] for each in told["processInfo"] if each["type"] == "renderer"]


def test_a_tab_that_is_killed_while_it_sends_loses_nothing(phone, kept):
    """In the middle of sending the tab is gone; its lock goes with it, and the next one sends."""
    page = phone.open()
    phone.fill(page)
    phone.line.turn(STALL)
    phone.line.posts = 0
    phone.send(page)
    soon(lambda: phone.line.posts, "nothing was sent")
    for pid in renderers(phone.browser):
        os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    phone.line.turn(UP)
    page = phone.open("/#/mine")
    expect(page.get_by_role("link", name=TEXT)).to_be_visible()
    settled(page)
    assert kept() == 1


@pytest.mark.parametrize("locks", ["browser", "own"])
def test_two_tabs_send_once(phone, kept, locks):
    """Both see the network come back in the same moment; also in a browser that has no locks."""
    if locks == "own":
        phone.context.add_init_script(WITHOUT_LOCKS)
    page = phone.open()
    phone.line.turn(DEAD)
    phone.fill(page, photo=False)
    phone.send(page)
    expect(page.get_by_role("heading", name=QUEUED)).to_be_visible()
    other = phone.context.new_page()
    other.goto("/#/mine")
    expect(other.get_by_role("heading", name="我的上报")).to_be_visible()
    phone.line.turn(SLOW)  # both look before either has an answer
    phone.line.posts = 0
    for tab in (page, other):
        tab.evaluate("setTimeout(() => dispatchEvent(new Event('online')))")
    settled(other)
    assert (phone.line.posts, kept()) == (1, 1)


def test_the_same_draft_sent_from_two_tabs_is_one_report(phone, kept):
    """A draft has its key from its first word on."""
    page = phone.open()
    phone.fill(page, photo=False)
    other = phone.open()
    other.goto("/#/report")
    expect(other.get_by_label("说一说")).to_have_value(TEXT)
    phone.send(page)
    phone.send(other)
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    settled(page)
    assert kept() == 1


def at_rest(page: Page) -> int:
    """Bytes that the phone holds, once they do not change for a second; 0 while the worker still puts pages away."""
    before, after = page.evaluate(
        """async () => {
            const used = async () => (await navigator.storage.estimate()).usage;
            const before = await used();
            await new Promise((done) => setTimeout(done, 1000));
            return [before, await used()];
        }"""
    )
    return after if before == after else 0


def test_a_full_phone_says_so_and_keeps_the_draft_as_it_was(phone, kept):
    """No room for the photo that comes: it is told, what was kept before is there, and after tidying up it goes on."""
    page = phone.open()
    used = soon(lambda: at_rest(page), "the phone goes on storing")
    full = phone.context.new_cdp_session(page)
    room = {"origin": phone.line.url, "quotaSize": used + 300_000}  # before the first write: browsers remember it a while
    full.send("Storage.overrideQuotaForOrigin", room)
    phone.fill(page, photo=False)
    page.get_by_label("拍照").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": snapshot(2000)})
    expect(page.get_by_role("alert")).to_contain_text("手机存储已满")
    phone.send(page)
    expect(page.get_by_role("alert")).to_contain_text("手机存储已满")
    assert kept() == 0
    other = phone.open()
    other.goto("/#/report")
    expect(other.get_by_label("说一说")).to_have_value(TEXT)
    full.send("Storage.overrideQuotaForOrigin", {"origin": phone.line.url})
    phone.send(page)
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    assert kept() == 1


def test_what_one_account_made_is_not_sent_under_another(phone, kept):
    """A phone handed on: the item waits until who made it signs in again."""
    mine = phone.city.call("GET", "/v1/me", token=phone.city.token("xie.chen"))["account"]
    page = phone.open()
    phone.put(page, account=mine)
    for name, sent in (("gao.tao", 0), ("", 0), ("xie.chen", 1)):
        phone.context.clear_cookies()
        if name:
            assert phone.context.request.post("/v1/sessions", data={"name": name, "password": PASSWORD}).ok
        page.reload()
        page.wait_for_timeout(1_500)
        assert kept() == sent, name
    assert [each["state"] for each in phone.items(page)] in ([], ["sent"])


def test_a_refusal_is_kept_until_somebody_settles_it(phone, kept):
    """The city says no: why is shown, and what was typed goes back into the form."""
    page = phone.open()
    phone.put(page, body={"form": [{"name": "text", "value": TEXT}, {"name": "class", "value": "no/such/class"}]})
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("没有收下")
    assert kept() == 0
    page.get_by_role("button", name="修改后再发").click()
    expect(page.get_by_label("说一说")).to_have_value(TEXT)
    page.get_by_label("不确定，让工作人员判断").check()
    phone.send(page)
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    assert kept() == 1


def test_a_conflict_is_kept_too(phone, kept):
    """A version that has gone: nothing is sent again by itself."""
    token = phone.city.token("liang.yu")
    case = phone.city.call("GET", "/v1/cases?limit=1", token=token)["items"][0]["id"]
    mine = phone.city.call("GET", "/v1/me", token=token)["account"]
    page = phone.open()
    assert phone.context.request.post("/v1/sessions", data={"name": "liang.yu", "password": PASSWORD}).ok
    phone.put(page, account=mine, kind="deed", path=f"/v1/cases/{case}/urge", etag='"0"', body={"json": {"reason": "citizen_asks"}})
    page.reload()
    settled(page)
    assert phone.items(page)[0]["state"] in ("conflict", "refused")
    before = phone.items(page)[0]["tries"]
    page.reload()
    page.wait_for_timeout(1_000)
    assert phone.items(page)[0]["tries"] == before


def test_the_worker_sends_when_the_browser_says_so(phone, kept):
    """Background sync: no page of ours is open, and what waited is sent."""
    page = phone.open()
    phone.line.turn(DEAD)
    phone.fill(page, photo=False)
    phone.send(page)
    expect(page.get_by_role("heading", name=QUEUED)).to_be_visible()
    waker = phone.context.new_cdp_session(page)
    found: list[str] = []
    waker.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(each["registrationId"] for each in told["registrations"]))
    waker.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    blank = phone.context.new_page()
    page.goto("about:blank")
    phone.line.turn(UP)
    waker.send("ServiceWorker.dispatchSyncEvent", {"origin": phone.line.url, "registrationId": found[-1], "tag": "outbox", "lastChance": False})
    for _ in range(50):
        if kept():
            break
        blank.wait_for_timeout(100)
    assert kept() == 1
