"""Values above, below, or beyond what the sensor can say."""

import numpy as np

from cityloop.domain.sensing import Event
from cityloop.stages.sense.rules.kernel.plan import NEVER, Plan
from cityloop.stages.sense.rules.kernel.runs import Columns, Signals, followed
from cityloop.stages.sense.rules.kernel.sorting import Rows, pairs_at, spread


def levels(plan: Plan, kept: Columns, rows: Rows, events: list[Event]) -> None:
    """Follow the levels. Only streams that passed one, or hold one, are looked at row by row."""
    pairs = plan.families["level"]
    if not pairs.size:
        return
    pair, segment = pairs_at(pairs.first, rows.stream)
    beyond = (rows.most[segment] >= pairs.on_high[pair]) | (rows.least[segment] <= pairs.on_low[pair])
    some = np.flatnonzero(beyond | (kept["began"][pair] != NEVER))
    if not len(some):
        return
    pair, segment = pair[some], segment[some]
    length = rows.length[segment]
    row, of = spread(rows.start[segment], length)
    value, each = rows.value[row], pair[of]
    on = (value >= pairs.on_high[each]) | (value <= pairs.on_low[each])
    off = (value >= pairs.off_low[each]) & (value <= pairs.off_high[each])
    signal = on.astype(np.int8) - (off & ~on).astype(np.int8)
    followed(plan, pairs, kept, Signals(pair, np.cumsum(length) - length, of, rows.at[row], value, signal), events)
