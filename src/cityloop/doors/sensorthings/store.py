"""The only SQL of SensorThings: entities with their words, and what stands beside observations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.doors.sensorthings.model import Described
from cityloop.doors.sensorthings.records import FAR, Beside, Key

_READ = (
    "SELECT e.entity, e.no, e.kind, e.id, e.links, e.is_gone, e.changed_at, s.members FROM sta_entity e "
    "LEFT JOIN sta_said s ON s.city = e.city AND s.entity = e.entity WHERE e.city = :city"
)
_FEW = 60  # streams that are named in a statement
_BESIDE = "SELECT stream, at, track, members, is_gone FROM sta_beside WHERE city = :city AND at >= :since AND at <= :until"


class EntityRow(Struct, frozen=True, kw_only=True):
    """An entity and what it leads to, as JSON."""

    entity: str
    no: int
    kind: str
    id: str
    links: str
    is_gone: bool
    changed_at: datetime


class SaidRow(Struct, frozen=True, kw_only=True):
    """The words of an entity, as JSON."""

    entity: str
    members: str


class BesideRow(Struct, frozen=True, kw_only=True):
    """What stands beside one observation, as JSON."""

    stream: int
    at: int
    track: int
    feature: str
    members: str
    is_gone: bool


def described_since(tx: Tx, since: datetime | None) -> list[tuple[str, int, str, Described]]:
    """Entities that changed at that moment or later: name, number of the last fact, when, and what is told of each."""
    if since is None:
        rows = tx.tuples(_READ)
    else:
        rows = tx.tuples(f"{_READ} AND e.changed_at >= :since", since=since)
    return [(name, no, changed, _described(kind, id, links, gone, said)) for name, no, kind, id, links, gone, changed, said in rows]


def described_get(tx: Tx, kind: str, id: str) -> Described | None:
    """What is told of one entity."""
    row = tx.get("sta_entity", EntityRow, f"{kind}/{id}")
    if row is None:
        return None
    said = tx.get("sta_said", SaidRow, f"{kind}/{id}")
    return _described(kind, id, row.links, row.is_gone, said.members if said else None)


def _described(kind: str, id: str, links: str, is_gone: bool, said: str | None) -> Described:
    members: dict[str, Any] = msgspec.json.decode(said) if said else {}
    return Described(kind=kind, id=id, members=members | shown_links(kind, msgspec.json.decode(links)), is_gone=bool(is_gone))


def shown_links(kind: str, links: dict[str, Sequence[str]]) -> dict[str, Any]:
    """What an entity leads to: one id, or a list of them."""
    return {name: list(ids) if name.endswith("s") else ids[0] for name, ids in links.items()}


def said_put(tx: Tx, entity: str, members: dict[str, Any]) -> None:
    """Keep the words of an entity."""
    tx.put("sta_said", SaidRow(entity=entity, members=msgspec.json.encode(members).decode()))


def beside_among(tx: Tx, streams: Sequence[int], since: int, until: int) -> dict[Key, Beside]:
    """What stands beside observations of these streams in a span; both ends are in. Units: microseconds."""
    bounds = {"since": max(since, -FAR), "until": min(until, FAR)}
    if len(streams) <= _FEW:
        names = {f"s{place}": int(no) for place, no in enumerate(streams)}
        listed = ", ".join(f":{name}" for name in names) or "NULL"
        rows = tx.tuples(f"{_BESIDE} AND stream IN ({listed})", **bounds, **names)
    else:
        wanted = set(streams)
        rows = [row for row in tx.tuples(_BESIDE, **bounds) if row[0] in wanted]
    return {
        (stream, at, track): Beside(members=msgspec.json.decode(members), is_gone=bool(gone))
        for stream, at, track, members, gone in rows
    }


def beside_put(tx: Tx, key: Key, members: dict[str, Any], *, is_gone: bool = False) -> None:
    """Keep what stands beside an observation."""
    stream, at, track = key
    row = BesideRow(
        stream=stream, at=at, track=track, feature=members.get("FeatureOfInterest", ""),
        members=msgspec.json.encode(members).decode(), is_gone=is_gone,
    )  # fmt: skip
    tx.put("sta_beside", row)


def beside_get(tx: Tx, key: Key) -> Beside | None:
    """What stands beside one observation."""
    row = tx.one(
        "SELECT members, is_gone FROM sta_beside WHERE city = :city AND stream = :stream AND at = :at AND track = :track",
        stream=key[0], at=key[1], track=key[2],
    )  # fmt: skip
    return Beside(members=msgspec.json.decode(row.members), is_gone=bool(row.is_gone)) if row else None


def gone_among(tx: Tx, streams: Iterable[int]) -> set[Key]:
    """Observations of these streams that were deleted."""
    asked = [{"stream": int(no)} for no in streams]
    found = tx.each("SELECT stream, at, track FROM sta_beside WHERE city = :city AND stream = :stream AND is_gone = 1", asked)
    return {(row.stream, row.at, row.track) for rows in found for row in rows}


def streams_of_feature(tx: Tx, feature: str) -> list[int]:
    """The streams of which an observation names this feature."""
    rows = tx.tuples("SELECT DISTINCT stream FROM sta_beside WHERE city = :city AND feature = :feature", feature=feature)
    return [stream for (stream,) in rows]


def feature_gone(tx: Tx, feature: str) -> int:
    """Let the observations of a feature be shown no more."""
    return tx.run("UPDATE sta_beside SET is_gone = 1 WHERE city = :city AND feature = :feature", feature=feature)


_TELLING = ("EntityDescribed", "ThingRegistered", "ThingChanged", "StreamOpened", "StreamChanged")


def journal_size(tx: Tx) -> int:
    """The number of the last fact."""
    return tx.value("SELECT size FROM log_head WHERE city = :city") or 0


def changed_after(tx: Tx, seq: int, limit: int) -> dict[tuple[str, str], int]:
    """Entities that were described after a fact, by kind and id, each with the last fact that did it."""
    listed = ", ".join(f"'{name}'" for name in _TELLING)
    rows = tx.tuples(
        f"SELECT seq, subject FROM fact WHERE city = :city AND seq > :seq AND type IN ({listed}) ORDER BY seq LIMIT :limit",
        seq=seq, limit=limit,
    )  # fmt: skip
    found = {}
    for at, subject in rows:
        room, _, rest = subject.partition("/")
        kind, _, id = ("Thing", "", rest) if room == "thing" else rest.partition("/")
        found[kind, id] = at
    return found
