"""The tables of devices: observed properties, kinds of devices, their streams; and their rows as the policy has them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cityloop.domain.sensing import DeviceKind, KindStream, ObservedProperty, Observing
from cityloop.packs.declared import LIST, Table, Takes, column

_SECONDS = {"needed": False, "default": "0", "least": 0, "most": 31_536_000}
_NUMBER = {"needed": False, "default": "0", "least": 0}

OBSERVED_PROPERTIES = Table(
    file="observed_properties.csv",
    says="What devices observe 观测指标, each with its unit in UCUM. A stream whose property stands here has its unit and bounds "
    "where nothing else is said of it.",
    key=("code",),
    cites=True,
    columns=(
        column("code", "short name, e.g. pm25"),
        column("name", "what people call it", Takes.words),
        column("unit", "UCUM, case sensitive: ug/m3, Cel, %, dB[SPL]; empty: none", needed=False),
        column("observing", "what its results are", Takes.choice, needed=False, default="measurement", choices=tuple(Observing)),
        column("definition", "where it is defined: an address", needed=False),
        column("least", "the least that is possible at all; empty: no bound", Takes.decimal, needed=False),
        column("most", "the most", Takes.decimal, needed=False),
        column("words", f"of a category: what its numbers 0, 1, 2 … stand for, {LIST}", Takes.many, needed=False),
    ),
)
DEVICE_KINDS = Table(
    file="device_kinds.csv",
    says="Kinds of devices 设备类型. A city without these rows registers devices all the same, and none of them is seen to be ill.",
    key=("kind",),
    cites=True,
    columns=(
        column("kind", "short name, e.g. air_station"),
        column("name", "what people call it", Takes.words),
        column(
            "class", "of the maintenance case when a device is ill, as scheme/kind/code; empty: its state changes, and nothing "
            "is reported", Takes.class_key, needed=False, refers="classes.csv",
        ),
        column(
            "calibrate_days", "calibrated every so many days; 0: never", Takes.whole, needed=False, default="0", least=0,
            most=3660,
        ),
    ),
)  # fmt: skip
DEVICE_STREAMS = Table(
    file="device_streams.csv",
    says="What a device of a kind observes, and by what it is seen to be ill: from each filled cell follows a rule of health. A new "
    "device of the kind gets these streams where none are given.",
    key=("kind", "stream"),
    columns=(
        column("kind", "kind of device", refers="device_kinds.csv"),
        column("stream", "key of the stream within the device"),
        column("property", "what it observes", refers="observed_properties.csv"),
        column("every_s", "how often it speaks, seconds; 0: whenever something happens", Takes.decimal, **_SECONDS),
        column("silent_s", "nothing for so long: silent 失联", Takes.decimal, **_SECONDS),
        column("freeze_s", "the same for so long: frozen", Takes.decimal, **_SECONDS),
        column("freeze_within", "to within this counts as the same", Takes.decimal, **_NUMBER),
        column("drift", "by so much from the middle of its neighbours: drifting 漂移", Takes.decimal, **_NUMBER),
        column("drift_radius_m", "how far neighbours are", Takes.decimal, needed=False, default="0", least=0, most=100_000),
        column("drift_s", "and for so long", Takes.decimal, **_SECONDS),
        column("least", "the least that the sensor can say; empty: as its property", Takes.decimal, needed=False),
        column("most", "the most", Takes.decimal, needed=False),
        column("low", "of a battery: at or below this it is changed; empty: not watched", Takes.decimal, needed=False),
        column("is_open", "true: anybody may read it", Takes.flag, needed=False),
    ),
)
DEVICE_TABLES = (OBSERVED_PROPERTIES, DEVICE_KINDS, DEVICE_STREAMS)


def observed_property(v: dict[str, Any]) -> ObservedProperty:
    """A row of the table."""
    return ObservedProperty(
        code=v["code"], name=v["name"], unit=v.get("unit", ""), observing=Observing(v.get("observing", "measurement")),
        definition=v.get("definition", ""), least=v.get("least"), most=v.get("most"), words=v.get("words", ()),
    )  # fmt: skip


def device_kinds(
    kinds: Iterable[dict[str, Any]], streams: Iterable[dict[str, Any]], properties: Mapping[str, ObservedProperty],
    in_force: Collection[str],
) -> tuple[DeviceKind, ...]:  # fmt: skip
    """The kinds with their streams; one whose class is not in force reports nothing."""
    found: dict[str, list[KindStream]] = {}
    for v in streams:
        found.setdefault(v["kind"], []).append(_stream(v, properties))
    return tuple(
        DeviceKind(
            kind=v["kind"], name=v["name"], class_key=v["class"] if v.get("class") in in_force else None,
            calibrate_days=v.get("calibrate_days", 0), streams=tuple(found.get(v["kind"], ())),
        )
        for v in kinds
    )  # fmt: skip


def _stream(v: dict[str, Any], properties: Mapping[str, ObservedProperty]) -> KindStream:
    numbers = ("every_s", "silent_s", "freeze_s", "freeze_within", "drift", "drift_radius_m", "drift_s")
    known = properties.get(v["property"])
    bounds = {
        name: v[name] if v.get(name) is not None else getattr(known, name, None) for name in ("least", "most")
    }
    return KindStream(
        kind=v["kind"], key=v["stream"], property=v["property"], low=v.get("low"), is_open=v.get("is_open", False),
        **{name: float(v.get(name) or 0) for name in numbers}, **bounds,
    )  # fmt: skip
