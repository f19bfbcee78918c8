"""What understanding costs: CPU that the learned model adds to a report, beside the words alone, in a city with a million past
cases; memory; how long a hundred thousand lessons take. QUICK=1: thirty thousand cases, twenty-one thousand lessons.
"""

import gc
import os
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bench.city import fill, points
from bench.machine import rss_mb
from bench.understand.messages import messages, path_of, taxonomy
from cityloop.app import Settings, join, open_city
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.deciders import WORDS_ALONE, Deciders
from cityloop.domain.policy import Policy
from cityloop.domain.private import for_all
from cityloop.domain.said import Said
from cityloop.journal import vault_keep
from cityloop.learning.learned import Learned, file_of, learned_from
from cityloop.learning.pool import PPM
from cityloop.learning.risk import Tried, levels_of
from cityloop.learning.train import Lesson, trained
from cityloop.packs import load
from cityloop.stages.understand import rules, understand_report

CASES, CASES_QUICK = 1_000_000, 30_000
LESSONS, LESSONS_QUICK = 100_000, 21_000
REPORTS, TURNS = 300, 6
CHARS = 60  # of a report
SEED = 11


class _Undo(Exception):
    """Nothing of a turn is kept."""


def figures(quick: bool) -> dict[str, float]:
    """Prints the table; gives the figures by name."""
    many = LESSONS_QUICK if quick else LESSONS
    lessons = mixed(many)
    gc.collect()
    before, started, cpu = rss_mb([os.getpid()]), time.perf_counter(), time.process_time()
    made = trained(lessons)
    train_s, train_cpu_s = time.perf_counter() - started, time.process_time() - cpu
    classes = len({each.path[-1] for each in lessons})
    print(f"{many:,} lessons of {classes} classes: {train_s:.1f} s, {train_cpu_s:.1f} s CPU; masking them {masked_s(lessons):.1f} s CPU more")
    tried = [Tried(each.said[0].ppm, each.right, ((each.said[0].key,),)) for each in made.outcomes if each.said]
    file = file_of(made.model, levels_of(tried, wrong_ppm=150_000), 0)
    del made, lessons
    gc.collect()
    here = rss_mb([os.getpid()])
    learned = learned_from(file)
    learned.read("路灯不亮")
    loaded = rss_mb([os.getpid()]) - here
    print(f"the model: {len(file) / 1e6:.1f} MB as a file, {loaded:.1f} MB of memory once it decides (training took up to {here - before:.0f} MB more)")
    with tempfile.TemporaryDirectory(prefix="cityloop-bench-") as home:
        words_ms, both_ms = in_city(Path(home), CASES_QUICK if quick else CASES, learned)
    added = both_ms - words_ms
    print(f"  understanding a report of {CHARS} characters: words alone {words_ms:.3f} ms CPU, with the model {both_ms:.3f}; added {added:.3f} (at most 5)")
    return {
        "cpu_ms_added": round(added, 3), "cpu_ms_words": round(words_ms, 3), "train_s": round(train_s, 1),
        "model_mb": round(len(file) / 1e6, 1), "model_memory_mb": round(max(loaded, 0.0), 1),
    }  # fmt: skip


def mixed(many: int) -> list[Lesson]:
    """So many texts out of halves of real messages, each of a class of the demo city or a way of the taxonomy, which has five
    hundred: for cost alone, not for how well it does.
    """
    chance = random.Random(SEED)
    policy = load("demo")
    found = messages()
    ways = [*(rules.path_of(key, policy) for key in policy.rules_of_class), *(path_of(way) for way in taxonomy())]
    lessons = []
    for _ in range(many):
        one, other = chance.choice(found).text, chance.choice(found).text
        lessons.append(Lesson(one[: len(one) // 2] + other[len(other) // 2 :], chance.choice(ways)))
    return lessons


def masked_s(lessons: Sequence[Lesson], sample: int = 500) -> float:
    """CPU seconds that masking them all takes, from a sample."""
    cpu = time.process_time()
    for each in lessons[:sample]:
        for_all(each.text)
    return (time.process_time() - cpu) / min(sample, len(lessons)) * len(lessons)


def in_city(home: Path, cases: int, learned: Learned) -> tuple[float, float]:
    """CPU ms a report of the whole stage in a city with so many cases, words alone and with the model: in turns, side by side."""
    parts = join(Settings(home=str(home), city="bench"))
    open_city(parts)
    policy = parts.book.in_force()
    fill(parts, cases)
    reports = parts.writer.change(lambda tx: [_received(tx, text, lon, lat) for text, lon, lat in _said(policy)])
    level = PPM - policy.settings.level_understand_ppm
    learned = msgspec.structs.replace(learned, levels=msgspec.structs.replace(learned.levels, wrong_ppm=level))
    spent = {False: 0.0, True: 0.0}
    for turn in range(2 * TURNS):
        with_model = bool(turn % 2)
        parts.writer.deciders = Deciders(learned=learned) if with_model else WORDS_ALONE
        took = _turn(parts.writer, reports, policy)
        if turn >= 2:  # the first of each warms up
            spent[with_model] += took
    parts.close()
    each = REPORTS * (TURNS - 1)
    return spent[False] / each * 1000, spent[True] / each * 1000


def _turn(writer, reports: Sequence[f.ReportReceived], policy: Policy) -> float:
    took = 0.0

    def understand(tx: Tx) -> None:
        nonlocal took
        cpu = time.process_time()
        for each in reports:
            understand_report(tx, each, policy=policy)
        took = time.process_time() - cpu
        raise _Undo

    try:
        writer.whole(understand)
    except _Undo:
        return took
    raise AssertionError("a turn is never kept")


def _said(policy: Policy) -> list[tuple[str, float, float]]:
    one = points(policy, SEED)
    return [(each.text[:CHARS], *one()) for each in messages()[:REPORTS]]


def _received(tx: Tx, text: str, lon: float, lat: float) -> f.ReportReceived:
    id = tx.new_id()
    said = vault_keep(tx, "said", f"report/{id}", msgspec.json.encode(Said(text=text, lon=lon, lat=lat)), keep_days=30)
    fact = f.ReportReceived(report_id=id, channel=f.Channel.app, said=said, at=tx.now)
    tx.emit(fact, first=True)
    return fact


if __name__ == "__main__":
    print(figures(os.environ.get("QUICK") == "1"))
