"""`cityloop figures`: how the city did, on a terminal or in a file; and whether the journal alone says the same."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from cityloop.app import Parts
from cityloop.cli.case import InLanguage, Language
from cityloop.cli.say import city, console, local, progress, table, wrong
from cityloop.db import open_database
from cityloop.domain.calendar import calendar_in
from cityloop.domain.errors import Invalid
from cityloop.domain.policy import Policy
from cityloop.journal.replay import replay as replay_journal
from cityloop.stages.evaluate import asked_from, figures_again, rules
from cityloop.stages.evaluate import figures as figures_of
from cityloop.stages.evaluate.model import Against, Answer, By, Figure, Job, Known, Measure, Metric, Only, Part, Period
from cityloop.stages.evaluate.model.metrics import metrics_by
from cityloop.stages.evaluate.routes import Format, about_lines, figure_lines, file_of

SHOWN = ("due_to_handle", "handled", "handled_on_time", "overdue_open", "rework_rate", "dispatched_accurately", "closed",
         "open_now")  # fmt: skip


class AnswerUnreadable(Invalid):
    """The file holds no answer of ours."""

    code = "cli.answer_unreadable"


def figures(
    period: Annotated[Period | None, typer.Option(help="A calendar period; else this month.")] = None,
    on: Annotated[str, typer.Option(help="A day inside it, as 2026-03-02; else today.")] = "",
    first: Annotated[str, typer.Option("--from", help="Instead: the first day, inside.")] = "",
    last: Annotated[str, typer.Option("--to", help="And the last day, inside.")] = "",
    by: Annotated[By, typer.Option(help="How numbers are grouped.")] = By.all,
    metric: Annotated[list[str] | None, typer.Option(help="Only these numbers; see docs/reference/figures.md.")] = None,
    role: Annotated[Job | None, typer.Option(help="Only the numbers of this role.")] = None,
    area: Annotated[str, typer.Option(help="Only this area or cell.")] = "",
    unit: Annotated[str, typer.Option(help="Only this unit.")] = "",
    compare: Annotated[list[Against] | None, typer.Option(help="With the period before 环比, the year before 同比.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write all of it here: .json, .csv or .xlsx.")] = None,
    check: Annotated[bool, typer.Option(help="Count it again from the journal alone, and compare.")] = False,
    again: Annotated[Path | None, typer.Option(help="A .json that was told before: count that again, and compare.")] = None,
    language: InLanguage = Language.en,
) -> None:
    """How the city did in a period: counts and rates, what they count, and from how many facts of the journal.

    Example: cityloop figures --period month --on 2026-03-01 --by unit --compare before --check
    """
    with city() as parts:
        if again:
            same_or_exit(parts, told_in(again))
            return
        policy = parts.book.in_force()
        only = Only(area=area or None, unit=unit or None, job=role)  # type: ignore[arg-type]
        asked_by = (period, day_in(on), day_in(first), day_in(last))
        answer = answered(parts, policy, by, asked_by, only, tuple(compare or ()))
        if out:
            written(answer, policy, out)
        else:
            shown(answer, policy, codes_of(metric, answer, policy), language)
        if check:
            same_or_exit(parts, answer)


Days = tuple[Period | None, date | None, date | None, date | None]


def day_in(text: str) -> date | None:
    """A day as it was typed; nothing where nothing was.

    Refuses with `BadParameter`.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it like 2026-03-02.") from None


def answered(
    parts: Parts, policy: Policy, by: By, days: Days, only: Only, against: tuple[Against, ...]
) -> Answer:  # fmt: skip
    """The answer of the city's own tables, now."""
    period, on, first, last = days
    now = datetime.now(UTC)
    today = now.astimezone(calendar_in(policy).zone).date()
    asked = asked_from(by, rules.days_asked(first, last, period, on, today), policy=policy, now=now, only=only)
    with parts.database.reading() as tx:
        return figures_of(tx, asked, policy=policy, against=against)


def told_in(path: Path) -> Answer:
    """The answer in a file that /v1/figures or --out gave.

    Refuses with `AnswerUnreadable`.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Answer)
    except (OSError, msgspec.MsgspecError) as error:
        raise AnswerUnreadable(f"{path} holds no figures: {error}. Give what /v1/figures or --out answered.") from None


def codes_of(asked: list[str] | None, answer: Answer, policy: Policy) -> list[str]:
    """Which numbers are shown: those that were named, or all of a role, or the usual ones."""
    if asked:
        return [rules.metric_named(code, Part.numerator, policy).code for code in asked]
    known = [figure.metric for figure in answer.whole.figures]
    return known if answer.only.job or answer.by is By.all else [code for code in SHOWN if code in known]


def written(answer: Answer, policy: Policy, out: Path) -> None:
    """Write the answer as what the file is called."""
    kind = out.suffix.removeprefix(".")
    if kind not in tuple(Format):
        raise typer.BadParameter(f"{out} should end in one of {', '.join('.' + each for each in Format)}.")
    if kind == Format.json:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(answer), indent=1))
    else:
        out.write_bytes(file_of(Format(kind), {"figures": figure_lines(answer), "about": about_lines(answer, policy)}))
    console.print(f"The figures are in {out}.", markup=False)


def shown(answer: Answer, policy: Policy, codes: list[str], language: Language) -> None:
    """The answer as a table, and below it what the numbers are."""
    metrics, tongue = metrics_by(policy.figures), language.value
    if answer.simulated:
        console.print("模拟 SIMULATED", style="yellow")
    span = answer.span
    rest = " (not over)" if answer.running else ""
    console.print(f"{span.first_day} – {span.last_day}{rest}, {answer.days} days, {answer.working_days} working days")
    for each in answer.compared:
        note = {Known.whole: "", Known.part: ": the city began inside it", Known.none: ": no city was there"}[each.known]
        console.print(
            f"{each.against}: {each.span.first_day} – {each.span.last_day}, {each.days} days, "
            f"{each.working_days} working days{note}"
        )  # fmt: skip
    draw = one_below_another if answer.by is By.all else lines_of
    console.print(draw(answer, codes, metrics, tongue))
    for window in dict.fromkeys(metrics[code].window for code in codes):
        console.print(f"{window}: {answer.windows[window][tongue]}", markup=False, highlight=False)
    console.print(f"As of {local(answer.as_of, policy)}, seq {answer.seq}, pack {answer.pack[:12]}.", highlight=False)


def lines_of(answer: Answer, codes: list[str], metrics: dict[str, Metric], tongue: str) -> Table:
    """A line for each group."""
    rows = table("", *(metrics[code].name[tongue] for code in codes))
    for group in (answer.whole, *answer.groups):
        name = "*" if group is answer.whole else (group.name or {}).get(tongue) or group.group or "–"
        of = {figure.metric: figure for figure in group.figures}
        rows.add_row(escape(name), *(number(of[code]) for code in codes))
    return rows


def one_below_another(answer: Answer, codes: list[str], metrics: dict[str, Metric], tongue: str) -> Table:
    """A line for each number of the whole."""
    rows = table("", "", "")
    rows.show_header = False
    for figure in answer.whole.figures:
        if figure.metric in codes:
            rows.add_row(metrics[figure.metric].name[tongue], number(figure), figure.metric)
    return rows


def number(figure: Figure) -> str:
    """A number with what it was made of, and what it was before."""
    said = "–" if figure.value is None else str(figure.value)
    if figure.measure is Measure.ppm:
        share = "" if figure.value is None else f" {figure.value / 10_000:.1f} %"
        said = f"{figure.numerator}/{figure.denominator}{share}"
    elif figure.measure is Measure.min:
        said += " min"
    for each in figure.changes:
        if each.numerator is not None:
            was = each.value if figure.measure is not Measure.ppm else f"{each.numerator}/{each.denominator}"
            said += f" ({each.against} {was})"
    return said


def same_or_exit(parts: Parts, answer: Answer) -> None:
    """Apply the facts that the answer follows from to empty tables, ask them the same, and say whether it is the same."""
    policy = parts.book.of(answer.pack)
    with TemporaryDirectory(prefix="cityloop-figures-") as folder:
        target = open_database(str(Path(folder) / "replay.db"), parts.database.city)
        try:
            with progress("replaying") as done:
                facts = replay_journal(parts.database, target, parts.journal, on_progress=done, until=answer.seq)
            with target.reading() as tx:
                counted = figures_again(tx, answer, policy=policy)
        finally:
            target.close()
    if facts < answer.seq:
        wrong(f"The answer follows from {answer.seq:,} facts, and the journal has {facts:,}: it is of another city.")
        raise typer.Exit(1)
    found = rules.differences(answer, counted)
    for each in found[:50]:
        name = "whole" if each.group is None else f"group {each.group!r}"
        console.print(f"{name}, {each.metric}: said {each.said}, counted {each.counted}", markup=False, highlight=False)
    if found:
        wrong(f"{len(found)} numbers differ from what the journal says; run `cityloop journal replay` to see which rows.")
        raise typer.Exit(1)
    many = sum(len(group.figures) for group in (counted.whole, *counted.groups))
    console.print(f"Equal: {facts:,} facts of the journal alone give the same {many:,} numbers.")
