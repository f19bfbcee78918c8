"""How much the phone's first page and a leader's morning ask of the database: the same, however many cases they show."""

from collections.abc import Callable, Iterator

import pytest
from tests.engines import Places, at_nine
from tests.field_world import FieldWorld, the_field_app
from tests.pages_world import counted


@pytest.fixture
def field(places: Places, tmp_path) -> Iterator[FieldWorld]:
    """The small town at nine on a Monday, with those who work in its streets."""
    yield from at_nine(FieldWorld, the_field_app, places, tmp_path)


def given(field: FieldWorld, name: str) -> None:
    """A case with all that a page shows: words that name somebody, a task, an urge, a request."""
    field.report(name, kind="pothole", cell="a1", says="坑很深，我叫张伟")
    field.sign(name)
    field.urge(name)
    field.ask(name, "suspension", "no_permit", length="10 natural_day", plan="the permit comes on Thursday")


@pytest.mark.parametrize(
    ("path", "by", "shown"),
    [
        ("/v1/screens/work", "handler-roads-north", lambda found: len(found["items"])),
        ("/v1/screens/brief", "leader", lambda found: len(found["lists"][0]["items"])),
    ],
)
def test_a_longer_list_costs_no_more_statements(field, monkeypatch, path: str, by: str, shown: Callable[[dict], int]):
    field.adopt("mini_approvals")

    def statements(many: int) -> int:
        field.later(minutes=60 * 24 * 5)  # all of it is late: a leader's list has it
        assert shown(field.get(path, by=by)) == many
        with counted(monkeypatch) as found:
            field.get(path, by=by)
        return sum(found.values())

    given(field, "r1")
    of_one = statements(1)
    for name in ("r2", "r3", "r4"):
        given(field, name)
    assert statements(4) == of_one
