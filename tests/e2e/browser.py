"""A real city in a process of its own, and a real browser before it: what the journeys of people are tried with."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from bench.machine import Server
from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize, expect

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
CITY = "demo"
PASSWORD = "cityloop-demo"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--use-gl=angle", "--use-angle=swiftshader",
         "--enable-unsafe-swiftshader", "--use-fake-device-for-media-stream"]  # fmt: skip
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
WALL: ViewportSize = {"width": 1920, "height": 1080}
PATIENCE_S = 30  # how long a page or the city may take before a test gives up; a busy machine is slow
PATIENCE_MS = PATIENCE_S * 1_000
MORE = {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}
expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str:
    """Where the browser lies."""
    found = os.environ.get("CITYLOOP_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise RuntimeError("There is no Chromium here; run scripts/install_browser.sh, or set CITYLOOP_CHROMIUM.")
    return found


def demo_pack(home: Path) -> str:
    """The demo city's pack; with CITYLOOP_TEST_ZONE it lies in that time zone, so that its days begin and end at another hour."""
    zone = os.environ.get("CITYLOOP_TEST_ZONE")
    if not zone:
        return CITY
    folder = home / "pack" / CITY
    shutil.copytree(ROOT / "packs" / CITY, folder)
    head = (folder / "pack.toml").read_text()
    assert "[week]" not in head
    (folder / "pack.toml").write_text(f'{head}\n[week]\nzone = "{zone}"\n')
    return str(folder)


class DemoCity:
    """The demo city on a port of its own, with some simulated days in it."""

    def __init__(self, home: Path, reports: int = 120, **more: str):
        self.home = home
        settings = {"CITYLOOP_HOME": str(home), "CITYLOOP_CITY": CITY, "CITYLOOP_DATABASE": "", "CITYLOOP_PACK": demo_pack(home), **more}
        self.environment = os.environ | settings
        self.cli("demo", "--reports", str(reports))
        self.server = Server(home=home, city=CITY, environment=more, forked=True)
        self.port = self.server.port
        self.url = f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Shut the door."""
        self.server.stop()

    def cli(self, *asked: str) -> str:
        """What a command of ours prints."""
        done = subprocess.run(
            [sys.executable, "-m", "cityloop.cli", *asked], env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def call(self, method: str, path: str, body: object = None, token: str = "", **headers: str) -> dict:
        """An answer of the API."""
        sent = None if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **headers}
        if token:
            given["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(f"{self.url}{path}", sent, given, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read() or b"{}")

    def token(self, name: str) -> str:
        """A bearer token of one of the demo's people."""
        asked = {"name": name, "password": PASSWORD, "as_token": True}
        return self.call("POST", "/v1/sessions", asked)["token"]


class Visitors:
    """Whoever looks at the city's pages: each in a browser context of their own."""

    def __init__(self, browser: Browser, city: DemoCity):
        self.browser = browser
        self.city = city
        self.open: list[BrowserContext] = []

    def visit(
        self, path: str, *, name: str = "", size: ViewportSize = DESK, lang: str = "zh", theme: str = "light", **more: object
    ) -> Page:
        """A page, opened by somebody (nobody: without a session). Faults of its scripts fail the test that ends it."""
        context = self.browser.new_context(
            base_url=self.city.url, viewport=size, locale="zh-CN" if lang == "zh" else "en-GB",
            color_scheme="dark" if theme == "dark" else "light", has_touch=size is PHONE, **more,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(f"try {{ localStorage.setItem('cityloop.lang', '{lang}') }} catch {{}}")
        if name:
            answer = context.request.post("/v1/sessions", data={"name": name, "password": PASSWORD})
            assert answer.ok, answer.text()
        self.open.append(context)
        page = context.new_page()
        page.faults = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
        page.on("console", lambda said: _csp(page, said.text))
        page.on("response", lambda answer: _fault_of_ours(page, answer))
        page.goto(path)
        return page

    def close(self) -> list[str]:
        """Let everybody go. The faults that their pages had."""
        faults = [fault for context in self.open for page in context.pages for fault in getattr(page, "faults", [])]
        for context in self.open:
            for page in context.pages:
                page.unroute_all(behavior="ignoreErrors")  # an answer on its way belongs to nobody any more
            context.close()
        self.open.clear()
        return faults


def _fault_of_ours(page: Page, answer: Response) -> None:
    if answer.status == 500:
        page.faults.append(f"{answer.request.method} {answer.url}: 500")  # type: ignore[attr-defined]


def _csp(page: Page, text: str) -> None:
    if "Content Security Policy" in text or "Content-Security-Policy" in text:
        page.faults.append(text)  # type: ignore[attr-defined]


def violations(page: Page) -> list[str]:
    """What axe finds on a page, rule and places; empty is what we want."""
    page.evaluate(AXE.read_text())  # not by a script tag, which the page's policy forbids
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", sorted(MORE))
    return [
        f"{each['id']}: {each['help']}: {', '.join(node['target'][0] if isinstance(node['target'][0], str) else str(node['target']) for node in each['nodes'][:5])}"
        for each in found["violations"]
    ]
