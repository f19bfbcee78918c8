"""A city whose observations travel over NATS: the alarm is the one that the city's own watcher would have told, and is told once."""

import asyncio
import contextlib
import secrets
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta

import pytest
from nats.js.errors import NotFoundError
from tests.alarm_world import AlarmWorld, the_sensing_app
from tests.contract.outgrown.test_one_specification import nats_url
from tests.engines import Places, at_nine

from cityloop.outgrown import traveller as sending
from cityloop.outgrown.bus import Names, connect
from cityloop.outgrown.plans import ShardPlans
from cityloop.outgrown.traveller import Traveller
from cityloop.outgrown.worker import Worker

__all__ = ["nats_url"]
SHARDS = 3


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[AlarmWorld]:
    """A town with rules over what its devices say."""
    yield from at_nine(AlarmWorld, the_sensing_app, places, tmp_path)


def test_what_travelled_raises_the_same_alarm_once(town, nats_url):
    """Sent again from the beginning, as after a crash, it raises no second one."""
    town.meter("n-1", lon=100.005, lat=30.015)
    rows = [{"stream": "n-1/laeq", "at": (town.clock.now + timedelta(minutes=no)).isoformat(), "value": value} for no, value in enumerate((58, 71, 72, 73))]
    town.clock.forward(minutes=4)
    assert town.observe(*rows)["kept"] == 4

    asyncio.run(travelled(town, nats_url))
    town.drain()

    told = town.alarm("noise")
    assert (told["value"], told["limit"]) == (71, 70)
    assert [each["rule"] for each in town.alarms()].count("noise") == 1
    before = len(town.alarms())
    town.judge_all()  # the watcher, over the same: the ids are the same
    assert len(town.alarms()) == before


def test_while_the_server_was_down_nobody_was_silent(town, nats_url):
    """A server that stood still for a day sent nothing on: who speaks again is well, and who does not is told of after its hour."""
    town.meter("n-1", lon=100.005, lat=30.015)
    town.meter("n-2", lon=100.006, lat=30.015)
    asyncio.run(stood_still(town, nats_url))

    (silent,) = town.alarms()
    assert (silent["rule"], silent["thing_id"]) == ("silent", town.seen("n-2")["id"])


def test_the_server_answers_while_its_end_of_the_bus_plans_and_reads(town, nats_url, monkeypatch):
    """A plan of many streams takes a second, and so do many observations that wait: neither is made on the server's loop."""
    ran_in: dict[str, set[bool]] = {}

    def noted(name: str):
        real = getattr(sending, name)

        def note(*given, **named):
            ran_in.setdefault(name, set()).add(threading.current_thread() is threading.main_thread())
            return real(*given, **named)

        return note

    def read(*given):
        for piece in real_follow(*given):
            ran_in.setdefault("follow", set()).add(threading.current_thread() is threading.main_thread())
            yield piece

    real_follow = sending.follow
    for name in ("plan_now", "shards_of", "keep_reached"):
        monkeypatch.setattr(sending, name, noted(name))
    monkeypatch.setattr(sending, "follow", read)
    town.meter("n-1", lon=100.005, lat=30.015)
    assert town.observe({"stream": "n-1/laeq", "at": town.clock.now.isoformat(), "value": 50})["kept"] == 1
    asyncio.run(travelled(town, nats_url))
    assert ran_in == {name: {False} for name in ("plan_now", "shards_of", "keep_reached", "follow")}


async def stood_still(town: AlarmWorld, url: str) -> None:
    def says(device: str) -> None:
        row = {"stream": f"{device}/laeq", "at": town.clock.now.isoformat(), "value": 50}
        assert town.observe(row)["kept"] == 1

    async with bus_of(town, url) as traveller:
        async with at_work(traveller()) as rounds:
            says("n-1")
            says("n-2")
            await rounds()
        town.clock.forward(days=1)
        async with at_work(traveller()) as rounds:
            says("n-1")
            await rounds()
            town.drain()
            assert town.alarms() == []
            town.clock.forward(seconds=3500)
            says("n-1")
            town.clock.forward(seconds=120)
            await rounds()
            town.drain()


async def travelled(town: AlarmWorld, url: str) -> None:
    async with bus_of(town, url) as traveller:
        for _ in range(2):  # the second knows of nothing that the first sent
            async with at_work(traveller()) as rounds:
                await rounds()


@contextlib.asynccontextmanager
async def at_work(one: Traveller) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A server's end of the bus, while it runs: some rounds, enough that what was sent is judged and told."""

    async def rounds() -> None:
        for _ in range(12):
            await one.round()
            await asyncio.sleep(0.2)

    yield rounds
    await one.close()


@contextlib.asynccontextmanager
async def bus_of(town: AlarmWorld, url: str) -> AsyncIterator[Callable[[], Traveller]]:
    """A bus with a worker on it, and how a server comes to it."""
    names = Names(prefix=f"t_{secrets.token_hex(5)}")
    bus = await connect(url)
    js = bus.jetstream()
    plans = ShardPlans(town.database, town.register.now, town.book.in_force, SHARDS)
    worker = asyncio.create_task(Worker(js, names, plans.of, "w0", lease_s=2.0).run(range(SHARDS)))

    def traveller() -> Traveller:
        return Traveller(url, names.prefix, SHARDS, town.senses.root, town.folder / f"{secrets.token_hex(4)}.json", town.writer, town.register.now, town.book.in_force)

    try:
        yield traveller
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        for stream in (names.observed, names.told, f"KV_{names.leases}", f"KV_{names.states}", f"OBJ_{names.states}"):
            with contextlib.suppress(NotFoundError):
                await js.delete_stream(stream)
        await bus.close()
