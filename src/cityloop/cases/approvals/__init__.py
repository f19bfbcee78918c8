"""批: what needs somebody's agreement. Every stage may end a request whose case goes its way; see README.md."""

from cityloop.cases.approvals.asking import ask_approval, call_off, withdraw_approval
from cityloop.cases.approvals.deciding import grant_approval, lapse_when_due, refuse_approval
from cityloop.cases.approvals.holds import end_when_due, settle_hold
from cityloop.cases.approvals.model import HOLD_TIMER, LAPSE_TIMER, Approval, Asking, Hold
from cityloop.cases.approvals.store import approval_list_of, hold_list_of

TIMERS = {LAPSE_TIMER: lapse_when_due, HOLD_TIMER: end_when_due}

__all__ = [
    "TIMERS",
    "Approval",
    "Asking",
    "Hold",
    "approval_list_of",
    "ask_approval",
    "call_off",
    "grant_approval",
    "hold_list_of",
    "refuse_approval",
    "settle_hold",
    "withdraw_approval",
]
