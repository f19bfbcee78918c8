"""Clocks as the facts alone tell them."""

from datetime import datetime

from cityloop.domain import facts as f
from cityloop.domain.clock import Pause
from cityloop.domain.policy import Limit

STARTS = (f.CaseDispatched, f.CaseReworked, f.CaseRedone, f.VerifyAsked, f.InspectionAsked, f.AssistAsked,
          f.CaseReassigned, f.CaseTransferred)  # fmt: skip


class Clocks:
    """What each clock counts from, its limit, and when it stood, from the facts alone: a unit that gets back what it
    returned last goes on, whoever else gets it begins anew.

    Shape: by `accept`, `dispatch`, `sign ` and the task, or the task alone for what it asks for.
    """

    def __init__(self, received_at: datetime) -> None:
        self.received_at = received_at
        self.of: dict[str, tuple[datetime, Limit, tuple[Pause, ...]]] = {}
        self.units: dict[str, str] = {}
        self.back: tuple[str, datetime] | None = None  # the task that was sent back last, and when

    def hear(self, fact: f.Fact) -> None:
        if isinstance(fact, f.TaskReturned):
            self.back = (fact.task_id, fact.at)
        elif isinstance(fact, f.CaseDispatched):
            self._dispatched(fact)
        elif isinstance(fact, f.CaseReassigned):
            self.of[fact.task_id] = (fact.at, fact.duty.limit, ())
            self.units[fact.task_id] = fact.duty.unit
        elif isinstance(fact, STARTS):
            self.of[fact.task_id] = (fact.at, fact.limit, ())
            self.units[fact.task_id] = getattr(fact, "unit", "")
        if isinstance(fact, f.CaseOpened):
            self.of["accept"] = (self.received_at, fact.accept_limit, ())
        to_dispatch = isinstance(fact, f.CaseRedone) and fact.task_id is None
        if to_dispatch or isinstance(fact, f.CaseFiled | f.CaseLevelMoved | f.TaskReturned | f.TransferReturned | f.ResultRejected):
            self.of["dispatch"] = (fact.at, fact.dispatch_limit, ())
        if isinstance(fact, f.CaseDispatched | f.CaseReworked | f.CaseRedone | f.CaseReassigned | f.AssistAsked):
            self.of[f"sign {fact.task_id}"] = (fact.at, fact.sign_limit, ())

    def _dispatched(self, fact: f.CaseDispatched) -> None:
        self.of[fact.task_id] = (fact.at, fact.duty.limit, ())
        self.units[fact.task_id] = fact.duty.unit
        goes_on = self.back is not None and self.units[self.back[0]] == fact.duty.unit
        assert (fact.resumes is not None) == goes_on
        if goes_on:
            start, limit, pauses = self.of[self.back[0]]
            self.of[fact.task_id] = (start, limit, (*pauses, Pause(since=self.back[1], until=fact.at)))
            assert (fact.resumes.start, fact.duty.limit, fact.resumes.pauses) == self.of[fact.task_id]


def told_dues(fact: f.Fact) -> dict[str, datetime]:
    """The deadlines that a fact sets, by the names of `Clocks`."""
    found = {"accept": getattr(fact, "accept_due", None), "dispatch": getattr(fact, "dispatch_due", None)}
    if isinstance(fact, f.CaseDispatched | f.CaseReworked | f.CaseRedone | f.CaseReassigned | f.AssistAsked):
        found[f"sign {fact.task_id}"] = fact.sign_due
    if isinstance(fact, STARTS):
        found[fact.task_id] = fact.due_at
    if isinstance(fact, f.DueMoved):
        of_task = {f.Measure.sign: f"sign {fact.task_id}"}.get(fact.measures, fact.task_id)
        found[fact.measures.value if fact.task_id is None else of_task] = fact.due_at
    return {name: due for name, due in found.items() if due}
