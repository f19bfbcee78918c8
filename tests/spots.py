"""Where the reports of a story are: in which cell, and how far from each other."""

from itertools import count

CELLS = {
    "a1": "990201001001001",
    "a2": "990201001001002",
    "b1": "990201001002001",
    "c1": "990201002001001",
    "d1": "990202001001001",
    "e1": "990202001002001",
}
POINTS = {
    "a1": (100.005, 30.015),
    "a2": (100.015, 30.015),
    "b1": (100.025, 30.015),
    "c1": (100.005, 30.005),
    "d1": (100.015, 30.005),
    "e1": (100.025, 30.005),
}
EAST_M = 96_488  # one degree of longitude at 30 degrees north


class Spots:
    """Gives each report a place of its own, some 100 m from the next, or one beside another's."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[float, float]] = {}
        self._numbers = count()

    def take(self, name: str, cell: str, *, beside: str | None, east_m: float) -> tuple[float, float]:
        """The place of the report of this name."""
        if beside:
            lon, lat = self.places[beside]
            found = (lon + east_m / EAST_M, lat)
        else:
            lon, lat = POINTS[cell]
            row, column = divmod((next(self._numbers) + 40) % 81, 9)  # the first in the middle
            found = (lon + (column - 4) * 0.001, lat + (row - 4) * 0.001)
        self.places[name] = found
        return found
