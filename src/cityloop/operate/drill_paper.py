"""A drill as a paper that a mayor can read: five sentences, one picture, one table."""

from collections.abc import Sequence

from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import DrillResult
from cityloop.domain.policy import Policy
from cityloop.domain.words import named, say
from cityloop.operate.drills import DrillRow
from cityloop.printing import Block, Cell, Chart, ChartKind, Column, Document, Number, Paragraph, Role, Serie, Table


def paper(row: DrillRow, policy: Policy, language: str) -> Document:
    """The paper, in one language."""

    def w(code: str, **values: str | int) -> str:
        return say(f"drill.{code}", language).format(**values)

    results = row.told
    blocks: list[Block] = [Paragraph(text=text) for text in sentences(row, results, w)]
    if results:
        labels = tuple(w(f"fault.{each.fault}") for each in results)
        blocks.append(Chart(title=w("chart"), kind=ChartKind.bars, labels=labels, series=(Serie(w("back_s"), tuple(each.back_s for each in results)),), number=Number.points))
    blocks.append(_table(results, w))
    blocks.append(Paragraph(text=w("how"), role=Role.note))
    return Document(
        language=language, organ=named(policy.name, language), title=w("title"), about=f"{row.started_at.astimezone(calendar_in(policy).zone):%Y-%m-%d %H:%M}",
        blocks=tuple(blocks), foot=w("foot", id=row.id), page_of=say("drill.page_of", language), mark=w("simulated") if row.simulated else "",
        as_of=row.ended_at or row.started_at,
    )  # fmt: skip


def sentences(row: DrillRow, results: Sequence[DrillResult], w) -> list[str]:
    """What happened, whether anything was lost, what waited, how long the way back took, what is left to do."""
    acknowledged, found = sum(each.acknowledged for each in results), sum(each.found for each in results)
    waited, sent = sum(each.waited for each in results), sum(each.sent for each in results)
    slow = max((each.back_s for each in results if each.back_s is not None), default=0.0)
    stuck = [each for each in results if each.back_s is None]
    lost = acknowledged - found
    names = "、" if w("fault.database") == "数据库" else ", "
    return [
        w("what", n=len(results), faults=names.join(w(f"fault.{each.fault}") for each in results), seconds=row.each_s),
        w("lost_none", n=acknowledged) if not lost else w("lost_some", n=acknowledged, lost=lost),
        w("waited", sent=sent, waited=waited),
        w("back", seconds=f"{slow:.0f}") if not stuck else w("stuck", faults=names.join(w(f"fault.{each.fault}") for each in stuck)),
        w("next_none") if row.whole and not lost and not stuck else w("next_look"),
    ]


def _table(results: Sequence[DrillResult], w) -> Table:
    names = ("fault", "away_s", "sent", "worked", "waited_n", "lost", "read", "back_s")
    columns = tuple(Column(w(name), is_number=name != "fault") for name in names)
    rows = []
    for each in results:
        numbers = (each.away_s, each.sent, each.worked, each.waited, each.acknowledged - each.found)
        read = f"{each.read} / {each.read + each.unread}"
        back = Cell("–") if each.back_s is None else Cell(f"{each.back_s:.1f}", each.back_s)
        rows.append((Cell(w(f"fault.{each.fault}")), *[Cell(f"{value:g}", float(value)) for value in numbers], Cell(read), back))
    return Table(title=w("table"), columns=columns, rows=tuple(rows), empty=w("nothing"))
