"""What the facts of SensorThings do to its table."""

import msgspec

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.doors.sensorthings.store import EntityRow


def described(tx: Tx, told: Told[f.EntityDescribed]) -> None:
    links = msgspec.json.encode(told.fact.links, order="sorted").decode()
    tx.put("sta_entity", _row(told, links, is_gone=False))


def removed(tx: Tx, told: Told[f.EntityRemoved]) -> None:
    tx.put("sta_entity", _row(told, "{}", is_gone=True))


def _row(told: Told[f.EntityDescribed] | Told[f.EntityRemoved], links: str, *, is_gone: bool) -> EntityRow:
    kind, _, id = told.fact.entity.partition("/")
    return EntityRow(
        entity=told.fact.entity, no=told.no, kind=kind, id=id, links=links, is_gone=is_gone, changed_at=told.recorded_at
    )


APPLY = {f.EntityDescribed: described, f.EntityRemoved: removed}
