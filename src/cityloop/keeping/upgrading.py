"""Before a newer program changes the tables, everything is backed up: the way back."""

from pathlib import Path

from cityloop.db import Database
from cityloop.db.ciphers import Cipher
from cityloop.db.tables import migration_files
from cityloop.keeping.chest import Chest
from cityloop.keeping.forgetting import sweep
from cityloop.keeping.keys import secret_of
from cityloop.keeping.making import Progress, make, nobody, told_last
from cityloop.keeping.model import Point

STAY = 2  # upgrades that can be taken back


def upgrade_folder(home: Path) -> Path:
    """Where the way back lies."""
    return home / "backups" / "before_upgrade"


def before_upgrade(database: Database, home: Path, *, on_progress: Progress = nobody, cipher: Cipher = Cipher.aes) -> Point | None:
    """Back up a city whose tables this program is about to change; None where there is nothing to change, or no city yet.

    Refuses with what `make` refuses with: then nothing was changed.
    """
    done = database.migrated()
    if not done or not {path.stem for path in migration_files()} - set(done):
        return None
    if not database.engine.fetch("SELECT 1 FROM log_head WHERE city = :city AND size > 0", {"city": database.city})[1]:
        return None
    chest = Chest.at(upgrade_folder(home), secret_of(home), begin=True, cipher=cipher)
    point = make(database, home, chest, kind="before_upgrade", on_progress=on_progress)
    told_last(home, point, chest, checked=False)
    for name in chest.point_names()[:-STAY]:
        chest.drop(name)
    sweep(chest)
    return point
