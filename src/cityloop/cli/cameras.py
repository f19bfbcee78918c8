"""`cityloop cameras`: recognisers of our own at a camera's pictures."""

import asyncio
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cityloop.app import Parts
from cityloop.cli.say import city, console
from cityloop.domain.sensing import Thing
from cityloop.domain.time import zone_of
from cityloop.doors.cameras.recognise import (
    OnnxModel,
    Recogniser,
    Still,
    Watch,
    Zones,
    frames_of,
    recogniser_named,
    zones_of,
)
from cityloop.stages.sense.model import DeviceUnknown, TooMuch

app = typer.Typer(no_args_is_help=True, help="Recognisers of our own at a camera's pictures.")
WAIT_S = 2.0
TOGETHER = 100  # sightings that are kept together


@app.command("watch")
def watch(
    camera: Annotated[str, typer.Option(help="The camera's key in the register.")],
    source: Annotated[str, typer.Option(help="A video file, or the address of a stream: rtsp://…")],
    by: Annotated[
        list[str] | None, typer.Option(help="Recognisers: still, the TOML file that describes an ONNX model, or the name of one installed.")
    ] = None,
    stays: Annotated[float, typer.Option(help="Seconds after which what does not move stays.")] = 60.0,
    begins: Annotated[str, typer.Option(help="When a file begins, in the city's time; empty: now.")] = "",
    each: Annotated[int, typer.Option(min=1, help="Look at every so many frames.")] = 1,
) -> None:
    """Look at a camera's pictures, and keep what recognisers see as any camera's message. No picture is kept.

    Zones are said by the register: properties of the camera, zone.kerb = "0.1,0.6 0.9,0.6 0.9,1 0.1,1".

    Example: cityloop cameras watch --camera gate-1 --source rtsp://10.0.0.8/live --by still --by cars.toml
    """
    with city() as parts:
        thing = _camera(parts, camera)
        zones = zones_of(thing.properties)
        recognisers = [_recogniser(name, zones, stays) for name in by or ["still"]]
        start = datetime.fromisoformat(begins) if begins else parts.database.clock()
        start = start if start.tzinfo else start.replace(tzinfo=zone_of(parts.book.in_force().week.zone))
        found = asyncio.run(_watched(parts, Watch(camera, recognisers, zones=zones), source, start, each))
    told = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
    console.print(f"{camera}: {told}")


def _camera(parts: Parts, key: str) -> Thing:
    parts.register.refresh()
    thing = next((each for each in parts.register.now().things.values() if each.key == key), None)
    if thing is None:
        raise DeviceUnknown(f"There is no camera {key[:60]!r} in the register; register it first.")
    return thing


def _recogniser(name: str, zones: Zones, stays: float) -> Recogniser:
    if name == "still":
        return Still(zones=zones, stays_s=stays)
    return OnnxModel(Path(name)) if name.endswith(".toml") else recogniser_named(name)(zones=zones)


async def _watched(parts: Parts, watch: Watch, source: str, start: datetime, each: int) -> Counter[str]:
    """Look at all frames; what was told of them is kept before the next are looked at."""
    found: Counter[str] = Counter()
    waiting = []
    for frame in frames_of(source, start=start, now=parts.database.clock, every=each):
        waiting += watch.look(frame)
        found["frames"] += 1
        if len(waiting) >= TOGETHER or (waiting and "://" in source):
            await _kept(parts, waiting, found)
            waiting = []
    if waiting:
        await _kept(parts, waiting, found)
    found["things"] = watch.tracker.counted
    return found


async def _kept(parts: Parts, seen: list, found: Counter[str]) -> None:
    while True:
        try:
            taken = await parts.senses.cameras.take(seen, now=parts.database.clock())
        except TooMuch:
            await asyncio.sleep(WAIT_S)
            continue
        found["kept"] += taken.kept
        found["again"] += taken.again
        found["aside"] += sum(taken.aside.values())
        return
