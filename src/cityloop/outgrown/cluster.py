"""The same kernel on a cluster: PySpark Structured Streaming, keyed by shard, the state of a shard kept by Spark.

Rows come as they arrived: `shard`, `seq` (dense in the shard), `stream`, `at`, `value`, `track`, and `until` where the watermark moves
(then `stream` is 0). Within a trigger rows of a shard may come in any order; `seq` puts them right.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from cityloop.outgrown.carrying import Piece, judged, state_bytes, state_in
from cityloop.stages.sense.rules.kernel import NEVER, Plan, state_of
from cityloop.telemetry import batch_of

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

ROWS = "shard INT, seq BIGINT, stream INT, at BIGINT, value DOUBLE, track BIGINT, until BIGINT"
EVENTS = "id STRING, kind STRING, rule STRING, stream INT, began_at BIGINT, at BIGINT, value DOUBLE, `limit` DOUBLE, track BIGINT"
STATE = "columns BINARY"
_FIELDS = ("id", "kind", "rule", "stream", "began_at", "at", "value", "limit", "track")


def judged_on(rows: "DataFrame", plans: dict[int, Plan]) -> "DataFrame":
    """The events of a stream of rows, each shard judged by its plan."""
    from pyspark.sql.streaming.state import GroupStateTimeout

    def judge(key: tuple[int], frames: "Iterable[pd.DataFrame]", kept: Any) -> "Iterator[pd.DataFrame]":
        import pandas as pd

        plan = plans[int(key[0])]
        state = state_in(bytes(kept.get[0])) if kept.exists else state_of(plan)
        state, events = judged(plan, state, pieces_of(pd.concat(list(frames))))
        kept.update((state_bytes(state),))
        told = [[each.kind.value if name == "kind" else getattr(each, name) for name in _FIELDS] for each in events]
        yield pd.DataFrame(told, columns=list(_FIELDS))

    grouped = rows.where(rows.shard.isin([*plans])).groupBy("shard")
    return grouped.applyInPandasWithState(judge, EVENTS, STATE, "append", GroupStateTimeout.NoTimeout)


def pieces_of(rows: "pd.DataFrame") -> Iterator[Piece]:
    """The rows of a shard in the order in which they arrived, divided where the watermark moves."""
    rows = rows.sort_values("seq", kind="stable")
    until = rows["until"].to_numpy(np.float64, na_value=np.nan)
    batch = batch_of(*(rows[name].to_numpy() for name in ("stream", "at", "value", "track")))
    start = 0
    for place in np.flatnonzero(~np.isnan(until)).tolist():
        yield batch.at_rows(np.arange(start, place)), int(rows["until"].iloc[place])
        start = place + 1
    if start < batch.size:
        yield batch.at_rows(np.arange(start, batch.size)), NEVER

