"""Every page in the browser: who opens it and on what; looked at by tests, by the pictures in the docs, and by the bench."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.browser import DESK, PHONE, WALL, DemoCity


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page as somebody opens it. `{case}`, `{code}`, `{device}` in the path: an open case, a report's tracking code, a device."""

    name: str
    path: str
    who: str = ""  # a sign-in name of the demo; nobody: a resident
    sizes: dict[str, ViewportSize] = field(default_factory=lambda: {"desk": DESK})
    loud: str = "main"  # what is there once the page is ready


BOTH = {"phone": PHONE, "desk": DESK}
ONLY_PHONE = {"phone": PHONE}
PAGES = (
    Shown(name="resident", path="/", sizes=BOTH),
    Shown(name="resident_report", path="/#/report", sizes=ONLY_PHONE),
    Shown(name="resident_near", path="/#/near", sizes=ONLY_PHONE),
    Shown(name="resident_elder", path="/?elder=1", sizes=ONLY_PHONE),
    Shown(name="work", path="/work", who="xie.chen", sizes=ONLY_PHONE),
    Shown(name="work_patrol", path="/work/patrol", who="xie.chen", sizes=ONLY_PHONE),
    Shown(name="work_brief", path="/work/brief", who="han.chen", sizes=ONLY_PHONE),
    Shown(name="console", path="/console", who="gao.tao"),
    Shown(name="board", path="/board", who="han.chen", sizes={"wall": WALL}),
    Shown(name="evaluate", path="/evaluate", who="wang.en"),
    Shown(name="survey", path="/evaluate/survey", who="wang.en"),
    Shown(name="survey_new", path="/evaluate/survey?new=1", who="wang.en"),
    Shown(name="work_visits", path="/work/visits", who="gao.yan", sizes=ONLY_PHONE),
    Shown(name="portrait", path="/evaluate/portrait", who="wang.en"),
    Shown(name="bulletins", path="/evaluate/bulletins", who="wang.en"),
    Shown(name="scores", path="/evaluate/scores?scheme=governance_index&object=all", who="wang.en"),
    Shown(name="budget", path="/evaluate/budget?period=month", who="han.chen"),
    Shown(name="why", path="/evaluate/why", who="wang.en"),
    Shown(name="fair", path="/evaluate/fair", who="wang.en"),
    Shown(name="fair_findings", path="/evaluate/fair?show=findings", who="wang.en"),
    Shown(name="fair_mine", path="/evaluate/fair?show=mine", who="huang.min"),
    Shown(name="pack", path="/pack", who="zhang.gang"),
    Shown(name="pack_duties", path="/pack/tables/duties", who="zhang.gang"),
    Shown(name="people", path="/people", who="liu.hao"),
    Shown(name="sign_in", path="/people/me", sizes=BOTH),
    Shown(name="people_me", path="/people/me", who="wu.qian", sizes=BOTH),
    Shown(name="people_audit", path="/people/audit", who="chen.jia"),
    Shown(name="operate", path="/operate", who="zhang.gang"),
    Shown(name="status", path="/status", sizes=BOTH),
    Shown(name="seat", path="/console/seat", who="guo.yan"),
    Shown(name="hot", path="/console/hot", who="gao.tao"),
    Shown(name="devices", path="/console/devices", who="gao.tao"),
    Shown(name="device", path="/console/devices/{device}", who="gao.tao"),
    Shown(name="duty", path="/console/duty", who="gao.tao"),
    Shown(name="duty_week", path="/console/duty?show=week", who="gao.tao"),
    Shown(name="knowledge", path="/knowledge", who="guo.yan"),
    Shown(name="register", path="/register", sizes=BOTH),
    Shown(name="register_staff", path="/register", who="gao.tao"),
    Shown(name="case_file", path="/cases/{case}/file", who="gao.tao"),
    Shown(name="evidence", path="/evidence/{case}", who="li.fang", sizes=BOTH),
)


def path_of(shown: Shown, city: DemoCity) -> str:
    """The page's address in a city: the newest open case, where it wants one."""
    if "{device}" in shown.path:
        return shown.path.format(device=device_of(city))
    if "{case}" not in shown.path:
        return shown.path
    listed = city.call("GET", "/v1/cases?limit=1", token=city.token("gao.tao"))
    return shown.path.format(case=listed["items"][0]["id"])


def device_of(city: DemoCity, key: str = "seen-by-pages") -> str:
    """A device that has said something; registered when it is first wanted."""
    token = city.token("gao.tao")
    if found := city.call("GET", f"/v1/devices?key={key}", token=token)["items"]:
        return found[0]["id"]
    asked = {"key": key, "kind": "noise_meter", "name": "广场东侧噪声仪", "lon": 112.52, "lat": 28.48, "vendor": "Lantu",
             "calibrate_by": "2026-01-01T00:00:00Z", "live_url": "https://video.example/7", "still_url": "https://video.example/7.jpg"}  # fmt: skip
    id = city.call("POST", "/v1/devices", asked, token=token)["id"]
    now = datetime.now(UTC)
    said = [
        {"stream": f"{key}/laeq", "at": (now - timedelta(minutes=5 * step)).isoformat(), "value": 50 + step % 7}
        for step in range(60, 0, -1)
    ]  # fmt: skip
    city.call("POST", "/v1/observations", said, token="ck_cityloop-demo-partner")
    return id


def ready(page: Page, shown: Shown) -> None:
    """Wait until a page shows what it is for, and nothing is still being fetched."""
    page.locator(shown.loud).first.wait_for()
    page.wait_for_load_state("load")
    still(page)
    drawn(page)
    page.wait_for_timeout(400)  # what fades in has come


def drawn(page: Page) -> None:
    """Wait until each map of a page has drawn what it has."""
    expect(page.locator(".maplibregl-map:not([data-drawn=true])")).to_have_count(0)


def still(page: Page) -> None:
    """Wait until nothing is being fetched that the page shows."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
