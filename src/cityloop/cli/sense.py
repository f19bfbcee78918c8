"""`cityloop sense`: workers that judge what devices say, where one process is outgrown."""

import asyncio
import os
import socket
from typing import Annotated

import typer

from cityloop.app import Parts
from cityloop.cli.say import city, console
from cityloop.domain.errors import Invalid
from cityloop.domain.policy import Policy

app = typer.Typer(help="Workers that judge what devices say.", no_args_is_help=True)


class NoBus(Invalid):
    """A worker without a bus."""

    code = "cli.no_bus"


@app.command("work")
def work(
    shard: Annotated[list[int] | None, typer.Option(help="A shard to judge, from 0; several times for several. Else all.")] = None,
) -> None:
    """Judge shards of what travels over the bus, until stopped. As many workers as you like: each shard has one, another takes over.

    Example: cityloop sense work --shard 0 --shard 1
    """
    with city() as parts:
        settings = parts.settings
        if not settings.telemetry_bus:
            raise NoBus("Observations travel over no bus; set CITYLOOP_TELEMETRY_BUS, e.g. nats://127.0.0.1:4222.")
        wanted = sorted(set(shard or range(settings.telemetry_shards)))
        if wanted[0] < 0 or wanted[-1] >= settings.telemetry_shards:
            raise NoBus(f"There are {settings.telemetry_shards} shards, from 0; CITYLOOP_TELEMETRY_SHARDS says how many.")
        console.print(f"judging shards {', '.join(map(str, wanted))} of {settings.telemetry_shards}", markup=False)
        asyncio.run(_work(parts, wanted))


async def _work(parts: Parts, shards: list[int]) -> None:
    from cityloop.outgrown.bus import Names, connect, set_up  # an extra
    from cityloop.outgrown.plans import ShardPlans
    from cityloop.outgrown.worker import Worker

    settings = parts.settings

    def policy() -> Policy:
        parts.book.refresh()
        return parts.book.in_force()

    plans = ShardPlans(parts.database, parts.register.refresh, policy, settings.telemetry_shards)
    bus, names = await connect(settings.telemetry_bus), Names(prefix=settings.city)
    try:
        await set_up(bus.jetstream(), names)
        await Worker(bus.jetstream(), names, plans.of, f"{socket.gethostname()}-{os.getpid()}".replace(".", "-")).run(shards)
    finally:
        await bus.close()
