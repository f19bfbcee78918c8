"""What the city's own facts do: the pack in force. Facts that change no table are named, so that none is forgotten."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import Erased, Fact, HeldSkipped, LogContinued, PackAdopted, Told


class PackInForce(Struct, frozen=True, kw_only=True):
    """Which version of the pack decides now."""

    pack_id: str
    digest: str
    since: datetime


def pack_adopted(tx: Tx, told: Told[PackAdopted]) -> None:
    tx.put("pack_in_force", PackInForce(pack_id=told.fact.pack_id, digest=told.fact.digest, since=told.fact.at))


def nothing(tx: Tx, told: Told) -> None:
    """The fact says all; no table follows from it."""


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    PackAdopted: pack_adopted,
    Erased: nothing,
    LogContinued: nothing,
    HeldSkipped: nothing,
}
