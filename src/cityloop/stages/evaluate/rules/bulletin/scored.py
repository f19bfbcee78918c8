"""Scores in an assessment: what each unit or area came to, and where its points went."""

from collections.abc import Iterator

from cityloop.domain.policy import Policy
from cityloop.domain.policy.scoring import Objects, Role, Scheme
from cityloop.printing import Block, Cell, Column, Number
from cityloop.printing.document import cell
from cityloop.stages.evaluate.model import By, Part
from cityloop.stages.evaluate.model.published import SheetRow
from cityloop.stages.evaluate.model.scoring import Line, Score, Sheet
from cityloop.stages.evaluate.rules.asking import name_of
from cityloop.stages.evaluate.rules.bulletin.desk import Desk

LITTLE = 0.005  # what does not show in two decimals
ASSESSED = (Objects.unit, Objects.district, Objects.street)  # no bulletin names people


def schemes_of(policy: Policy) -> tuple[str, ...]:
    """The schemes by which an assessment may score, in the pack's order."""
    return tuple(code for code, each in policy.scoring.schemes.items() if each.objects in ASSESSED)


def scored(desk: Desk, sheet: Sheet | None, published: SheetRow | None) -> Iterator[Block]:
    """The scores by the pack's scheme, and each line that cost points; no places, for units have unlike work."""
    if sheet is None:
        return
    scheme = desk.tell.policy.scoring.schemes[sheet.scheme]
    yield desk.heading("scores")
    of = "" if scheme.objects is Objects.unit else "_areas"
    yield desk.note(f"scheme{of}", name=desk.tell.of(scheme.name), says=desk.tell.of(scheme.says), document=scheme.source.document)
    if published is None:
        yield desk.note("not_published")
    else:
        yield desk.note("published", n=published.version, when=desk.tell.when(published.as_of), id=published.id)
    known = sorted((each for each in sheet.scores if each.object), key=lambda each: (each.group, _name(desk, scheme, each)))
    first = Column(desk.word(scheme.objects), is_number=False, share=2.6)
    columns = (
        first, Column(desk.word("points_of", n=f"{scheme.full:g}")), Column(desk.word("to_target")),
        Column(desk.word("bonus")), Column(desk.word("deduction")), Column(desk.word("grade")), Column(desk.word("cases_behind")),
    )  # fmt: skip
    yield desk.table(f"scores_table{of}", columns, [_row(desk, scheme, each) for each in known])
    yield desk.heading("lost")
    columns = (
        first, Column(desk.word("indicator"), is_number=False, share=2.0),
        Column(desk.word("value")), Column(desk.word("points")), Column(desk.word("full")), Column(desk.word("lost_points")),
    )  # fmt: skip
    names = {each.code: desk.tell.of(each.name) for each in scheme.indicators if each.role is Role.score}
    rows = [row for each in known for line in each.lines if (row := _lost(desk, scheme, each, line, names))]
    yield desk.table("lost_table", columns, rows)


def _name(desk: Desk, scheme: Scheme, score: Score) -> str:
    return desk.tell.of(name_of(By(scheme.objects), score.object, desk.tell.policy)) or score.object


def _row(desk: Desk, scheme: Scheme, score: Score) -> tuple[Cell, ...]:
    return (
        Cell(_name(desk, scheme, score)), cell(score.points, Number.points), cell(score.target_points, Number.points),
        cell(score.bonus, Number.points), cell(score.deduction, Number.points),
        Cell(desk.word("vetoed") if score.vetoed else score.grade or "–"), cell(float(score.cases)),
    )  # fmt: skip


def _lost(desk: Desk, scheme: Scheme, score: Score, line: Line, names: dict[str, str]) -> tuple[Cell, ...] | None:
    """A line that cost points: the value, and the way to the cases where figures count them."""
    if line.indicator not in names or line.points is None or not line.full:
        return None
    lost = round(line.weight * (1 - line.points / line.full), 4)
    if lost < LITTLE:
        return None
    is_share = line.number is not None and line.number.denominator is not None
    counted = line.metric in desk.metrics
    link = desk.cases(line.metric or "", By(scheme.objects), score.object, Part.numerator) if counted else None
    return (
        Cell(_name(desk, scheme, score)), Cell(names[line.indicator]), cell(line.value, Number.share if is_share else Number.count, link),
        cell(line.points, Number.points), cell(line.full), cell(lost, Number.points),
    )  # fmt: skip
