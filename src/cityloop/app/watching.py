"""What the room that watches the platform is given to look at."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from litestar import Litestar

from cityloop import operate
from cityloop.app.parts import Parts
from cityloop.operate import Watch
from cityloop.operate.risks import Standing
from cityloop.pages.followers import followers_in

VERSION = "0.1.0"


def traced_by(parts: Parts) -> Any:
    """What keeps traces of requests, where an address is set for them; then commits, handlers and calls have theirs, too."""
    if not parts.settings.trace_url:
        return None
    from cityloop.operate.traces import Traces

    parts.traces = Traces(parts.settings.trace_url, city=parts.settings.city, version=VERSION)
    parts.writer.span = parts.traces.span
    for wire in parts.wires:
        wire.span = parts.traces.span
    return parts.traces.request


def watch_of(parts: Parts, asked: tuple[Litestar, ThreadPoolExecutor] | None = None) -> Watch:
    """Whoever watches this process. `asked`: its application and its readers, where it answers requests."""
    writer, senses = parts.writer, parts.senses
    gauges = {
        "cityloop_writer_batches_total": lambda: writer.batches,
        "cityloop_writer_changes_total": lambda: writer.changes,
        "cityloop_writer_waiting": lambda: writer.waiting,
        "cityloop_telemetry_waiting_bytes": lambda: senses.behind() if senses.judges else 0,
        "cityloop_database_connections": lambda: parts.database.connections,
    }
    if asked:
        app, readers = asked
        hands = app.state.edges.hands
        gauges |= {
            "cityloop_followers": lambda: followers_in(app),
            "cityloop_readers_waiting": lambda: readers._work_queue.qsize(),
            "cityloop_reading_processes": lambda: len(hands.all),
            "cityloop_reads_handed_total": lambda: hands.answered,
            "cityloop_reads_returned_total": lambda: hands.returned,
        }
    if parts.settings.mqtt_url:
        gauges["cityloop_telemetry_up"] = lambda: bool(parts.link and parts.link.is_up)
    return Watch(
        home=Path(parts.settings.home),
        database=parts.database,
        behind=parts.delivery.behind_by,
        model_trouble=lambda: writer.deciders.trouble.value if writer.deciders.trouble else "",
        gauges=gauges,
        turns=parts.turns,
        certificate=parts.settings.certificate,
        version=VERSION,
        is_drill=parts.cuts.is_on,
        policy=parts.book.in_force,
        has_hotline=bool(parts.settings.hotline_url),
        pack=lambda: writer.pack or "",
    )


async def keep_use(parts: Parts) -> None:
    """Write down what this process was asked since it did so last."""
    use = parts.watch.use if parts.watch else None
    if use and (calls := use.fresh()):
        await parts.writer.submit(lambda tx: operate.keep(tx, calls, parts.book.in_force()), actor=operate.USE_ACTOR)


async def tell_use(parts: Parts) -> None:
    """Tell how much each function was used on the days that are over."""

    def ask() -> bool:
        with parts.database.reading() as tx:
            return bool(operate.days_over(tx, parts.book.in_force()))

    if await asyncio.to_thread(ask):
        await parts.writer.submit(lambda tx: operate.tell_days(tx, parts.book.in_force()), actor=operate.USE_ACTOR)


async def tell_risks(parts: Parts, standings: Sequence[Standing]) -> None:
    """Let the loop know of the platform's risks, where it does not yet."""

    def ask() -> bool:
        with parts.database.reading() as tx:
            return bool(operate.to_tell(tx, standings, parts.book.in_force()))

    if await asyncio.to_thread(ask):
        await parts.writer.submit(lambda tx: operate.tell(tx, standings, parts.book.in_force()), actor=operate.ACTOR)
