"""Every endpoint by everybody: each role of the base pack, nobody, a stranger and keys, on rows of theirs and of others."""


from fnmatch import fnmatchcase

import pytest
from msgspec.structs import replace

from cityloop.domain.permission import Permission
from cityloop.doors.hotline import showing
from cityloop.http.who_may import listed, needs_of
from cityloop.pages import queue
from cityloop.people import scope
from tests.matrix.cells import HIDDEN, IN, cells_of
from tests.matrix.kinds import KINDS, kind_of

STREAMS = frozenset({"GET /v1/facts/stream"})  # never ends; test_reporter_hidden.py listens to it


def test_every_cell_answers_as_the_table_says(matrix):
    """Refused at the door, not there, another's deed, or let in: and of what is not theirs no row, and nothing changed."""
    size = matrix.city.size()
    assert len(matrix.needs) > 380
    assert matrix.wrong(matrix.of_engine()) == []
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
    for module in (scope, showing):
        monkeypatch.setattr(module, "covers_area", lambda area, cell: True)
    assert matrix.wrong([matrix.need(path)])


def test_a_list_that_is_too_wide_is_seen(matrix, monkeypatch):
    """Planted: a list without its condition."""
    need = matrix.need("GET /v1/cases")
    assert matrix.wrong([need]) == []
    monkeypatch.setattr(queue, "within", lambda reach: ("", {}))
    assert matrix.wrong([need])


def test_somebody_without_the_permission_is_shut_out_by_the_guard_alone(matrix):
    """The oracle and the guards disagree as soon as one of them is changed: planted, a need of another permission."""
    need = replace(matrix.need("GET /v1/held"), any_of=(Permission.audit_read,))
    assert matrix.wrong([need])


def test_every_line_of_row_scopes_fits_an_endpoint_and_has_a_reason(matrix):
    """A list that outlives what it lists hides the next mistake."""
    names = [need.name for need in needs_of(matrix.city.app)]
    for line, reason in listed("row_scopes.txt"):
        pattern = line.rpartition(" ")[0].strip()
        assert any(fnmatchcase(name, pattern) for name in names), f"{pattern} is listed and is not there"
        assert reason, f"{pattern} says other rows than its permission, without a reason"


def test_a_session_is_no_key(matrix):
    """A token of a session opens no door that takes keys, however well the process knows it, nor a key one that takes sessions."""
    door, who = matrix.city.door, matrix.city.who("partner")
    person = matrix.city.who("acceptor-1")
    assert door.ask("GET", "/v1/me", token=person.token).status == 200
    assert door.ask("GET", "/v1/me", headers={"x-api-key": person.token}).status == 401
    assert door.ask("GET", "/v1/me", headers={"x-api-key": who.token}).status == 200
    assert door.ask("GET", "/v1/me", headers={"cookie": f"cityloop_session={who.token}"}).status == 401


def test_no_method_but_those_that_are_served(matrix):
    """TRACE would send back what a browser keeps from its pages."""
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        for path in ("/", "/v1/cases", "/v1/reports", "/sign-in"):
            assert matrix.city.door.ask(method, path).status in (404, 405), (method, path)


def test_what_has_happened_since_is_told_to_nobody_else(matrix):
    """A change of a case that is not theirs, made of an older version of it, hears nothing of what happened since."""
    case = next(each for each in matrix.rows.cases if each.unit == "greening")
    other = matrix.city.who("handler-water")
    own = matrix.city.who("handler-greening")
    asked = {"method": "POST", "path": f"/v1/cases/{case.id}/signature", "headers": {"if-match": '"1"'}}
    assert matrix.city.door.ask(**asked, token=own.token).status == 412
    answer = matrix.city.door.ask(**asked, token=other.token)
    assert (answer.status, answer.code) == (404, "case.unknown")
