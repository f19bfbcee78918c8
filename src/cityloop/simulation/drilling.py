"""Residents, workers and devices who go on using a city over HTTP while a drill takes parts of it away.

Each behaves as our own pages and as devices do: what was not acknowledged is kept and sent again under the same key.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from msgspec import Struct

from cityloop.domain.facts import DrillResult
from cityloop.http.calling import Calling

PAUSE_S = 0.25
ASK_S = 5.0  # for so long an answer is waited for
BACK_MAX_S = 60.0
REPORTS = "/v1/reports"


class Deed(Struct, kw_only=True):
    """Something that shall reach the city. `code`: what it answered, by which it can be found again."""

    path: str
    body: dict[str, Any]
    key: str
    headers: dict[str, str]
    tries: int = 0
    is_behind: bool = False  # it stood behind another that could not go
    done_at: float = 0.0
    code: str = ""

    @property
    def went_at_once(self) -> bool:
        """Whether it was taken at the first try, and had not to wait for another."""
        return bool(self.code) and self.tries == 1 and not self.is_behind


def client_of(url: str, timeout_s: float, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client of the city that is drilled, and of no other host."""
    way = transport or Calling(urlsplit(url).hostname or "")
    return httpx.Client(base_url=url, timeout=timeout_s, trust_env=False, transport=way)


class Player:
    """One who sends and reads. `make` gives the next body; `read` what they look at besides."""

    def __init__(
        self, url: str, path: str, make: Callable[[int], dict[str, Any]], *, headers: dict[str, str], read: Sequence[str],
        transport: httpx.BaseTransport | None = None,
    ):  # fmt: skip
        self.path, self.make, self.headers, self.read = path, make, headers, read
        self.client = client_of(url, ASK_S, transport)
        self.deeds: list[Deed] = []
        self.waiting: deque[Deed] = deque()
        self.answered = self.unanswered = 0
        self.is_offline = False  # a phone without a network
        self.is_over = False
        self._thread = threading.Thread(target=self._play, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """No more is begun; what waits is not sent any more."""
        self.is_over = True
        self._thread.join()
        self.client.close()

    def _play(self) -> None:
        while not self.is_over:
            deed = Deed(path=self.path, body=self.make(len(self.deeds)), key=str(uuid4()), headers=self.headers)
            self.deeds.append(deed)
            deed.is_behind = bool(self.waiting)
            self.waiting.append(deed)
            while self.waiting and self._send(self.waiting[0]):
                self.waiting.popleft()
            for path in self.read:
                self._look(path)
            time.sleep(PAUSE_S)

    def _send(self, deed: Deed) -> bool:
        deed.tries += 1
        if self.is_offline:
            return False
        try:
            answer = self.client.post(deed.path, json=deed.body, headers={**deed.headers, "Idempotency-Key": deed.key})
        except httpx.HTTPError:
            return False
        if answer.status_code >= 500 or answer.status_code == 429:
            return False
        deed.done_at = time.monotonic()
        deed.code = str(answer.json().get("tracking_code", "kept")) if answer.status_code == 201 else f"refused:{answer.status_code}"
        return True

    def _look(self, path: str) -> None:
        try:
            good = not self.is_offline and self.client.get(path, headers=self.headers).status_code < 500
        except httpx.HTTPError:
            good = False
        if good:
            self.answered += 1
        else:
            self.unanswered += 1


def resident(url: str, where: tuple[float, float]) -> Player:
    """Reports by phone, and looks at how the service is."""

    def make(no: int) -> dict[str, Any]:
        return {"text": f"演练上报 {no}：路面有坑", "lon": where[0], "lat": where[1], "simulated": True}

    return Player(url, REPORTS, make, headers={}, read=("/", "/v1/status"))


def collector(url: str, where: tuple[float, float], token: str) -> Player:
    """Works outside: reports in their post, and asks what is next."""

    def make(no: int) -> dict[str, Any]:
        return {"text": f"演练巡查 {no}：暴露垃圾", "lon": where[0], "lat": where[1], "channel": "collector", "simulated": True}

    return Player(url, REPORTS, make, headers={"Authorization": f"Bearer {token}"}, read=("/work", "/v1/screens/work"))


def device(url: str, key: str, stream: str) -> Player:
    """Says what it observes."""

    def make(no: int) -> dict[str, Any]:
        return {"stream": stream, "value": 20 + no % 10, "at": int(time.time() * 1000)}

    return Player(url, "/v1/observations", make, headers={"Authorization": f"Bearer {key}"}, read=())


def tried(players: Sequence[Player], take_away: Callable[[], None], away_s: float, *, phones: bool) -> tuple[DrillResult, list[Deed]]:
    """Take something away while all play, give it back, and wait until nobody waits; what became of it, and of which deeds.

    `phones`: it is the network of phones, so that it is taken away here.
    """
    begins = [(len(each.deeds), each.answered, each.unanswered) for each in players]
    for each in players:
        each.is_offline = phones
    take_away()
    time.sleep(away_s)
    for each in players:
        each.is_offline = False
    given_back = time.monotonic()
    marks = [len(each.deeds) for each in players]
    back_s = None
    while time.monotonic() < given_back + BACK_MAX_S:
        if all(_is_back(each, mark, given_back) for each, mark in zip(players, marks, strict=True)):
            back_s = time.monotonic() - given_back
            break
        time.sleep(0.05)
    deeds = [deed for each, (first, *_), mark in zip(players, begins, marks, strict=True) for deed in each.deeds[first:mark]]
    result = DrillResult(
        fault="", away_s=away_s, sent=len(deeds), worked=sum(each.went_at_once for each in deeds),
        waited=sum(bool(each.code) and not each.went_at_once for each in deeds), acknowledged=0, found=0,
        read=sum(each.answered - first for each, (_, first, _) in zip(players, begins, strict=True)),
        unread=sum(each.unanswered - first for each, (*_, first) in zip(players, begins, strict=True)), back_s=back_s,
    )  # fmt: skip
    return result, deeds


def _is_back(player: Player, mark: int, since: float) -> bool:
    """Whether all that it had to send went, and something new as well, at the first try."""
    new = player.deeds[mark:]
    return all(each.done_at for each in player.deeds[:mark]) and any(each.done_at > since and each.went_at_once for each in new)


def found(url: str, deeds: Sequence[Deed], transport: httpx.BaseTransport | None = None) -> tuple[int, int]:
    """How many reports of these were acknowledged, and how many of those are there."""
    codes = [each.code for each in deeds if each.path == REPORTS and each.code and not each.code.startswith("refused")]
    with client_of(url, 30.0, transport) as client:
        there = sum(client.get(f"/v1/track/{code}").status_code == 200 for code in codes)
    return len(codes), there
