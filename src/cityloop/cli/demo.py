"""`cityloop demo`: a simulated week, and whom to sign in as afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cityloop.app import Parts, Settings, join, open_city, settings_from
from cityloop.cli import store
from cityloop.cli.say import console, progress, table, way_back_kept
from cityloop.people.demo import demo_keys, demo_sign_ins
from cityloop.people.store import account_of_name
from cityloop.simulation import WEEK, PlayClock, Played
from cityloop.simulation import play as play_days
from cityloop.simulation.senses import catch_up, registered

CASES = 500
SEED = 20_260_306
PLANTED_DAYS = 21  # in fewer nobody could find a cause
PASSWORD = "cityloop-demo"  # of made-up people in a made-up city; printed on the screen


def demo(
    reports: Annotated[int, typer.Option(min=1, max=200_000, help="How many reports come in.")] = CASES,
    days: Annotated[int, typer.Option(min=1, max=92, help="In how many days, the last of which is today.")] = WEEK,
    seed: Annotated[int, typer.Option(help="The same seed plays the same days.")] = SEED,
) -> None:
    """Play some simulated days into the city: reports by every door, workers who return, are late, rework. Only where the
    pack says simulated.

    Example: cityloop demo --reports 2000 --seed 7
    """
    clock = PlayClock()
    parts = join(settings_from(), clock=clock)
    try:
        with parts.database.reading() as tx:
            is_empty = not store.fact_count(tx)
        open_before(parts, clock, days if is_empty else 0)
        played = play(parts, clock, reports=reports, days=days, seed=seed)
        console.print(f"{played.reports:,} reports, {played.done:,} deeds of people, {played.facts:,} facts.")
        shown = table("sign in as", "password", "who")
        for row in [*sign_ins(parts), *keys(parts)]:
            shown.add_row(row[1], row[2], row[0])
        console.print(shown)
    finally:
        parts.close()


def play(parts: Parts, clock: PlayClock, *, reports: int, days: int = WEEK, seed: int = SEED) -> Played:
    """The days, with a bar."""
    with progress(f"playing {days} simulated days") as done:
        return play_days(
            parts, clock, reports=reports, days=days, seed=seed, password=PASSWORD, on_progress=done, planted=days >= PLANTED_DAYS
        )


def opened(settings: Settings, *, demo: bool) -> Parts:
    """The city, open. With `demo` an empty one gets its week first."""
    clock = PlayClock()
    way_back_kept(settings)
    parts = join(settings, clock=clock)
    with parts.database.reading() as tx:
        empty = not store.fact_count(tx)
    open_before(parts, clock, WEEK if demo and empty else 0)
    if demo and empty and parts.book.in_force().simulated:
        play(parts, clock, reports=CASES)
    if demo:
        registered(parts)
    catch_up(parts)
    return parts


def open_before(parts: Parts, clock: PlayClock, days: int) -> None:
    """Open the city; one that is to be played has its pack from the beginning of the days on."""
    if days:
        clock.moment = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days, minutes=1)
    open_city(parts)
    clock.moment = None


def sign_ins(parts: Parts) -> list[tuple[str, str, str]]:
    """Role, sign-in name and password of one made-up person for each role, where they exist."""
    policy = parts.book.in_force()
    if not policy.simulated:
        return []
    people = demo_sign_ins(policy)
    with parts.database.reading() as tx:
        there = [each for each in people if account_of_name(tx, each.name)]
    return [(" · ".join(each.role_words.values()), each.name, PASSWORD) for each in there]


def keys(parts: Parts) -> list[tuple[str, str, str]]:
    """Role and key of each made-up other system, which comes in by `Authorization: Bearer KEY`."""
    policy = parts.book.in_force()
    return [(" · ".join(words.values()), "(key)", key) for words, key in demo_keys(policy)] if policy.simulated else []
