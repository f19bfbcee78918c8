"""What decides after any row of deeds: as a plain pile of models says, and the same after a replay."""

from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places

from cityloop.app import apply_of_all
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.errors import Refused
from cityloop.journal import Journal, Writer
from cityloop.journal.replay import differences, replay
from cityloop.teaching import service, store

MODELS = {name: name * 64 for name in "abc"}
WORSE = "c"  # the candidate that is no better than the words
AT = datetime(2026, 3, 2, tzinfo=UTC)
DEEDS = st.sampled_from(
    [
        ("promote", "a"), ("promote", "b"), ("promote", WORSE), ("withdraw", ""), ("withdraw", ""), ("promote", "a"), ("promote", "b"),
        ("pause", "lessons"), ("resume", "lessons"), ("pause", "words"), ("resume", "words"),
    ]
)  # fmt: skip
_cities = count()


def trained(tx: Tx, name: str) -> None:
    score = f.LaterScore(cases=100, right=50 if name == WORSE else 90, in_three=95, words=60)
    tx.emit(
        f.ModelTrained(
            model=MODELS[name], lessons=400, classes=3, since=AT, until=AT, level_ppm=850_000, size_bytes=9, score=score, why="asked", at=tx.now,
        )
    )  # fmt: skip


def done(writer: Writer, deed: str, what: str) -> bool:
    """Whether the city took the deed."""
    cases = {
        "promote": lambda tx: service.promote_model(tx, MODELS[what]),
        "withdraw": service.withdraw_model,
        "pause": lambda tx: service.pause_algorithm(tx, what),
        "resume": lambda tx: service.resume_algorithm(tx, what),
    }
    try:
        writer.change(cases[deed])
    except Refused:
        return False
    return True


class Pile:
    """The slow, plain truth: models on a pile, and a set of what is paused."""

    def __init__(self) -> None:
        self.models: list[str] = []
        self.paused: set[str] = set()

    def done(self, deed: str, what: str) -> bool:
        top = self.models[-1] if self.models else None
        may = {
            "promote": what not in (WORSE, top), "withdraw": bool(self.models), "pause": what not in self.paused, "resume": what in self.paused,
        }[deed]  # fmt: skip
        if may and deed == "promote":
            self.models.append(what)
        elif may and deed == "withdraw":
            self.models.pop()
        elif may:
            self.paused ^= {what}
        return may


@pytest.fixture
def writer_of(places: Places):
    def made() -> Writer:
        database = places.open(name=f"city{next(_cities)}", clock=Clock())
        return Writer(database, Journal(apply_of_all()))

    return made


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEEDS, min_size=6, max_size=24))
def test_what_decides_is_the_top_of_a_pile(writer_of, tmp_path, postgres_url, deeds):
    writer, pile = writer_of(), Pile()
    for name in MODELS:
        writer.change(lambda tx, name=name: trained(tx, name))
    for deed, what in deeds:
        assert done(writer, deed, what) == pile.done(deed, what)
    with writer.database.reading() as tx:
        rows = {row.id: row for row in store.algorithm_list(tx)}
    lessons = rows.get("lessons")
    assert (lessons.model if lessons else None) == (MODELS[pile.models[-1]] if pile.models else None)
    assert {id for id, row in rows.items() if row.paused_at} == pile.paused
    target = Places("sqlite", tmp_path, postgres_url).open(writer.database.city, name=f"replayed{next(_cities)}")
    replay(writer.database, target, writer.journal)
    assert differences(writer.database, target)[1] == ()
    target.close()
    writer.close()
