"""The sections that bulletins share: the whole, the course, units, classes, streets, sources, the loop, and what is counted."""

from collections.abc import Iterator

from cityloop.printing import Block, Cell, Column, Heading, Number, Paragraph, Role, Serie
from cityloop.printing.document import cell, shown
from cityloop.stages.evaluate.model import Against, By, Change, Figure, Measure
from cityloop.stages.evaluate.model.bulletin import Material
from cityloop.stages.evaluate.rules.bulletin.desk import KINDS, MILLION, Desk, busiest, figure_of, value_of

OVERVIEW = (
    "reported", "self_handled", "opened", "filed", "refused", "dispatched", "due_to_handle", "handled", "handled_on_time", "overdue_open",
    "rework_rate", "closed", "closing_rate", "closed_on_time", "handling_elapsed_min", "open_now",
)  # fmt: skip
UNITS = ("due_to_handle", "handled", "handled_late", "overdue_open", "handling_rate", "handled_on_time", "rework_rate")
CLASSES = ("filed", "closed", "closing_rate", "handled_on_time", "recurring")
STREETS = ("reported", "self_handled", "filed", "closing_rate", "handled_on_time", "overdue_open", "recurring")
CHANNELS = ("reported", "opened", "filed", "filing_rate")
LOOP = (
    "reported", "opened", "filed", "filing_rate", "dispatched", "dispatched_on_time", "dispatched_accurately", "handled", "handled_on_time",
    "inspected_on_time", "rework_rate", "closed", "closed_on_time", "recurring",
)  # fmt: skip
SHOWN_MAX = 12


def whole(desk: Desk, material: Material, code: str = "whole_of", metrics: tuple[str, ...] = OVERVIEW) -> Iterator[Block]:
    """The period in a sentence, and its numbers beside the period before and the year before."""
    group = material.units.whole
    yield desk.heading(code)
    numbers = ("reported", "opened", "filed", "closed", "handled_on_time", "closed_on_time", "overdue_open", "self_handled")
    yield desk.text("summary", when=desk.tell.when(material.units.as_of), **{each: desk.number(group, each) for each in numbers})
    yield from _before(desk, material)
    columns = (
        Column(desk.word("metric"), is_number=False, share=2.2), Column(desk.word("now")), Column(desk.word("before")),
        Column(desk.word("change")), Column(desk.word("year")), Column(desk.word("change")),
    )  # fmt: skip
    rows = []
    for each in metrics:
        figure = figure_of(group, each)
        changes = {change.against: change for change in figure.changes}
        row = [Cell(desk.metric(each)), desk.cell(figure, By.unit, None)]
        for against in Against:
            row += _compared(desk, figure, changes.get(against))
        rows.append(tuple(row))
    yield desk.table("numbers", columns, rows)


def _before(desk: Desk, material: Material) -> Iterator[Block]:
    """Of which days the numbers beside are, and what is to be known of them."""
    for each in material.units.compared:
        yield desk.note(
            f"compared.{each.against}.{each.known}", first=each.span.first_day, last=each.span.last_day, days=each.days, working=each.working_days
        )


def _compared(desk: Desk, figure: Figure, change: Change | None) -> tuple[Cell, Cell]:
    """What it was, and what became of it: rates in percentage points, the rest in percent."""
    if change is None or change.value is None:
        return Cell("–"), Cell("–")
    was = change.value / MILLION if figure.measure is Measure.ppm else float(change.value)
    if change.difference is None:
        said = "–"
    elif figure.measure is Measure.ppm:
        said = desk.word("percentage_points", n=f"{change.difference / 10_000:+.1f}")
    else:
        said = f"{change.difference:+,d}" if change.change_ppm is None else f"{change.change_ppm / 10_000:+.1f}%"
    return cell(was, KINDS[figure.measure]), Cell(said)


def course(desk: Desk, material: Material) -> Iterator[Block]:
    """What was filed and closed on each day."""
    today = material.units.as_of.astimezone(desk.tell.zone).date().isoformat()
    days = [each for each in material.course.groups if each.group and each.group <= today]  # what is as of now has no day
    if len(days) < 2:
        return
    series = tuple(
        Serie(desk.metric(code), tuple(value_of(figure_of(day, code)) for day in days)) for code in ("filed", "closed")
    )
    yield desk.lines("course", tuple(day.group[5:] for day in days), series)


def units(desk: Desk, material: Material) -> Iterator[Block]:
    """What each unit owed and did."""
    found = busiest(material.units.groups, "due_to_handle")
    yield desk.heading("units")
    rows = [desk.row(By.unit, each, UNITS) for each in found]
    rows.append(desk.row(By.unit, material.units.whole, UNITS, whole=True))
    yield desk.table("units_table", desk.columns("unit", UNITS), rows, strong=(len(rows) - 1,))
    named = [each for each in found if each.group][:SHOWN_MAX]
    rates = [(desk.name(By.unit, each), value_of(figure_of(each, "handled_on_time"))) for each in named]
    yield from desk.bars("units_chart", rates, "handled_on_time")


def classes(desk: Desk, material: Material) -> Iterator[Block]:
    """Of which classes most was filed."""
    found = busiest(material.classes.groups, "filed")
    yield desk.heading("classes")
    yield desk.table("classes_table", desk.columns("class", CLASSES), [desk.row(By.minor_class, each, CLASSES) for each in found[:SHOWN_MAX]])
    if len(found) > SHOWN_MAX:
        yield desk.note("more", n=len(found) - SHOWN_MAX)
    counts = [(desk.name(By.minor_class, each), value_of(figure_of(each, "filed"))) for each in found[:SHOWN_MAX]]
    yield from desk.bars("classes_chart", counts, "filed")


def streets(desk: Desk, material: Material) -> Iterator[Block]:
    """What each street had."""
    found = busiest(material.streets.groups, "filed")
    yield desk.heading("streets")
    rows = [desk.row(By.street, each, STREETS) for each in found]
    rows.append(desk.row(By.street, material.streets.whole, STREETS, whole=True))
    yield desk.table("streets_table", desk.columns("street", STREETS), rows, strong=(len(rows) - 1,))


def channels(desk: Desk, material: Material) -> Iterator[Block]:
    """By which ways reports came."""
    found = busiest(material.channels.groups, "reported")
    total = figure_of(material.channels.whole, "reported").numerator
    yield desk.heading("channels")
    columns = (*desk.columns("channel", CHANNELS), Column(desk.word("share")))
    rows = []
    for each in found:
        share = figure_of(each, "reported").numerator / total if total else None
        rows.append((*desk.row(By.channel, each, CHANNELS), Cell(shown(share, Number.share), share, Number.share)))
    yield desk.table("channels_table", columns, rows)


def counted(desk: Desk, material: Material, metrics: tuple[str, ...]) -> Iterator[Block]:
    """What each number counts, and how it is looked up and counted again."""
    yield desk.heading("counted")
    yield desk.note("links")
    yield desk.note("proof")
    for code in metrics:
        metric = desk.metrics[code]
        yield Paragraph(text=f"{desk.tell.of(metric.name)}：{desk.tell.of(metric.formula)}" if desk.tell.language == "zh"
                        else f"{desk.tell.of(metric.name)}: {desk.tell.of(metric.formula)}.", role=Role.note)  # fmt: skip
    for window in dict.fromkeys(desk.metrics[code].window for code in metrics):
        yield desk.note("window", window=desk.tell.of(material.units.windows[window]))


def annex(desk: Desk, number: int, code: str) -> Heading:
    """The heading of an annex, on a page of its own."""
    return Heading(text=desk.word("annex", n=number, title=desk.word(code)), new_page=True)
