"""Makes docs/reference/figures.md from the table of metrics."""

from cityloop.stages.evaluate.model import WINDOWS, Measure, Metric, Window
from cityloop.stages.evaluate.model.metrics import METRICS

MEASURES = {Measure.count: "count", Measure.ppm: "rate, parts per million", Measure.min: "minutes"}
HEAD = """# Figures

Made from the table of metrics (`stages/evaluate/model/metrics.py`) by `make reference`; a test fails when this page
is stale.

`GET /v1/figures?by=unit&from=2026-03-01&to=2026-03-07` gives every figure below for each group (`by`: all, unit,
district, street, community, person, class, channel) and for the whole. Days are the city's local days, both inside;
`period=day|week|month|year&on=DAY` names them too. `GET /v1/figures/cases?metric=…&part=…` lists exactly the rows that
a number counts. Both give CSV with `format=csv`; each row of a simulated city, or of a simulated case, says so.

Figures use the moment at which a thing happened, not the one at which it was recorded. The formulas follow
standards.md 1.11 (in the style of GB/T 30428.4, whose text was not read); where sources differ, the choice is written
here.
"""
NOTES = """
## How rows are attributed

- **unit**: the unit of the task; of a case, a verification or an inspection, the unit that is answerable now.
- **area**: where the case is. A report that has no case yet has no area.
- **person**: see each figure; the machine is a person too (`machine:…`), a resident is nobody.
- **""**: rows without a unit, area or person, so that the groups together are always the whole.
- Who dispatched a task that came back and was then dispatched anew is not kept in the tables: by person it stands
  in "".
- A seat's area limits what its holder's figures count.
"""


def figures_page() -> str:
    """The page as it should be."""
    return HEAD + _windows() + "".join(_section(metric) for metric in METRICS) + NOTES


def _windows() -> str:
    rows = "".join(f"| {window} | {words['zh']} | {words['en']} |\n" for window, words in WINDOWS.items())
    return f"\n## Windows\n\n| window | 中文 | English |\n|---|---|---|\n{rows}"


def _section(metric: Metric) -> str:
    window = "as of now" if metric.window is Window.now else metric.window
    return (
        f"\n## {metric.code}\n\n**{metric.name['zh']}** · {metric.name['en']} ({MEASURES[metric.measure]})\n\n"
        f"- {metric.formula['zh']}\n- {metric.formula['en']}\n"
        f"- counts: {metric.counted}s; window: {window}; person: {metric.who}\n"
    )

