"""What made-up devices say: the same hour is told the same twice, piece by piece or whole; some are ill, now and then something happens."""

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from cityloop.domain.sensing import LifeState, Observing, Stream, Thing
from cityloop.packs import load
from cityloop.simulation import values
from cityloop.simulation.devices import DEVICES, made_up
from cityloop.simulation.senses import Memory, Talk
from cityloop.stages.sense.model import Named, Register
from cityloop.stages.sense.rules.describing import streams_of
from cityloop.stages.sense.service.book import register_of

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC).timestamp()
HOUR = 3_600.0


@pytest.fixture(scope="module")
def register() -> Register:
    """The devices of the demo city, as they are registered."""
    policy, things, streams = load("demo"), [], []
    for asked in made_up(policy, datetime.fromtimestamp(NOON, UTC)):
        thing = Thing(
            id=asked.key, key=asked.key, kind=asked.kind, name=asked.name, state=LifeState.live, where=None, cell=None, site="",
            component=None, owner=asked.owner, vendor=asked.vendor, model=asked.model, installed_at=None, calibrated_at=None,
            calibrate_by=None, live_url="", still_url="", properties={}, simulated=asked.simulated,
        )  # fmt: skip
        things.append(thing)
        for each in streams_of(asked.kind, policy):
            usual = next(one for one in policy.device_kind[asked.kind].streams if one.key == each.key)
            streams.append(Stream(
                id=f"{asked.key}/{each.key}", no=len(streams) + 1, thing=thing.id, key=each.key, property=usual.property, unit="",
                observing=Observing.measurement, every_s=usual.every_s, least=None, most=None, words=(), is_open=False, is_closed=False,
            ))  # fmt: skip
    return register_of(things, streams, 1)


def rows(named: Named) -> list[tuple[str, int, float]]:
    return list(zip(named.keys, named.at, named.value, strict=True))


def test_there_are_two_thousand_of_eight_kinds_each_marked(register):
    assert len(register.things) == DEVICES
    assert len({each.kind for each in register.things.values()}) == 8
    assert all(each.simulated and each.owner for each in register.things.values())


def test_an_hour_is_told_the_same_whole_or_in_pieces(register):
    talk = Talk(register, NOON, 8 * HOUR)
    whole = rows(talk.between(NOON, NOON + HOUR))
    pieces = [row for start in range(0, 3600, 300) for row in rows(talk.between(NOON + start, NOON + start + 300))]
    assert sorted(whole) == sorted(pieces)
    assert [at for _, at, _ in whole] == sorted(at for _, at, _ in whole)
    assert len({(name, at) for name, at, _ in whole}) == len(whole) > 5_000


def test_every_stream_speaks_as_often_as_it_should(register):
    talk = Talk(register, NOON - 10 * values.DAY, 8 * HOUR)
    counts: dict[str, int] = {}
    for name, _, _ in rows(talk.between(NOON, NOON + 2 * HOUR)):
        counts[name] = counts.get(name, 0) + 1
    for each in talk.talkers:
        if talk.ill.get(each.device, ("",))[0] != "silent":
            assert abs(counts.get(each.name, 0) - 2 * HOUR / each.every_s) <= 1, each


def test_long_steps_make_nobody_seem_silent(register):
    """What is more than a day old is told thinly: within a piece no pause reaches the shortest `silent_s` of the pack."""
    talk = Talk(register, NOON - 10 * values.DAY, 8 * HOUR)
    heard: dict[str, list[int]] = {}
    for name, at, _ in rows(talk.between(NOON, NOON + 12 * HOUR, every_s=2_400)):
        heard.setdefault(name, []).append(at)
    silent = {(kind.kind, each.key): each.silent_s for kind in load("demo").device_kinds for each in kind.streams if each.silent_s}
    for each in talk.talkers:
        if each.device not in talk.ill and (limit := silent.get((each.kind, each.key))):
            moments = heard[each.name]
            assert max(b - a for a, b in pairwise(moments)) < limit * 1e6, each


def test_those_who_are_ill_say_so(register):
    talk = Talk(register, NOON - 3 * values.DAY, 8 * HOUR)
    assert 10 <= len(talk.ill) <= 60
    said: dict[str, list[float]] = {}
    for name, _, value in rows(talk.between(NOON, NOON + 3 * HOUR)):
        said.setdefault(name, []).append(value)
    seen = set()
    for device, (what, _) in talk.ill.items():
        own = {name: them for name, them in said.items() if name.startswith(device + "/")}
        main = {name: them for name, them in own.items() if not name.endswith("/battery")}
        seen.add(what)
        if what == "silent":
            assert not own
        elif what == "lying":
            assert all(each == -9_999.0 for them in main.values() for each in them)
        elif what == "frozen":
            assert all(len(set(them)) == 1 for them in main.values())
        elif what == "empty":
            assert all(each == 9.0 for name in own.keys() - main.keys() for each in own[name])
    assert seen >= {"silent", "frozen", "lying"}


def test_things_happen_at_a_calm_pace(register):
    talk = Talk(register, NOON - values.DAY, 8 * HOUR)
    begun = [each for several in talk.happenings(NOON, NOON + 24 * HOUR - 1).values() for each in several if each.begins >= NOON]
    assert 60 <= len(begun) <= 72
    assert not talk.ill.keys() & talk.happenings(NOON, NOON + 24 * HOUR).keys()
    quiet = Talk(register, NOON, 8 * HOUR)
    assert not quiet.happenings(NOON - 12 * HOUR, NOON - 4 * HOUR)  # the past that a new city is told is quiet


def test_a_flooded_manhole_rises_and_falls(register):
    at = np.arange(NOON, NOON + 2 * HOUR, 600.0)
    usual = values.said("manhole", "level", "manhole-0001", at, 0)
    flooded = values.with_happenings("manhole", "level", [values.Happening(NOON, 2 * HOUR)], at, usual)
    assert usual.max() < 0.8 < 2.5 < flooded.max()
    assert abs(flooded[0] - usual[0]) < 0.01


def test_what_was_told_is_remembered(tmp_path):
    memory = Memory(tmp_path)
    assert memory.read(NOON) == (NOON, NOON - values.DAY)
    memory.write(NOON, NOON + 60)
    assert memory.read(NOON + HOUR) == (NOON, NOON + 60)
    assert memory.read(NOON + 100 * values.DAY) == (NOON, NOON + 40 * values.DAY)  # so much is told afterwards, and no more
