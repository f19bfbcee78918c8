"""The tables of who answers beside the city's units, and their rows as the policy has them."""

from collections.abc import Collection
from typing import Any

from cityloop.domain.policy.outside import Contract, Contractor, Frontage
from cityloop.packs.declared import Table, Takes, column, source_of

CONTRACTORS = Table(
    file="contractors.csv",
    says="Companies that do work of the city's units under contracts 承包单位. A city without them has no portraits of contractors.",
    key=("id",),
    columns=(
        column("id", "short name, never used again for another"),
        column("name", "its name", Takes.words),
    ),
)
CONTRACTS = Table(
    file="contracts.csv",
    says="Which company does a unit's work, and for how long. On one day a unit has one contract at most: what was settled on that "
    "day counts for its company.",
    key=("id",),
    cites=True,
    columns=(
        column("id", "the contract's number or short name"),
        column("contractor", "the company", refers="contractors.csv"),
        column("unit", "whose work it does", refers="units.csv"),
        column("since", "its first day", Takes.day),
        column("until", "its last day; empty: it has no end yet", Takes.day, needed=False),
    ),
)
FRONTAGES = Table(
    file="frontages.csv",
    says="门前责任: events that are looked at with the registered thing, a shop, at whose door they are: the nearest one of the "
    "class. Its code stands in the case as a component's does. It says where something was, not whose fault it is.",
    key=("class",),
    cites=True,
    columns=(
        column("class", "the event's class, as scheme/kind/code", Takes.class_key, refers="classes.csv"),
        column("thing", "the minor class of the components that have doors; their trades are its fine classes", Takes.class_key, refers="classes.csv"),
        column("within_m", "how far from the report the thing may stand", Takes.whole, least=1, most=200),
    ),
)  # fmt: skip
OUTSIDE_TABLES = (CONTRACTORS, CONTRACTS, FRONTAGES)


def contractor(v: dict[str, Any]) -> Contractor:
    return Contractor(id=v["id"], name=v["name"])


def contract(v: dict[str, Any]) -> Contract:
    return Contract(
        id=v["id"], contractor=v["contractor"], unit=v["unit"], since=v["since"], until=v.get("until"), source=source_of(v)
    )  # fmt: skip


def frontages(rows: list[dict[str, Any]], in_force: Collection[str]) -> tuple[Frontage, ...]:
    """Those of classes in force."""
    return tuple(
        Frontage(class_key=v["class"], thing=v["thing"], within_m=v["within_m"], source=source_of(v))
        for v in rows
        if v["class"] in in_force and v["thing"] in in_force
    )
