"""To join a report and to part it again is as if it had never been joined: for the figures, and for who sent it."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from tests.engines import Clock, Places
from tests.world import World, the_app

from cityloop.stages import filing
from cityloop.stages.evaluate import asked_from, figures
from cityloop.stages.evaluate.model import By, Only
from cityloop.stages.filing.service import parting

KINDS = ("rubbish", "pothole", "greenery", None)
CHANNELS = ("app", "collector", "hotline")
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BYS = (By.all, By.channel, By.problem_class, By.unit, By.street, By.cell)
DAYS = (date(2026, 3, 2), date(2026, 3, 8))


def code_of(number: int) -> str:
    return f"{LETTERS[number]}5HPT3V0NQ8Z"


def days_of(town: World, seed: int, *, astray: bool) -> None:
    """Some days of a town. What is told is the same; `astray` lets some reports join a case, whence a person takes them."""
    random, open_ones = Random(seed), []
    for number in range(9):
        name, kind = f"r{number}", random.choice(KINDS)
        reason, by = random.choice(tuple(filing.PartReason)), random.choice(("acceptor", "dispatcher"))
        into = random.choice(open_ones) if open_ones and random.random() < 0.5 else None
        town.report(
            name, kind=kind, channel=random.choice(CHANNELS), sure=random.random() < 0.7, code=code_of(number),
            cell=random.choice(("a1", "b1")), joins=into if astray else None, says=f"report {number}",
        )  # fmt: skip
        if astray and into:
            assert town.case(name).id == town.case(into).id
            town.part(name, reason, by=by)
        town.later(minutes=random.randrange(5, 200))
        _go_on(town, random, [f"r{each}" for each in range(number + 1)])
        open_ones = [f"r{each}" for each in range(number + 1) if town.case(f"r{each}").is_open]


def _go_on(town: World, random: Random, names: list[str]) -> None:
    """Somebody does what comes next in one of the cases."""
    name = random.choice(names)
    match town.state(name):
        case "reported" if random.random() < 0.3:
            town.refuse(name)
        case "reported":
            town.accept(name, kind="rubbish")
        case "to_file":
            town.file(name, unverified=True)
        case "to_sign" if random.random() < 0.5:
            town.complete_all(name)
        case _:
            town.later(minutes=10)


def all_that_is_said(town: World) -> dict[str, Any]:
    """Every figure of every group, and what each sender reads."""
    found: dict[str, Any] = {f"track {n}": town.track(code_of(n)) for n in range(9)}
    for by in BYS:
        asked = asked_from(by, DAYS, policy=town.policy, now=town.clock.now, only=Only())
        with town.database.reading() as tx:
            answer = figures(tx, asked, policy=town.policy)
        for group in (answer.whole, *answer.groups):
            for each in group.figures:
                found[f"{by} {group.group} {each.metric}"] = (each.numerator, each.denominator)
    return found


def lived(places: Places, folder: Path, seed: int, *, astray: bool) -> dict[str, Any]:
    clock = Clock()
    clock.set("2026-03-02 09:00")
    folder.mkdir()
    with the_app() as client:
        town = World(places.open(clock=clock), clock, folder, client)
        days_of(town, seed, astray=astray)
        said = all_that_is_said(town)
        parted = sum("ReportParted" in town.story(f"r{n}") for n in range(9))
        assert (parted > 0) is astray
        assert town.replayed() == []
        town.close()
    return said


@pytest.mark.parametrize("seed", range(3))
def test_a_report_that_was_joined_and_parted_is_as_if_it_had_never_been_joined(places, tmp_path, seed):
    assert lived(places, tmp_path / "astray", seed, astray=True) == lived(
        places, tmp_path / "plain", seed, astray=False
    )


def test_a_planted_fault_is_seen(places, tmp_path, monkeypatch):
    """A report that left and begins with nothing known is another one."""
    plain = lived(places, tmp_path / "plain", 2, astray=False)
    honest = parting._understood
    monkeypatch.setattr(
        parting, "_understood", lambda tx, case, report, **more: _unknown(honest(tx, case, report, **more))
    )
    assert lived(places, tmp_path / "astray", 2, astray=True) != plain


def _unknown(understood: Any) -> Any:
    return replace(understood, proposals=(), alone=False)
