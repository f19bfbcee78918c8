"""The assessment bulletin 考核通报: groups of units, what was counted against each, and the forms to object with."""

from collections.abc import Iterator
from datetime import datetime

from cityloop.domain.policy import Level
from cityloop.printing import Block, Cell, Column, Paragraph, Role, Table
from cityloop.stages.evaluate.model import By, Group, Item
from cityloop.stages.evaluate.model.bulletin import Late, Material
from cityloop.stages.evaluate.rules.bulletin import sections
from cityloop.stages.evaluate.rules.bulletin.desk import Desk, figure_of, value_of
from cityloop.stages.evaluate.rules.bulletin.scored import scored

ASSESSED = (
    "opened", "filed", "due_to_handle", "handled_late", "overdue_open", "handled_on_time", "rework_rate", "closing_rate", "closed_on_time",
)  # fmt: skip
AGAINST = ("overdue_open", "handled_late", "reworked")  # what counts against a unit, each with its cases
LATE_MAX = 8  # of each unit and metric; the rest by its link
REASONS = {"scores": "scores.reason", "survey": "survey.correct", "survey_only": "survey.correct"}
OVERVIEW = ("reported", "self_handled", "opened", "filed", "closed", "closing_rate", "closed_on_time", "handled_on_time", "overdue_open")
EXCLUSION = ("applicant", "case_number", "metric_named", "period", "grounds", "evidence", "unit_says", "centre_says")
APPEAL = ("applicant", "indicator", "published", "claimed", "grounds", "evidence", "unit_says", "review_says")


def assessment(desk: Desk, material: Material) -> Iterator[Block]:
    """All of it."""
    yield Paragraph(text=desk.word("to_units"), role=Role.lead)
    if material.replaces:
        yield desk.text("corrects", when=desk.tell.when(material.replaces.made_at), id=material.replaces.id, why=_why(desk, material))
    yield desk.text("opening", first=desk.about.first_day, last=desk.about.last_day)
    yield from sections.whole(desk, material, metrics=OVERVIEW)
    yield from results(desk, material)
    yield from scored(desk, material.sheet, material.published)
    yield from sections.streets(desk, material)
    yield from deductions(desk, material)
    yield from sections.counted(desk, material, tuple(dict.fromkeys((*OVERVIEW, *ASSESSED, "reworked", *sections.STREETS))))
    yield desk.note("objecting")
    day = material.units.as_of.astimezone(desk.tell.zone).date()
    yield Paragraph(text=f"{organ_of(desk)}\n{desk.word('day', y=day.year, m=day.month, d=day.day)}", role=Role.sign)
    yield from form(desk, 1, "exclusion_form", EXCLUSION)
    yield from form(desk, 2, "appeal_form", APPEAL)


def _why(desk: Desk, material: Material) -> str:
    """What was put right, each with its version and its reason."""
    said = [
        desk.word(f"corrected.{each.of}", n=each.version, why=desk.tell.word(f"{REASONS[each.of]}.{each.reason}")) for each in material.corrections
    ]
    return ("；" if desk.tell.language == "zh" else "; ").join(said)


def organ_of(desk: Desk) -> str:
    """In whose name: the centre that supervises, else the city."""
    centre = next((each for each in desk.tell.policy.units if each.kind == "supervision"), None)
    return desk.tell.of(centre.name if centre else desk.tell.policy.name)


def results(desk: Desk, material: Material) -> Iterator[Block]:
    """The units in their groups, each by name: no place among others, for the number of cases is not the same."""
    yield desk.heading("results")
    of_level: dict[Level, list[Group]] = {}
    for group in material.units.groups:
        unit = desk.tell.policy.unit_by_id.get(group.group)
        if unit and any(figure_of(group, code).numerator or figure_of(group, code).denominator for code in ASSESSED):
            of_level.setdefault(unit.level, []).append(group)
    for level in Level:
        if found := of_level.get(level):
            rows = [desk.row(By.unit, each, ASSESSED) for each in sorted(found, key=lambda each: desk.name(By.unit, each))]
            yield desk.table("results_table", desk.columns("unit", ASSESSED), rows, level=desk.tell.word(f"level.{level}"))
    if not of_level:
        yield desk.text("nothing")
    rates = [
        (desk.name(By.unit, each), share)
        for each in sorted((each for some in of_level.values() for each in some), key=lambda each: desk.name(By.unit, each))
        if (share := value_of(figure_of(each, "handled_on_time"))) is not None
    ]  # fmt: skip
    yield from desk.bars("units_chart", rates, "handled_on_time")


def deductions(desk: Desk, material: Material) -> Iterator[Block]:
    """What was counted against each unit, case by case."""
    yield desk.heading("deductions")
    columns = (
        Column(desk.word("unit"), is_number=False, share=2.5), Column(desk.word("counted_as"), is_number=False, share=1.7),
        Column(desk.word("case_number"), is_number=False, share=2.2), Column(desk.word("class"), is_number=False, share=2.2),
        Column(desk.word("due"), is_number=False, share=1.4), Column(desk.word("ended"), is_number=False, share=1.4),
    )  # fmt: skip
    rows = [row for late in material.late for row in _rows(desk, late)]
    yield desk.table("deductions_table", columns, rows)


def _rows(desk: Desk, late: Late) -> Iterator[tuple[Cell, ...]]:
    for item in late.items:
        yield (Cell(desk.tell.unit(late.unit)), Cell(desk.metric(late.metric)), *_said(desk, item))
    if late.count > len(late.items):
        link = desk.cases(late.metric, By.unit, late.unit)
        more = Cell(desk.word("and_more", n=late.count - len(late.items)), link=link)
        yield (Cell(desk.tell.unit(late.unit)), Cell(desk.metric(late.metric)), more, Cell(""), Cell(""), Cell(""))


def _said(desk: Desk, item: Item) -> tuple[Cell, ...]:
    case = Cell(item.number or (item.case_id or item.id)[:8], link=f"/cases/{item.case_id}" if item.case_id else None)
    ended = _day_and_hour(desk, item.ended_at) if item.ended_at else desk.word("open_still")
    return case, Cell(desk.tell.kind(item.class_key)), Cell(_day_and_hour(desk, item.due_at) if item.due_at else "–"), Cell(ended)


def _day_and_hour(desk: Desk, at: datetime) -> str:
    """A moment in the city's time, short; the year where it is not that of the bulletin."""
    local = at.astimezone(desk.tell.zone)
    return f"{local:%m-%d %H:%M}" if local.year == desk.about.first_day.year else f"{local:%Y-%m-%d}"


def form(desk: Desk, number: int, code: str, lines: tuple[str, ...]) -> Iterator[Block]:
    """A form to be filled in by hand."""
    yield sections.annex(desk, number, code)
    columns = (Column(desk.word("field"), is_number=False, share=1), Column(desk.word("to_fill"), is_number=False, share=3))
    rows = tuple((Cell(desk.word(f"form.{each}")), Cell("")) for each in lines)
    yield Table(title="", columns=columns, rows=rows, blank=True)
    yield desk.note(f"{code}_note")

