"""`cityloop case`: where a case stands, and why."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape
from rich.text import Text

from cityloop.app import Parts
from cityloop.cases import Case, CaseUnknown, case_get
from cityloop.cli import store
from cityloop.cli.say import city, console, local, table
from cityloop.cli.telling import Step, Teller, step_of
from cityloop.db import Tx
from cityloop.domain.facts import ReportJoined, ReportParted, Told
from cityloop.domain.ids import AccountId
from cityloop.journal import story

app = typer.Typer(help="Cases: where one stands, and why.", no_args_is_help=True)


class Language(StrEnum):
    """The languages of the product's words."""

    en = "en"
    zh = "zh"


InLanguage = Annotated[Language, typer.Option("--in", help="In which language to say it.")]
IdOrNumber = Annotated[str, typer.Argument(help="The case's id or number, or a report's id.")]


def case_of(tx: Tx, id_or_number: str) -> Case:
    """The case.

    Refuses with `CaseUnknown`.
    """
    found = store.case_id_of(tx, id_or_number)
    if found is None:
        raise CaseUnknown(f"There is no case {id_or_number}; give its id, its number, or the id of its report.")
    return case_get(tx, found)


def teller_of(parts: Parts, tx: Tx, language: Language) -> Teller:
    """What knows the words and the names."""
    names: dict[str, str] = {}

    def name_of(account: str) -> str:
        if account not in names:
            names[account] = store.account_name(tx, AccountId(account)) or account[:8]
        return names[account]

    return Teller(policy=parts.book.in_force(), language=language.value, name_of=name_of)


@app.command("show")
def show(id: IdOrNumber, language: InLanguage = Language.en) -> None:
    """Where a case stands now.

    Example: cityloop case show S010120260306-0001 --in zh
    """
    with city() as parts, parts.database.reading() as tx:
        case = case_of(tx, id)
        tell = teller_of(parts, tx, language)
        rows = table("", "")
        rows.show_header = False
        for name, value in facts_of(case, tell):
            rows.add_row(name, escape(value))
    console.print(rows)


def facts_of(case: Case, tell: Teller) -> list[tuple[str, str]]:
    """What there is to say of a case: name and value."""
    policy = tell.policy
    area = [
        policy.area_by_code[each]
        for each in (case.district, case.street, case.community)
        if each in policy.area_by_code
    ]
    kind = policy.class_by_key.get(case.class_key or "")
    unit = policy.unit_by_id.get(case.unit or "")
    said: list[tuple[str, str | None]] = [
        (tell.word("says.number"), case.number or case.id),
        (tell.word("says.state"), tell.word(f"state.{case.state}")),
        (tell.word("says.class"), tell.of(kind.name) if kind else None),
        (tell.word("says.rule"), case.rule),
        (
            tell.word("says.place"),
            " ".join([*(tell.of(each.name) for each in area), case.cell or ""]).strip() or None,
        ),
        (tell.word("says.level"), tell.word(f"level.{case.level}") if case.level else None),
        (tell.word("says.unit"), tell.of(unit.name) if unit else None),
        (tell.word("says.due"), local(case.clock_due, policy) if case.clock_due else None),
        (tell.word("says.reports"), str(case.reports)),
        (tell.word("says.simulated"), "✓" if case.simulated else None),
    ]
    return [(name, value) for name, value in said if value]


@app.command("why")
def why(id: IdOrNumber, language: InLanguage = Language.en) -> None:
    """Each step of a case: what happened, who decided, by which rule, from which source.

    Example: cityloop case why S010120260306-0001
    """
    with city() as parts, parts.database.reading() as tx:
        case = case_of(tx, id)
        tell = teller_of(parts, tx, language)
        console.print(Text(f"{case.number or case.id} · {tell.word(f'state.{case.state}')}", style="bold"))
        for told in whole_story(tx, case):
            print_step(step_of(told, tell), lambda told=told: local(told.fact.at, tell.policy))


def whole_story(tx: Tx, case: Case) -> list[Told]:
    """The facts of a case and of its reports, in the order of the journal."""
    own = story(tx, f"case/{case.id}")
    reports = {case.report_id: None}
    for told in own:
        if isinstance(told.fact, ReportJoined):
            reports[told.fact.report_id] = None
        elif isinstance(told.fact, ReportParted):
            del reports[told.fact.report_id]
    found = own + [told for id in reports for told in story(tx, f"report/{id}")]
    return sorted(found, key=lambda told: told.seq)


def print_step(step: Step, when: Callable[[], str]) -> None:
    """A step: its title on one line, what explains it below."""
    title = Text(when() + "  ")
    title.append(step.title, style="bold")
    console.print(title)
    for name, value in step.lines:
        line = Text(" " * 18)
        line.append(f"{name}: ", style="dim")
        line.append(value)
        console.print(line)
