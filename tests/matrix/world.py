"""The matrix over one city: its cells, asked; and what is wrong in their answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from cityloop.http.who_may import Need, needs_of
from tests.engines import Places
from tests.matrix.bodies import QUERIES, Bodies
from tests.matrix.cells import HIDDEN, NO, SCOPED, STALE, Cell, cells_of, leaked, wrong_with
from tests.matrix.city import City, Someone, played_city
from tests.matrix.keeps import kept
from tests.matrix.kinds import kind_of
from tests.matrix.knock import Answer
from tests.matrix.needles import needles_in, plant_needles
from tests.matrix.planted import plant
from tests.matrix.rows import Rows

STREAMS = frozenset({"GET /v1/facts/stream"})  # never ends; test_reporter_hidden.py listens to it
EAST = "990101"
BY_UNIT = frozenset({"handler", "collector"})
REVEALS = frozenset({"POST /v1/reports/{report_id}/reveal", "POST /v1/callers"})  # to who may: the asking is a fact


class Matrix(Struct, frozen=True):
    """The city, and all that its cells are made of."""

    city: City
    rows: Rows
    needs: list[Need]
    bodies: Bodies
    needles: list[bytes]
    people: list[Someone]

    def ask(self, cell: Cell, no: int | None = None) -> Answer:
        """The answer to one cell."""
        name = cell.need.name
        body, headers = self.bodies.of(cell.need.method, cell.need.path)
        if no is not None:
            headers = headers | {"if-match": f'"{no}"'}
        return self.city.door.ask(
            cell.need.method, cell.path, token=cell.who.token, query=QUERIES.get(name, ""), body=body, headers=headers
        )

    def wrong(self, needs: list[Need] | None = None) -> list[str]:
        """What is wrong in the cells of these endpoints, or of all."""
        found = []
        with self.city.door.taken_back():
            for turn, need in enumerate(self.needs if needs is None else needs):
                name = need.name
                for cell in self._cells(need, turn):
                    for no in (cell.no, STALE) if cell.expect == HIDDEN and need.method != "GET" else (cell.no,):
                        answer = self.ask(cell, no)
                        named = name not in REVEALS and needles_in(answer.body, self.needles)
                        if why := wrong_with(cell, answer) or leaked(cell, answer, self.rows) or kept(cell, answer) or named:
                            found.append(f"{cell}: {why} ({answer.status} {answer.code})")
        return found

    def of_engine(self) -> list[Need]:
        """The endpoints that this engine is asked: on PostgreSQL those that give or change rows of somebody, as doors that
        stay shut ask no database."""
        if not self.city.parts.database.on_postgres:
            return self.needs
        return [each for each in self.needs if kind_of(each) or (each.any_of and each.method == "GET" and each.rows in SCOPED)]

    @property
    def anybody(self) -> list[Someone]:
        """Nobody, a stranger, somebody with a post, the keys: where no permission is asked, roles make no difference."""
        return [*self.people[:3], *(each for each in self.people if each.by_key)]

    def _cells(self, need: Need, turn: int) -> Iterator[Cell]:
        """One refusal at the door for each role; everything else for each seat."""
        refused: set[str | None] = set()
        for who in self.people if need.any_of else self.anybody:
            for cell in cells_of(need, who, self.rows, turn):
                if cell.expect != NO or who.role not in refused:
                    yield cell
                if cell.expect == NO and who.role:
                    refused.add(who.role)

    def need(self, name: str) -> Need:
        return next(each for each in self.needs if each.name == name)


@contextmanager
def matrix_in(places: Places, folder: Path) -> Iterator[Matrix]:
    """The matrix over a city of its own, every report of which is one reporter's."""
    with played_city(places, folder) as city:
        bodies = Bodies(city.app.openapi_schema.to_schema())
        plant(city, bodies)
        needles = plant_needles(city)
        needs = [each for each in needs_of(city.app) if each.name not in STREAMS]
        some = [each for each in city.people if each.area in (None, EAST) or each.role is None or each.role in BY_UNIT]
        yield Matrix(city, Rows(city), needs, bodies, needles, some if city.parts.database.on_postgres else city.people)
