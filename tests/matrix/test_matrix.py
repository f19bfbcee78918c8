"""Every endpoint by everybody: each role of the base pack, nobody, a stranger and keys, on rows of theirs and of others."""

from collections.abc import Iterator

import pytest
from msgspec import Struct
from tests.engines import ENGINES, Places
from tests.matrix.bodies import QUERIES, Bodies
from tests.matrix.cells import HIDDEN, IN, NO, STALE, Cell, cells_of, leaked, wrong_with
from tests.matrix.city import City, Someone, played_city
from tests.matrix.kinds import KINDS
from tests.matrix.knock import Answer
from tests.matrix.planted import plant
from tests.matrix.rows import Rows

from cityloop.cases import reach
from cityloop.http.needs import Need, needs_of
from cityloop.people import scope

STREAMS = frozenset({"GET /v1/facts/stream"})  # never ends; test_reporter_hidden.py listens to it


class Matrix(Struct, frozen=True):
    """The city, and all that its cells are made of."""

    city: City
    rows: Rows
    needs: list[Need]
    bodies: Bodies

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
                for cell in self._cells(need, turn):
                    for no in (cell.no, STALE) if cell.expect == HIDDEN and need.method != "GET" else (cell.no,):
                        answer = self.ask(cell, no)
                        if why := wrong_with(cell, answer) or leaked(cell, answer, self.rows):
                            found.append(f"{cell}: {why} ({answer.status} {answer.code})")
        return found

    def _cells(self, need: Need, turn: int) -> Iterator[Cell]:
        """One refusal at the door for each role; everything else for each seat."""
        refused: set[str | None] = set()
        for who in self.city.people:
            for cell in cells_of(need, who, self.rows, turn):
                if cell.expect != NO or who.role not in refused:
                    yield cell
                if cell.expect == NO and who.role:
                    refused.add(who.role)

    def need(self, name: str) -> Need:
        return next(each for each in self.needs if each.name == name)


@pytest.fixture(scope="module", params=ENGINES)
def matrix(request, tmp_path_factory, postgres_url) -> Iterator[Matrix]:
    folder = tmp_path_factory.mktemp("matrix")
    with played_city(Places(request.param, folder, postgres_url), folder) as city:
        bodies = Bodies(city.app.openapi_schema.to_schema())
        plant(city, bodies)
        yield Matrix(city, Rows(city), [each for each in needs_of(city.app) if each.name not in STREAMS], bodies)


def test_every_cell_answers_as_the_table_says(matrix):
    """Refused at the door, not there, another's deed, or let in: and of what is not theirs no row, and nothing changed."""
    size = matrix.city.size()
    assert len(matrix.needs) > 380
    assert matrix.wrong() == []
    assert matrix.city.size() == size


def test_every_role_of_the_base_pack_sits_in_the_matrix(matrix):
    """A role that nobody sits in is tried by nobody."""
    assert {each.role for each in matrix.city.people if each.role} == {each.id for each in matrix.city.policy.roles}


def test_every_kind_of_row_is_somebodys_and_somebody_elses(matrix):
    """A kind of which everything is everybody's, or nobody's, proves nothing."""
    for path, kind in KINDS.items():
        if kind is None:
            continue
        needs = [each for each in matrix.needs if each.path == path or each.path.startswith(path + "/")]
        met = {cell.expect for need in needs for who in matrix.city.people for cell in cells_of(need, who, matrix.rows, 0)}
        assert {IN, HIDDEN} <= met, (path, met)


def test_every_path_that_names_a_row_of_somebody_is_known(matrix):
    """A new kind of row under a scope needs its oracle here."""
    from tests.matrix.kinds import kind_of

    names = {"{case_id}", "{report_id}", "{order_id}", "{shift_id}", "{task_id}", "{sheet_id}", "{point_id}", "{change_id}"}
    unknown = [
        each.name for each in matrix.needs
        if not each.public and kind_of(each) is None and names & set(each.path.split("/")) and each.name not in CITYWIDE
    ]  # fmt: skip
    assert unknown == []


CITYWIDE = {
    "DELETE /v1/cases/{case_id}/presence",  # one's own line
    "GET /v1/scores/published/{sheet_id}",  # scores are the whole city's
    "POST /v1/scores/published/{sheet_id}/final",
    "POST /v1/scores/published/{sheet_id}/appeals",
    "POST /v1/scores/published/{sheet_id}/appeals/{appeal_id}/decision",
}


@pytest.mark.parametrize("path", ["GET /v1/cases/{case_id}", "POST /v1/cases/{case_id}/accept", "GET /v1/orders/{order_id}"])
def test_a_scope_that_is_too_wide_is_seen(matrix, monkeypatch, path):
    """Planted: an area holds every cell."""
    for module in (scope, *_users_of_areas()):
        monkeypatch.setattr(module, "covers_area", lambda area, cell: True)
    assert matrix.wrong([matrix.need(path)])


def test_a_list_that_is_too_wide_is_seen(matrix, monkeypatch):
    """Planted: a list without its condition."""
    from cityloop.pages.console import queue

    need = matrix.need("GET /v1/screens/queue")
    assert matrix.wrong([need]) == []
    monkeypatch.setattr(reach, "within", lambda reach: ("", {}))
    for module in (queue,):
        if hasattr(module, "within"):
            monkeypatch.setattr(module, "within", lambda reach: ("", {}))
    assert matrix.wrong([need])


def _users_of_areas():
    from cityloop.doors.hotline import showing

    return [showing]


def test_somebody_without_the_permission_is_shut_out_by_the_guard_alone(matrix):
    """The oracle and the guards disagree as soon as one of them is changed: planted, a need of another permission."""
    from msgspec.structs import replace

    from cityloop.domain.permission import Permission

    need = replace(matrix.need("GET /v1/held"), any_of=(Permission.audit_read,))
    assert matrix.wrong([need])


def someone(matrix: Matrix, name: str) -> Someone:
    return matrix.city.who(name)
