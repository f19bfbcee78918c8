"""The one table of metrics, as data. Source: standards.md 1.11; windows and exclusions are choices of ours."""

from cityloop.stages.evaluate.model import Counted, Measure, Metric, Who, Window
from cityloop.stages.evaluate.model import conditions as rows

_REPORT, _CASE, _TASK = Counted.report, Counted.case, Counted.task
_EVENT, _DUE, _NOW = Window.event, Window.due, Window.now
_FINISHED = f"task.outcome = {rows.FINISHED}"
_IN_TIME = "task.overdue = 0"


def _count(code: str, zh: str, en: str, counted: Counted, who: Who, window: Window, of: str, *what: str) -> Metric:
    return Metric(
        code=code, name={"zh": zh, "en": en}, formula={"zh": what[0], "en": what[1]}, counted=counted, who=who,
        window=window, numerator=of,
    )  # fmt: skip


def _rate(
    code: str, zh: str, en: str, counted: Counted, who: Who, window: Window, of: str, those: str, *what: str
) -> Metric:
    return Metric(
        code=code, name={"zh": zh, "en": en}, formula={"zh": what[0], "en": what[1]}, counted=counted, who=who,
        window=window, numerator=f"{of} AND {those}", denominator=of, measure=Measure.ppm,
    )  # fmt: skip


def _mean(code: str, zh: str, en: str, *what: str) -> Metric:
    return Metric(
        code=code, name={"zh": zh, "en": en}, formula={"zh": what[0], "en": what[1]}, counted=_TASK, who=Who.doer,
        window=_EVENT, numerator=None, denominator=rows.TIMED, measure=Measure.min,
    )  # fmt: skip


ELAPSED, WORKING = "handling_elapsed_min", "handling_working_min"

METRICS: tuple[Metric, ...] = (
    _count("reported", "上报数", "Reports", _REPORT, Who.reporter, _EVENT, rows.within("report.received_at"),
           "本期收到的上报", "reports received"),
    _count("opened", "受理数", "Cases begun", _CASE, Who.decider, _EVENT, rows.OPENED,
           "本期由上报形成的案件，并入他案者不计", "cases begun by a report; one merged into another is none"),
    _count("filed", "立案数", "Cases filed", _CASE, Who.decider, _EVENT, rows.FILED,
           "本期立案的案件", "cases filed"),
    _count("refused", "不予立案数", "Cases refused", _CASE, Who.decider, _EVENT, rows.REFUSED,
           "本期不予受理或不予立案的案件", "cases refused"),
    _rate("filing_rate", "立案率", "Filing rate", _CASE, Who.decider, _EVENT, rows.FILING_KNOWN,
          "case_file.filed_at IS NOT NULL",
          "受理数中已立案的 ÷ 受理数；导入案件未载明立案的不计",
          "of the cases begun, those filed so far ÷ cases begun; imported ones whose filing is not told are left out"),
    _rate("filed_on_time", "按时立案率", "Filed on time", _CASE, Who.decider, _DUE, rows.TO_FILE, rows.FILED_IN_TIME,
          "按时立案数 ÷ 应立案数；不予立案与并案者不在应立案之列",
          "filed by the deadline ÷ due to be filed; refused and merged cases were not"),
    _count("dispatched", "派遣数", "Dispatches", _TASK, Who.dispatcher, _EVENT, rows.DISPATCH,
           "本期的派遣，改派另计，返工不计", "dispatches; a second one counts again, a rework does not"),
    _rate("dispatched_accurately", "准确派遣率", "Dispatched accurately", _TASK, Who.dispatcher, _EVENT, rows.DISPATCH,
          "COALESCE(task.outcome, '') <> 'misdispatched'",
          "未因派错被回退的派遣 ÷ 派遣数", "dispatches not sent back as wrongly sent ÷ dispatches"),
    _rate("dispatched_on_time", "按时派遣率", "Dispatched on time", _CASE, Who.dispatcher, _DUE, rows.TO_DISPATCH,
          rows.SENT_IN_TIME,
          "按时派遣数 ÷ 应派遣数，以案件最近一次派遣为准",
          "dispatched by the desk's deadline ÷ due to be dispatched; the last round of each case"),
    _count("due_to_handle", "应处置数", "Due to be handled", _TASK, Who.doer, _DUE, rows.HANDLE,
           "本期应处置的任务（含返工）；到期前已回退的不计",
           "handling tasks owed, reworks too; one sent back before its deadline was not owed"),
    _count("handled", "处置数", "Handled", _TASK, Who.doer, _EVENT, rows.HANDLED,
           "本期处置完成的任务", "handling tasks finished"),
    _rate("handling_rate", "处置率", "Handling rate", _TASK, Who.doer, _DUE, rows.HANDLE, _FINISHED,
          "应处置数中已处置的 ÷ 应处置数", "of those due to be handled, finished so far ÷ due to be handled"),
    _rate("handled_on_time", "按期处置率", "Handled on time", _TASK, Who.doer, _DUE, rows.HANDLE,
          f"{_FINISHED} AND {_IN_TIME}",
          "按期处置数 ÷ 应处置数", "finished by the deadline ÷ due to be handled"),
    _count("overdue_open", "超时待处置数", "Overdue and open", _TASK, Who.doer, _DUE,
           f"{rows.HANDLE} AND task.ended_at IS NULL AND task.due_at < :now",
           "应处置数中已到期而未处置的", "of those due to be handled, past the deadline and not ended"),
    _count("reworked", "返工数", "Reworks", _TASK, Who.doer, _EVENT, rows.REWORK,
           "本期因核查不通过而重新交办的任务", "tasks given again because an inspection failed"),
    _rate("rework_rate", "返工率", "Rework rate", _TASK, Who.doer, _EVENT, rows.HANDLED, rows.SENT_AGAIN,
          "处置数中后被返工的 ÷ 处置数", "of those handled, sent back for rework so far ÷ handled"),
    _mean(ELAPSED, "平均处置时长（自然时间）", "Mean handling time, elapsed",
          "自派遣至处置完成的分钟数（全天计）之和 ÷ 处置数", "minutes from given to finished, day and night ÷ handled"),
    _mean(WORKING, "平均处置时长（工作时间）", "Mean handling time, working",
          "自派遣至处置完成的工作分钟数之和 ÷ 处置数", "working minutes from given to finished ÷ handled"),
    _count("due_to_close", "应结案数", "Due to be closed", _CASE, Who.closer, _DUE, rows.TO_CLOSE,
           "本期应结案的案件，以案件现行处置时限为准",
           "cases owed, by the deadline of handling that stands; a rework moves it"),
    _count("closed", "结案数", "Closed", _CASE, Who.closer, _EVENT, rows.CLOSED,
           "本期结案的案件", "cases closed"),
    _rate("closing_rate", "结案率", "Closing rate", _CASE, Who.closer, _DUE, rows.TO_CLOSE,
          rows.IS_CLOSED,
          "应结案数中已结案的 ÷ 应结案数", "of those due to be closed, closed so far ÷ due to be closed"),
    _rate("closed_on_time", "按期结案率", "Closed on time", _CASE, Who.closer, _DUE, rows.TO_CLOSE,
          f"{rows.IS_CLOSED} AND {rows.IN_TIME}",
          "应结案数中按期处置并结案的 ÷ 应结案数",
          "of those due to be closed, closed with the work done in time ÷ due to be closed"),
    _rate("verified_on_time", "按时核实率", "Verified on time", _TASK, Who.doer, _DUE, rows.VERIFY,
          f"task.outcome IN ({rows.FOUND}) AND {_IN_TIME}",
          "按时核实数 ÷ 应核实数；到期前撤销的不计",
          "seen on site by the deadline ÷ due to be verified; one called off before it was not owed"),
    _rate("inspected_on_time", "按时核查率", "Inspected on time", _TASK, Who.doer, _DUE, rows.INSPECT,
          f"task.outcome IN ({rows.LOOKED}) AND {_IN_TIME}",
          "按时核查数 ÷ 应核查数；到期前改派的不计",
          "inspected by the deadline ÷ due to be inspected; one given to another before it was not owed"),
    _count("open_now", "在办数", "Open now", _CASE, Who.nobody, _NOW, "case_file.is_open = 1",
           "查询时刻未结束的案件", "cases that are not over"),
)  # fmt: skip
METRIC_OF: dict[str, Metric] = {each.code: each for each in METRICS}
