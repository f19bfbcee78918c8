"""What is asked of the rows of a table to count all its metrics at once: a condition is a mark, a row is told by its marks."""

from msgspec import Struct

from cityloop.stages.evaluate.model import By, Counted, Key, Metric, Part
from cityloop.stages.evaluate.store.rows import TABLE, Asked, below, group_of, within

# Rows that are all alike: what their columns say, how many there are, and from when to when each took, and how often that comes.
Kind = tuple[tuple, int, tuple]


class Counting(Struct, frozen=True):
    """What is asked of rows that are counted, and for each share of metrics the marks that the rows of a number have."""

    counted: Counted
    took: tuple[str, str] | None  # from when to when, of the rows whose times are taken; else nothing
    columns: tuple[tuple[str, str], ...]  # name and what it says: simulated, the marks, the groups, the periods
    shares: list[dict[Key, int]]
    timed: int  # the share whose times are taken
    times: tuple[str, ...]  # the metrics that sum them
    moments: dict[str, tuple[int, ...]]  # of each metric, which of the last columns tell its calendar periods


def counting_of(counted: Counted, asked: Asked) -> Counting:
    """What counts all metrics of a table: a condition is a mark, looked at once for each row.

    Where people are the groups, a row is one person's for one metric and another's for the next: a share for each.
    """
    metrics = [each for each in asked.metrics if each.counted is counted]
    whos = list(dict.fromkeys(each.who for each in metrics)) if asked.groups is By.person else [metrics[0].who]
    parts = {(each.code, part): _marks_of(each, part, asked) for each in metrics for part in each.sides}
    bits = {each: 1 << n for n, each in enumerate(dict.fromkeys(one for some in parts.values() for one in some))}
    timed = [each for each in metrics if each.took]
    simulated = f"{TABLE[counted] if counted is Counted.report else 'case_file'}.simulated"
    marks = " + ".join(f"CASE WHEN {each} THEN {bit} ELSE 0 END" for each, bit in bits.items())
    took = None
    if timed and (times := timed[0].took):
        took = (f"CASE WHEN {below(timed[0])} THEN {times[0]} END", f"CASE WHEN {below(timed[0])} THEN {times[1]} END")
    columns = [("simulated", simulated), ("marks", marks)]
    columns += [(f"group_{place}", group_of(asked.groups, counted, who)) for place, who in enumerate(whos)]
    moments: dict[str, int] = {}
    if asked.is_over_time:
        moments = {each: n for n, each in enumerate(dict.fromkeys(m for one in metrics for m in one.rows.moments))}
        columns += [(f"period_{n}", _period(each, asked)) for each, n in moments.items()]
    shares: list[dict[Key, int]] = [{} for _ in whos]
    for metric in metrics:
        share = shares[whos.index(metric.who)] if asked.groups is By.person else shares[0]
        for part in metric.sides:
            share[metric.code, part] = sum(bits[each] for each in parts[metric.code, part])
    return Counting(
        counted=counted, took=took, columns=tuple(columns), shares=shares,
        timed=whos.index(timed[0].who) if timed and asked.groups is By.person else 0,
        times=tuple(each.code for each in timed),
        moments={each.code: tuple(moments[m] for m in each.rows.moments) for each in metrics} if moments else {},
    )  # fmt: skip


def _marks_of(metric: Metric, part: Part, asked: Asked) -> tuple[str, ...]:
    """The conditions of a number; the time apart where rows are told over time."""
    base = metric.rows.where if asked.is_over_time else below(metric)
    return (base,) if metric.those is None or part is Part.denominator else (base, metric.those)


def _period(at: str, asked: Asked) -> str:
    """Which of the question's calendar periods a moment lies in; nothing outside. Found by halves."""

    def found(first: int, last: int) -> str:
        if first == last:
            return str(first)
        middle = (first + last + 1) // 2
        return f"CASE WHEN {at} < :edge_{middle} THEN {found(first, middle - 1)} ELSE {found(middle, last)} END"

    return f"CASE WHEN {within((at,))} THEN {found(0, len(asked.buckets) - 1)} END"
