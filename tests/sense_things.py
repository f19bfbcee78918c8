"""Devices, streams and rules for tests: told by what differs."""

from datetime import datetime

from cityloop.domain.ids import StreamId, ThingId
from cityloop.domain.place import Point
from cityloop.domain.sensing import Colour, LifeState, Observing, RuleKind, SenseRule, Stream, Thing
from cityloop.stages.sense.model import Register


def thing(no: int, *, site: str = "", kind: str = "air", installed_at: datetime | None = None, state: LifeState = LifeState.live) -> Thing:
    """A device; those with numbers that follow stand some 10 m apart."""
    return Thing(
        id=ThingId(f"thing{no}"), key=f"key{no}", kind=kind, name="", state=state, where=Point(lon=112 + no * 1e-4, lat=28), cell=None,
        site=site, component=None, owner=None, vendor="maker", model="", installed_at=installed_at, calibrated_at=None,
        calibrate_by=None, live_url="", still_url="", properties={}, simulated=True,
    )  # fmt: skip


def stream(
    no: int, *, property: str = "pm25", observing: Observing = Observing.measurement, words: tuple[str, ...] = (),
    least: float | None = None, most: float | None = None,
) -> Stream:  # fmt: skip
    """A stream of the device of the same number."""
    return Stream(
        id=StreamId(f"stream{no}"), no=no, thing=ThingId(f"thing{no}"), key=property, property=property, unit="", observing=observing,
        every_s=60, least=least, most=most, words=words, is_open=False, is_closed=False,
    )  # fmt: skip


def register(things: list[Thing], streams: list[Stream]) -> Register:
    """A register of these."""
    return Register(version=1, things={each.id: each for each in things}, streams={each.no: each for each in streams}, by_key={})


def rule(kind: str, code: str = "", **more) -> SenseRule:
    """A rule; without a property named it watches all."""
    colour = Colour(more.pop("colour", "yellow"))
    return SenseRule(code=code or kind, kind=RuleKind(kind), colour=colour, **more)
