"""Makes docs/reference/figures.md from the table of metrics."""

from cityloop.domain.policy import DueReading, FigureReadings
from cityloop.stages.evaluate.model import WINDOWS, By, Job, Measure, Metric, Window
from cityloop.stages.evaluate.model.metrics import METRICS, metrics_by

MEASURES = {Measure.count: "count", Measure.ppm: "rate, parts per million", Measure.min: "minutes"}
BY_READING = {
    code
    for code, metric in metrics_by(FigureReadings(due_window=DueReading.begun)).items()
    if metric.window is Window.begun
}
HEAD = """# Figures

Made from the table of metrics (`stages/evaluate/model/metrics.py`) by `make reference`; a test fails when this page
is stale.

`GET /v1/figures?by=unit&from=2026-03-01&to=2026-03-07` gives every figure below for each group and for the whole. Days
are the city's local days, both inside; `period=day|week|month|quarter|year&on=DAY` names them too.
`GET /v1/figures/cases?metric=…&part=…` lists exactly the rows that a number counts, of one group with `group=`. Both
give a file with `format=csv` or `xlsx`; each row of a simulated city, or of a simulated case, says so.
`cityloop figures` prints the same on a terminal, and `--check` counts it again from the journal alone.

- **by**: GROUPINGS. Of time each calendar period is a group, cut at the ends of the days asked for; what stands as of
  now stands in none of them.
- **only**: `area=` (district, street, community or cell), `grid=`, `class=` (a class of the catalogue, with its fine
  classes; or a major one: its key without the last two digits), `channel=`, `unit=`; `role=` (JOBS) gives only the numbers of one role.
- **compare**: `before`, `year`, or both; see below.

Every answer says its days, its windows, the moment as of which it is (`as_of`), the size of the journal that it follows
from (`seq`) and the version of the pack whose readings and calendar it follows (`pack`). Who has those facts and that
version comes to the same numbers.

Figures use the moment at which a thing happened, not the one at which it was recorded. The formulas follow
standards.md 1.11 (in the style of GB/T 30428.4, whose text was not read); where sources differ, the choice is written
here. A rate is told as its two numbers and in parts per million, rounded, a half up; where nothing stands below the
line it has no value: not 0, and not 100 percent. Minutes are rounded the same way. 平均时长 come twice: in plain time
(自然时间, day and night) and in the working time of the city's calendar (工作时间).
"""
WINDOWS_SAID = """
The sources differ in what puts 应处置 and 应结案 into a period, so the pack says it: `due_window` in `[figures]`, one of
`settled` (where a pack says nothing), `deadline`, `either` and `begun`. What is due to be filed, dispatched, verified or
inspected is always read as `settled`. Under `either` a thing may count in two periods, so that they do not add up.
"""
COMPARED = """
## Comparisons

| | compared with |
|---|---|
| 环比 `before` | the day, week, month, quarter or year before; of any other run of days, as many days just before |
| 同比 `year` | the same day, month, quarter or year of the year before; the week of the same ISO number; of any other run, the same dates |

Days that are exactly a month (or another calendar period) are that month, however they were asked for. 29 February
stands beside 28 February, and February beside February whatever its length. A 53rd week stands beside the last week of a
year that has none. Holidays move between months (春节): nothing is put right for that, but each period says how many of
its days are working days. A change of a rate is in parts per million of difference (10,000 are a percentage point 百分点);
of a count or of minutes in parts per million of the earlier value too, none where that was nothing. A period before the
city's first report has no data; one that holds it says that it is not whole. An earlier period is told as it is known
now. A period that is not over (`running`) stands beside a whole one: ask for its days so far to compare like with like.
"""
NOTES = """
## How rows are attributed

- **unit**: the unit of the task; of a case, a verification or an inspection, the unit that is answerable now.
- **area**: where the case is. A report that has no case yet has no area. A duty grid is what the pack says now that it is.
- **person**: see each figure; the machine is a person too (`machine:…`), a resident is nobody.
- **channel**: of the report that began the case.
- **""**: rows without a unit, area or person, so that the groups together are always the whole.
- Who dispatched a task that came back and was then dispatched anew is not kept in the tables: by person it stands
  in "".
- A seat's area limits what its holder's figures count.
"""


def figures_page() -> str:
    """The page as it should be."""
    groupings, jobs = (", ".join(f"`{each}`" for each in kind) for kind in (By, Job))
    head = HEAD.replace("GROUPINGS", groupings).replace("JOBS", jobs)
    return head + _windows() + WINDOWS_SAID + COMPARED + "".join(map(_section, METRICS)) + NOTES


def _windows() -> str:
    rows = "".join(f"| {window} | {words['zh']} | {words['en']} |\n" for window, words in WINDOWS.items())
    return f"\n## Windows\n\n| window | 中文 | English |\n|---|---|---|\n{rows}"


def _section(metric: Metric) -> str:
    window = "as of now" if metric.window is Window.now else metric.window
    if metric.code in BY_READING:
        window = f"{window}, or as the pack says"
    return (
        f"\n## {metric.code}\n\n**{metric.name['zh']}** · {metric.name['en']} ({MEASURES[metric.measure]})\n\n"
        f"- {metric.formula['zh']}\n- {metric.formula['en']}\n"
        f"- counts: {metric.counted}s; window: {window}; role: {metric.job}; person: {metric.who}\n"
    )
