"""What a backup is made of, and how it refuses."""

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused, Unavailable

FORMAT = 1


class SecretWrong(Refused):
    """The secret does not open this folder."""

    code = "keeping.secret_wrong"


class NoBackup(NotFound):
    """The folder holds no backup, or none that reaches so far back."""

    code = "keeping.no_backup"


class BackupDamaged(Unavailable):
    """A piece of a backup is gone, or is not what was written."""

    code = "keeping.damaged"


class BackupBusy(Unavailable):
    """Another process writes into this folder."""

    code = "keeping.busy"


class BackupFull(Unavailable):
    """There is no room for the backup."""

    code = "keeping.no_room"


class NotEmpty(Refused):
    """The place that shall be filled holds something already."""

    code = "keeping.not_empty"


class SchemaUnknown(Refused):
    """The backup was made by a version whose tables this one does not know."""

    code = "keeping.schema_unknown"


class CopyDiffers(Unavailable):
    """What was copied is not what stands in the source."""

    code = "keeping.copy_differs"


class StillRuns(Refused):
    """A server of the city still runs."""

    code = "keeping.still_runs"


class MomentUnreadable(Invalid):
    """No moment, or one without a zone."""

    code = "keeping.moment_unreadable"


class Chunk(Struct, frozen=True, array_like=True):
    """Rows of one table in the order of their keys, as one piece. `first` and `last` are keys without the city."""

    piece: str
    rows: int
    first: tuple
    last: tuple


class Kept(Struct, frozen=True, array_like=True):
    """A file, by its path below the city's home."""

    path: str
    size: int
    changed_ns: int
    pieces: tuple[str, ...]


class Head(Struct, frozen=True):
    """The newest signed head in a backup."""

    origin: str
    size: int
    root: str  # hex


class Point(Struct, frozen=True, kw_only=True):
    """One moment to which a city can be brought back.

    A `full` one stands alone. A `shipped` one holds what came since the point before it; what is derived or can be made
    again is not in it, as it follows from `base` and the facts.
    """

    format: int = FORMAT
    kind: str  # full, shipped, before_upgrade
    at: str  # when it was begun, UTC
    city: str
    engine: str
    program: str
    migrations: tuple[str, ...]
    size: int  # facts
    leaf: str  # hex: the commitment to the last fact, by which another past is known
    recorded: str  # when the last fact was recorded; empty without facts
    head: Head | None
    base: str  # the name of the full point that this one goes on from; empty: itself
    after: int  # the facts up to here are in the points before
    tables: dict[str, tuple[Chunk, ...]]
    columns: dict[str, tuple[str, ...]]  # of each table's rows, so that another program reads them by name
    files: tuple[Kept, ...]
    erased: str  # the piece that lists all that was ever erased
    bytes: int  # of all that it names
    new_bytes: int  # of what was not in the folder before
    seconds: float

    @property
    def name(self) -> str:
        """Its file's name without the ending: sorts by moment."""
        return f"{self.at.replace(':', '').replace('-', '').replace('.', '')}_{self.size:012d}_{self.kind}"


LEFT_OUT_TABLES = {
    "process": "processes that ran then",
    "presence": "who looked at what then",
    "erased_list": "how far the list of the erased was gone through: after a restore all of it is",
    "session": "who was signed in signs in again, so that a sign-out is never taken back",
}
LEFT_OUT_FOLDERS = {
    "keys": "kept apart: --keys-to",
    "backups": "the outcome of backups",
    "wide": "follows from the journal; the server makes it again",
    "restoring": "a restore that did not end",
}
