"""The wall: it fills the screen without scrolling, each figure opens its cases, and what happens is there by itself."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import WALL, violations
from tests.e2e.pages import drawn

LARGE = {"width": 3840, "height": 2160}
LEADER = "han.chen"
FITS = "() => document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
CUT = """() => [...document.querySelectorAll('main strong, main h1, main h2, main h3, main time')]
    .filter(each => each.offsetParent && each.closest('.maplibregl-map') === null)
    .filter(each => { const box = each.getBoundingClientRect(); return box.right > innerWidth || box.bottom > innerHeight; })
    .map(each => each.textContent)"""


def wall(visitors, **more) -> Page:
    page = visitors.visit("/board", name=LEADER, **more)
    page.locator("main[data-seq]").wait_for()
    return page


@pytest.mark.parametrize("size", [WALL, LARGE], ids=["1920", "3840"])
@pytest.mark.parametrize(("theme", "lang"), [("dark", "zh"), ("light", "en")])
def test_the_wall_fills_the_screen_and_nothing_is_cut(visitors, size, theme, lang):
    """At both sizes, in both lights and languages; axe finds nothing."""
    page = wall(visitors, size=size, theme=theme, lang=lang)
    page.locator("canvas.maplibregl-canvas").wait_for()
    drawn(page)
    assert page.evaluate(FITS)
    assert page.evaluate(CUT) == []
    assert page.locator("main ol > li h3").count() == 7
    assert violations(page) == []


def test_every_figure_opens_the_cases_behind_it(visitors):
    """By keyboard: the number on the wall is the number of cases that are listed, and each leads to its page."""
    page = wall(visitors, size=WALL)
    buttons = page.locator("main button:has(strong)")
    for place in range(buttons.count()):
        button = buttons.nth(place)
        button.focus()
        page.keyboard.press("Enter")
        sheet = page.get_by_role("dialog")
        sheet.get_by_role("listitem").or_(sheet.get_by_text("没有案件")).first.wait_for()
        count = int(sheet.get_by_role("heading").inner_text().rpartition("：")[2].removesuffix("件"))
        assert sheet.get_by_role("listitem").count() == min(count, 100)
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        expect(button).to_be_focused()
    page.get_by_role("button", name="在办案件").click()
    first = page.get_by_role("dialog").get_by_role("listitem").first.get_by_role("link")
    assert "/console?case=" in (first.get_attribute("href") or "")
    assert violations(page) == []


def test_the_map_asks_nobody_but_the_city(visitors, demo_city):
    """Tiles, worker and names come from the city itself; every open case with a place is on the map."""
    asked: list[str] = []
    page = visitors.visit("/console", name=LEADER, size=WALL)
    page.on("request", lambda each: asked.append(each.url))
    with page.expect_response(lambda each: "/tiles/cases/" in each.url and each.ok):
        page.goto("/board")
    page.locator("canvas.maplibregl-canvas").wait_for()
    drawn(page)
    assert any("/tiles/base/" in url for url in asked)
    assert [url for url in asked if not url.startswith((demo_city.url, "data:", "blob:"))] == []
    scale = page.locator(".maplibregl-ctrl-scale").inner_text()
    page.locator("canvas.maplibregl-canvas").focus()
    for _ in range(2):
        page.keyboard.press("+")  # the map hears the keyboard
        page.wait_for_timeout(700)
    expect(page.locator(".maplibregl-ctrl-scale")).not_to_have_text(scale)


def test_what_happens_is_on_the_wall_by_itself(visitors, demo_city):
    """A report that comes in now is counted without anybody asking."""
    page = wall(visitors, size=WALL)
    count = page.get_by_role("button", name="今日上报").locator("strong")
    before = int(count.inner_text())
    demo_city.call("POST", "/v1/reports", {"text": "路边井盖丢失", "lon": 112.52, "lat": 28.48})
    expect(count).to_have_text(str(before + 1), timeout=30_000)


def test_a_post_without_figures_is_told_so(visitors):
    """A handler has no wall."""
    page = visitors.visit("/board", name="xie.chen", size=WALL)
    expect(page.get_by_role("heading", name="您的岗位没有此页权限")).to_be_visible()
    assert page.locator("main[data-seq]").count() == 0
