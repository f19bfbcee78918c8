"""A small city that stands still: reports came in, photos too, all was handled and sealed; its folder may be copied and hurt."""

import asyncio
import contextlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.faults.database import folder
from bench.faults.town import Town, _form, photo
from cityloop.app import Parts, create_app, open_city
from cityloop.cli import check_all
from cityloop.cli.check import tried

REPORTS, PHOTOS = 12, 3


def settle(parts: Parts) -> None:
    """Let the stages do what follows, and seal it."""
    while parts.delivery.drain():
        pass
    while parts.sealer.seal():
        pass


@contextmanager
def quiet(seed: int, database: str = "") -> Iterator[Town]:
    """The city; who wants to hurt it takes a copy of its folder."""
    with folder() as place:
        town = Town(place / "home", database, seed=seed)
        town.begin()
        with contextlib.closing(town.parts()) as parts:
            open_city(parts)
            report(town, parts, REPORTS, photos=PHOTOS)
            settle(parts)
        yield town


def report(town: Town, parts: Parts, count: int, *, photos: int = 0) -> list[str]:
    """Reports come in by the routes; nothing runs beside them."""
    return asyncio.run(_reported(town, parts, count, photos))


async def _reported(town: Town, parts: Parts, count: int, photos: int) -> list[str]:
    made = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(parts)), base_url="http://city") as client:
        for number in range(count):
            body, kind = town.bodies[number], "application/json"
            if number < photos:
                body, kind = _form(body, photo(town.chance))
            answer = await client.post("/v1/reports", content=body, headers={"content-type": kind})
            assert answer.status_code == 201, answer.text
            made.append(answer.json()["id"])
    town.told.reports |= set(made)
    return made


def copied(town: Town, to: Path) -> Town:
    """The same city over a copy of its folder."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(town.home, to)
    other = Town(to, town.database)
    other.city, other.told = town.city, town.told
    return other


def complaints(town: Town) -> list[str]:
    """What `cityloop check` says is wrong."""
    try:
        parts = town.parts()
    except Exception as error:  # it cannot even be opened; the command says so
        return [f"{type(error).__name__}: {error}"]
    with contextlib.closing(parts):
        return [line.what for look in check_all.ALL if not (line := tried(look, parts)).good]
