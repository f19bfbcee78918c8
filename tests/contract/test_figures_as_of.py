"""`as_of=`: what was told then is told again, whatever was recorded since; with the rows behind it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.contract.test_figures_http import MARCH, Town
from tests.laws.figure_world import END, redo_all, tell_stories

from cityloop.app import apply_of_all
from cityloop.domain import facts as f
from cityloop.domain.time import utc_text
from cityloop.journal import Journal, Writer
from cityloop.stages.evaluate import Sums
from cityloop.wide import Wide

DAY = timedelta(days=1)


@pytest.fixture
def town(places, clock, tmp_path):
    """A city of stories with its archive; a day after the stories each closed case is taken up again."""
    clock.now = END
    database = places.open(clock=clock)
    tell_stories(database, 1)
    found = Town(database)
    wide = Wide(tmp_path / "wide", database, Journal(apply_of_all()))
    found.client.app.state.parts = SimpleNamespace(wide=wide, sums=Sums(wide.changes), book=SimpleNamespace(of=lambda digest: found.policy))
    found.wide, found.clock = wide, clock
    with found.client:
        yield found
    found.readers.shutdown()
    wide.close()


def hear(town):
    while town.wide.keep():
        pass


def test_what_was_told_then_is_told_again(town):
    told = {by: town.get(by=by, **MARCH).json() for by in ("unit", "person", "week")}
    rows = town.get("/cases", metric="due_to_close", **MARCH).json()
    town.clock.now = END + DAY
    assert redo_all(town.database, closes=True)
    tell_stories(town.database, 2)
    hear(town)
    for by, answer in told.items():
        assert town.get(by=by, **MARCH).json() != answer
        assert town.get(by=by, as_of=utc_text(END), **MARCH).json() == answer
    assert town.get("/cases", metric="due_to_close", as_of=utc_text(END), **MARCH).json() == rows
    after = {"as_of": utc_text(END + DAY), "compare": ["before", "year"]}
    assert town.get(by="unit", **after, **MARCH).json() == town.get(by="unit", compare=["before", "year"], **MARCH).json()


def test_what_was_heard_is_told_at_once_and_kept(town):
    """As far as the archive is; what comes after it is not waited for, and told once it was heard."""
    first = town.get(by="unit", **MARCH).json()
    hear(town)
    assert town.get(by="unit", as_of="heard", **MARCH).json() == first
    tell_stories(town.database, 2)
    assert town.get(by="unit", as_of="heard", **MARCH).json() == first
    hear(town)
    assert town.get(by="unit", as_of="heard", **MARCH).json() == town.get(by="unit", **MARCH).json() != first


def test_what_was_excluded_since_was_counted_then(town):
    """剔除: from the fact that grants it on the case does not count, in figures nor among their rows."""
    ask = {"metric": "handled", **MARCH}
    told, rows = town.get(by="unit", **MARCH).json(), town.get("/cases", **ask).json()
    town.clock.now = END + DAY
    exclude(town.database, rows["items"][0]["case_id"], END + DAY)
    hear(town)
    for moment, answer, there in ((END, told, rows), (END + DAY, town.get(by="unit", **MARCH).json(), town.get("/cases", **ask).json())):
        assert town.get(by="unit", as_of=utc_text(moment), **MARCH).json() == answer
        assert town.get("/cases", as_of=utc_text(moment), **ask).json() == there
    assert (told["excluded"], answer["excluded"]) == (0, 1)
    assert len(there["items"]) < len(rows["items"])
    assert town.get(by="unit", as_of="heard", **MARCH).json() == answer


def exclude(database, case, at):
    """A unit asks, supervision grants."""
    asked = {"case_id": case, "unit": "roads-a", "metrics": (), "reason": "weather", "by": "p1", "note": f.VaultRef(id="v", digest="00")}

    def told(tx):
        id = tx.new_id()
        tx.emit(f.CaseExclusionAsked(exclusion_id=id, at=at, **asked))
        tx.emit(f.CaseExclusionGranted(exclusion_id=id, at=at, by="p4", answer=None))

    Writer(database, Journal(apply_of_all())).change(told)


def test_before_the_first_fact_there_is_nothing(town):
    hear(town)
    answer = town.get(by="unit", as_of="2026-03-01T00:00:00Z", **MARCH).json()
    assert (answer["seq"], answer["groups"]) == (0, [])
    assert {each["numerator"] for each in answer["whole"]["figures"]} == {0}


def test_a_seat_sees_its_area_then_too(town):
    hear(town)
    limited = town.get(by="unit", area="990102", as_of=utc_text(END), **MARCH).json()
    assert limited == town.get(by="unit", area="990102", **MARCH).json()
    assert limited["groups"] != town.get(by="unit", **MARCH).json()["groups"]
    assert town.get(area=None, as_of=utc_text(END), **MARCH).status_code == 401
    assert town.get(area="stranger", as_of=utc_text(END), **MARCH).status_code == 403


@pytest.mark.parametrize(
    ("as_of", "status", "code"),
    [
        ("yesterday", 400, "time.unreadable"),
        ("2030-01-01T00:00:00Z", 400, "time.in_future"),
        ("2026-03-05T00:00:00Z", 503, "wide.not_kept"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(town, as_of, status, code):
    refused = town.get(as_of=as_of, **MARCH)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_facts_that_were_not_heard_yet_are_waited_for_and_then_said(town, monkeypatch):
    monkeypatch.setattr("cityloop.wide.kept.WAIT_S", 0.1)
    town.wide.archive().shadow.follow(5)
    refused = town.get(as_of=utc_text(END), **MARCH)
    assert (refused.status_code, refused.json()["code"]) == (503, "wide.not_heard")
