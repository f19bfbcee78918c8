"""Players of a drill keep what was not acknowledged, send it again under its key, and tell what was lost."""

import json
import threading

import httpx
import pytest

from cityloop.simulation import drilling
from cityloop.simulation.drilling import REPORTS, Player, found, tried


class City:
    """A city that can be away, and that may forget."""

    def __init__(self) -> None:
        self.away = False
        self.kept: dict[str, str] = {}  # key -> code
        self.forgets: set[str] = set()

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            return httpx.Response(503, json={"code": "database_gone"})
        if request.method == "POST":
            code = self.kept.setdefault(request.headers["idempotency-key"], f"c{len(self.kept)}")
            return httpx.Response(201, json={"tracking_code": code, "said": json.loads(request.content)})
        code = request.url.path.rsplit("/", 1)[-1]
        return httpx.Response(200 if code in set(self.kept.values()) - self.forgets or "track" not in request.url.path else 404)


@pytest.fixture
def played(monkeypatch):
    """A city, one who plays, and what became of an away time."""
    monkeypatch.setattr(drilling, "PAUSE_S", 0.005)
    city = City()
    transport = httpx.MockTransport(city.answer)
    player = Player("http://city", REPORTS, lambda no: {"no": no}, headers={}, read=("/v1/status",), transport=transport)
    player.start()

    def run(*, phones: bool = False, comes_back: bool = True):
        def take_away() -> None:
            city.away = not phones
            if comes_back:
                threading.Timer(0.1, setattr, (city, "away", False)).start()

        monkeypatch.setattr(drilling, "BACK_MAX_S", 5.0 if comes_back else 0.1)
        return tried([player], take_away, 0.1, phones=phones)

    yield city, run, transport
    city.away = False
    player.end()


def test_what_was_refused_is_sent_again_once(played):
    _, run, transport = played
    result, deeds = run()
    assert result.waited > 0
    assert result.worked + result.waited == result.sent == len(deeds)
    assert result.unread > 0
    assert result.back_s is not None
    assert len({each.key for each in deeds}) == len({each.code for each in deeds}) == len(deeds)
    assert found("http://city", deeds, transport) == (len(deeds), len(deeds))


def test_a_phone_without_a_network_sends_nothing_and_loses_nothing(played):
    _, run, transport = played
    result, deeds = run(phones=True)
    assert result.waited > 0
    assert found("http://city", deeds, transport) == (len(deeds), len(deeds))


def test_what_a_city_forgets_is_lost(played):
    """Planted: a city that acknowledged, and has it no more."""
    city, run, transport = played
    _, deeds = run()
    city.forgets = {deeds[0].code}
    assert found("http://city", deeds, transport) == (len(deeds), len(deeds) - 1)


def test_a_city_that_does_not_come_back_is_told_as_such(played):
    _, run, _ = played
    result, _ = run(comes_back=False)
    assert result.back_s is None
