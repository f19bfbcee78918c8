"""Working time of very many rows at once: what `WorkCalendar.worked` says of each."""

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.calendar import WorkCalendar


def worked_of(calendar: WorkCalendar, began: NDArray[np.int64], ended: NDArray[np.int64]) -> NDArray[np.int64]:
    """Working time from each moment to the other; negative if they come in the other order. Units: µs, µs since 1970.

    Refuses with `BeyondCalendar`.
    """
    if not began.size:
        return began
    first = calendar.year_at(int(min(began.min(), ended.min()))).number
    last = calendar.year_at(int(max(began.max(), ended.max()))).number
    years = [calendar.year(each) for each in range(first, last + 1)]
    starts = np.concatenate([np.array(each.starts, np.int64) for each in years])
    ends = np.concatenate([np.array(each.ends, np.int64) for each in years])
    before = np.cumsum(ends - starts) - (ends - starts)

    def worked_to(at: NDArray[np.int64]) -> NDArray[np.int64]:
        place = np.maximum(np.searchsorted(starts, at, side="right") - 1, 0)
        return before[place] + np.maximum(np.minimum(at, ends[place]) - starts[place], 0)

    return worked_to(ended) - worked_to(began)
