"""The floor: the same server and framework, one validated body, one row, the same group commit; nothing else."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.load import closed, http
from bench.machine import cpu_s, free_port


def serve(port: int, path: str) -> None:
    """Run the bare server."""
    import uvicorn
    from litestar import Litestar, post
    from msgspec import Struct

    class Said(Struct):
        text: str
        lon: float
        lat: float

    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE said (id integer primary key, text text, lon real, lat real)")
    waiting: list[tuple[tuple, asyncio.Future]] = []

    def tick() -> None:
        batch, waiting[:] = list(waiting), []
        db.execute("BEGIN")
        done = [db.execute("INSERT INTO said (text, lon, lat) VALUES (?, ?, ?)", row).lastrowid for row, _ in batch]
        db.execute("COMMIT")
        for (_, future), id in zip(batch, done, strict=True):
            future.set_result(id)

    @post("/v1/reports")
    async def said(data: Said) -> dict[str, int]:
        loop = asyncio.get_running_loop()
        if not waiting:
            loop.call_soon(tick)
        future = loop.create_future()
        waiting.append(((data.text, data.lon, data.lat), future))
        return {"id": await future}

    uvicorn.run(Litestar([said], openapi_config=None), port=port, log_level="critical", loop="uvloop", http="httptools")


def bare_insert(count: int) -> tuple[float, float]:
    """CPU ms a request, and requests a second."""
    port = free_port()
    path = Path(tempfile.mkdtemp(prefix="cityloop-bare-")) / "bare.db"
    process = subprocess.Popen([sys.executable, "-m", "bench.bare", str(port), str(path)])
    body = json.dumps({"text": "暴露垃圾" * 15, "lon": 112.5, "lat": 28.5}, ensure_ascii=False).encode()
    raw = http("POST", "/v1/reports", body)
    try:
        for _ in range(200):
            try:
                asyncio.run(closed(port, lambda _: raw, count=200, connections=16))
                break
            except OSError:
                time.sleep(0.05)
        before = cpu_s(process.pid)
        run = asyncio.run(closed(port, lambda _: raw, count=count, connections=64))
        return (cpu_s(process.pid) - before) / count * 1000, count / run.seconds
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
