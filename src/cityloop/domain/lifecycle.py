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


OVER = frozenset({State.closed, State.not_accepted, State.merged})
RUNNING = (State.reported, State.verifying, State.to_file, State.to_dispatch, State.to_sign, State.handling,
           State.inspecting)  # fmt: skip  # a limit runs
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


_WAITING = (State.reported, State.verifying, State.to_file)

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
)  # fmt: skip
MOVE_OF: dict[str, Move] = {each.fact: each for each in MOVES}
MOVE_BY_NAME: dict[str, Move] = {each.name: each for each in MOVES}


class MoveForbidden(Refused):
    """The table of moves does not know this step from here."""

    code = "lifecycle.move_forbidden"


def state_after(fact: str, before: State | None) -> State | None:
    """The state that a case is in once the fact has happened.

    Refuses with `MoveForbidden`, which names the moves that are allowed from here.
    """
    move = MOVE_OF[fact]
    if before not in move.before:
        here = before or "nothing"
        able = ", ".join(m.name for m in MOVES if before in m.before) or "none"
        raise MoveForbidden(
            f"A case that is {here} cannot {move.name}; from here these moves are allowed: {able}.", state=here
        )
    return move.after or before


def allowed(state: State) -> tuple[Move, ...]:
    """The moves that the table allows from a state, in its order."""
    return tuple(move for move in MOVES if state in move.before)
