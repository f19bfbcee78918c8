"""What the pages cost a reader: bytes, seconds until one can work, tiles, and what axe finds. `make bench B=web [QUICK=1]`.

The city has 100,000 open cases (10,000 with QUICK=1) for the console and for tiles; a third of them wait for who sits at
the console. The resident's page is opened on a processor made four times slower, as a cheap phone's is.
"""

import gzip
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from tests.e2e.browser import DESK, FLAGS, PHONE, DemoCity, Visitors, chromium, violations
from tests.e2e.pages import PAGES, path_of, ready

from bench.city import fill
from bench.machine import Server, say
from bench.staff import NAME, signed_in
from bench.staff import PASSWORD as STAFF_PASSWORD
from bench.tiles import measure as tiles_drawn
from cityloop.app import Settings, join, open_city

QUICK = os.environ.get("QUICK") == "1"
CASES = 10_000 if QUICK else 100_000
TURNS = 3 if QUICK else 7
BUILT = Path(__file__).parents[1] / "src" / "cityloop" / "pages" / "built"
SLOWER = 4
WAITING_SHARE = 0.33
figures: dict[str, Any] = {}


def js_kb_gz(entry: str, *, leave: str = "maplibre") -> float:
    """The compressed JavaScript that an entry loads before anything is asked for. Units: kB."""
    manifest = json.loads((BUILT / "manifest.json").read_text())
    seen: set[str] = set()
    queue = [entry]
    while queue:
        key = queue.pop()
        if key not in seen:
            seen.add(key)
            queue += manifest[key].get("imports", [])
    files = {manifest[key]["file"] for key in seen if leave not in manifest[key]["file"]}
    return sum(len(gzip.compress((BUILT / each).read_bytes(), 9)) for each in files) / 1000


def usable_s(browser: Browser, url: str) -> float:
    """From the address to the first page on which a resident can press a button, on a slow phone. Units: seconds."""
    took = []
    for _ in range(TURNS):
        context = browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, base_url=url)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        started = time.perf_counter()
        page.goto("/")
        page.get_by_role("button").first.wait_for()
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => done()))")
        took.append(time.perf_counter() - started)
        context.close()
    return statistics.median(took)


def console_interactive_s(browser: Browser, server: Server) -> float:
    """From the address to a list and a case that answer a key, in a city of many cases. Units: seconds."""
    signed_in(server)
    took = []
    city = SimpleNamespace(url=f"http://127.0.0.1:{server.port}")
    for _ in range(TURNS):
        context = browser.new_context(viewport=DESK, locale="zh-CN", base_url=city.url)
        answer = context.request.post("/v1/sessions", data={"name": NAME, "password": STAFF_PASSWORD})
        assert answer.ok, answer.text()
        page = context.new_page()
        started = time.perf_counter()
        page.goto("/console")
        page.locator("article[data-case]").wait_for()
        page.keyboard.press("j")
        page.locator("li[data-here]:nth-child(2)").wait_for()
        took.append(time.perf_counter() - started)
        context.close()
    return statistics.median(took)


def axe_violations(browser: Browser) -> int:
    """What axe finds on all pages of the demo city, light and dark."""
    found = 0
    with tempfile.TemporaryDirectory(prefix="cityloop-bench-") as home:
        city = DemoCity(Path(home), reports=60)
        visitors = Visitors(browser, city)
        try:
            for shown in PAGES:
                for theme in ("light", "dark"):
                    for size in shown.sizes.values():
                        page = visitors.visit(path_of(shown, city), name=shown.who, size=size, theme=theme)
                        ready(page, shown)
                        for each in violations(page):
                            say(f"  {shown.name}: {each}")
                            found += 1
                        visitors.close()
        finally:
            city.stop()
    return found


def main() -> None:
    figures["resident_js_kb_gz"] = js_kb_gz("resident.html")
    figures["work_js_kb_gz"] = js_kb_gz("work.html")
    say(
        f"compressed JavaScript: resident {figures['resident_js_kb_gz']:.0f} kB, work {figures['work_js_kb_gz']:.0f} kB"
    )
    home = Path(tempfile.mkdtemp(prefix="cityloop-bench-"))
    parts = join(Settings(city="bench", home=str(home)))
    open_city(parts)
    fill(parts, CASES, closed_share=0.0, waiting_share=WAITING_SHARE)
    parts.close()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        server = Server(home=home)
        try:
            server.wait_until_idle(600)
            url = f"http://127.0.0.1:{server.port}"
            figures["resident_usable_s"] = usable_s(browser, url)
            figures["console_interactive_s"] = console_interactive_s(browser, server)
            say(f"{CASES:,} cases: resident usable in {figures['resident_usable_s']:.2f} s on a processor {SLOWER} times slower, "
                f"console interactive in {figures['console_interactive_s']:.2f} s")  # fmt: skip
        finally:
            server.stop()
        tiles = tiles_drawn(CASES, str(home))
        figures["tile_p95_ms"] = tiles.tile_p95_ms
        say(
            f"{tiles.asked} tiles of {tiles.cases:,} open cases: p95 {tiles.tile_p95_ms} ms, the worst {tiles.worst_ms} ms"
        )
        figures["axe_violations"] = axe_violations(browser)
        browser.close()
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
