"""Wide reads: the journal as columns, as of any past moment, through Ibis; on DuckDB, PostgreSQL and Spark."""

from cityloop.wide.engines.duckdb import DuckWide
from cityloop.wide.said import Said, called, columns_named
from cityloop.wide.shadow import Shadow
from cityloop.wide.spine import Spine, spine_now, spine_then

__all__ = ["DuckWide", "Said", "Shadow", "Spine", "called", "columns_named", "spine_now", "spine_then"]
