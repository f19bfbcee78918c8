"""The register of algorithms and the models as others see them."""

from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.deciders import Algorithm, Deciders
from cityloop.domain.facts import AlgorithmWatched, GroupFigure, HeldBack, LaterScore
from cityloop.domain.policy import Policy, Words
from cityloop.learning.learned import name_of
from cityloop.teaching import rules, store
from cityloop.teaching.model import AlgorithmRow, ModelRow

_watched = msgspec.json.Decoder(AlgorithmWatched).decode
_score = msgspec.json.Decoder(LaterScore).decode
_held = msgspec.json.Decoder(tuple[HeldBack, ...]).decode
SMALL = 10  # cases of a group; fewer are not shown to anybody: a person could be among them


class ShareOf(Struct, kw_only=True):
    """A share of so many, and the bounds between which it lies with 95 % confidence. Units: ppm."""

    few: int
    many: int
    share_ppm: int
    low_ppm: int
    high_ppm: int


class GroupView(Struct, kw_only=True):
    """A part of the cases, and how often the first proposal was another than people's decision."""

    by: str
    group: str
    wrong: ShareOf
    claimed: bool


class LevelView(Struct, kw_only=True):
    """A group whose level was not kept, and from where on it is decided without a person now; None: never."""

    group: list[str]
    from_ppm: int | None


class FiguresView(Struct, kw_only=True):
    """How it has done lately. `checked`: sure ones that a person was asked about all the same, and those that were wrong."""

    at: datetime
    model: str
    reports: int
    right: ShareOf | None  # of what people decided
    overridden: ShareOf | None
    alone: ShareOf | None  # of all reports
    checked_wrong: ShareOf | None
    returned: int
    undone: ShareOf | None  # of what it decided without a person and is over since: what people undid
    groups: list[GroupView]
    claim_ppm: int  # in so many cities without any difference one is claimed
    moved: list[LevelView]


class ModelMark(Struct, kw_only=True):
    """The model in force."""

    name: str
    trained_at: datetime
    lessons: int
    classes: int
    since: datetime
    until: datetime


class AlgorithmView(Struct, kw_only=True):
    """An entry of the register. `says` has the fields of the Algorithmic Transparency Standard as the city's pack tells them."""

    id: str
    state: str  # decides, waits (no model is in force), paused, missing, broken, other_pack
    paused_at: datetime | None
    says: dict[str, Words]
    model: ModelMark | None
    figures: FiguresView | None


class ModelView(Struct, kw_only=True):
    """A model that was made, and its score on later cases beside what decided then."""

    id: str
    name: str
    trained_at: datetime
    lessons: int
    classes: int
    since: datetime
    until: datetime
    level_ppm: int
    size_bytes: int
    score: LaterScore
    right: ShareOf | None
    words: ShareOf | None
    in_force: ShareOf | None
    held_back: list[HeldBack]
    why: str
    is_in_force: bool
    is_better: bool
    promoted_at: datetime | None


class LearningView(Struct, kw_only=True):
    """What is learned: the models, and whether one is being made here."""

    runs: bool
    may_take_back: bool
    models: list[ModelView]


def register_view(tx: Tx, policy: Policy, deciders: Deciders) -> list[AlgorithmView]:
    """Every algorithm that decides or proposes without a person, in the order of a report's way."""
    rows = {row.id: row for row in store.algorithm_list(tx)}
    made = rows[Algorithm.lessons].model if Algorithm.lessons in rows else None
    model = next(iter(store.model_named(tx, made)), None) if made else None
    return [_entry(each, rows.get(each.value), policy, deciders, model) for each in Algorithm]


def _entry(
    each: Algorithm, row: AlgorithmRow | None, policy: Policy, deciders: Deciders, model: ModelRow | None
) -> AlgorithmView:
    mark = None
    if each is Algorithm.lessons and model:
        mark = ModelMark(
            name=name_of(model.id), trained_at=model.trained_at, lessons=model.lessons, classes=model.classes,
            since=model.since, until=model.until,
        )  # fmt: skip
    return AlgorithmView(
        id=each.value, state=_state(each, row, deciders), paused_at=row.paused_at if row else None,
        says=policy.algorithm_says.get(each.value, {}), model=mark,
        figures=figures_view(_watched(row.watched)) if row and row.watched else None,
    )  # fmt: skip


def _state(each: Algorithm, row: AlgorithmRow | None, deciders: Deciders) -> str:
    if row and row.paused_at:
        return "paused"
    if each is Algorithm.lessons:
        if row is None or row.model is None:
            return "waits"
        return deciders.trouble.value if deciders.trouble else "decides"
    return "decides"


def figures_view(fact: AlgorithmWatched) -> FiguresView:
    """The figures of a watch; groups of a few cases are left out."""
    return FiguresView(
        at=fact.at, model=fact.model, reports=fact.reports, right=share_of(fact.right, fact.cases),
        overridden=share_of(fact.overridden, fact.cases), alone=share_of(fact.alone, fact.reports),
        checked_wrong=share_of(fact.checked_wrong, fact.checked), returned=fact.returned, undone=share_of(fact.undone, fact.tested),
        groups=[_group(each) for each in fact.groups if each.cases >= SMALL], claim_ppm=rules.CLAIM_PPM,
        moved=[LevelView(group=list(each.group), from_ppm=each.from_ppm) for each in fact.levels],
    )  # fmt: skip


def _group(each: GroupFigure) -> GroupView:
    wrong = share_of(each.wrong, each.cases)
    assert wrong, "a group has cases"
    return GroupView(by=each.by, group=each.group, wrong=wrong, claimed=each.claimed)


def share_of(few: int, many: int) -> ShareOf | None:
    """So many of so many, with the bounds of that share; None of none."""
    found = rules.interval_of(few, many)
    if found is None:
        return None
    return ShareOf(few=few, many=many, share_ppm=found.share_ppm, low_ppm=found.low_ppm, high_ppm=found.high_ppm)


def learning_view(models: list[ModelRow], algorithms: list[AlgorithmRow], *, runs: bool) -> LearningView:
    """The models, the newest first."""
    now = next((row.model for row in algorithms if row.id == Algorithm.lessons), None)
    return LearningView(runs=runs, may_take_back=now is not None, models=[_model(each, now) for each in models])


def _model(row: ModelRow, now: str | None) -> ModelView:
    score = _score(row.score)
    return ModelView(
        id=row.id, name=name_of(row.id), trained_at=row.trained_at, lessons=row.lessons, classes=row.classes,
        since=row.since, until=row.until, level_ppm=row.level_ppm, size_bytes=row.size_bytes, score=score,
        right=share_of(score.right, score.cases), words=share_of(score.words, score.cases),
        in_force=share_of(score.in_force, score.cases) if score.in_force is not None else None,
        held_back=list(_held(row.held_back)), why=row.why, is_in_force=row.id == now, is_better=rules.is_better(score),
        promoted_at=row.promoted_at,
    )  # fmt: skip
