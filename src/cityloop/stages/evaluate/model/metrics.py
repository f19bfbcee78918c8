"""The one table of metrics, as data. Source: standards.md 1.11; windows and exclusions are choices of ours."""

from functools import lru_cache

from cityloop.domain.policy import DueReading, FigureReadings
from cityloop.stages.evaluate.model import Counted, Job, Measure, Metric, Rows, Who, Window
from cityloop.stages.evaluate.model import conditions as rows

_REPORT, _CASE, _TASK, _HOLD = Counted.report, Counted.case, Counted.task, Counted.hold
_EVENT, _SETTLED, _NOW = Window.event, Window.settled, Window.now

ELAPSED, WORKING = "handling_elapsed_min", "handling_working_min"
ACCEPT_ELAPSED, ACCEPT_WORKING = "accepting_elapsed_min", "accepting_working_min"
PLAIN = frozenset({ELAPSED, ACCEPT_ELAPSED})  # minutes of day and night; the others in working time


def _count(
    code: str, zh: str, en: str, of: tuple[Counted, Who, Job, Window, Rows], *what: str, those: str | None = None
) -> Metric:
    counted, who, job, window, rows_of = of
    return Metric(
        code=code, name={"zh": zh, "en": en}, formula={"zh": what[0], "en": what[1]}, counted=counted, who=who, job=job,
        window=window, rows=rows_of, those=those,
    )  # fmt: skip


def _rate(code: str, zh: str, en: str, of: tuple[Counted, Who, Job, Window, Rows], those: str, *what: str) -> Metric:
    counted, who, job, window, below = of
    return Metric(
        code=code, name={"zh": zh, "en": en}, formula={"zh": what[0], "en": what[1]}, counted=counted, who=who, job=job,
        window=window, rows=below, those=those, measure=Measure.ppm,
    )  # fmt: skip


def _mean(
    code: str, zh: str, en: str, of: tuple[Counted, Who, Job, Window, Rows], took: tuple[str, str], *what: str
) -> Metric:
    counted, who, job, window, over = of
    return Metric(
        code=code, name={"zh": zh, "en": en}, formula={"zh": what[0], "en": what[1]}, counted=counted, who=who, job=job,
        window=window, rows=over, took=took, measure=Measure.min,
    )  # fmt: skip


def _collecting() -> tuple[Metric, ...]:
    """What came in, and who saw it first."""
    came = (_REPORT, Who.reporter, Job.collector, _EVENT, rows.RECEIVED)
    collected = (_REPORT, Who.reporter, Job.collector, _EVENT, rows.COLLECTED)
    filed = (_CASE, Who.reporter, Job.collector, _EVENT, rows.FILED)
    missed = (_CASE, Who.nobody, Job.collector, _EVENT, rows.FILED)
    verify = (_TASK, Who.doer, Job.collector, _SETTLED, rows.VERIFY)
    inspect = (_TASK, Who.doer, Job.collector, _SETTLED, rows.INSPECT)
    cleared = (_TASK, Who.doer, Job.collector, _EVENT, rows.CLEARED)
    return (
        _count("reported", "上报数", "Reports", came, "本期收到的上报", "reports received"),
        _count("collected", "监督员上报数", "Reports by collectors", collected,
               "本期收到的监督员上报", "reports received from collectors"),
        _rate("valid_reports", "有效上报率", "Valid reports", collected, rows.BEGAN_A_CASE,
              "监督员上报中形成案件且已立案的 ÷ 监督员上报数；并入他案的不算有效",
              "of the reports by collectors, those that began a case that was filed ÷ reports by collectors; one that "
              "joined another case began none"),
        _count("self_handled", "自行处置数", "Cleared on the spot", cleared,
               "本期由采集员现场自行处置而立案的案件；后经核查不通过的也计；不属任何处置单位",
               "cases filed as a collector cleared them on the spot, also those that an inspection failed since; of no unit"),
        _rate("filed_from_collectors", "监督举报率", "Filed from collectors", filed, rows.BY_COLLECTOR,
              "立案数中由监督员首先上报的 ÷ 立案数", "of the cases filed, those first reported by a collector ÷ cases filed"),
        _rate("filed_from_public", "公众举报率", "Filed from the public", filed, rows.BY_PUBLIC,
              "立案数中由公众首先举报的 ÷ 立案数", "of the cases filed, those first reported by the public ÷ cases filed"),
        _rate("missed", "漏报率", "Missed by collectors", missed, rows.MISSED,
              "立案数中公众先报、至今无监督员上报的 ÷ 立案数；责任在网格，不计入个人",
              "of the cases filed, those that the public reported first and no collector has reported since ÷ cases "
              "filed; a duty grid's number, nobody's by person"),
        _rate("verified_on_time", "按时核实率", "Verified on time", verify,
              f"task.outcome IN ({rows.FOUND}) AND {rows.IN_TIME}",
              "按时核实数 ÷ 应核实数；到期前撤销的不计",
              "seen on site by the deadline ÷ due to be verified; one called off before it was not owed"),
        _rate("inspected_on_time", "按时核查率", "Inspected on time", inspect,
              f"task.outcome IN ({rows.LOOKED}) AND {rows.IN_TIME}",
              "按时核查数 ÷ 应核查数；到期前改派的不计",
              "inspected by the deadline ÷ due to be inspected; one given to another before it was not owed"),
    )  # fmt: skip


def _filing() -> tuple[Metric, ...]:
    """Taken up, filed, refused."""
    begun = (_CASE, Who.accepter, Job.acceptor, _EVENT, rows.OPENED)
    known = (_CASE, Who.decider, Job.duty_leader, _EVENT, rows.FILING_KNOWN)
    accepted = (_CASE, Who.accepter, Job.acceptor, _EVENT, rows.DECIDED)
    filed = (_CASE, Who.decider, Job.duty_leader, _EVENT, rows.FILED)
    void = (_CASE, Who.nobody, Job.duty_leader, _EVENT, rows.VOIDED)
    refused = (_CASE, Who.decider, Job.duty_leader, _EVENT, rows.REFUSED)
    to_file = (_CASE, Who.decider, Job.duty_leader, _SETTLED, rows.TO_FILE)
    took = ("report.received_at", rows.DECIDED_AT)
    return (
        _count("opened", "受理数", "Cases begun", begun,
               "本期由上报形成的案件，并入他案者不计", "cases begun by a report; one merged into another is none"),
        _count("accepted", "受理办结数", "Cases decided", accepted,
               "本期立案或不予立案的案件", "cases filed or refused"),
        _mean(ACCEPT_ELAPSED, "平均受理时长（自然时间）", "Mean time to decide, elapsed", accepted, took,
              "自首次上报至立案或不予立案的分钟数（全天计）之和 ÷ 受理办结数",
              "minutes from the first report to filed or refused, day and night ÷ cases decided"),
        _mean(ACCEPT_WORKING, "平均受理时长（工作时间）", "Mean time to decide, working", accepted, took,
              "自首次上报至立案或不予立案的工作分钟数之和 ÷ 受理办结数",
              "working minutes from the first report to filed or refused ÷ cases decided"),
        _count("filed", "立案数", "Cases filed", filed, "本期立案的案件", "cases filed"),
        _count("refused", "不予立案数", "Cases refused", refused, "本期不予受理或不予立案的案件", "cases refused"),
        _rate("filing_rate", "立案率", "Filing rate", known, "case_file.filed_at IS NOT NULL",
              "受理数中已立案的 ÷ 受理数；导入案件未载明立案的不计",
              "of the cases begun, those filed so far ÷ cases begun; imported ones whose filing is not told are left out"),
        _rate("filed_on_time", "按时立案率", "Filed on time", to_file, rows.FILED_IN_TIME,
              "按时立案数 ÷ 应立案数；不予立案与并案者不在应立案之列",
              "filed by the deadline ÷ due to be filed; refused and merged cases were not"),
        _rate("filed_accurately", "准确立案率", "Filed accurately", filed, rows.NOT_VOID,
              "立案数中未作废的 ÷ 立案数", "of the cases filed, those not made void ÷ cases filed"),
        _count("voided", "作废数", "Cases made void", void, "本期作废的案件", "cases made void"),
        _rate("recurring", "反复发率", "Recurring", filed, rows.RECURS,
              "立案数中同类问题在原处复发的 ÷ 立案数",
              "of the cases filed, those in which a closed case of the class came back at its place ÷ cases filed"),
    )  # fmt: skip


def _dispatching() -> tuple[Metric, ...]:
    """Given to a unit."""
    sent = (_TASK, Who.dispatcher, Job.dispatcher, _EVENT, rows.DISPATCH)
    to_send = (_CASE, Who.dispatcher, Job.dispatcher, _SETTLED, rows.TO_DISPATCH)
    return (
        _count("dispatched", "派遣数", "Dispatches", sent,
               "本期的派遣，改派另计，返工不计", "dispatches; a second one counts again, a rework does not"),
        _rate("dispatched_accurately", "准确派遣率", "Dispatched accurately", sent,
              "COALESCE(task.outcome, '') <> 'misdispatched'",
              "未因派错被回退的派遣 ÷ 派遣数", "dispatches not sent back as wrongly sent ÷ dispatches"),
        _rate("dispatched_on_time", "按时派遣率", "Dispatched on time", to_send, rows.SENT_IN_TIME,
              "按时派遣数 ÷ 应派遣数，以案件最近一次派遣为准",
              "dispatched by the desk's deadline ÷ due to be dispatched; the last round of each case"),
    )  # fmt: skip


def _handling(reading: DueReading) -> tuple[Metric, ...]:
    """The work of the units. What was owed is finished in time or late, waits in time or late, or came back late."""
    owed = (_TASK, Who.doer, Job.handler, Window(reading), rows.owed("handle", rows.FINISHED, reading))
    done = (_TASK, Who.doer, Job.handler, _EVENT, rows.HANDLED)
    timed = (_TASK, Who.doer, Job.handler, _EVENT, rows.TIMED)
    again = (_TASK, Who.doer, Job.handler, _EVENT, rows.REWORK)
    in_time = f"{rows.IS_FINISHED} AND {rows.IN_TIME}"
    took = ("task.given_at", "task.ended_at")
    return (
        _count("due_to_handle", "应处置数", "Due to be handled", owed,
               "本期应处置的任务（含返工）；到期前已回退的不计；挂账、缓办期间不计，审批另有规定的除外；"
               "对超期或回退申诉成立的超期任务不计",
               "handling tasks owed, reworks too; one sent back before its deadline was not owed, nor is one that is put off, "
               "unless its approval counts it as due, nor one that ended late where an appeal about that or about its return "
               "was upheld"),
        _count("handled", "处置数", "Handled", done, "本期处置完成的任务", "handling tasks finished"),
        _count("handled_in_time", "按时处置数", "Handled in time", owed,
               "应处置数中按时处置的", "of those due to be handled, finished by the deadline", those=in_time),
        _count("handled_late", "超时处置数", "Handled late", owed,
               "应处置数中超时处置的", "of those due to be handled, finished after the deadline", those=f"{rows.IS_FINISHED} AND task.overdue = 1"),
        _count("to_handle", "待处置数", "Waiting to be handled", owed,
               "应处置数中未处置的", "of those due to be handled, not ended", those=rows.WAITS),
        _count("to_handle_in_time", "按时待处置数", "Waiting, in time",
               owed,
               "应处置数中未处置且未到期的", "of those due to be handled, not ended and not past the deadline", those=f"{rows.WAITS} AND NOT {rows.IS_OVER}"),
        _count("overdue_open", "超时待处置数", "Overdue and open", owed,
               "应处置数中已到期而未处置的", "of those due to be handled, past the deadline and not ended", those=f"{rows.WAITS} AND {rows.IS_OVER}"),
        _rate("handling_rate", "处置率", "Handling rate", owed, rows.IS_FINISHED,
              "应处置数中已处置的 ÷ 应处置数", "of those due to be handled, finished so far ÷ due to be handled"),
        _rate("handled_on_time", "按期处置率", "Handled on time", owed, in_time,
              "按期处置数 ÷ 应处置数", "finished by the deadline ÷ due to be handled"),
        _rate("extended", "延期率", "Extended", owed, rows.IS_EXTENDED,
              "应处置数中获准延期的 ÷ 应处置数", "of those due to be handled, given more time ÷ due to be handled"),
        _count("reworked", "返工数", "Reworks", again,
               "本期因核查不通过而重新交办的任务；对返工申诉成立的不计",
               "tasks given again because an inspection failed, unless an appeal about the rework was upheld"),
        _rate("rework_rate", "返工率", "Rework rate", done, rows.SENT_AGAIN,
              "处置数中后被返工的 ÷ 处置数；对核查不通过或该返工申诉成立的不算返工",
              "of those handled, sent back for rework so far ÷ handled; not sent back, where an appeal about the failed "
              "inspection or about that rework was upheld"),
        _mean(ELAPSED, "平均处置时长（自然时间）", "Mean handling time, elapsed", timed, took,
              "自派遣至处置完成的分钟数（全天计）之和 ÷ 处置数", "minutes from given to finished, day and night ÷ handled"),
        _mean(WORKING, "平均处置时长（工作时间）", "Mean handling time, working", timed, took,
              "自派遣至处置完成的工作分钟数之和 ÷ 处置数", "working minutes from given to finished ÷ handled"),
    )  # fmt: skip


def _putting_off() -> tuple[Metric, ...]:
    """挂账、缓办: what is put off by approval."""
    suspended = (_HOLD, Who.nobody, Job.handler, _EVENT, rows.SUSPENDED)
    deferred = (_HOLD, Who.nobody, Job.handler, _EVENT, rows.DEFERRED)
    filed = (_CASE, Who.nobody, Job.handler, _EVENT, rows.FILED)
    return (
        _count("suspended", "挂账数", "Suspensions", suspended, "本期起挂账的；展期不另计",
               "suspensions that began; one that goes on for longer is no other"),
        _count("still_suspended", "未销账数", "Suspended still", suspended, "本期起挂账且至今未销的",
               "suspensions that began and are not settled", those=rows.STILL_HELD),
        _rate("suspension_rate", "挂账率", "Suspended, share", filed, rows.ever_held("suspension"),
              "立案数中曾挂账的 ÷ 立案数", "of the cases filed, those suspended since ÷ cases filed"),
        _count("deferred", "缓办数", "Deferrals", deferred, "本期起缓办的", "deferrals that began"),
        _rate("deferral_rate", "缓办率", "Deferred, share", filed, rows.ever_held("deferral"),
              "立案数中曾缓办的 ÷ 立案数", "of the cases filed, those deferred since ÷ cases filed"),
    )  # fmt: skip


def _closing(reading: DueReading) -> tuple[Metric, ...]:
    """The end of cases."""
    owed = (_CASE, Who.closer, Job.duty_leader, Window(reading), rows.to_close(reading))
    closed = (_CASE, Who.closer, Job.duty_leader, _EVENT, rows.CLOSED)
    still = (_CASE, Who.nobody, Job.duty_leader, _NOW, rows.OPEN)
    closed_in_time = f"{rows.IS_CLOSED} AND {rows.CLOSED_IN_TIME}"
    by = (
        ("本期立案的案件", "cases filed")
        if reading is DueReading.begun
        else (
            "本期应结案的案件，以案件现行处置时限为准；作废的不计，挂账、缓办期间不计，审批另有规定的除外",
            "cases owed, by the deadline of handling that stands; a rework moves it; none that is void, nor one that is "
            "put off, unless its approval counts it as due",
        )
    )
    return (
        _count("due_to_close", "应结案数", "Due to be closed", owed, *by),
        _count("closed", "结案数", "Closed", closed, "本期首次结案的案件；重办后再结的不另计", "cases closed for the first time; one done again is not counted again"),
        _count("closed_in_time", "按时结案数", "Closed in time", owed,
               "应结案数中按期处置并结案的", "of those due to be closed, closed with the work done in time", those=closed_in_time),
        _count("closed_late", "超时结案数", "Closed late", owed,
               "应结案数中超时处置而结案的", "of those due to be closed, closed with the work done late", those=f"{rows.IS_CLOSED} AND {rows.CLOSED_LATE}"),
        _count("to_close", "待结案数", "Waiting to be closed", owed,
               "应结案数中未结案的", "of those due to be closed, not closed", those=rows.STILL_TO_CLOSE),
        _rate("closing_rate", "结案率", "Closing rate", owed, rows.IS_CLOSED,
              "应结案数中已结案的 ÷ 应结案数", "of those due to be closed, closed so far ÷ due to be closed"),
        _rate("closed_on_time", "按期结案率", "Closed on time", owed, closed_in_time,
              "应结案数中按期处置并结案的 ÷ 应结案数",
              "of those due to be closed, closed with the work done in time ÷ due to be closed"),
        _count("open_now", "在办数", "Open now", still, "查询时刻未结束的案件", "cases that are not over"),
    )  # fmt: skip


@lru_cache(16)
def metrics_by(readings: FigureReadings) -> dict[str, Metric]:
    """The table as a city reads it, by code, in the order of a report's way."""
    due = readings.due_window
    table = (*_collecting(), *_filing(), *_dispatching(), *_handling(due), *_putting_off(), *_closing(due))
    return {each.code: each for each in table}


METRIC_OF = metrics_by(FigureReadings())  # as most cities read it: codes, names and measures are the same for all
METRICS = tuple(METRIC_OF.values())
