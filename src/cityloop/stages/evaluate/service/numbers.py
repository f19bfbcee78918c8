"""The numbers that a scheme's lines are made of: figures, what residents answered, what the pack says, less exclusions."""

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.policy import Policy
from cityloop.domain.policy.scoring import CELLS, CHOSEN, FIGURES, SCHEME, SPREAD, SURVEY, TALLIED
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import By, Group, Measure
from cityloop.stages.evaluate.model.scoring import Excluded, Number
from cityloop.stages.evaluate.rules.scoring import called_of, use_of
from cityloop.stages.evaluate.service.figures import figures
from cityloop.stages.evaluate.service.sums import cases_by_metrics, parts_of
from cityloop.stages.evaluate.store import Asked
from cityloop.stages.evaluate.store.scoring.answers import Said, said_list, tallied
from cityloop.stages.evaluate.store.scoring.use import fact_counts, use_list
from cityloop.stages.evaluate.store.survey import survey_numbers

Found = dict[tuple[str, str], Number]
ALL = "all"


def numbers_of(
    tx: Tx, asked: Asked, metrics: Sequence[str], *, policy: Policy, exclusions: Iterable[Excluded] = ()
) -> tuple[Found, set[str]]:
    """Every metric of every object, and the objects that have any; who has only excluded rows stays one of them."""
    wanted = {part for metric in metrics for part in _parts(metric)}
    asked = replace(asked, left_out=())
    before = _counted(tx, asked, wanted, policy)
    objects = {object for (object, _), number in before.items() if number.numerator or number.denominator}
    left_out = tuple(exclusions)
    found = _less(tx, asked, before, wanted, policy, left_out)
    surveyed = any(each.startswith(SURVEY) for each in metrics)
    gathered = survey_numbers(tx, asked.span.first_day, asked.span.last_day) if surveyed else {}
    for metric in dict.fromkeys(metrics):
        if metric.startswith(SPREAD):
            found |= _spread(tx, replace(asked, left_out=left_out), metric, policy)
        elif metric.startswith(SURVEY):
            brought = {(each, metric): number for (each, code), number in gathered.items() if f"{SURVEY}{code}" == metric}
            if asked.by is By.all and brought:
                brought = {(ALL, metric): brought.get((ALL, metric)) or _together(brought.values())}
            found |= brought
            objects |= {each for each, _ in brought}
        elif "/" in metric:
            found |= _ratios(found, metric, objects, policy)
        elif metric in KNOWN_BY and asked.by is By.all:
            found[ALL, metric] = KNOWN_BY[metric](tx, asked, policy)
    return found, {each for each in objects if each and (asked.by is not By.person or each.startswith("account:"))}


def _together(numbers: Iterable[Number]) -> Number:
    """What was gathered of the parts of a city, as the city's."""
    each = tuple(numbers)
    below = [number.denominator for number in each if number.denominator is not None]
    return Number(sum(number.numerator for number in each), sum(below) if below else None)


def _parts(metric: str) -> tuple[str, ...]:
    """What is to be counted for a metric, of figures and answers."""
    if metric.startswith((SCHEME, SURVEY, SPREAD)):
        return ()
    return tuple(each for each in metric.split("/") if each in FIGURES or each in CHOSEN or each in TALLIED)


def _counted(tx: Tx, asked: Asked, wanted: set[str], policy: Policy) -> Found:
    found: Found = {}
    if wanted & FIGURES:
        answer = figures(tx, asked, policy=policy)
        for group in answer.groups or (answer.whole,):
            found |= _of_group(group, wanted, asked)
    for metric in sorted(wanted - FIGURES):
        found |= _answers(tx, asked, metric, policy)
    return _taken_over(found, asked, policy) if asked.by is By.unit else found


def _taken_over(found: Found, asked: Asked, policy: Policy) -> Found:
    """The numbers of units that were merged or renamed, with the unit that took over before the period ended."""
    made: Found = {}
    for (unit, metric), number in found.items():
        key = (policy.scoring.succeeded_by(unit, asked.span.last_day), metric)
        made[key] = _together([made[key], number]) if key in made else number
    return made


def _of_group(group: Group, wanted: set[str], asked: Asked) -> Found:
    """The figures of a group; by person a number that is nobody's is absent, not nought."""
    object = ALL if asked.by is By.all else group.group
    found: Found = {}
    for figure in group.figures:
        if figure.metric in wanted:
            below = None if figure.measure is Measure.count else float(figure.denominator or 0)
            found[object, figure.metric] = Number(float(figure.numerator), below)
    if asked.by is By.person:
        found = {key: each for key, each in found.items() if each.numerator or each.denominator}
    return found


def _answers(tx: Tx, asked: Asked, metric: str, policy: Policy) -> Found:
    said = said_list(tx, metric, asked)
    counts = tallied(said)
    if asked.by is By.grid:
        grids = rules.grids_of_cells(policy)
        regrouped: dict[tuple[str, str], int] = {}
        for (cell, says), count in counts.items():
            key = (grids.get(cell, ""), says)
            regrouped[key] = regrouped.get(key, 0) + count
        counts = regrouped
    if metric in CHOSEN:
        return {(object, f"{metric}/{says}"): Number(float(count)) for (object, says), count in counts.items()}
    return {
        (object, metric): Number(float(counts.get((object, "yes"), 0)), float(counts.get((object, "yes"), 0) + counts.get((object, "no"), 0)))
        for object in {object for object, _ in counts}
    }  # fmt: skip


def behind_answer(tx: Tx, asked: Asked, metric: str, object: str, policy: Policy) -> list[Said]:
    """What stands behind an answer of an object, row by row; nothing where the metric is none."""
    if metric not in CHOSEN | TALLIED:
        return []
    grids = rules.grids_of_cells(policy) if asked.by is By.grid else {}
    return [each for each in said_list(tx, metric, asked) if (grids.get(each.object, "") if grids else each.object) == object]


def _less(
    tx: Tx, asked: Asked, found: Found, wanted: set[str], policy: Policy, exclusions: tuple[Excluded, ...]
) -> Found:  # fmt: skip
    """The numbers less what was excluded: the same question, put about the excluded cases only."""
    kept = dict(found)
    for named, cases in cases_by_metrics(exclusions):
        affected = {each for each in wanted if not named or each in named}
        for some in parts_of(cases):
            for key, out in _counted(tx, replace(asked, cases=some), affected, policy).items():
                was = kept.get(key)
                if was is not None:
                    below = None if was.denominator is None else was.denominator - (out.denominator or 0.0)
                    kept[key] = Number(was.numerator - out.numerator, below)
    return kept


def _spread(tx: Tx, asked: Asked, metric: str, policy: Policy) -> Found:
    """The best district less the worst, of those that have any; of the city only."""
    if asked.by is not By.all:
        return {}
    rate = metric.removeprefix(SPREAD)
    answer = figures(tx, replace(asked, by=By.district, metric=rate), policy=policy)
    shares = [
        (figure.numerator / figure.denominator, figure.denominator)
        for group in answer.groups
        if group.group
        for figure in group.figures
        if figure.denominator
    ]
    if len(shares) < 2:
        return {}
    count = float(sum(below for _, below in shares))
    gap = max(share for share, _ in shares) - min(share for share, _ in shares)
    return {(ALL, metric): Number(gap * count, count)}


def _ratios(found: Found, metric: str, objects: set[str], policy: Policy) -> Found:
    above, _, below = metric.partition("/")
    made: Found = {}
    for object in objects:
        top = found.get((object, above))
        bottom = Number(float(_cells(object, policy))) if below == CELLS else found.get((object, below))
        if top is not None and bottom is not None:
            made[object, metric] = Number(top.numerator, bottom.numerator)
    return made


def _cells(object: str, policy: Policy) -> int:
    """How many unit cells an area, a duty grid or the city has."""
    if object == ALL:
        return len(policy.cells)
    return sum(1 for each in policy.cells if each.code.startswith(object) or each.duty_grid == object)


def _in_grids(tx: Tx, asked: Asked, policy: Policy) -> Number:
    return Number(float(sum(1 for each in policy.cells if each.duty_grid)), float(len(policy.cells)))


def _functions_used(tx: Tx, asked: Asked, policy: Policy) -> Number:
    used = use_of(fact_counts(tx, asked.span.since, asked.span.until))
    return Number(float(sum(1 for count in used.values() if count)), float(len(used)))


def _functions_called(tx: Tx, asked: Asked, policy: Policy) -> Number:
    """Of the functions that the days of the period tell of; nothing below the line where none is told yet."""
    known = called_of(use_list(tx, asked.span.first_day, asked.span.last_day))
    return Number(float(sum(1 for each in known if each.calls)), float(len(known)))


KNOWN_BY: dict[str, Callable[[Tx, Asked, Policy], Number]] = {
    "cells_in_grids": _in_grids, "functions_used": _functions_used, "functions_called": _functions_called,
}  # fmt: skip
