"""The one table of moves: from where, to where, by what fact, who may, and what must be there."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Refused
from cityloop.domain.permission import Permission


class State(StrEnum):
    """Where a case stands. Source: standards.md 1.10."""

    reported = "reported"  # 待受理
    verifying = "verifying"  # 待核实
    to_file = "to_file"  # 待立案
    to_dispatch = "to_dispatch"  # 待派遣
    to_sign = "to_sign"  # 待签收
    handling = "handling"  # 处置中
    handled = "handled"  # 已处置
    inspecting = "inspecting"  # 待核查
    to_close = "to_close"  # 待结案
    closed = "closed"  # 已结案
    not_accepted = "not_accepted"  # 不予受理 / 不予立案
    merged = "merged"  # 并案
    suspended = "suspended"  # 挂账
    deferred = "deferred"  # 缓办
    void = "void"  # 作废
    transferred = "transferred"  # 转办


OVER = frozenset({State.closed, State.not_accepted, State.merged, State.void})
HELD = (State.suspended, State.deferred)  # put off: the clock of handling stands
RUNNING = (State.reported, State.verifying, State.to_file, State.to_dispatch, State.to_sign, State.handling,
           State.inspecting, State.transferred)  # fmt: skip  # a limit runs
IMPORTED = (State.reported, State.to_dispatch, State.handling, State.closed,
            State.not_accepted)  # fmt: skip  # how a case of another system may stand
MACHINE = "machine"  # the city's own rules; stands beside the permission where a rule may do it alone


class Move(Struct, frozen=True, kw_only=True):
    """One allowed move. `None` in `before` is a case that does not exist yet."""

    name: str
    fact: str
    before: tuple[State | None, ...]
    after: State | None  # None: the state stays
    who: Permission
    machine: bool = False
    needs: tuple[str, ...] = ()  # what must be there
    others: tuple[State, ...] = ()  # to where it may lead instead, if the fact says so
    told: tuple[State, ...] = ()  # not empty: the fact says to which of these
    also: tuple[Permission, ...] = ()  # who may, too, where the kind of the thing is theirs

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """Any of these is enough; which one, the kind of what is asked for says."""
        return (self.who, *self.also)


_WAITING = (State.reported, State.verifying, State.to_file)
_TAKEN_UP = tuple(s for s in State if s not in OVER and s not in (State.reported, State.verifying))
_WITH_UNIT = (State.to_sign, State.handling)
_WORKED_ON = (*_WITH_UNIT, State.handled, State.inspecting, State.to_close)

MOVES: tuple[Move, ...] = (
    Move(name="open", fact="CaseOpened", before=(None,), after=State.reported, who=Permission.case_accept, machine=True),
    Move(name="join", fact="ReportJoined", before=tuple(s for s in State if s not in OVER), after=None,
         who=Permission.case_accept, machine=True, needs=("report",)),
    Move(name="merge", fact="CaseMerged", before=(State.reported,), after=State.merged, who=Permission.case_accept,
         needs=("into",)),
    Move(name="ask_verify", fact="VerifyAsked", before=(State.reported, State.to_file), after=State.verifying,
         who=Permission.case_accept, machine=True, needs=("problem", "post")),
    Move(name="verify", fact="CaseVerified", before=(State.verifying,), after=State.to_file,
         who=Permission.case_verify, needs=("task",)),
    Move(name="accept", fact="CaseAccepted", before=(State.reported, State.to_file), after=State.to_file,
         who=Permission.case_accept, needs=("problem",)),
    Move(name="file", fact="CaseFiled", before=(None, State.reported, State.to_file), after=State.to_dispatch,
         who=Permission.case_file, machine=True, needs=("problem", "number")),
    Move(name="refuse", fact="CaseRefused", before=_WAITING, after=State.not_accepted, who=Permission.case_file,
         needs=("reason",)),
    Move(name="propose", fact="DispatchProposed", before=(State.to_dispatch,), after=None,
         who=Permission.case_dispatch, machine=True),
    Move(name="move_level", fact="CaseLevelMoved", before=(State.to_dispatch,), after=None,
         who=Permission.case_dispatch, needs=("level", "reason")),
    Move(name="dispatch", fact="CaseDispatched", before=(State.to_dispatch,), after=State.to_sign,
         who=Permission.case_dispatch, machine=True, needs=("unit",)),
    Move(name="sign", fact="TaskSigned", before=(State.to_sign,), after=State.handling, who=Permission.case_handle,
         needs=("task",)),
    Move(name="return", fact="TaskReturned", before=(State.to_sign, State.handling), after=State.to_dispatch,
         who=Permission.case_handle, needs=("task", "reason")),
    Move(name="reach_stage", fact="TaskStageReached", before=(State.handling,), after=None, who=Permission.case_handle,
         needs=("task", "stage")),
    Move(name="finish", fact="TaskFinished", before=(State.handling,), after=State.handled,
         who=Permission.case_handle, needs=("task", "proof")),
    Move(name="move_due", fact="DueMoved", before=RUNNING, after=None, who=Permission.pack_adopt, machine=True),
    Move(name="ask_inspection", fact="InspectionAsked", before=(State.handled, State.inspecting),
         after=State.inspecting, who=Permission.case_close, machine=True),
    Move(name="inspect", fact="CaseInspected", before=(State.inspecting,), after=State.to_close,
         who=Permission.case_inspect, needs=("task", "another")),
    Move(name="rework", fact="CaseReworked", before=(State.to_close,), after=State.to_sign,
         who=Permission.case_close, machine=True, needs=("reason",)),
    Move(name="close", fact="CaseClosed", before=(State.to_close,), after=State.closed, who=Permission.case_close,
         machine=True),
    Move(name="ask_approval", fact="ApprovalAsked", before=_TAKEN_UP, after=None, who=Permission.case_handle,
         also=(Permission.case_accept,), needs=("kind", "reason")),
    Move(name="grant", fact="ApprovalGranted", before=_TAKEN_UP, after=None, who=Permission.case_approve_work,
         also=(Permission.case_approve_file,), needs=("approval", "another")),
    Move(name="forward", fact="ApprovalForwarded", before=_TAKEN_UP, after=None, who=Permission.case_approve_work,
         also=(Permission.case_approve_file,), needs=("approval", "another")),
    Move(name="deny", fact="ApprovalRefused", before=_TAKEN_UP, after=None, who=Permission.case_approve_work,
         also=(Permission.case_approve_file,), needs=("approval", "another", "reason")),
    Move(name="withdraw", fact="ApprovalWithdrawn", before=_TAKEN_UP, after=None, who=Permission.case_handle,
         also=(Permission.case_accept,), machine=True, needs=("approval",)),
    Move(name="lapse", fact="ApprovalLapsed", before=_TAKEN_UP, after=None, who=Permission.case_approve_work,
         also=(Permission.case_approve_file,), machine=True, needs=("approval",)),
    Move(name="extend", fact="TaskExtended", before=(State.handling,), after=None, who=Permission.case_approve_work,
         machine=True, needs=("approval", "length")),
    Move(name="suspend", fact="CaseSuspended", before=(State.handling, State.suspended), after=State.suspended,
         who=Permission.case_approve_work, machine=True, needs=("approval", "length")),
    Move(name="defer", fact="CaseDeferred", before=(State.handling,), after=State.deferred,
         who=Permission.case_approve_work, machine=True, needs=("approval", "length")),
    Move(name="expire", fact="HoldExpired", before=(State.suspended,), after=None, who=Permission.case_approve_work,
         machine=True),
    Move(name="resume", fact="CaseResumed", before=HELD, after=State.handling, who=Permission.case_handle,
         also=(Permission.case_approve_work,), machine=True),
    Move(name="void", fact="CaseVoided", before=_TAKEN_UP, after=State.void, who=Permission.case_approve_file,
         machine=True, needs=("approval",)),
    Move(name="source_withdrawn", fact="CaseSourceWithdrawn", before=tuple(s for s in State if s not in OVER), after=None,
         who=Permission.order_send, machine=True),
    Move(name="import", fact="CaseImported", before=(None,), after=None, who=Permission.pack_adopt, needs=("file",),
         told=IMPORTED),
    Move(name="import_again", fact="CaseReimported", before=IMPORTED, after=None, who=Permission.pack_adopt,
         needs=("file", "untouched"), told=IMPORTED),
    Move(name="redo", fact="CaseRedone", before=(State.closed,), after=State.to_sign, others=(State.to_dispatch,),
         who=Permission.case_close, machine=True, needs=("reason", "window")),
)  # fmt: skip
MOVES += (
    Move(name="reassign", fact="CaseReassigned", before=_WITH_UNIT, after=State.to_sign, who=Permission.case_dispatch,
         needs=("unit", "reason")),
    Move(name="ask_assist", fact="AssistAsked", before=_WITH_UNIT, after=None, who=Permission.case_dispatch, machine=True,
         needs=("unit",)),
    Move(name="sign_assist", fact="AssistSigned", before=_WITH_UNIT, after=None, who=Permission.case_assist,
         needs=("task",)),
    Move(name="finish_assist", fact="AssistFinished", before=_WITH_UNIT, after=None, who=Permission.case_assist,
         needs=("task", "proof")),
    Move(name="call_off_assist", fact="AssistCancelled", before=tuple(State), after=None, who=Permission.case_handle,
         machine=True, needs=("task", "reason")),
    Move(name="urge", fact="CaseUrged", before=_WITH_UNIT, after=None, who=Permission.case_urge,
         needs=("task", "reason")),
    Move(name="notice", fact="OverdueNoticed", before=_WITH_UNIT, after=None, who=Permission.case_urge, machine=True,
         needs=("task", "deadline")),
    Move(name="supervise", fact="SupervisionIssued", before=_WORKED_ON, after=None, who=Permission.case_supervise,
         needs=("unit", "number", "reason")),
    Move(name="answer", fact="SupervisionAnswered", before=tuple(State), after=None, who=Permission.case_handle,
         needs=("supervision", "words")),
    Move(name="ask_answer_again", fact="SupervisionRejected", before=tuple(State), after=None,
         who=Permission.case_supervise, needs=("answer", "reason")),
    Move(name="accept_answer", fact="SupervisionAccepted", before=tuple(State), after=None,
         who=Permission.case_supervise, needs=("answer",)),
    Move(name="miss_answer", fact="SupervisionMissed", before=tuple(State), after=None, who=Permission.case_supervise,
         machine=True, needs=("supervision",)),
    Move(name="instruct", fact="CaseInstructed", before=tuple(s for s in State if s not in OVER), after=None,
         who=Permission.case_instruct, needs=("words",)),
    Move(name="whistle", fact="WhistleSounded", before=(State.to_dispatch, *_WITH_UNIT), after=None,
         who=Permission.case_whistle, needs=("units", "reason")),
    Move(name="report_in", fact="ArrivalReported", before=tuple(State), after=None, who=Permission.case_report_in,
         needs=("whistle",)),
    Move(name="miss_arrival", fact="ArrivalMissed", before=tuple(State), after=None, who=Permission.case_whistle,
         machine=True, needs=("whistle",)),
    Move(name="end_whistle", fact="WhistleEnded", before=tuple(State), after=None, who=Permission.case_whistle,
         needs=("whistle", "record")),
    Move(name="rate", fact="UnitRated", before=tuple(State), after=None, who=Permission.case_whistle,
         needs=("whistle", "score", "reason")),
    Move(name="self_handle", fact="CaseSelfHandled", before=(None,), after=State.handled,
         who=Permission.case_self_handle, machine=True, needs=("problem", "number", "proof")),
    Move(name="pass_self_handled", fact="SelfHandlingPassed", before=(State.handled,), after=State.to_close,
         who=Permission.case_close, machine=True, needs=("share",)),
    Move(name="reject", fact="ResultRejected", before=(State.to_close,), after=State.to_dispatch,
         who=Permission.case_close, machine=True, needs=("reason",)),
    Move(name="transfer", fact="CaseTransferred", before=(State.to_dispatch,), after=State.transferred,
         who=Permission.case_dispatch, needs=("system", "reason")),
    Move(name="finish_transfer", fact="TransferFinished", before=(State.transferred,), after=State.handled,
         who=Permission.case_dispatch),
    Move(name="return_transfer", fact="TransferReturned", before=(State.transferred,), after=State.to_dispatch,
         who=Permission.case_dispatch, needs=("reason",)),
    Move(name="miss_transfer", fact="TransferMissed", before=(State.transferred,), after=None,
         who=Permission.case_dispatch, machine=True),
    Move(name="appeal", fact="AppealLodged", before=tuple(State), after=None, who=Permission.case_appeal,
         needs=("task", "words")),
    Move(name="uphold", fact="AppealGranted", before=tuple(State), after=None, who=Permission.case_judge,
         needs=("appeal", "another")),
    Move(name="dismiss", fact="AppealDismissed", before=tuple(State), after=None, who=Permission.case_judge,
         needs=("appeal", "another", "reason")),
    Move(name="complete", fact="CompletionDemanded", before=(State.to_file,), after=State.reported,
         who=Permission.case_file, needs=("reason",)),
    Move(name="end_cause", fact="CauseEnded", before=tuple(s for s in State if s not in OVER), after=None,
         others=(State.to_close,), who=Permission.case_close, machine=True, needs=("alarm",)),
    Move(name="part", fact="ReportParted", before=tuple(s for s in State if s not in OVER), after=None,
         who=Permission.case_accept, also=(Permission.case_dispatch,), needs=("report", "reason")),
)  # fmt: skip  # said about a case, or others that help: most leave the state alone
MOVE_OF: dict[str, Move] = {each.fact: each for each in MOVES}
MOVE_BY_NAME: dict[str, Move] = {each.name: each for each in MOVES}


class MoveForbidden(Refused):
    """The table of moves does not know this step from here."""

    code = "lifecycle.move_forbidden"


def state_after(fact: str, before: State | None, to: State | None = None) -> State | None:
    """The state that a case is in once the fact has happened; `to` is the one that the fact names, where it may.

    Refuses with `MoveForbidden`, which names the moves that are allowed from here.
    """
    move = MOVE_OF[fact]
    if before not in move.before:
        here = before or "nothing"
        able = ", ".join(m.name for m in MOVES if before in m.before) or "none"
        raise MoveForbidden(
            f"A case that is {here} cannot {move.name}; from here these moves are allowed: {able}.", state=here
        )
    if move.told:
        if to not in move.told:
            raise MoveForbidden(f"A case cannot be imported as {to}; tell it as {', '.join(move.told)}.", state=to)
        return to
    assert to is None or to in (move.after, *move.others), f"{move.name} does not lead to {to}"
    return to or move.after or before


def allowed(state: State) -> tuple[Move, ...]:
    """The moves that the table allows from a state, in its order."""
    return tuple(move for move in MOVES if state in move.before)
