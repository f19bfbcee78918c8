"""When the lamp of a clock turns yellow and red, worked out at once for many: lamps of any moment are two comparisons."""

import numpy as np

from cityloop.domain.calendar import SECOND_US, WorkCalendar, epoch_us
from cityloop.domain.clock import Clock, Lamp, reading

WHOLE_PPM = 1_000_000
Turns = tuple["np.ndarray", "np.ndarray"]


def turns_of(
    start: "np.ndarray", due: "np.ndarray", is_work: "np.ndarray", calendar: WorkCalendar, yellow_ppm: int
) -> Turns:
    """The first whole second of yellow and of red, of clocks that never stood.

    Units: `start` and `due` in µs since 1970, the result in seconds.
    """
    red = due // SECOND_US + 1
    yellow = np.minimum(start + _share(due - start, yellow_ppm) + 1, due + 1)
    if is_work.any():
        yellow[is_work] = _work_yellow(start[is_work], due[is_work], calendar, yellow_ppm)
    return np.minimum(-(-yellow // SECOND_US), red), red


def turns_exactly(clock: Clock, calendar: WorkCalendar, yellow_ppm: int) -> tuple[int, int]:
    """The same of one clock that stood at times, by looking at it again and again."""
    low, high = epoch_us(clock.start) // SECOND_US, epoch_us(clock.due) // SECOND_US + 1
    red = high
    while low < high:
        middle = (low + high) // 2
        shown = reading(clock, calendar.local(middle * SECOND_US), calendar, yellow_ppm=yellow_ppm).lamp
        low, high = (middle + 1, high) if shown is Lamp.green else (low, middle)
    return low, red


def us_of(texts: list[str | None]) -> "np.ndarray":
    """Moments as our tables write them, as µs since 1970; none is 0."""
    plain = np.array([(text or "1970-01-01T00:00:00").rstrip("Z")[:26] for text in texts], dtype="U26")
    return plain.astype("datetime64[us]").astype(np.int64)


def _share(whole: "np.ndarray", ppm: int) -> "np.ndarray":
    """That many parts per million, rounded down; in two steps, as a product of years would not fit."""
    return whole // WHOLE_PPM * ppm + whole % WHOLE_PPM * ppm // WHOLE_PPM


def _work_yellow(start: "np.ndarray", due: "np.ndarray", calendar: WorkCalendar, yellow_ppm: int) -> "np.ndarray":
    """The µs in which so much of the working time is used that yellow begins."""
    first, last = calendar.year_at(int(start.min())).number, calendar.year_at(int(due.max())).number
    years = [calendar.year(number) for number in range(first, last + 1)]
    starts = np.concatenate([np.array(year.starts, dtype=np.int64) for year in years])
    ends = np.concatenate([np.array(year.ends, dtype=np.int64) for year in years])
    before = np.cumsum(ends - starts) - (ends - starts)

    def worked(at: "np.ndarray") -> "np.ndarray":
        span = np.searchsorted(starts, at, side="right") - 1
        inside = np.minimum(at, ends[span]) - starts[span]
        return np.where(span < 0, 0, before[span] + inside)

    used = worked(start)
    need = used + _share(worked(due) - used, yellow_ppm) + 1
    span = np.searchsorted(before, need, side="left") - 1
    return np.minimum(starts[span] + need - before[span], due + 1)
