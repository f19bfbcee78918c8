"""What every reader gives."""

from collections.abc import Callable, Iterator

from msgspec import Struct, field

from cityloop.doors.files.model import Line


class Table(Struct, kw_only=True):
    """A file, opened. `read` gives its lines anew each time, with the cells of these columns, in their order."""

    columns: list[str]
    read: Callable[[list[str]], Iterator[Line]]
    shaped: bool = False  # lines have shapes
    notes: list[str] = field(default_factory=list)  # what the reader did that a person should know


def short(missing: int, columns: int) -> dict[str, tuple[str, str]]:
    """What is wrong with a record of another length than the header."""
    more = "more" if missing < 0 else "fewer"
    what = f"the line has {abs(missing)} {more} values than the header's {columns}"
    return {"": (what, "look for a quote or a delimiter that is missing")}
