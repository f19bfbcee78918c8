"""The SQL of the register."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from cityloop.db import Tx
from cityloop.domain.place import Point
from cityloop.domain.sensing import LifeState, Observing, Stream, Thing
from cityloop.stages.sense.model import DeviceUnknown, StreamUnknown
from cityloop.stages.sense.store.rows import StreamRow, ThingRow, ThingWords

_THING = ", ".join(f"thing.{name}" for name in ThingRow.__struct_fields__)
_SAID = "thing_said.name, thing_said.live_url, thing_said.still_url, thing_said.properties"
THING_READ = (  # the columns of a device, then what people call it
    f"SELECT {_THING}, {_SAID} FROM thing LEFT JOIN thing_said ON thing_said.city = thing.city "
    "AND thing_said.id = thing.id WHERE thing.city = :city"
)
_STREAM = ", ".join(StreamRow.__struct_fields__)
_MANY = 400  # names in one statement
_words = msgspec.json.Decoder(tuple[str, ...]).decode
_properties = msgspec.json.Decoder(dict[str, str]).decode
_moment = msgspec.json.Decoder(datetime).decode


def thing_row(tx: Tx, id: str) -> ThingRow:
    """The device's row.

    Refuses with `DeviceUnknown`.
    """
    row = tx.get("thing", ThingRow, id)
    if row is None:
        raise DeviceUnknown(f"There is no device {id[:60]!r}; look for it in /v1/devices.")
    return row


def thing_get(tx: Tx, id: str) -> Thing:
    """The device as the register says it now.

    Refuses with `DeviceUnknown`.
    """
    return thing_of(thing_row(tx, id), tx.get("thing_said", ThingWords, id))


def thing_id_of(tx: Tx, key: str) -> str | None:
    """The id of the device with this key, whatever its state."""
    return tx.value("SELECT id FROM thing WHERE city = :city AND key = :key", key=key)


def thing_words(tx: Tx, id: str) -> ThingWords:
    """What people call it."""
    return tx.get("thing_said", ThingWords, id) or ThingWords(id=id)


def stream_row(tx: Tx, id: str) -> StreamRow:
    """The stream's row.

    Refuses with `StreamUnknown`.
    """
    row = tx.get("stream", StreamRow, id)
    if row is None:
        raise StreamUnknown(f"There is no stream {id[:60]!r}; see the streams of its device.")
    return row


def stream_list_of(tx: Tx, thing: str) -> list[Stream]:
    """The streams of a device by their numbers, the closed ones too."""
    rows = tx.tuples(f"SELECT {_STREAM} FROM stream WHERE city = :city AND thing = :thing ORDER BY no", thing=thing)
    return [_stream(row) for row in rows]


def number_last(tx: Tx) -> int:
    """The highest number that a stream has."""
    return tx.value("SELECT COALESCE(max(no), 0) FROM stream WHERE city = :city")


def heads_since(tx: Tx, since: datetime | None) -> list[tuple[str, int, str]]:
    """Devices with their last number and when it was recorded; of those changed at or after the moment."""
    if since is None:
        return tx.tuples("SELECT id, no, changed_at FROM thing WHERE city = :city")
    return tx.tuples("SELECT id, no, changed_at FROM thing WHERE city = :city AND changed_at >= :since", since=since)


def thing_list_all(tx: Tx) -> list[Thing]:
    """Every device."""
    return [thing_read(row) for row in tx.tuples(f"{THING_READ} ORDER BY thing.id")]


def stream_list_all(tx: Tx) -> list[Stream]:
    """Every stream."""
    return [_stream(row) for row in tx.tuples(f"SELECT {_STREAM} FROM stream WHERE city = :city ORDER BY no")]


def things_among(tx: Tx, ids: Iterable[str]) -> tuple[list[Thing], list[Stream]]:
    """These devices, and their streams."""
    things, streams, wanted = [], [], list(ids)
    for start in range(0, len(wanted), _MANY):
        some = wanted[start : start + _MANY]
        marks, named = ", ".join(f":v{i}" for i in range(len(some))), {f"v{i}": id for i, id in enumerate(some)}
        things += [thing_read(row) for row in tx.tuples(f"{THING_READ} AND thing.id IN ({marks})", **named)]
        found = tx.tuples(f"SELECT {_STREAM} FROM stream WHERE city = :city AND thing IN ({marks})", **named)
        streams += [_stream(row) for row in found]
    return things, streams


def heard_of(tx: Tx, key: str) -> list[str]:
    """The keys of streams of a device that nobody knew when it sent."""
    begins = f"{key}/"
    rows = tx.tuples(
        f"SELECT key FROM aside WHERE city = :city AND reason = 'unknown' AND substr(key, 1, {len(begins)}) = :begins ORDER BY key",
        begins=begins,
    )  # fmt: skip
    return [row[0][len(begins) :] for row in rows]


def calibration_overdue(tx: Tx, now: datetime, states: Sequence[str], *, limit: int) -> list[str]:
    """Devices in these states whose calibration has run out, the longest first."""
    marks = ", ".join(f":s{i}" for i in range(len(states)))
    rows = tx.tuples(
        f"SELECT id FROM thing WHERE city = :city AND calibrate_by <= :now AND state IN ({marks}) "
        "ORDER BY calibrate_by, id LIMIT :limit",
        now=now, limit=limit, **{f"s{i}": state for i, state in enumerate(states)},
    )  # fmt: skip
    return [row[0] for row in rows]


def thing_of(row: ThingRow, said: ThingWords | None) -> Thing:
    """A row, with what people call it, as what others speak of."""
    said = said or ThingWords(id=row.id)
    return Thing(
        id=row.id, key=row.key, kind=row.kind, name=said.name or row.key, state=LifeState(row.state),
        where=None if row.lon is None or row.lat is None else Point(lon=row.lon, lat=row.lat), cell=row.cell, site=row.site,
        component=row.component, owner=row.owner, vendor=row.vendor, model=row.model, installed_at=row.installed_at,
        calibrated_at=row.calibrated_at, calibrate_by=row.calibrate_by, live_url=said.live_url, still_url=said.still_url,
        properties=_properties(said.properties), simulated=row.simulated,
    )  # fmt: skip


def thing_read(row: tuple) -> Thing:
    """A row of `THING_READ` as what others speak of."""
    (id, _, key, kind, state, lon, lat, cell, site, component, owner, vendor, model, installed, calibrated, calibrate,
     simulated, *_rest) = row  # fmt: skip
    name, live_url, still_url, properties = row[-4:]
    return Thing(
        id=id, key=key, kind=kind, name=name or key, state=LifeState(state),
        where=None if lon is None or lat is None else Point(lon=lon, lat=lat), cell=cell, site=site, component=component,
        owner=owner, vendor=vendor, model=model, installed_at=_at(installed), calibrated_at=_at(calibrated),
        calibrate_by=_at(calibrate), live_url=live_url or "", still_url=still_url or "",
        properties=_properties(properties) if properties and properties != "{}" else {}, simulated=bool(simulated),
    )  # fmt: skip


def _stream(row: tuple) -> Stream:
    id, no, thing, key, prop, unit, observing, every_s, least, most, words, is_open, is_closed = row
    return Stream(
        id=id, no=no, thing=thing, key=key, property=prop, unit=unit, observing=_OBSERVING[observing], every_s=every_s,
        least=least, most=most, words=_words(words) if words != "[]" else (), is_open=bool(is_open), is_closed=bool(is_closed),
    )  # fmt: skip


_OBSERVING = {each.value: each for each in Observing}


def _at(said: str | None) -> datetime | None:
    return _moment(f'"{said}"') if said else None
