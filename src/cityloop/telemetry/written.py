"""The logs of every process of the city under one folder, as those read them who seal and who look back."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cityloop.telemetry.batch import Batch
from cityloop.telemetry.log import START, Position, behind_bytes, follow, logs_in, parts_in


class FolderLog:
    """A process's log, whether the process lives or not."""

    def __init__(self, folder: Path):
        self.folder = folder

    def follow(self, position: Sequence[int] | None) -> Iterator[tuple[Position, Batch]]:
        """What came after a place: the place after each piece, and the piece."""
        return follow(self.folder, START if position is None else Position(*position))

    def behind_bytes(self, position: Sequence[int] | None) -> int:
        """How much stands after a place."""
        return behind_bytes(self.folder, START if position is None else Position(*position))

    def forget(self, before: Sequence[int]) -> None:
        """Remove the files that end before a place; the one that grows stays."""
        for part in parts_in(self.folder):
            if part.is_rolled and part.number < before[0]:
                part.path.unlink(missing_ok=True)


def behind_under(root: Path, positions: Mapping[str, Sequence[int]]) -> int:
    """How much of all logs stands after these places. Units: bytes."""
    return sum(log.behind_bytes(positions.get(name)) for name, log in written_under(root).items())


def written_under(root: Path) -> dict[str, FolderLog]:
    """The logs there are now, by their folders' names."""
    return {folder.name: FolderLog(folder) for folder in logs_in(root)}
