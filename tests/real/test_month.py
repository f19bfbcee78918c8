"""Real input 4, `make real`: a simulated month of the fictional city, all channels, thirty thousand cases."""

import json
import shutil
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from bench.machine import Server
from real.month import CITY, OLD, REPORTS, TOLD_AGAIN, Month, run, shown, tables
from real.page import note
from real.run import Progress

from cityloop.people.demo import demo_key

CASES_MIN = 30_000
PARTNER, LINK = demo_key("partner"), demo_key("hotline-link")


@pytest.fixture(scope="module")
def home():
    folder = Path(tempfile.mkdtemp(prefix="cityloop-month-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def month(home) -> Month:
    bar = Progress("month", REPORTS)
    found = run(home, progress=bar.upto)
    bar.end()
    print(tables(found))
    return found


@pytest.mark.real
def test_every_report_of_the_month_is_kept_and_accounted_for(month):
    """By the number of what was told by each way in: an order that was given to us again is a report again."""
    routes, kept = month.played.routes, {name: each["reports"] for name, each in month.channels.items()}
    assert month.alone == 0
    assert month.unaccounted == []
    assert kept["app"] == routes["app"] + routes["anonymous"]
    assert kept["collector"] == routes["collector"] + routes["cleared"]
    assert (kept["counter"], kept["text"]) == (routes["counter"], routes["text"])
    assert kept["partner"] == routes["partner"] + OLD
    told = month.orders["receive"]
    assert kept["hotline"] in range(routes["seat"] + told - month.orders["withdraw_again"] - 5, routes["seat"] + told + 1)
    assert sum(kept.values()) == month.reports >= REPORTS
    assert month.cases >= CASES_MIN
    ended = month.states["closed"] + month.states["not_accepted"] + month.states["merged"] + month.states["void"]
    assert ended + sum(month.waiting.values()) == month.cases


@pytest.mark.real
def test_every_move_is_made(month):
    assert {name for name, n in month.moves.items() if not n} == set()
    assert {name for name, n in month.orders.items() if not n} == set()
    assert month.imported.added == OLD
    assert (month.imported_again.added, month.imported_again.renewed) == (0, TOLD_AGAIN)


@pytest.mark.real
def test_the_month_is_proved(month):
    assert (month.faults, month.replay_differences, month.figure_differences) == (0, 0, 0)
    assert (month.held, month.timers_failed) == (0, 0)
    assert month.played.hotline_refused > 0, "the hotline was down for a while"
    assert month.played.hotline_heard >= sum(
        month.orders[name] for name in ("sign", "ask_return", "contact", "ask_extension", "reply", "ask_exclusion")
    )
    note("month", shown(month))


@pytest.mark.real
def test_the_doors_of_the_month_s_city_open(month, home):
    """Afterwards, by a server over the same files, long after: timers catch up, and other systems come in by their keys."""
    server = Server(home=home, city=CITY)
    base = f"http://127.0.0.1:{server.port}"

    def ask(path: str, body: bytes | None = None, **headers: str) -> dict | list:
        request = urllib.request.Request(base + path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    try:
        server.wait_until_idle(300)
        listed = ask("/open311/v2/requests.json?start_date=2026-03-01T00:00:00Z&end_date=2026-04-01T00:00:00Z&page_size=100")
        assert len(listed) == 100
        form = {"service_code": listed[0]["service_code"], "lat": "28.48", "long": "112.53", "description": "x", "api_key": PARTNER}
        sent = ask("/open311/v2/requests.json", urllib.parse.urlencode(form).encode())
        order = json.dumps({"workOrderNumber": "later-1", "title": "路灯不亮", "simulated": True}).encode()
        taken = ask("/v1/hotline/orders", order, Authorization=f"Bearer {LINK}", Content_Type="application/json")
        assert taken["taken"] == "now"
        server.wait_until_idle(60)
        found = ask(f"/open311/v2/tokens/{sent[0]['token']}.json")
        assert found[0]["service_request_id"]
        health = ask("/health")
        assert (health["parked"], health["behind"]) == (0, 0)
    finally:
        server.stop()
