"""What each fact of the census does to its rows."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import (
    ComponentApproved,
    ComponentProposed,
    ComponentRefused,
    ComponentTagged,
    ComponentWithdrawn,
    Fact,
    Told,
)
from cityloop.field.census.model import Change, ChangeKind, ChangeState, Over, Tag


def proposed(tx: Tx, told: Told[ComponentProposed]) -> None:
    fact = told.fact
    tx.put(
        "component_change",
        Change(
            id=fact.change_id, no=told.no, kind=ChangeKind(fact.kind), component=fact.component, state=ChangeState.proposed,
            becomes=_json(fact.becomes), was=_json(fact.was) if fact.was else None, cell=fact.becomes.cell,
            proposed_by=fact.by, proposed_at=fact.at, photos=_json(fact.photos), note=fact.note.id if fact.note else None,
            simulated=fact.simulated,
        ),
    )  # fmt: skip


def approved(tx: Tx, told: Told[ComponentApproved]) -> None:
    fact = told.fact
    before = tx.get("component_over", Over, fact.component)
    tx.put(
        "component_over",
        Over(
            code=fact.component, version=(before.version if before else 0) + 1, kind=ChangeKind(fact.kind),
            becomes=_json(fact.becomes), over=_json(fact.over) if fact.over else None, change_id=fact.change_id,
            changed_at=fact.at,
        ),
    )  # fmt: skip
    _decided(tx, told, ChangeState.approved, component=fact.component)


def refused(tx: Tx, told: Told[ComponentRefused]) -> None:
    note = told.fact.note
    _decided(tx, told, ChangeState.refused, refused_for=told.fact.reason, answer=note.id if note else None)


def withdrawn(tx: Tx, told: Told[ComponentWithdrawn]) -> None:
    _decided(tx, told, ChangeState.withdrawn)


def tagged(tx: Tx, told: Told[ComponentTagged]) -> None:
    fact = told.fact
    tx.put("component_tag", Tag(tag=fact.tag, component=fact.component, made_at=fact.at))


def _decided(tx: Tx, told: Told, state: ChangeState, **more: Any) -> None:
    change = tx.get("component_change", Change, told.fact.change_id)
    assert change, f"{told.fact.change_id} was not proposed"
    tx.put(
        "component_change",
        replace(change, no=told.no, state=state, decided_by=told.fact.by, decided_at=told.fact.at, **more),
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    ComponentProposed: proposed,
    ComponentApproved: approved,
    ComponentRefused: refused,
    ComponentWithdrawn: withdrawn,
    ComponentTagged: tagged,
}
