"""Devices of a made-up city: so many of each kind, at places of the pack, each with an owner; decided by a seed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import cos, radians
from random import Random

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import UnitId
from cityloop.domain.policy import Component, Level, Policy
from cityloop.stages.sense.service.register import ThingAsked, register_things

DEVICES = 2_000
AT_ONCE = 250  # registered in one transaction


class Kind(Struct, frozen=True, kw_only=True):
    """How many devices of a kind there are, of whom, and how far from things of the city they stand."""

    kind: str
    share: float
    owners: tuple[str, ...]  # kinds of units, the first that the city has
    zh: str
    vendors: tuple[str, ...]
    off_m: float = 4


KINDS = (
    Kind(kind="manhole", share=0.2, owners=("water", "municipal"), zh="井下液位计", vendors=("Weiye", "Lantu")),
    Kind(kind="noise_meter", share=0.08, owners=("environment", "municipal"), zh="噪声监测仪", vendors=("Shengxue", "Lantu")),
    Kind(kind="air_station", share=0.07, owners=("environment", "municipal"), zh="微型空气站", vendors=("Qingkong", "Weiye"), off_m=30),
    Kind(kind="water_gauge", share=0.03, owners=("water", "municipal"), zh="河道水位计", vendors=("Lantu",), off_m=20),
    Kind(kind="parking_sensor", share=0.22, owners=("traffic_police", "municipal"), zh="车位地磁", vendors=("Dici", "Botai"), off_m=8),
    Kind(kind="bin_sensor", share=0.14, owners=("sanitation_reserve", "municipal"), zh="垃圾桶满溢传感器", vendors=("Jieyun", "Botai")),
    Kind(kind="lamp_control", share=0.2, owners=("lighting", "municipal"), zh="路灯控制器", vendors=("Zhaoming", "Botai")),
    Kind(kind="tilt_sensor", share=0.06, owners=("municipal",), zh="倾斜监测仪", vendors=("Weiye", "Dici")),
)


def made_up(policy: Policy, now: datetime, *, count: int = DEVICES, seed: int = 1) -> list[ThingAsked]:
    """So many devices of the kinds that the pack has, at places of the pack's components; each says that it is simulated."""
    rng = Random(seed)
    known = [each for each in KINDS if each.kind in policy.device_kind]
    if not known or not policy.components:
        return []
    whole = sum(each.share for each in known)
    found: list[ThingAsked] = []
    for kind in known:
        many = round(count * kind.share / whole)
        found += [_device(kind, number, policy, now, rng) for number in range(1, many + 1)]
    return found[:count]


def register_made_up(tx: Tx, devices: Sequence[ThingAsked], policy: Policy) -> str:
    """Put some of them into the register; gives how many."""
    return str(len(register_things(tx, devices, policy=policy)))


def _device(kind: Kind, number: int, policy: Policy, now: datetime, rng: Random) -> ThingAsked:
    by: Component = policy.components[int(rng.random() * len(policy.components))]
    lat = by.lat + (rng.random() - 0.5) * 2 * kind.off_m / 110_850
    lon = by.lon + (rng.random() - 0.5) * 2 * kind.off_m / (111_320 * cos(radians(by.lat)))
    days = policy.device_kind[kind.kind].calibrate_days
    calibrated = now - timedelta(days=int(rng.random() * days * 1.004)) if days else None
    return ThingAsked(
        key=f"{kind.kind.replace('_', '-')}-{number:04d}", kind=kind.kind, name=f"{kind.zh} {number:04d}", lon=round(lon, 7),
        lat=round(lat, 7), site=f"site-{by.cell}" if rng.random() < 0.1 else "", owner=_owner(kind, policy), model=f"S{1 + number % 3}",
        vendor=kind.vendors[int(rng.random() * len(kind.vendors))], calibrated_at=calibrated,
        calibrate_by=calibrated + timedelta(days=days) if calibrated else None, simulated=True,
    )  # fmt: skip


def _owner(kind: Kind, policy: Policy) -> UnitId | None:
    for wanted in kind.owners:
        for unit in policy.units:
            if unit.kind == wanted and unit.level is Level.city:
                return unit.id
    return None
