"""What inspecting speaks of, and how it says no."""

from enum import StrEnum

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Refused

NO_POST_COVERS = "no_post_covers"  # why an inspection asks nobody by name
FAILED = "inspection_failed"  # why a case is reworked


class DismissReason(StrEnum):
    """Why an appeal is not right. Words: `appeal.reason.*`."""

    unfounded = "unfounded"
    unproved = "unproved"
    own_fault = "own_fault"


class OwnWork(NotAllowed):
    """Nobody inspects what they, or their unit, have done."""

    code = "inspect.own_work"


class PostUnable(Invalid):
    """That post may not inspect this case."""

    code = "inspect.post_unable"


class TooManyPhotos(Invalid):
    """More photos than the city takes."""

    code = "inspect.too_many_photos"


class TaskUnknown(NotFound):
    """No such task, or not of this unit."""

    code = "inspect.task_unknown"


class NothingCounted(Refused):
    """That was not counted against the task."""

    code = "inspect.nothing_counted"


class TooLate(Refused):
    """The days for an appeal are over."""

    code = "inspect.too_late"


class LodgedAlready(Refused):
    """That was appealed against before."""

    code = "inspect.lodged_already"


class AppealWordsMissing(Invalid):
    """The appeal says nothing."""

    code = "inspect.appeal_words_missing"


class AppealUnknown(NotFound):
    """No such appeal waits for a decision."""

    code = "inspect.appeal_unknown"


class OwnInspection(NotAllowed):
    """Who inspected does not decide."""

    code = "inspect.own_inspection"


class ReasonUnknown(Invalid):
    """No reason for this."""

    code = "inspect.reason_unknown"


class VerdictReason(StrEnum):
    """Why a reporter is not content."""

    nothing_done = "nothing_done"  # 未处理
    half_done = "half_done"  # 处理不彻底
    came_back = "came_back"  # 又出现了
    too_slow = "too_slow"  # 太慢
    bad_manner = "bad_manner"  # 态度不好
    wrong_thing = "wrong_thing"  # 不是我反映的问题
    no_answer = "no_answer"  # 没人联系我


class TriedOutcome(StrEnum):
    """How a call ended that brought no verdict."""

    no_answer = "no_answer"
    busy = "busy"
    later = "later"  # the reporter asks to be called another time
    refused = "refused"  # does not want to say: nobody calls again
    wrong_number = "wrong_number"  # nobody calls again


class LapseReason(StrEnum):
    """Why a call-back ended without a verdict."""

    no_answer = "no_answer"  # its days are over
    tries_spent = "tries_spent"
    refused = "refused"
    wrong_number = "wrong_number"
    redone = "redone"  # the case was taken up again; it is asked anew after the next closing


class ReplyKind(StrEnum):
    """What a reply is for."""

    result = "result"  # what was done
    explain = "explain"  # why it cannot be done, or not now
    thanks = "thanks"
    sorry = "sorry"


class RedoReason(StrEnum):
    """Why a closed case is taken up again."""

    not_solved = "not_solved"
    partly_solved = "partly_solved"
    not_satisfied = "not_satisfied"
    seen_again = "seen_again"  # the duty leader saw for themselves
    ordered = "ordered"


LAST_TRIES = {TriedOutcome.refused: LapseReason.refused, TriedOutcome.wrong_number: LapseReason.wrong_number}


class CallbackUnknown(NotFound):
    """No such call-back, or not for this caller."""

    code = "inspect.callback_unknown"


class CallbackOver(Refused):
    """The call-back has ended."""

    code = "inspect.callback_over"


class CodeUnknown(Invalid):
    """A code that is none of the list."""

    code = "inspect.code_unknown"


class CaseUnderway(Refused):
    """The case is not closed."""

    code = "inspect.case_underway"


class WindowOver(Refused):
    """The days after closing are over."""

    code = "inspect.window_over"


class SaidBefore(Refused):
    """A verdict was given; only the reporter changes it."""

    code = "inspect.said_before"


class ChangedTooOften(Refused):
    """The reporter changed their verdict as often as they may."""

    code = "inspect.changed_too_often"


class RedoSpent(Refused):
    """The case was done again as often as it may be."""

    code = "inspect.redo_spent"


class NoWords(Invalid):
    """A reply that says nothing."""

    code = "inspect.no_words"


class ReplyLacks(Refused):
    """A reply without what the city asks of every reply."""

    code = "inspect.reply_lacks"


class DaysWrong(Invalid):
    """The days asked for are no period."""

    code = "inspect.days_wrong"
