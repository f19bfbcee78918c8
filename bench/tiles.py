"""How fast tiles of cases are drawn: `tile_p95_ms`, of requests over HTTP by somebody who moves the map, and by everybody.

All cases are open, so that each is on the map; the journal grows meanwhile, so that no tile is answered from what was drawn
before. CITYLOOP_TILE_CASES says how many (100,000; 10,000 with QUICK=1), CITYLOOP_TILE_HOME names a city that is filled
already, or where it is kept.
"""

import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import nullcontext
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct, to_builtins

from bench.city import fill
from bench.machine import Server
from bench.staff import NAME, PASSWORD, signed_in
from cityloop.app import Settings, join, open_city
from cityloop.pages.now.mercator import share_of

QUICK = os.environ.get("QUICK") == "1"
CASES = int(os.environ.get("CITYLOOP_TILE_CASES", "10000" if QUICK else "100000"))
HOME = os.environ.get("CITYLOOP_TILE_HOME", "")
ROUNDS = 3 if QUICK else 8
ZOOMS = range(9, 19)
ASKED: tuple[dict[str, str], ...] = (
    {}, {"lamp": "red"}, {"state": "to_sign"}, {"area": "{area}"}, {"unit": "{unit}"}, {"public": "true"},
)  # fmt: skip


class Drawn(Struct, kw_only=True):
    """What was measured. Units: milliseconds; bytes as sent."""

    cases: int
    asked: int
    tile_p95_ms: float
    p50_ms: float
    worst_ms: float
    first_ms: float  # the city is read into memory
    p95_by_zoom_ms: dict[int, float]
    largest_bytes: int
    base_p95_ms: float


def measure(cases: int = CASES, home: str = HOME) -> Drawn:
    """Fill a city, move a map about in it, and tell."""
    with nullcontext(home) if home else tempfile.TemporaryDirectory(prefix="cityloop-tiles-") as folder:
        parts = join(Settings(city="bench", home=folder))
        open_city(parts)
        with parts.database.reading() as tx:
            there = tx.value("SELECT count(*) FROM case_file WHERE city = :city AND is_open = 1")
        if not there:
            fill(parts, cases, closed_share=0.0)
        policy = parts.book.in_force()
        words = {"area": policy.areas[0].code, "unit": policy.units[2].id}
        parts.close()
        server = Server(home=Path(folder))
        try:
            return _asked(server, there or cases, policy.settings.bounds, words)
        finally:
            server.stop()


def _asked(server: Server, cases: int, bounds: tuple[float, float, float, float], words: dict[str, str]) -> Drawn:
    token = _token(server)
    west, south, east, north = bounds
    took: dict[int, list[float]] = {zoom: [] for zoom in ZOOMS}
    base: list[float] = []
    first, _ = _get(server, "cases", 9, *_tile(9, (west + east) / 2, (south + north) / 2), token, {})
    largest = 0
    for turn, zoom in product(range(ROUNDS), ZOOMS):
        share = (turn + 0.5) / ROUNDS
        x, y = _tile(zoom, west + (east - west) * share, south + (north - south) * share)
        _report(server, turn * 100 + zoom, (west + east) / 2, (south + north) / 2)
        for filters, (across, down) in product(ASKED, ((0, 0), (1, 0), (0, 1))):
            given = {name: value.format(**words) for name, value in filters.items()}
            ms, size = _get(server, "cases", zoom, x + across, y + down, token, given)
            took[zoom].append(ms)
            largest = max(largest, size)
        base.append(_get(server, "base", zoom, x, y, token, {})[0])
    everything = [ms for each in took.values() for ms in each]
    return Drawn(
        cases=cases, asked=len(everything), tile_p95_ms=_share(everything, 0.95), p50_ms=_share(everything, 0.5),
        worst_ms=round(max(everything), 1), first_ms=round(first, 1), largest_bytes=largest,
        p95_by_zoom_ms={zoom: _share(each, 0.95) for zoom, each in took.items()}, base_p95_ms=_share(base, 0.95),
    )  # fmt: skip


def _token(server: Server) -> dict[str, str]:
    """Headers of somebody who sees the whole city; hired where it is the first time."""
    asked = json.dumps({"name": NAME, "password": PASSWORD, "as_token": True}).encode()
    url = f"http://127.0.0.1:{server.port}/v1/sessions"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, asked, {"Content-Type": "application/json"})) as answer:
            return {"Authorization": f"Bearer {json.loads(answer.read())['token']}"}
    except urllib.error.HTTPError:
        return signed_in(server)


def _tile(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    x, y = share_of(lon, lat)
    return int(x * (1 << zoom)), int(y * (1 << zoom))


def _get(
    server: Server, kind: str, zoom: int, x: int, y: int, token: dict[str, str], asked: dict[str, str]
) -> tuple[float, int]:
    url = f"http://127.0.0.1:{server.port}/tiles/{kind}/{zoom}/{x}/{y}.pbf?{urlencode(asked)}"
    begun = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, headers=token), timeout=300) as answer:
        size = len(answer.read())
    return (time.perf_counter() - begun) * 1000, size


def _report(server: Server, number: int, lon: float, lat: float) -> None:
    """Something happens in the city."""
    body = json.dumps({"text": f"井盖缺失 {number}", "lon": lon, "lat": lat}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/v1/reports", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def _share(took: list[float], share: float) -> float:
    return round(sorted(took)[min(len(took) - 1, int(len(took) * share))], 1)


def main() -> None:
    """Measure, and end with one line of JSON."""
    told = measure()
    print(f"{told.asked} tiles of {told.cases} open cases", file=sys.stderr)
    print(json.dumps(to_builtins(told, str_keys=True)))


if __name__ == "__main__":
    main()
