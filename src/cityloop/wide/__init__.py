"""Wide reads: the journal as columns, as of any past moment, through Ibis; on DuckDB, PostgreSQL and Spark.

What reads through Ibis (`spine`, `said`, `engines`) is loaded by whoever asks: it takes half a second.
"""

from cityloop.wide.archive import Archive
from cityloop.wide.kept import KeptElsewhere, Wide
from cityloop.wide.shadow import Shadow

__all__ = ["Archive", "KeptElsewhere", "Shadow", "Wide"]
