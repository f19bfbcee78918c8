"""`cityloop demo`: a simulated week, and whom to sign in as afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cityloop.app import Parts, Settings, join, open_city, settings_from
from cityloop.cli import store
from cityloop.cli.say import console, progress, table
from cityloop.people.demo import demo_sign_ins
from cityloop.people.store import account_of_name
from cityloop.simulation import Played, WeekClock, play_week

CASES = 500
WEEK = timedelta(days=7, minutes=1)
SEED = 20_260_306
PASSWORD = "cityloop-demo"  # of made-up people in a made-up city; printed on the screen


def demo(
    reports: Annotated[int, typer.Option(min=1, max=200_000, help="How many reports come in.")] = CASES,
    seed: Annotated[int, typer.Option(help="The same seed plays the same week.")] = SEED,
) -> None:
    """Play a simulated week into the city: reports, workers who return, are late, rework. Only where the pack says simulated.

    Example: cityloop demo --reports 2000 --seed 7
    """
    clock = WeekClock()
    parts = join(settings_from(), clock=clock)
    try:
        open_city(parts)
        played = play(parts, clock, reports=reports, seed=seed)
        console.print(f"{played.reports:,} reports, {played.deeds:,} deeds of people, {played.facts:,} facts.")
        shown = table("sign in as", "password", "who")
        for row in sign_ins(parts):
            shown.add_row(row[1], row[2], row[0])
        console.print(shown)
    finally:
        parts.close()


def play(parts: Parts, clock: WeekClock, *, reports: int, seed: int = SEED) -> Played:
    """The week, with a bar."""
    with progress("playing a simulated week") as done:
        return play_week(parts, clock, reports=reports, seed=seed, password=PASSWORD, on_progress=done)


def opened(settings: Settings, *, demo: bool) -> Parts:
    """The city, open. With `demo` an empty one gets its week first, and its pack from the week's beginning."""
    clock = WeekClock()
    parts = join(settings, clock=clock)
    with parts.database.reading() as tx:
        empty = not store.fact_count(tx)
    if not (demo and empty):
        open_city(parts)
        return parts
    clock.moment = datetime.now(UTC).replace(microsecond=0) - WEEK
    open_city(parts)
    clock.moment = None
    if parts.book.in_force().simulated:
        play(parts, clock, reports=CASES)
    return parts


def sign_ins(parts: Parts) -> list[tuple[str, str, str]]:
    """Role, sign-in name and password of one made-up person for each role, where they exist."""
    policy = parts.book.in_force()
    if not policy.simulated:
        return []
    people = demo_sign_ins(policy)
    with parts.database.reading() as tx:
        there = [each for each in people if account_of_name(tx, each.name)]
    return [(" · ".join(each.role_words.values()), each.name, PASSWORD) for each in there]
