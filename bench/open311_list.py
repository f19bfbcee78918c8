"""How fast Open311 lists a large city: `open311_list_p95_ms`, of requests over HTTP by one patient reader.

The city has 100,000 cases (10,000 with QUICK=1). Asked are, in turn, what applications ask: the newest hundred, the newest
of a class, the open ones, those near a place, those that changed, a later page, with extensions; 100 at a time.
"""

import json
import os
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct, to_builtins

from bench.city import fill
from bench.machine import Server
from cityloop.app import Settings, join, open_city
from cityloop.doors.open311.rules import code_of

QUICK = os.environ.get("QUICK") == "1"
CASES = 10_000 if QUICK else 100_000
ROUNDS = 20 if QUICK else 60
PAGE = 100


class Listed(Struct, kw_only=True):
    """What was measured. Units: milliseconds."""

    cases: int
    asked: int
    open311_list_p95_ms: float
    p50_ms: float
    worst_ms: float
    p95_by_kind_ms: dict[str, float]
    rows_by_kind: dict[str, int]


def measure(cases: int = CASES, rounds: int = ROUNDS) -> Listed:
    """Fill a city, ask, and tell."""
    with tempfile.TemporaryDirectory(prefix="cityloop-open311-") as folder:
        home = Path(folder)
        parts = join(Settings(city="bench", home=str(home)))
        open_city(parts)
        fill(parts, cases, on_progress=_say(cases))
        policy = parts.book.in_force()
        with parts.database.reading() as tx:
            keys = [
                row.class_key
                for row in tx.all(
                    "SELECT class_key, count(*) AS n FROM case_file WHERE city = :city GROUP BY class_key ORDER BY n"
                )
            ]
        west, south, east, north = policy.settings.bounds
        parts.close()
        now = datetime.now(UTC)
        kinds = {
            "newest": {},
            "common class": {"service_code": code_of(keys[-1])},
            "rare class": {"service_code": code_of(keys[0])},
            "open": {"status": "open"},
            "near": {"lat": (south + north) / 2, "long": (west + east) / 2, "radius": 1000},
            "changed": {"updated_after": (now - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")},
            "tenth page": {"page": 10},
            "extensions": {"extensions": "true"},
        }
        server = Server(home=home)
        try:
            return _asked(server.port, kinds, cases, rounds)
        finally:
            server.stop()


def _asked(port: int, kinds: dict[str, dict], cases: int, rounds: int) -> Listed:
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    rows: dict[str, int] = {}
    for turn in range(rounds + 1):
        for kind, asked in kinds.items():
            url = f"http://127.0.0.1:{port}/open311/v2/requests.json?{urlencode({'page_size': PAGE} | asked)}"
            began = time.perf_counter()
            with urllib.request.urlopen(url, timeout=120) as answer:
                body = answer.read()
            if turn:  # the first of each warms what a running city has warm
                took[kind].append((time.perf_counter() - began) * 1000)
            rows[kind] = len(json.loads(body))
    every = [each for of in took.values() for each in of]
    return Listed(
        cases=cases, asked=len(every), open311_list_p95_ms=_quantile(every, 0.95), p50_ms=_quantile(every, 0.5),
        worst_ms=round(max(every), 1), p95_by_kind_ms={kind: _quantile(of, 0.95) for kind, of in took.items()},
        rows_by_kind=rows,
    )  # fmt: skip


def list_p95_ms() -> float:
    """The figure alone. Units: milliseconds."""
    return measure().open311_list_p95_ms


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)


def _say(cases: int):
    def done(count: int) -> None:
        if count % (cases // 10) == 0:
            print(f"filling: {count:,} of {cases:,}", file=sys.stderr)

    return done


if __name__ == "__main__":
    print(json.dumps(to_builtins(measure()), ensure_ascii=False))
