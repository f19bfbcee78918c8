"""HTTP for machines that watch this one: does it live, may it take requests, and the numbers."""

import asyncio
from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.operate.families import FAMILIES
from cityloop.operate.guards import watches
from cityloop.operate.meter import text_of
from cityloop.operate.watch import Watch

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
NO_STORE = {"Cache-Control": "no-store"}


class Alive(Struct, kw_only=True):
    """The process lives."""

    ok: bool = True


class Ready(Struct, kw_only=True):
    """Whether requests may come, and which part keeps them away: database, migrations, pack, process."""

    ok: bool
    missing: dict[str, str]


def watch_of(request: Request) -> Watch:
    """Whoever watches this server."""
    return request.app.state.watch


@get("/healthz", sync_to_thread=False)
def get_healthz() -> Alive:
    """Whether the process lives. Asks nothing of anybody else: who restarts it must not do so as the database is gone."""
    return Alive()


@get("/readyz")
async def get_readyz(request: Request) -> Response[Ready]:
    """Whether requests may come here; 503 says which part is missing."""
    missing = await asyncio.to_thread(watch_of(request).not_ready)
    headers = NO_STORE | ({"Retry-After": "1"} if missing else {})
    return Response(Ready(ok=not missing, missing=missing), status_code=503 if missing else 200, headers=headers)


@get("/metrics", guards=[watches], media_type="text/plain")
async def get_metrics(request: Request) -> Response[bytes]:
    """The numbers of all processes of this machine and of the city, as Prometheus reads them."""
    samples = await asyncio.to_thread(watch_of(request).all)
    return Response(text_of(samples, FAMILIES).encode(), media_type=PROMETHEUS, headers=NO_STORE)


ROUTES: list[Any] = [get_healthz, get_readyz, get_metrics]
