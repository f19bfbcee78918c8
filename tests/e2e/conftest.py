"""One city and one browser for all journeys of a worker; visitors of their own for each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser import FLAGS, DemoCity, Visitors, chromium
from tests.e2e.staff import Staff
from tests.mock_endpoint import MockEar, answering


@pytest.fixture(scope="session")
def ear() -> Iterator[MockEar]:
    """Who writes down in the demo city what people say."""
    with answering(MockEar()) as found:
        yield found


@pytest.fixture(scope="session")
def demo_city(tmp_path_factory, ear: MockEar) -> Iterator[DemoCity]:
    """The demo city, up."""
    city = DemoCity(tmp_path_factory.mktemp("demo"), CITYLOOP_HEARING_URL=ear.url)
    yield city
    city.stop()


@pytest.fixture(scope="session")
def staff(demo_city: DemoCity) -> Iterator[Staff]:
    """Its people, at the API."""
    found = Staff(demo_city)
    yield found
    found.http.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window. Its driver keeps a loop running, which tests of other folders must not find."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def visitors(browser: Browser, demo_city: DemoCity) -> Iterator[Visitors]:
    """Who looks at the pages. A script that breaks, or something that the page's policy stops, fails the test."""
    found = Visitors(browser, demo_city)
    yield found
    assert found.close() == []
