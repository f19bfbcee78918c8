"""Files that nobody names: what a crash left between a file and the change that names it, or between an erasing and its files."""

from collections.abc import Callable

from cityloop.db import Database
from cityloop.files import FileStore, Swept
from cityloop.people import cities, file_is_named

OLD_S = 86_400.0  # no change takes so long that its file would be an orphan meanwhile


class _Over(Exception):
    """Whoever asked for a sweep wants it no more."""


def sweep_files(database: Database, files: FileStore, is_over: Callable[[], bool] = lambda: False) -> Swept:
    """Remove the files that nobody names a day after they came. Other cities of the database may keep theirs in the same folder.

    Shape: `is_over` ends it early, and nothing goes. Refuses with `FilesOfOthers`.
    """
    with database.reading() as tx:
        everybody = cities(tx)

    def is_named(file: str) -> bool:
        if is_over():
            raise _Over
        with database.reading() as tx:
            return any(file_is_named(tx, file, city) for city in everybody)

    try:
        return files.sweep(is_named, OLD_S, database.clock())
    except _Over:
        return Swept(0, 0)
