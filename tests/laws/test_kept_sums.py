"""What was kept and brought to a fact is what counting anew comes to: whatever happened in between, and whoever asks."""

from datetime import timedelta
from random import Random

import pytest
from msgspec.structs import replace
from tests.laws.figure_world import END, Stories
from tests.laws.journal_world import ALL
from tests.laws.test_figures import PERIODS, POLICY, question

from cityloop.domain.policy import DueReading
from cityloop.journal import Journal, Writer
from cityloop.stages.evaluate import figures
from cityloop.stages.evaluate.model import Against, By
from cityloop.stages.evaluate.model.metrics import metrics_by
from cityloop.stages.evaluate.service import sums as counting
from cityloop.stages.evaluate.store import Sums, Then
from cityloop.wide import Archive, Shadow, archive
from cityloop.wide.changes import Changes
from cityloop.wide.engines.duckdb import DuckWide

GROUPS = [By.all, By.unit, By.person, By.major, By.channel, By.cell, By.week]


class City:
    """A city whose shadow follows, and whose figures are asked now and again. The shadow's own tables are the city's as of its fact."""

    def __init__(self, database, folder, seed):
        Writer(database, Journal(ALL)).change(lambda tx: Stories(tx, seed, 0.6, 0.5).tell_all(40))
        self.shadow = Shadow(folder, database, Journal(ALL))
        self.archive = Archive(self.shadow)
        self.changes = Changes(folder, database.city)
        self.sums = Sums(self.changes)
        self.anew = 0

    def counted(self, asked):
        with self.shadow.database.reading() as tx:
            return counting.anew(POLICY, tx, asked)

    def kept(self, asked, seq):
        """As it is kept; counted anew is only what was never asked."""

        def count(tx, asked):
            if isinstance(tx, Then):
                assert seq == self.shadow.at.seq, "what is kept should have been brought back"
                self.anew += 1
                return self.counted(asked)
            return counting.anew(POLICY, tx, asked)

        return self.sums.tallies(Then(None, seq), asked, "d", count)

    def close(self):
        self.changes.close()
        self.shadow.close()


@pytest.fixture
def city(places, tmp_path, request):
    made = City(places.open(), tmp_path / "wide", request.node.callspec.params.get("seed", 1))
    yield made
    made.close()


def questions(random):
    by, days = random.choice(GROUPS), random.choice(PERIODS[:3])
    asked = replace(question(by, days), readings=replace(POLICY.figures, due_window=random.choice(list(DueReading))))
    return replace(asked, scope=random.choice([None, ("990101",), ("990101001", "990102")]))


def said(tallies):
    """Numbers that are nothing are not there."""
    shown = {group: ({key: n for key, n in each.numbers.items() if n}, each.simulated) for group, each in tallies.items()}
    return {group: each for group, each in shown.items() if each[0]}


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_kept_sum_is_the_sum_counted_anew(city, seed):
    """Between the questions anything happens: reports are joined and parted, cases merged, done again, held, appealed, moved; and
    the clock goes on, or is looked back at.
    """
    random, told = Random(seed), {}
    asked = [questions(Random(seed * 100 + n)) for n in range(7)]
    while city.shadow.follow(random.randrange(1, 40)):
        seq = city.shadow.at.seq
        if random.random() < 0.3:
            city.archive.seal()
        for each in random.sample(asked, 3):
            now = replace(each, now=END - timedelta(minutes=random.choice([0, 0, 7, 600, 9_000, 20_000])))
            told[now, seq] = said(city.counted(now))
            assert said(city.kept(now, seq)) == told[now, seq], (seq, now)
            back, then = random.choice(list(told))
            if replace(back, now=END) in {replace(one, now=END) for one, _ in told}:
                assert said(city.kept(back, then)) == told[back, then], (seq, then, back)
    assert 0 < city.anew <= len(asked)


@pytest.mark.parametrize("seed", [11])
def test_what_is_known_no_longer_or_changed_too_much_is_counted_anew(city, seed, monkeypatch):
    asked = question(By.unit)
    city.shadow.follow(20)
    city.kept(asked, 20)
    monkeypatch.setattr(archive, "FOUND_FACTS", 5)
    city.shadow.follow(20)
    city.archive.seal()
    city.shadow.follow(3)
    assert said(city.kept(asked, 43)) == said(city.counted(asked))
    assert city.anew == 2
    city.shadow.follow(3)
    assert said(city.kept(asked, 46)) == said(city.counted(asked))
    assert city.anew == 2
    monkeypatch.setattr("cityloop.wide.changes.CASES_MAX", 0)
    city.shadow.follow(9)
    assert said(city.kept(asked, 55)) == said(city.counted(asked))
    assert city.anew == 3


@pytest.mark.parametrize("seed", [12])
def test_what_is_kept_is_bounded_and_what_was_asked_last_stays(city, seed):
    city.shadow.follow(200)
    first, second = question(By.unit), question(By.channel)
    city.sums._most = max(sum(len(one.numbers) for one in city.counted(each).values()) for each in (first, second)) + 5
    for each, anew in ((first, 1), (first, 1), (second, 2), (second, 2), (first, 3)):
        city.kept(each, 200)
        assert city.anew == anew
        assert city.sums._size <= city.sums._most


@pytest.mark.parametrize("seed", [13])
def test_figures_of_the_archive_are_the_same_with_what_is_kept(city, seed):
    wide, asked = DuckWide(city.shadow.folder, threads=1), question(By.unit)
    city.shadow.follow(150)
    city.archive.seal()
    try:
        for more in (30, 40):
            then = Then(wide, city.shadow.at.seq, city.sums)
            figures(then, asked, policy=POLICY, against=(Against.before,))
            city.shadow.follow(more)
            wide.refresh_later()
            with city.shadow.database.reading() as tx:
                told = figures(tx, asked, policy=POLICY, against=(Against.before,))
            kept = figures(Then(wide, city.shadow.at.seq, city.sums), asked, policy=POLICY, against=(Against.before,))
            assert replace(kept, seq=0) == replace(told, seq=0)
    finally:
        wide.close()


def test_the_clock_alone_changes_what_waits_and_nothing_else():
    """What is kept is brought to a later moment by looking at the tasks that fell due since: no other number may ask what time it is."""
    late = "(task.due_at < :now AND COALESCE(task.pauses, '') NOT LIKE '%null}]')"
    for due in DueReading:
        for each in metrics_by(replace(POLICY.figures, due_window=due)).values():
            for text in (each.rows.where, each.those or "", *each.rows.moments, *(each.took or ())):
                assert ":now" not in text.replace(f"task.ended_at IS NULL AND NOT {late}", "").replace(f"task.ended_at IS NULL AND {late}", "")
