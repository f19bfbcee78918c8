"""Judging moves to a process of its own when there is much; killed or ended, another goes on, and nothing is told twice."""

import asyncio
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.engines import Places

from cityloop.app import Parts, Settings, join, judging, open_city, senses
from cityloop.app.rounds import stopped
from cityloop.app.running import begun
from cityloop.domain.sensing import Observing
from cityloop.stages.sense.model import TooMuch
from cityloop.stages.sense.service.register import StreamAsked, ThingAsked, register_thing
from cityloop.telemetry.batch import batch_of
from cityloop.telemetry.log import end_of
from cityloop.telemetry.reached import keep_reached

PACK = Path(__file__).parents[1] / "packs" / "mini_sensing"


@pytest.fixture
def parts(places: Places, tmp_path, monkeypatch) -> Iterator[Parts]:
    """A city of two noise meters, whose judging has just moved."""
    monkeypatch.setattr(judging, "MUCH_BYTES", -1)
    database = places.url() if places.engine == "postgres" else ""
    found = join(Settings(city=f"c{secrets.token_hex(6)}", home=str(tmp_path), database=database, pack=str(PACK)))
    open_city(found)
    stream = StreamAsked(key="laeq", property="laeq", unit="dB[SPL]")
    for key in ("n-1", "n-2"):
        asked = ThingAsked(key=key, lon=100.005, lat=30.015, streams=(stream,))
        found.writer.change(lambda tx, asked=asked: register_thing(tx, asked, policy=found.book.in_force()))
    found.register.refresh()
    yield found
    found.close()


def judged(parts: Parts) -> None:
    """Look and tell until nothing is new, as the server does."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        rows = parts.senses.watcher.look()
        while parts.senses.watcher.waiting:
            parts.writer.change(parts.senses.watcher.tell)
            parts.senses.watcher.told()
        if not rows and not parts.senses.watcher.behind():
            return
    raise AssertionError("it does not come to an end")


def raised(parts: Parts) -> list[str]:
    with parts.database.reading() as tx:
        rows = tx.all("SELECT type FROM fact WHERE city = :city AND type LIKE 'Alarm%' ORDER BY seq")
    return [row.type for row in rows]


def test_another_goes_on_where_one_was_killed(parts):
    """What is judged again has the ids that it had; what came meanwhile is judged; the same file again raises nothing."""
    now = int(time.time()) * 1_000_000
    loud = batch_of([1] * 3, [now - 30_000_000, now - 20_000_000, now - 10_000_000], [50.0, 120.0, 121.0])
    parts.senses.log.append(loud)
    judged(parts)
    first = raised(parts)
    assert "AlarmRaised" in first
    other = parts.senses.watcher._other
    assert other, "it has moved"
    assert other.poll() is None

    other.kill()
    other.wait()
    parts.senses.log.append(batch_of([2], [now - 5_000_000], [120.0]))
    with pytest.raises(ChildProcessError):
        parts.senses.watcher.look()
    judged(parts)
    second = raised(parts)
    assert second[: len(first)] == first
    assert len(second) == 2 * first.count("AlarmRaised") + len(first) - first.count("AlarmRaised")

    parts.senses.log.append(loud)
    judged(parts)
    assert raised(parts) == second


@pytest.mark.parametrize("moves", [True, False])
def test_a_label_says_the_class_whoever_judges(parts, monkeypatch, moves):
    """A camera's rule names no class: the pack's word for what was seen does, in this process and in another."""
    monkeypatch.setattr(judging, "MUCH_BYTES", -1 if moves else 1 << 40)
    parts.book.adopt(PACK.parent / "mini_seeing", actor="machine:start")
    seen = StreamAsked(key="gate:rubbish", property="seen", observing=Observing.detection, words=("gate", "rubbish"))
    asked = ThingAsked(key="c-1", lon=100.005, lat=30.015, streams=(seen,))
    parts.writer.change(lambda tx: register_thing(tx, asked, policy=parts.book.in_force()))
    number = parts.register.refresh().by_key["c-1/gate:rubbish"]
    now = int(time.time()) * 1_000_000
    parts.senses.log.append(batch_of([number] * 5, [now - age * 1_000_000 for age in (200, 150, 100, 60, 20)], [0.9] * 5, [7] * 5))
    judged(parts)

    with parts.database.reading() as tx:
        (row,) = tx.all("SELECT rule, class_key FROM alarm WHERE city = :city")
    assert (row.rule, row.class_key) == ("lies", "gbt30428_2_2013/event/0110")


def test_it_ends_with_the_server_and_saves_what_it_knows(parts):
    """A gentle end leaves nothing to be judged again."""
    now = int(time.time()) * 1_000_000
    parts.senses.log.append(batch_of([1], [now - 10_000_000], [50.0]))
    judged(parts)
    other = parts.senses.watcher._other
    parts.senses.watcher.close()
    assert other.poll() == 0
    assert parts.senses.watcher.behind() == 0


def test_who_does_not_judge_refuses_too_much_as_well(parts, monkeypatch):
    """A process that only answers counts from where whoever judges says that it is, or from where observations were sent on to."""
    monkeypatch.setattr(senses, "LOOK_S", 0.0)

    async def begin() -> None:
        parts.settings = replace(parts.settings, role="web")
        await stopped(begun(parts))

    def refuses() -> bool:
        parts.sensing._looked_at = 0.0
        try:
            parts.sensing.refuse_if_behind()
        except TooMuch:
            return True
        return False

    asyncio.run(begin())
    parts.sensing._behind_max = 10
    parts.senses.log.append(batch_of([1], [int(time.time()) * 1_000_000], [50.0]))
    assert refuses()
    judged(parts)
    parts.senses.note_judged()
    assert not refuses()

    parts.senses._settings = replace(parts.settings, telemetry_bus="nats://somewhere")
    assert refuses()
    log = parts.senses.log.folder
    keep_reached(parts.senses.sent, {log.name: end_of(log)})
    assert not refuses()
