"""The SQL of the census."""

from collections.abc import Sequence

import msgspec

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.facts import ComponentState
from cityloop.domain.ids import AccountId, ChangeId, ComponentCode
from cityloop.field.census.model import Change, ChangeState, ChangeUnknown, Over, Tag

_FIELDS = ", ".join(Change.__struct_fields__)
_OVER = ", ".join(Over.__struct_fields__)
state_in = msgspec.json.Decoder(ComponentState).decode


def change_get(tx: Tx, id: ChangeId) -> Change:
    """The proposal as it is.

    Refuses with `ChangeUnknown`.
    """
    change = tx.get("component_change", Change, id)
    if change is None:
        raise ChangeUnknown(f"There is no proposal {id[:60]}; look for it in /v1/components/changes.")
    return change


def change_list(
    tx: Tx, *, state: ChangeState | None, by: AccountId | None, areas: Sequence[str] | None, after: str | None, limit: int
) -> list[Change]:
    """Proposals, the newest first; `areas` None: of the whole city."""
    found, params = [], {}
    for name, value in (("state", state), ("proposed_by", by)):
        if value is not None:
            found.append(f" AND {name} = :{name}")
            params[name] = str(value)
    if after:
        found.append(" AND id < :after")
        params["after"] = after
    if areas is not None:
        each = [f"substr(cell, 1, {len(area)}) = :area_{i}" for i, area in enumerate(areas)]
        found.append(f" AND ({' OR '.join(each) or '1 = 0'})")
        params |= {f"area_{i}": area for i, area in enumerate(areas)}
    rows = tx.all(
        f"SELECT {_FIELDS} FROM component_change WHERE city = :city{''.join(found)} ORDER BY id DESC LIMIT :limit",
        limit=limit, **params,
    )  # fmt: skip
    return [row_to(Change, row) for row in rows]


def over_get(tx: Tx, code: ComponentCode) -> Over | None:
    """What was approved of a component."""
    return tx.get("component_over", Over, code)


def over_list(tx: Tx) -> list[Over]:
    """Everything that was approved."""
    return [row_to(Over, row) for row in tx.all(f"SELECT {_OVER} FROM component_over WHERE city = :city ORDER BY code")]


def over_version(tx: Tx) -> int:
    """How many changes were approved; grows with every one."""
    return tx.value("SELECT COALESCE(sum(version), 0) FROM component_over WHERE city = :city")


def code_list(tx: Tx, stem: str) -> list[str]:
    """The codes that were given after the pack's, of a class in a district."""
    rows = tx.all(
        f"SELECT code FROM component_over WHERE city = :city AND substr(code, 1, {len(stem)}) = :stem", stem=stem
    )  # fmt: skip
    return [row.code for row in rows]


def tag_get(tx: Tx, tag: str) -> Tag | None:
    """On what a code stands."""
    return tx.get("component_tag", Tag, tag)


def tag_list_of(tx: Tx, component: ComponentCode) -> list[Tag]:
    """The codes that stand on a component, the oldest first."""
    rows = tx.all(
        "SELECT tag, component, made_at FROM component_tag WHERE city = :city AND component = :component "
        "ORDER BY made_at, tag",
        component=component,
    )  # fmt: skip
    return [row_to(Tag, row) for row in rows]
