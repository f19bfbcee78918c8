"""What is wrong with scoring: weights that do not add up, circles, unknown metrics, nothing below the line, gaps."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from cityloop.domain.policy.scoring import (
    SCHEME,
    Better,
    Function,
    Indicator,
    Piece,
    Role,
    Scheme,
    Shape,
    metric_fault,
    read_for,
)
from cityloop.packs.build_scoring import scoring_of
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.scoring import BUDGET_RULES, SCORE_FUNCTIONS, SCORE_INDICATORS, SCORE_SCHEMES, UNIT_SUCCESSORS
from cityloop.packs.tables import Row

CLOSE = 1e-6


def scoring_problems(pack: Pack) -> Iterator[Problem]:
    """Each said at the cell where it is to be mended."""
    if any(table.file in pack.unread for table in (SCORE_FUNCTIONS, SCORE_INDICATORS, SCORE_SCHEMES)):
        return  # what could not be read has its own problem
    scoring = scoring_of(pack)
    yield from _function_problems(pack, scoring.functions)
    for row in pack.rows(SCORE_INDICATORS):
        yield from _indicator_problems(pack, row, scoring.functions)
    for row in pack.rows(SCORE_SCHEMES):
        yield from _weight_problems(pack, row, scoring.schemes[row.values["scheme"]])
    yield from _circles(pack, scoring.schemes)
    for row in pack.rows(BUDGET_RULES):
        v = row.values
        if v.get("above") is None and v.get("below") is None:
            yield pack.problem(BUDGET_RULES, row, "above", "neither above nor below is given", "fill in one, or both")
    into = {row.values["unit"]: row.values["into"] for row in pack.rows(UNIT_SUCCESSORS)}
    for row in pack.rows(UNIT_SUCCESSORS):
        at, seen = row.values["into"], {row.values["unit"]}
        while at in into and at not in seen:
            seen.add(at)
            at = into[at]
        if at in seen:
            what = f"a circle: {row.values['unit']} is taken over by itself in the end"
            yield pack.problem(UNIT_SUCCESSORS, row, "into", what, "name the unit that is still there")


def _function_problems(pack: Pack, functions: dict[str, Function]) -> Iterator[Problem]:
    rows: dict[str, list[Row]] = {}
    for row in pack.rows(SCORE_FUNCTIONS):
        rows.setdefault(row.values["function"], []).append(row)
    for code, function in functions.items():
        own = sorted(rows[code], key=lambda row: row.values["no"])
        odd = next((row for row in own if row.values["shape"] != function.shape), None)
        if odd:
            what = f"{code} is {function.shape} in its first row and {odd.values['shape']} here"
            yield pack.problem(SCORE_FUNCTIONS, odd, "shape", what, "a function has one shape: make them the same")
            continue
        for place, column, what, remedy in _shape_faults(function):
            yield pack.problem(SCORE_FUNCTIONS, own[min(place, len(own) - 1)], column, f"{code}: {what}", remedy)


def _shape_faults(function: Function) -> Iterator[tuple[int, str, str, str]]:
    """Of which row, at which column, what is wrong, and what to do."""
    pieces = function.pieces
    match function.shape:
        case Shape.bracket:
            yield from _gaps(pieces)
        case Shape.step:
            if pieces[0].lower is None:
                yield 0, "lower", "a step has no threshold", "write from where on full marks are given"
            if pieces[0].step <= 0:
                yield 0, "step", "a step of nothing: a division by nothing", "write how far one step is"
        case Shape.linear | Shape.piecewise:
            least = 2 if function.shape is Shape.linear else 3
            if len(pieces) < least or (function.shape is Shape.linear and len(pieces) > 2):
                yield len(pieces) - 1, "no", f"{function.shape} has {len(pieces)} points", "linear has two, piecewise more"
            for place, (left, right) in enumerate(pairwise(pieces), start=1):
                if left.lower is None or right.lower is None or right.lower <= left.lower:
                    yield place, "lower", "the line goes back or stands: a division by nothing", "write points from left to right"
        case Shape.veto:
            if pieces[0].lower is None:
                yield 0, "lower", "a veto has no threshold", "write what must not be passed"
        case Shape.questionnaire:
            if not all(each.option for each in pieces):
                yield 0, "option", "an answer has no name", "name each option as the questionnaire does"
        case Shape.rate | Shape.rest | Shape.survey:
            pass
    if len(pieces) > 1 and function.shape in (Shape.rate, Shape.rest, Shape.step, Shape.veto, Shape.survey):
        yield 1, "no", f"{function.shape} has one row", "take the others out"


def _gaps(pieces: tuple[Piece, ...]) -> Iterator[tuple[int, str, str, str]]:
    for place, piece in enumerate(pieces):
        if piece.lower is not None and piece.upper is not None:
            point = piece.lower == piece.upper and piece.upper_inside
            if piece.upper < piece.lower or (piece.upper == piece.lower and not point):
                yield place, "upper", "the range ends before it begins", "swap the ends"
    for place, (left, right) in enumerate(pairwise(pieces), start=1):
        if left.upper is None or right.lower is None:
            yield place, "lower", "a range in the middle has no end", "only the first may lack a beginning, and the last an end"
        elif left.upper < right.lower:
            what = f"a gap: nothing is said from {left.upper:g} to {right.lower:g}"
            yield place, "lower", what, f"begin at {left.upper:g}, or end the range before at {right.lower:g}"
        elif left.upper > right.lower:
            what = f"two ranges hold what lies from {right.lower:g} to {left.upper:g}"
            yield place, "lower", what, f"begin at {left.upper:g}"


def _indicator_problems(pack: Pack, row: Row, functions: dict[str, Function]) -> Iterator[Problem]:
    v = row.values
    fault = metric_fault(v["metric"])
    if fault:
        yield _problem(pack, row, "metric", f"metric {v['metric']!r}: {fault}", "use a metric of docs/reference/figures.md or pack_format.md")
    named = v["metric"].removeprefix(SCHEME)
    if named != v["metric"] and (named,) not in pack.tables[SCORE_SCHEMES.file]:
        yield _problem(pack, row, "metric", f"scheme {named!r} is not in {SCORE_SCHEMES.file}", "correct it, or add it there")
    if v["full"] <= 0:
        yield _problem(pack, row, "full", "full marks of nothing: a division by nothing", "write the function's full marks")
    if v.get("target") is not None and v["target"] == (v.get("baseline") or 0.0):
        yield _problem(pack, row, "target", "target and baseline are the same: a division by nothing", "move one of them")
    function = functions.get(v["function"])
    if function and (v["role"] == Role.veto) != (function.shape is Shape.veto):
        yield _problem(pack, row, "role", f"role {v['role']} with a function of shape {function.shape}", "a veto goes with a veto")
    if function and v.get("target") is not None and v.get("baseline") is None and function.better is Better.less:
        yield _problem(pack, row, "baseline", "the way down to a target has no beginning", "write the baseline")


def _weight_problems(pack: Pack, row: Row, scheme: Scheme) -> Iterator[Problem]:
    """The weights of every reading, of every version."""
    if not scheme.indicators:
        yield pack.problem(SCORE_SCHEMES, row, "scheme", f"{scheme.code} has no indicators", f"add them to {SCORE_INDICATORS.file}")
    for since in sorted({each.since for each in scheme.indicators}):
        version = tuple(each for each in scheme.indicators if each.since == since)
        for group in sorted({each.group for each in version} | {""}):
            for kind in sorted({each.city_kind for each in version} | {""}):
                lines = read_for(version, group, kind)
                total = sum(each.weight for each in lines if each.role is Role.score)
                if total and abs(total - scheme.full) > CLOSE:
                    what = f"the weights of {scheme.code}{_reading(since, group, kind)} add up to {total:g}, not {scheme.full:g}"
                    yield _problem(pack, _row_of(pack, scheme, lines), "weight", what, "make them add up, or all 0: not weighted yet")


def _reading(since: date, group: str, kind: str) -> str:
    said = [f"since {since}"] if since.year > 1970 else []
    said += [f"for group {group!r}"] if group else []
    return ", " + ", ".join([*said, *([f"in a city of kind {kind!r}"] if kind else [])]) if said or kind else ""


def _row_of(pack: Pack, scheme: Scheme, lines: tuple[Indicator, ...]) -> Row:
    last = lines[-1] if lines else scheme.indicators[-1]
    return pack.tables[SCORE_INDICATORS.file][(scheme.code, last.since, last.group, last.city_kind, last.code)]


def _circles(pack: Pack, schemes: dict[str, Scheme]) -> Iterator[Problem]:
    """Scores that are made from themselves."""
    uses = {
        code: sorted({each.metric.removeprefix(SCHEME) for each in scheme.indicators if each.metric.startswith(SCHEME)})
        for code, scheme in schemes.items()
    }
    for row in pack.rows(SCORE_INDICATORS):
        metric, scheme = row.values["metric"], row.values["scheme"]
        if metric.startswith(SCHEME) and (way := _way(uses, metric.removeprefix(SCHEME), scheme)):
            what = f"a circle: {' <- '.join([scheme, *way])}"
            yield _problem(pack, row, "metric", what, "a score cannot be made from itself: take one of the lines out")


def _way(uses: dict[str, list[str]], begin: str, end: str, seen: tuple[str, ...] = ()) -> list[str] | None:
    """The way from one scheme down to another, if there is one."""
    if begin == end:
        return [begin]
    for each in uses.get(begin, ()):
        if each not in seen and (rest := _way(uses, each, end, (*seen, begin))):
            return [begin, *rest]
    return None


def _problem(pack: Pack, row: Row, column: str, what: str, remedy: str) -> Problem:
    return pack.problem(SCORE_INDICATORS, row, column, what, remedy)
