"""What goes together: conditions under which something is more frequent, confounders looked at, many tests corrected for."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from cityloop.domain.shares import CONFIDENCE, deviations
from cityloop.stages.evaluate.model.why import CaseRows, Confounder, Finding, What
from cityloop.stages.evaluate.rules.why.again import Returns, rate_ratio, returns_of
from cityloop.stages.evaluate.rules.why.many import benjamini_yekutieli

Marks = NDArray[np.bool_]
Condition = tuple[tuple[str, str], ...]
LEVEL = 0.05  # of false claims, of all that is claimed
UNDER_MIN = 10  # cases, or days, under a condition: fewer are not tested
TOGETHER_MIN = 5  # fewer are not told
CLASS_MIN = 20  # cases of a class, to ask when and where it happens
LIFT_MIN = 1.2  # less is not worth telling
BACK_DAYS = 7
MOVES_MIN = 2  # from unit to unit: a case that moved so often wandered
EXPLAINED = 0.5  # a confounder explains, if less than this part of the logarithm of the lift is left within it
CASES_SHOWN = 200
FOLLOW_THE_CLASS = {"class", "unit", "vendor"}
MOST = 1e9  # a lift where nothing at all was outside
SHADOW = 0.01  # beside a stronger finding, what is left must still be this sure
HOURS = ((6, "night"), (10, "morning"), (14, "noon"), (18, "afternoon"), (22, "evening"), (24, "night"))


class Claim(Struct, kw_only=True):
    """A test: its rows under the condition, and what is asked of them."""

    what: What
    class_key: str | None
    condition: Condition
    under: NDArray[np.int64]
    had: Marks
    asked: Marks  # rows of which it can be said
    chance: NDArray[np.float64] | None = None  # how likely each row had it by chance alone
    p: float = 1.0
    q: float = 1.0


def hour_band(hour: NDArray[np.int8]) -> NDArray[np.str_]:
    """The part of the day. Ends at 6, 10, 14, 18 and 22 o'clock."""
    return np.array([name for _, name in HOURS])[np.searchsorted([end for end, _ in HOURS], hour, side="right")]


def factors_of(rows: CaseRows) -> dict[str, NDArray[np.str_]]:
    """What may be a condition of a case, by name."""
    return {
        "class": rows.class_key, "street": rows.street, "unit": rows.unit, "channel": rows.channel, "vendor": rows.vendor,
        "hours": hour_band(rows.hour), "day": rows.day_kind, "weather": rows.weather,
    }  # fmt: skip


# Pairs of factors that are asked together; the duty table gives a class its unit, so those two come only together.
OUTCOME_PAIRS = (("class", "street"), ("class", "unit"), ("class", "vendor"), ("class", "weather"), ("unit", "street"), ("class", "hours"))
HAPPENS_FACTORS, HAPPENS_PAIRS = ("street", "hours", "day", "channel"), (("street", "hours"), ("street", "day"))


def outcomes_of(rows: CaseRows, returns: Returns) -> dict[What, tuple[Marks, Marks]]:
    """What a case may come to, and of which cases that can be said."""
    everything = np.ones(len(rows), bool)
    moved = np.array([moves(walk) >= MOVES_MIN for walk in rows.walks], bool)
    return {
        What.late: (rows.in_time == 0, rows.in_time >= 0), What.redone: (rows.redone, np.isfinite(rows.closed)),
        What.back: (returns.back, returns.known), What.wandered: (moved, everything),
    }  # fmt: skip


def moves(walk: Sequence[str]) -> int:
    """How often another unit became answerable.

    >>> moves(("a", "b", "a", "a")), moves(("a",)), moves(())
    (2, 0, 0)
    """
    return sum(one != other for one, other in pairwise(walk))


def goes_together(rows: CaseRows, returns: Returns | None = None, *, level: float = LEVEL) -> list[Finding]:
    """What is more frequent under which conditions, the surest first; three families of tests, each at its own level.

    - what cases come to (late, redone, back within seven days, wandered), under one factor or a pair of them;
    - when and where a class happens, beside all other classes;
    - a class a day, alone or in a street, on days of one weather or kind beside the other days (`rate_ratio`, because the
      cases of a day share its weather and are no tests of their own).

    The first two by Fisher's exact test, one-sided; what is back must beside be a fifth more than chance has it where so
    much of a class lies close together (`chance_back`, Poisson; the greater p of the two counts). Conditions are chosen by their number of cases alone, never by what came
    of them, so each test of a family is paid for; `q` after Benjamini and Yekutieli, true whatever hangs on what. What is
    only the shadow of a stronger finding (nothing is left of it without that one's cases) is not told, but counted there.
    Source: lift and its interval by the delta method of a multinomial; Fisher (1935); Mantel and Haenszel (1959).
    """
    factors = factors_of(rows)
    outcomes = list(_outcome_tests(rows, factors, returns or returns_of(rows, BACK_DAYS)))
    happens = list(_happens_tests(rows, factors))
    found = [*_claimed(outcomes, rows, factors, level), *_claimed(happens, rows, factors, level), *_by_day(rows, level)]
    return sorted(found, key=lambda each: (each.q, -each.lift, each.condition))


def _outcome_tests(rows: CaseRows, factors: Mapping[str, NDArray[np.str_]], returns: Returns) -> Iterator[Claim]:
    singles = ((name,) for name in factors)
    conditions = [*_conditions(factors, chain(singles, OUTCOME_PAIRS))]
    for what, (happened, asked) in outcomes_of(rows, returns).items():
        had, chance = happened & asked, returns.chance if what is What.back else None
        for condition, under in conditions:
            here = under[asked[under]]
            if len(here) >= UNDER_MIN:
                yield Claim(what=what, class_key=None, condition=condition, under=here, had=had, asked=asked, chance=chance)


def _happens_tests(rows: CaseRows, factors: Mapping[str, NDArray[np.str_]]) -> Iterator[Claim]:
    everything = np.ones(len(rows), bool)
    conditions = [*_conditions(factors, chain(((name,) for name in HAPPENS_FACTORS), HAPPENS_PAIRS))]
    keys, many = np.unique(rows.class_key, return_counts=True)
    for key in keys[(many >= CLASS_MIN) & (keys != "")]:
        had = rows.class_key == key
        for condition, under in conditions:
            yield Claim(what=What.happens, class_key=str(key), condition=condition, under=under, had=had, asked=everything)


def _conditions(
    factors: Mapping[str, NDArray[np.str_]], names: Iterator[tuple[str, ...]]
) -> Iterator[tuple[Condition, NDArray[np.int64]]]:
    """Every combination of known values that enough cases have, with those cases."""
    for each in names:
        columns = [factors[name] for name in each]
        known = np.flatnonzero(np.logical_and.reduce([column != "" for column in columns]))
        if not len(known):
            continue
        codes = [np.unique(column[known], return_inverse=True) for column in columns]
        joined = codes[0][1] if len(codes) == 1 else codes[0][1] * len(codes[1][0]) + codes[1][1]
        order = np.argsort(joined, kind="stable")
        edges = np.flatnonzero(np.diff(joined[order], prepend=-1, append=-1))
        for start, end in pairwise(edges):
            under = known[order[start:end]]
            alone = len(each) == 1 and len(under) == len(columns[0])
            if end - start >= UNDER_MIN and not alone:
                yield tuple((name, str(factors[name][under[0]])) for name in each), np.sort(under)


def _claimed(tests: list[Claim], rows: CaseRows, factors: Mapping[str, NDArray[np.str_]], level: float) -> list[Finding]:
    if not tests:
        return []
    p = _chances(tests)
    for each, chance, value in zip(tests, p, benjamini_yekutieli(p), strict=True):
        each.p, each.q = float(chance), float(value)
    told = sorted((each for each in tests if each.q <= level), key=lambda each: (each.p, -len(each.condition), each.condition))
    found = []
    while told:
        first = _plainest(told)
        left, shadows = [], 0
        for each in told:
            if each is first:
                continue
            if each.what is first.what and each.class_key == first.class_key and _is_shadow(each, first):
                shadows += 1
            else:
                left.append(each)
        told = left
        finding = _finding(first, rows, factors, len(tests), shadows)
        if finding.together >= TOGETHER_MIN and finding.lift >= LIFT_MIN:
            found.append(finding)
    return found


def _chances(tests: Sequence[Claim]) -> NDArray[np.float64]:
    """The chance of so many or more under each condition, if it had nothing to do with it, its margins given."""
    from scipy.stats import hypergeom, poisson

    sums: dict[int, tuple[int, int]] = {}
    for each in tests:
        if id(each.had) not in sums:
            sums[id(each.had)] = int(each.asked.sum()), int((each.had & each.asked).sum())
    found = [(each.had[each.under].sum(), *sums[id(each.had)], len(each.under)) for each in tests]
    had_here, asked, had, under = np.array(found).T
    p = np.asarray(hypergeom.sf(had_here - 1, asked, had, under))
    usual = np.array([0.0 if each.chance is None else each.chance[each.under].sum() for each in tests])
    return np.where([each.chance is not None for each in tests], np.maximum(p, poisson.sf(had_here - 1, LIFT_MIN * usual)), p)


def _plainest(told: Sequence[Claim]) -> Claim:
    """The surest claim; or a wider one, as long as nothing sure is left of the narrower within it."""
    first = told[0]
    wider = [
        each for each in told
        if each.what is first.what and each.class_key == first.class_key and set(each.condition) < set(first.condition)
    ]  # fmt: skip
    return next((each for each in wider if _is_shadow(first, each)), first)


def _is_shadow(claim: Claim, stronger: Claim) -> bool:
    """Whether nothing sure is left of a claim: within the stronger one's condition if it lies inside, else without that."""
    asked = claim.asked.copy()
    if np.isin(claim.under, stronger.under).all():
        asked[:] = False
        asked[stronger.under] = claim.asked[stronger.under]
    else:
        asked[stronger.under] = False
    here = claim.under[asked[claim.under]]
    if len(here) == 0 or len(here) == asked.sum():
        return True
    left = Claim(
        what=claim.what, class_key=claim.class_key, condition=claim.condition, under=here, had=claim.had & asked, asked=asked,
        chance=claim.chance,
    )  # fmt: skip
    return bool(_chances([left])[0] > SHADOW)


def _finding(claim: Claim, rows: CaseRows, factors: Mapping[str, NDArray[np.str_]], tests: int, shadows: int) -> Finding:
    together, under = int(claim.had[claim.under].sum()), len(claim.under)
    had, whole = int((claim.had & claim.asked).sum()), int(claim.asked.sum())
    lift, low, high = lift_of(together, under, had, whole)
    cases = claim.under[claim.had[claim.under]][:CASES_SHOWN]
    return Finding(
        what=claim.what, class_key=claim.class_key, condition=claim.condition, together=together, under=under, had=had,
        whole=whole, lift=lift, low=low, high=high, p=claim.p, q=claim.q, tests=tests, explains=shadows,
        confounders=tuple(_confounders(claim, factors)), cases=tuple(str(each) for each in rows.id[cases]),
    )  # fmt: skip


def lift_of(together: int, under: int, had: int, whole: int) -> tuple[float, float, float]:
    """How many times as frequent under the condition as among all, with its 95 % interval.

    Source: the delta method for log(n11·n / (n1·n2)) of a multinomial:
    variance 1/n11 - 1/n1 - 1/n2 + 2·n11/(n1·n2) - 1/n.

    >>> [round(each, 2) for each in lift_of(30, 50, 100, 1000)]
    [6.0, 4.75, 7.59]
    """
    if not (together and under and had):
        return 0.0, 0.0, float("inf")
    lift = together * whole / (under * had)
    spread = 1 / together - 1 / under - 1 / had + 2 * together / (under * had) - 1 / whole
    far = deviations(CONFIDENCE) * max(0.0, spread) ** 0.5
    return lift, float(lift * np.exp(-far)), float(lift * np.exp(far))


def _confounders(claim: Claim, factors: Mapping[str, NDArray[np.str_]]) -> Iterator[Confounder]:
    """For every other factor: the ratio of risks among cases that are alike in it, and whether that explains the finding."""
    named = {name for name, _ in claim.condition} | (FOLLOW_THE_CLASS if claim.what is What.happens else set())
    inside = np.zeros(len(claim.asked), bool)
    inside[claim.under] = True
    raw = risk_ratio(claim.had, inside, np.full(len(inside), ""), claim.asked)
    for name, column in factors.items():
        if name in named or len(np.unique(column[claim.under])) == 0 or not (column != "").any():
            continue
        alike = risk_ratio(claim.had, inside, column, claim.asked)
        if alike is None or raw is None:
            continue
        left = np.log(min(max(alike, 1e-9), MOST)) / np.log(min(raw, MOST)) if raw > 1 else 1.0
        yield Confounder(factor=name, lift=float(alike), explains=bool(left < EXPLAINED))


def risk_ratio(had: Marks, inside: Marks, alike: NDArray[np.str_], asked: Marks) -> float | None:
    """The ratio of the shares inside and outside, within groups that are alike, put together; none if no group has both.

    Source: Mantel and Haenszel (1959), for risks: sum(a·n0/n) / sum(b·n1/n).
    """
    _, group = np.unique(alike[asked], return_inverse=True)
    a, b, n1, n0 = (
        np.bincount(group, weights=mark[asked].astype(float))
        for mark in (had & inside, had & ~inside, inside, ~inside)
    )  # fmt: skip
    over, below = (a * n0 / (n1 + n0)).sum(), (b * n1 / (n1 + n0)).sum()
    if not (n1 * n0).any():
        return None
    return float(over / below) if below else float("inf") if over else None


def _by_day(rows: CaseRows, level: float) -> list[Finding]:
    """Classes, alone or in a street, on days of one weather or kind beside all other days."""
    days = np.array([each.day for each in rows.days])
    marks = {("weather", each.weather) for each in rows.days if each.weather} | {("day", each.kind) for each in rows.days}
    masks = {mark: np.array([getattr(each, "weather" if mark[0] == "weather" else "kind") == mark[1] for each in rows.days]) for mark in marks}
    masks = {mark: mask for mark, mask in sorted(masks.items()) if UNDER_MIN // 2 <= mask.sum() <= len(days) - UNDER_MIN // 2}
    factors = {"class": rows.class_key, "street": rows.street}
    tests: list[tuple[Finding, Marks]] = []
    for condition, under in _conditions(factors, iter((("class",), ("class", "street")))):
        if len(under) < CLASS_MIN:
            continue
        at = np.searchsorted(days, rows.day[under])
        counts = np.bincount(at, minlength=len(days)).astype(float)
        for mark, mask in masks.items():
            ratio, low, high, p, _ = rate_ratio(counts, mask)
            among = under[mask[at]]
            finding = Finding(
                what=What.happens, class_key=condition[0][1], condition=(*condition[1:], mark), together=len(among),
                under=int(mask.sum()), had=len(under), whole=len(days), lift=ratio, low=low, high=high,
                p=p / 2 if ratio > 1 else 1 - p / 2, q=1.0, tests=0, by_day=True,
                cases=tuple(str(each) for each in rows.id[among[:CASES_SHOWN]]),
            )  # fmt: skip
            tests.append((finding, counts))
    return _told_by_day(tests, level)


def _told_by_day(tests: list[tuple[Finding, Marks]], level: float) -> list[Finding]:
    if not tests:
        return []
    q = benjamini_yekutieli(np.array([each.p for each, _ in tests]))
    told = [
        replace(each, q=float(value), tests=len(tests))
        for (each, _), value in zip(tests, q, strict=True)
        if value <= level and each.lift >= LIFT_MIN and each.together >= TOGETHER_MIN
    ]
    found: list[Finding] = []
    for each in sorted(told, key=lambda one: (one.p, -len(one.condition))):
        stronger = next((one for one in found if one.class_key == each.class_key and one.condition[-1] == each.condition[-1]), None)
        if stronger is None:
            found.append(each)
        elif len(stronger.condition) > len(each.condition) or each.lift <= stronger.lift:
            found[found.index(stronger)] = replace(stronger, explains=stronger.explains + 1)
        else:
            found.append(each)
    return found
