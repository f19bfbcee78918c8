"""Schemes, functions and budget rules of a pack that was read, as the policy has them."""

from collections.abc import Iterable
from typing import Any

from cityloop.domain.policy.scoring import (
    Better,
    BudgetDeed,
    BudgetRule,
    Function,
    Indicator,
    Objects,
    Piece,
    Role,
    Scheme,
    Scoring,
    Shape,
    Successor,
)
from cityloop.packs.declared import source_of
from cityloop.packs.reading import Pack
from cityloop.packs.scoring import (
    BUDGET_RULES,
    SCORE_FUNCTIONS,
    SCORE_GROUPS,
    SCORE_INDICATORS,
    SCORE_SCHEMES,
    UNIT_SUCCESSORS,
)


def scoring_of(pack: Pack) -> Scoring:
    """All that the pack says of scores."""
    indicators: dict[str, list[Indicator]] = {}
    for row in pack.rows(SCORE_INDICATORS):
        indicators.setdefault(row.values["scheme"], []).append(indicator_of(row.values))
    groups: dict[str, dict[str, str]] = {}
    for row in pack.rows(SCORE_GROUPS):
        groups.setdefault(row.values["scheme"], {})[row.values["object"]] = row.values["group"]
    return Scoring(
        schemes={
            v["scheme"]: _scheme(v, tuple(indicators.get(v["scheme"], ())), groups.get(v["scheme"], {}))
            for v in (row.values for row in pack.rows(SCORE_SCHEMES))
        },
        functions=functions_of(row.values for row in pack.rows(SCORE_FUNCTIONS)),
        budget=tuple(_budget(row.values) for row in pack.rows(BUDGET_RULES)),
        successors=tuple(
            Successor(unit=v["unit"], into=v["into"], since=v["since"]) for v in (row.values for row in pack.rows(UNIT_SUCCESSORS))
        ),
    )


def functions_of(rows: Iterable[dict[str, Any]]) -> dict[str, Function]:
    """The functions, each with its rows in their order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for v in rows:
        found.setdefault(v["function"], []).append(v)
    return {code: _function(code, sorted(own, key=lambda v: v["no"])) for code, own in found.items()}


def _function(code: str, rows: list[dict[str, Any]]) -> Function:
    first = rows[0]
    return Function(
        code=code, shape=Shape(first["shape"]), better=Better(first.get("better", Better.more)),
        pieces=tuple(
            Piece(
                lower=v.get("lower"), upper=v.get("upper"), upper_inside=v.get("upper_inside", False),
                points=v.get("points") or 0.0, step=v.get("step") or 0.0, deduct=v.get("deduct") or 0.0,
                floor=v.get("floor") or 0.0, option=v.get("option", ""),
            )
            for v in rows
        ),
        source=source_of(first),
    )  # fmt: skip


def indicator_of(v: dict[str, Any]) -> Indicator:
    return Indicator(
        code=v["indicator"], role=Role(v.get("role", Role.score)), metric=v["metric"], function=v["function"],
        weight=v["weight"], full=v["full"], least=v["least"], baseline=v.get("baseline"), target=v.get("target"),
        unit=v["unit"], dimension=v.get("dimension", ""), name=v["name"], says=v["says"], source=source_of(v), since=v["since"],
        group=v.get("group", ""), city_kind=v.get("city_kind", ""),
    )  # fmt: skip


def _scheme(v: dict[str, Any], indicators: tuple[Indicator, ...], groups: dict[str, str]) -> Scheme:
    return Scheme(
        code=v["scheme"], objects=Objects(v["objects"]), name=v["name"], says=v["says"], full=v["full"], floor=v["floor"],
        cap=v["cap"], bonus_max=v["bonus_max"], deduction_max=v["deduction_max"], known_least_ppm=v["known_least_ppm"],
        grades=v.get("grades", ""), source=source_of(v), indicators=indicators, groups=groups,
    )  # fmt: skip


def _budget(v: dict[str, Any]) -> BudgetRule:
    return BudgetRule(
        code=v["rule"], scheme=v["scheme"], above=v.get("above"), below=v.get("below"), deed=BudgetDeed(v["deed"]),
        change_ppm=v["change_ppm"], least=v["least"], name=v["name"], source=source_of(v),
    )  # fmt: skip
