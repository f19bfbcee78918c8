"""Every page opens, by itself, in both languages and both lights, for screen readers too."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import violations
from tests.e2e.pages import PAGES, Shown, path_of, ready

ROUTES = Path(__file__).parents[2] / "web" / "src" / "routes.office.tsx"
LOOKS = (("zh", "light"), ("en", "dark"))


def is_as_wide_as_its_window(page: Page) -> bool:
    """Whether nobody has to scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
@pytest.mark.parametrize("shown", PAGES, ids=lambda each: each.name)
def test_axe_finds_nothing_and_nobody_scrolls_sideways(visitors, demo_city, shown: Shown, lang: str, theme: str):
    """Landmarks, labels, contrast, order: what a machine can see of accessibility; and nothing is wider than the page."""
    for size in shown.sizes.values():
        page = visitors.visit(path_of(shown, demo_city), name=shown.who, size=size, lang=lang, theme=theme)
        ready(page, shown)
        assert is_as_wide_as_its_window(page)
        assert violations(page) == []


@pytest.mark.parametrize("answered", ["nothing", "the_door"])
@pytest.mark.parametrize("shown", [each for each in PAGES if each.name not in {"case_file", "status"}], ids=lambda each: each.name)
def test_a_page_that_waits_is_a_page(visitors, demo_city, shown: Shown, answered: str):
    """While the city has not answered, or only who it is that asks: there is one main part, and a heading says what comes."""
    page = visitors.visit("about:blank", name=shown.who, size=next(iter(shown.sizes.values())), service_workers="block")
    known = ("/v1/me", "/v1/words/") if answered == "the_door" else ()
    page.route(re.compile(r"/v1/"), lambda route: route.continue_() if any(each in route.request.url for each in known) else None)
    with page.expect_request(re.compile(r"/v1/(?!me$|words/)") if known else re.compile(r"/v1/")):
        page.goto(path_of(shown, demo_city), wait_until="commit")
    expect(page.locator("main")).to_be_attached()
    assert violations(page) == []


@pytest.mark.parametrize("shown", [each for each in PAGES if each.name in {"console", "duty", "pack", "people", "work"}], ids=lambda each: each.name)
def test_two_languages_side_by_side_fit(visitors, demo_city, shown: Shown):
    """Twice the words, and still nobody scrolls sideways."""
    for size in shown.sizes.values():
        page = visitors.visit(path_of(shown, demo_city), name=shown.who, size=size, lang="zh+en")
        ready(page, shown)
        assert is_as_wide_as_its_window(page)
        assert violations(page) == []


def test_every_room_of_the_site_map_is_looked_at():
    """The list of pages is whole."""
    routes = {found.partition("/*")[0].partition("/:")[0] for found in re.findall(r'path="(/[^"]*)"', ROUTES.read_text())}
    looked_at = {each.path for each in PAGES}
    assert {route for route in routes if not any(path.startswith(route) for path in looked_at)} == set()
