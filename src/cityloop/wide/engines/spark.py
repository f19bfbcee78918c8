"""Spark over the archive's files: the same expressions, where one machine is outgrown. It comes with the extra `spark`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis import Table as Rows

from cityloop.wide.columns import SPINE, image_schema
from cityloop.wide.engines.duckdb import ended, params_of
from cityloop.wide.files import write_table
from cityloop.wide.reading import Standing
from cityloop.wide.spine import RECENT, SETTLED, Spine, spine_then

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession


class SparkWide:
    """An archive that every executor can read. `folder` is where it lies, `aside` where the tail may be put for them."""

    def __init__(self, spark: "SparkSession", folder: "Path", standing: Standing, aside: "Path"):
        self._spine: Spine = spine_then()
        self._backend = ibis.pyspark.connect(spark)
        for table in SPINE:
            tail = aside / f"tail_{table}.parquet"
            write_table(tail, standing.tail[table])
            settled = standing.paths(folder, table, "now", "past")
            if not settled:
                settled = [str(aside / f"none_{table}.parquet")]
                pq.write_table(image_schema(table, closed=True).empty_table(), settled[0])
            spark.read.parquet(*settled).createOrReplaceTempView(SETTLED + table)
            spark.read.parquet(str(tail), *standing.paths(folder, table, "round")).createOrReplaceTempView(f"came_{table}")
            spark.sql(ended(f"came_{table}")).createOrReplaceTempView(RECENT + table)

    def spine_at(self, seq: int) -> Spine:
        """The spine as of a fact."""
        return self._spine

    def run(self, key: Any, make: Callable[[], Rows], asked: dict[str, int | str]) -> pa.Table:
        """The rows of an expression."""
        return self._backend.to_pyarrow(make(), params=params_of(asked))

    def close(self) -> None:
        """The session is the caller's."""
