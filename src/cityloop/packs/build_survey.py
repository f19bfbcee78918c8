"""The field tools of evaluation of a pack that was read, as the policy has them."""

from collections.abc import Iterable, Iterator
from typing import Any

from cityloop.domain.policy.survey import (
    AnswerTakes,
    FieldPart,
    FieldTakes,
    SurveyField,
    SurveyForm,
    SurveyIndicator,
    SurveyItem,
    SurveyOption,
    SurveyPlaces,
    SurveyQuestion,
    SurveyTool,
)
from cityloop.packs.declared import source_of

Values = dict[str, Any]


def indicator(v: Values) -> SurveyIndicator:
    return SurveyIndicator(code=v["code"], name=v["name"], says=v["says"], source=source_of(v))


def forms(
    heads: Iterable[Values], fields: Iterable[Values], points: Iterable[Values], items: Iterable[Values],
    questions: Iterable[Values], options: Iterable[Values],
) -> Iterator[SurveyForm]:  # fmt: skip
    """The forms, each with its rows in their order."""
    rows = {name: list(each) for name, each in (("f", fields), ("p", points), ("i", items), ("q", questions), ("o", options))}
    for v in heads:
        of = {name: [row for row in found if row["form"] == v["code"]] for name, found in rows.items()}
        yield SurveyForm(
            code=v["code"], tool=SurveyTool(v["tool"]), name=v["name"], says=v["says"], answers_min=v.get("answers_min", 10),
            source=source_of(v), fields=tuple(map(_field, of["f"])), places=tuple(map(_places, of["p"])),
            items=tuple(map(_item, of["i"])), questions=tuple(_question(row, of["o"]) for row in of["q"]),
        )  # fmt: skip


def _field(v: Values) -> SurveyField:
    return SurveyField(
        code=v["code"], name=v["name"], takes=FieldTakes(v["takes"]), part=FieldPart(v.get("part", "none")),
        indicator=v.get("indicator") or None, least=v.get("least"), most=v.get("most"),
        required=v.get("required", False), not_above=v.get("not_above") or None,
    )  # fmt: skip


def _places(v: Values) -> SurveyPlaces:
    return SurveyPlaces(
        code=v["code"], name=v["name"], drawn_from=v["drawn_from"], count=v["count"], within_m=v.get("within_m", 100),
        photos_min=v.get("photos_min", 1),
    )  # fmt: skip


def _item(v: Values) -> SurveyItem:
    return SurveyItem(
        code=v["code"], name=v["name"], places=v.get("points", ()) or (), indicator=v["indicator"], deduct=v["deduct"],
        most=v["most"],
    )  # fmt: skip


def _question(v: Values, options: list[Values]) -> SurveyQuestion:
    return SurveyQuestion(
        code=v["code"], name=v["name"], takes=AnswerTakes(v["takes"]), indicator=v.get("indicator") or None,
        weight_ppm=v.get("weight_ppm", 0), required=v.get("required", False), is_stratum=v.get("stratum", False),
        options=tuple(_option(row) for row in options if row["question"] == v["code"]),
    )  # fmt: skip


def _option(v: Values) -> SurveyOption:
    return SurveyOption(
        code=v["code"], name=v["name"], score=v.get("score", 0), share_ppm=v.get("share_ppm", 0), quota=v.get("quota", 0)
    )
