"""What every section of a bulletin writes with: numbered headings and tables, and cells that lead to their cases."""

from collections.abc import Iterable
from urllib.parse import urlencode

from msgspec import Struct

from cityloop.domain.telling import Telling
from cityloop.printing import Block, Cell, Chart, ChartKind, Column, Heading, Number, Paragraph, Role, Serie, Table
from cityloop.printing.document import cell, shown
from cityloop.stages.evaluate.model import By, Figure, Group, Measure, Metric, Part
from cityloop.stages.evaluate.model.bulletin import PERIOD, About
from cityloop.stages.evaluate.model.metrics import metrics_by

NUMERALS = "一二三四五六七八九十"
KINDS = {Measure.count: Number.count, Measure.ppm: Number.share, Measure.min: Number.minutes}
NAME_SHARE = 2.4
MILLION = 1_000_000


class Desk(Struct):
    """One bulletin as it is written: `headings`, `tables` and `charts` count what stands there."""

    about: About
    tell: Telling
    headings: int = 0
    tables: int = 0
    charts: int = 0

    @property
    def metrics(self) -> dict[str, Metric]:
        return metrics_by(self.tell.policy.figures)

    def word(self, code: str, **given: object) -> str:
        return self.tell.word(f"bulletin.{code}", **given)

    def metric(self, code: str) -> str:
        return self.tell.of(self.metrics[code].name)

    def heading(self, code: str) -> Heading:
        """The next heading."""
        self.headings += 1
        words = self.word(code)
        if self.tell.language != "zh":
            return Heading(text=f"{self.headings}. {words}")
        return Heading(text=f"{NUMERALS[self.headings - 1]}、{words}")

    def text(self, code: str, **given: object) -> Paragraph:
        return Paragraph(text=self.word(code, **given))

    def note(self, code: str, **given: object) -> Paragraph:
        return Paragraph(text=self.word(code, **given), role=Role.note)

    def table(self, code: str, columns: Iterable[Column], rows: Iterable[tuple[Cell, ...]], strong: tuple[int, ...] = (), **given: object) -> Table:
        """The next table."""
        self.tables += 1
        title = self.word("table", n=self.tables, title=self.word(code, **given))
        return Table(title=title, columns=tuple(columns), rows=tuple(rows), strong=strong, empty=self.word("nothing"))

    def bars(self, code: str, found: Iterable[tuple[str, float | None]], metric: str) -> list[Block]:
        """The next chart, of one metric by group; none where there is nothing to draw."""
        pairs = tuple(found)
        if not pairs:
            return []
        labels, values = zip(*pairs, strict=True)
        serie = Serie(self.metric(metric), values)
        return [self._chart(code, ChartKind.bars, labels, (serie,), KINDS[self.metrics[metric].measure])]

    def lines(self, code: str, labels: tuple[str, ...], series: tuple[Serie, ...]) -> Chart:
        """The next chart, over time."""
        return self._chart(code, ChartKind.lines, labels, series, Number.count)

    def _chart(self, code: str, kind: ChartKind, labels: tuple[str, ...], series: tuple[Serie, ...], number: Number) -> Chart:
        self.charts += 1
        title = self.word("chart", n=self.charts, title=self.word(code))
        return Chart(title=title, kind=kind, labels=labels, series=series, number=number)

    def cell(self, figure: Figure, by: By, group: str | None) -> Cell:
        """A figure with the way to its rows. `group` None: of all."""
        part = Part.denominator if figure.measure is Measure.min else Part.numerator
        return cell(value_of(figure), KINDS[figure.measure], self.cases(figure.metric, by, group, part))

    def cases(self, metric: str, by: By, group: str | None, part: Part = Part.numerator) -> str:
        """Where the rows behind a number are listed."""
        asked = {
            "metric": metric, "part": part, "by": by, "period": PERIOD[self.about.kind], "on": self.about.first_day.isoformat(),
            "area": self.about.area, "class": self.about.class_key,
        }  # fmt: skip
        if group is not None:
            asked["group"] = group
        return f"/figures/cases?{urlencode({name: str(value) for name, value in asked.items() if value or name == 'group'})}"

    def number(self, group: Group, code: str) -> str:
        """A figure in a sentence."""
        figure = figure_of(group, code)
        return shown(value_of(figure), KINDS[figure.measure])

    def name(self, by: By, group: Group) -> str:
        """What a group is called."""
        if group.group == "":
            return self.tell.word("figures.none" if by is By.unit else "figures.none_else")
        return self.tell.of(group.name) if group.name else group.group

    def columns(self, first: str, codes: Iterable[str]) -> tuple[Column, ...]:
        """A name, and a column for each metric."""
        return (Column(self.word(first), is_number=False, share=NAME_SHARE), *(Column(self.metric(code)) for code in codes))

    def row(self, by: By, group: Group, codes: Iterable[str], *, whole: bool = False) -> tuple[Cell, ...]:
        """The numbers of a group under `columns`."""
        name = self.word("whole") if whole else self.name(by, group)
        return (Cell(name), *(self.cell(figure_of(group, code), by, None if whole else group.group) for code in codes))


def figure_of(group: Group, code: str) -> Figure:
    """The figure of a metric."""
    return next(each for each in group.figures if each.metric == code)


def value_of(figure: Figure) -> float | None:
    """Its value: a count, minutes, or a share of 1."""
    if figure.value is None:
        return None
    return figure.value / MILLION if figure.measure is Measure.ppm else float(figure.value)


def busiest(groups: Iterable[Group], code: str) -> list[Group]:
    """The groups that had anything of a metric, the one with most of it first; what has no name last."""
    found = [each for each in groups if figure_of(each, code).numerator]
    return sorted(found, key=lambda each: (each.group == "", -figure_of(each, code).numerator, each.group))
