"""`cityloop journal try`: past decisions again under another pack."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cityloop.cli.case import InLanguage, Language
from cityloop.cli.say import city, console, progress, table
from cityloop.domain.calendar import calendar_in
from cityloop.domain.policy import Words
from cityloop.domain.words import say
from cityloop.packs import PackInvalid, load
from cityloop.packs.checks import check as pack_problems
from cityloop.revise import Line, Outcome, TrialScore, run_again, was_of

SHOWN = 20
DAYS = 31


def try_pack(
    folder: Annotated[str, typer.Argument(help="The folder of the changed pack, or the id of one that is shipped.")],
    first: Annotated[str, typer.Option("--from", help="The first local day, e.g. 2026-03-01; without it, 31 days ago.")] = "",
    last: Annotated[str, typer.Option("--to", help="The last local day, inside; without it, today.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with every decision that would differ.")] = False,
    language: InLanguage = Language.en,
) -> None:
    """The policy sandbox: which past decisions of the machine, and which deadlines, another pack would have made otherwise.

    What people did is held as it was; what they would have done elsewhere is marked unknown. Nothing is changed.
    Example: cityloop journal try packs/my_city --from 2026-02-01 --to 2026-02-28
    """
    if found := pack_problems(folder):
        raise PackInvalid(found)
    policy = load(Path(folder) if Path(folder).is_dir() else folder)
    score, lines = TrialScore(), []
    with city() as parts, progress("trying") as done:
        now = parts.database.clock()
        zone = calendar_in(policy).zone
        days = _days(first, last, now.astimezone(zone).date())
        since, until = (datetime.combine(day, time(0), zone) for day in days)
        for step in run_again(parts.database, was_of(parts.book), policy, since, min(until, now), score):
            done(step.done, step.size)
            lines += step.lines
        units: dict[str, Words] = {each.id: each.name for each in (*parts.book.in_force().units, *policy.units)}
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode({"score": score, "lines": lines})).decode())
        return
    _show(score, lines, units, language.value)


def _days(first: str, last: str, today: date) -> tuple[date, date]:
    """The first day, and the day after the last."""
    try:
        end = date.fromisoformat(last) if last else today
        return date.fromisoformat(first) if first else end - timedelta(days=DAYS - 1), end + timedelta(days=1)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; write days as 2026-03-01.") from None


def _show(score: TrialScore, lines: list[Line], units: dict[str, Words], language: str) -> None:
    for many, of, what in (
        (score.dispatches_changed, score.dispatches, "dispatches"),
        (score.filings_changed, score.filings, "filings"),
        (score.deadlines_changed, score.deadlines, "deadlines"),
    ):
        console.print(say(f"trial.would_change.{what}", language).format(many=f"{many:,}", of=f"{of:,}"), highlight=False)
    console.print(say("trial.unknown", language).format(many=f"{score.unknown:,}"), highlight=False)
    differ = [line for line in lines if line.after]
    if not differ:
        return
    shown = table("case", "what differs", "was", "would be")
    for line in differ[:SHOWN]:
        parts = ", ".join(say(f"trial.part.{part}", language) for part in line.changed)
        assert line.after
        shown.add_row(line.number or line.case_id, parts, _said(line.before, units, language), _said(line.after, units, language))
    console.print(shown)
    if len(differ) > SHOWN:
        console.print(f"… {len(differ) - SHOWN:,}; --json", highlight=False)


def _said(one: Outcome, units: dict[str, Words], language: str) -> str:
    unit = (units.get(one.unit) or {}).get(language, one.unit) if one.unit else ""
    limit = f"{one.limit.value} {say(f'limit.{one.limit.unit}', language)}" if one.limit else ""
    return ", ".join(each for each in (say(f"trial.how.{one.how}", language), unit, limit) if each)
