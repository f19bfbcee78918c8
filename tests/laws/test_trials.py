"""The policy sandbox against two oracles: under the same pack nothing differs, and where people did nothing, it says what a
town under the other pack really decides.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places
from tests.trial_world import POTHOLE, RUBBISH, duties, edited, tried
from tests.world import Said, World, the_app

from cityloop.domain import facts as f
from cityloop.packs import load_bytes
from cityloop.packs.book import adopt_in
from cityloop.revise.rules import trying
from cityloop.stages.dispatch import rules as dispatching

KINDS = ("pothole", "rubbish", "greenery", "noise", "laundry", "materials", "vagrant")
CELLS = ("a1", "b1", "c1", None)
reports = st.tuples(st.just("report"), st.sampled_from(KINDS), st.sampled_from(CELLS), st.booleans(), st.sampled_from(["collector", "app", "leader"]))  # fmt: skip
deeds = st.tuples(
    st.sampled_from(["sign", "back", "dispatch", "street", "finish", "down", "file", "accept"]), st.integers(0, 5)
)
ways = st.lists(st.tuples(st.one_of(reports, deeds, deeds), st.integers(0, 900)), min_size=1, max_size=14)
arrivals = st.lists(st.tuples(reports, st.integers(0, 900)), min_size=1, max_size=8)
others = st.fixed_dictionaries(
    {
        "pothole": st.sampled_from(
            [None, {"unit_kind": '"sanitation"', "level": '"city"'}, {"assist": '["sanitation"]'},
             {"limit.value": "3", "limit.unit": '"work_hour"'}, {"hour": "< 12"}]
        ),
        "pothole_limit": st.sampled_from(["1", "2", "5"]),
        "rubbish_files": st.sampled_from(["true", ""]),
        "rubbish_verify": st.sampled_from(["true", ""]),
    }
)  # fmt: skip
SETTINGS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip


@pytest.fixture
def towns(places: Places, tmp_path) -> Iterator[tuple]:
    """Makes fresh towns, one after another."""
    made: list[World] = []
    with the_app() as client:

        def fresh() -> World:
            clock = Clock()
            clock.set("2026-03-02 09:00")
            town = World(places.open(clock=clock, name=f"t{len(made)}"), clock, tmp_path / f"t{len(made)}", client)
            made.append(town)
            return town

        yield fresh
        for town in made:
            town.close()


def let(town: World, steps: list) -> None:
    """Let it happen; what cannot be done from there is left out."""
    for place, (step, minutes) in enumerate(steps):
        town.later(minutes=minutes)
        if step[0] == "report":
            _, kind, cell, sure, channel = step
            town.report(f"r{place}", kind=kind, cell=cell, sure=sure, channel=channel)
            continue
        names = list(town.reports)
        if not names:
            continue
        name = names[step[1] % len(names)]
        deed = {
            "sign": town.sign, "back": lambda name: town.give_back(name, "wrong_place"), "dispatch": town.dispatch,
            "street": lambda name: town.dispatch(name, "street-1"), "finish": town.finish,
            "down": lambda name: town.move(name, "down"), "file": town.file, "accept": town.accept,
        }[step[0]]  # fmt: skip
        try:
            deed(name)
        except (Said, AssertionError):
            town.drain()


def other_pack(town: World, other: dict) -> bytes:
    rows = {"pothole": other["pothole"]} if other["pothole"] else {}
    return edited(
        town,
        ("rules", f"{POTHOLE}/1", {"limit_value": other["pothole_limit"]}),
        ("rules", f"{RUBBISH}/1", {"auto_file": other["rubbish_files"], "verify": other["rubbish_verify"]}),
        duties=duties(town, **rows),
    )


def decided(town: World) -> list[tuple]:
    """What the machine decided of each report, in their order: how, whom, by when."""
    found: list[tuple] = []
    for name in town.reports:
        for told in town.told(name):
            fact = told.fact
            if isinstance(fact, f.CaseDispatched):
                found.append((name, "dispatched", fact.duty.unit, fact.duty.assist, fact.duty.limit, fact.sign_due, fact.due_at))
            elif isinstance(fact, f.DispatchProposed):
                found.append((name, "proposed", *(_first(fact)), None, None))
            elif isinstance(fact, f.CaseFiled):
                found.append((name, "filed", None, (), fact.rule.limit, fact.dispatch_due, None))
            elif isinstance(fact, f.CaseOpened):
                found.append((name, "waits", None, (), None, fact.accept_due, None))
    return found


def _first(fact: f.DispatchProposed) -> tuple:
    return (fact.duties[0].unit, fact.duties[0].assist, fact.duties[0].limit) if fact.duties else (None, (), None)


def told_by_trial(town: World, pack: bytes) -> list[tuple]:
    """The same, of what was decided under the old pack, as the sandbox says it would have been; nothing for what is unknown."""
    _, lines = tried(town, pack)
    by_seq = {line.seq: line for line in lines}
    found: list[tuple] = []
    for name in town.reports:
        for told in town.told(name):
            line = by_seq.get(told.seq)
            if line is None:
                found += decided_one(name, told.fact)
            elif line.after:
                one = line.after
                dues = {"waits": (one.accept_due, None), "filed": (one.dispatch_due, None),
                        "dispatched": (one.sign_due, one.due), "proposed": (None, None)}[one.how]  # fmt: skip
                found.append((name, one.how.value, one.unit, one.assist, one.limit, *dues))
    return found


def decided_one(name: str, fact: f.Fact) -> list[tuple]:
    town = type("One", (), {"reports": {name: ""}, "told": lambda self, _: [type("T", (), {"fact": fact})]})()
    return decided(town)  # type: ignore[arg-type]


@SETTINGS
@given(ways)
def test_under_the_same_pack_nothing_differs(towns, steps):
    town = towns()
    let(town, steps)
    assert tried(town, town.policy)[1] == []


@SETTINGS
@given(arrivals, others)
def test_where_people_did_nothing_it_says_what_the_other_town_decides(towns, steps, other):
    """A waiting case that would have been filed, and one filed that would have waited, go on differently: first lines count."""
    here = towns()
    pack = other_pack(here, other)
    let(here, steps)
    there = towns()
    adopt_raw(there, pack)
    let(there, steps)
    ours, theirs = first_lines(told_by_trial(here, pack)), first_lines(decided(there))
    assert ours.keys() == theirs.keys()
    for name, lines in ours.items():
        real = theirs[name]
        for mine, their in zip(lines, real, strict=False):
            if (mine[1], their[1]) == ("filed", "filed") and mine[5] is None:
                continue  # it had waited: its deadlines of filing are unknown
            assert mine == their


def adopt_raw(town: World, raw: bytes) -> None:
    """Put bytes in force."""
    policy = load_bytes(raw)
    before = town.policy.digest
    town.writer.change(lambda tx: adopt_in(tx, policy, raw, before), actor="account:system")
    town.book.refresh()
    town.drain()


def first_lines(found: list[tuple]) -> dict[str, list[tuple]]:
    by: dict[str, list[tuple]] = {}
    for each in found:
        by.setdefault(each[0], []).append(each)
    return by


def test_a_sandbox_that_forgets_who_sent_it_back_is_seen(towns, monkeypatch):
    """Planted: the unit that returned a case gets it again. The law must notice."""
    town = towns()
    let(town, [(("report", "pothole", "a1", True, "collector"), 0), (("sign", 0), 5), (("back", 0), 5)])
    assert tried(town, town.policy)[1] == []
    real = dispatching.decision_for
    monkeypatch.setattr(trying.dispatching, "decision_for", lambda *args, **more: real(*args, **{**more, "without": None}))
    assert tried(town, town.policy)[1] != []


def test_a_sandbox_with_todays_load_is_seen(towns, monkeypatch):
    """Planted: the table sees a unit's load of today and not of then."""
    town = towns()
    let(town, [(("report", "pothole", "a1", True, "collector"), 1) for _ in range(3)])
    other = edited(town, duties=duties(town, pothole={"load": "< 1"}))
    assert [line.after.how for line in tried(town, other)[1]] == ["proposed", "proposed"]
    monkeypatch.setattr(trying.Again, "_load", lambda self, *_: 3)
    assert len(tried(town, other)[1]) == 3
