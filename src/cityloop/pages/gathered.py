"""What the pages of some cases are made of: each kind of row is read once for all of them."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases import Case, Report, Task, scope
from cityloop.cases.approvals.model import Approval, Hold
from cityloop.cases.approvals.store import approval_lists_of, hold_lists_of, hold_running
from cityloop.cases.callbacks import Verdict, verdict_lists_of
from cityloop.cases.notes import Note
from cityloop.cases.store import report_lists_of, task_lists_of
from cityloop.db import Tx
from cityloop.domain.lifecycle import HELD
from cityloop.domain.private import for_work
from cityloop.domain.said import Said
from cityloop.http import Caller
from cityloop.pages.asked import notes_of
from cityloop.pages.orders import Order, orders_of

REPORTS_MAX = 50  # shown of one case; the first and the latest say most
_said = msgspec.json.Decoder(Said).decode
_note = msgspec.json.Decoder(Note).decode


class CaseRows(Struct, frozen=True, kw_only=True):
    """A case with all rows that its page shows."""

    case: Case
    reports: list[Report]
    tasks: list[Task]
    orders: list[Order]
    requests: list[Approval]
    hold: Hold | None
    verdicts: list[Verdict]

    @property
    def shown(self) -> list[Report]:
        """Of many reports the first and the latest."""
        return self.reports if len(self.reports) <= REPORTS_MAX else [self.reports[0], *self.reports[1 - REPORTS_MAX :]]

    @property
    def noted(self) -> list[str]:
        """What people noted in the case, by its ids in the vault."""
        return [
            *(each.note for each in (self.case, *self.tasks) if each.note), *notes_of(self.requests, self.hold),
            *(id for each in self.orders for id in each.vault),
        ]  # fmt: skip


def rows_of(tx: Tx, cases: Sequence[Case]) -> list[CaseRows]:
    """The rows of each case, in the order of the cases."""
    ids = [case.id for case in cases]
    reports, tasks, orders = report_lists_of(tx, ids), task_lists_of(tx, ids), orders_of(tx, cases)
    requests = approval_lists_of(tx, ids)
    holds = hold_lists_of(tx, [case.id for case in cases if case.state in HELD])
    verdicts = verdict_lists_of(tx, [case.id for case in cases if case.closed_at or case.redos])
    return [
        CaseRows(
            case=case, reports=reports[case.id], tasks=tasks[case.id], orders=orders[case.id], requests=requests[case.id],
            hold=hold_running(holds.get(case.id, ())), verdicts=verdicts.get(case.id, []),
        )
        for case in cases
    ]  # fmt: skip


class Read(Struct, frozen=True, kw_only=True):
    """What people wrote, by its ids in the vault, without whom it names; `masked`: where somebody was named."""

    said: dict[str, Said | Note]
    masked: frozenset[str]


def read_of(tx: Tx, cases: Sequence[CaseRows], caller: Caller) -> Read:
    """What people wrote in these cases, as far as it is kept and the caller may read it; nobody is named in it."""
    readable = [each for each in cases if scope.reads(caller, each.case)]
    said = [report.said for each in readable for report in each.shown]
    ids = [*said, *(id for each in readable for id in each.noted)]
    if not ids:
        return Read(said={}, masked=frozenset())
    marks = ", ".join(f":id_{place}" for place in range(len(ids)))
    rows = tx.all(
        f"SELECT id, bytes FROM vault WHERE city = :city AND id IN ({marks})",
        **{f"id_{place}": id for place, id in enumerate(ids)},
    )
    reported = frozenset(said)
    whole = {row.id: _said(row.bytes) for row in rows if row.id in reported}
    masked = {id: for_reader(each) for id, each in whole.items()}
    noted = {row.id: Note(text=for_work(_note(row.bytes).text)) for row in rows if row.id not in reported}
    return Read(said={**masked, **noted}, masked=frozenset(id for id in whole if masked[id] != whole[id]))


def for_reader(said: Said) -> Said:
    """What a reporter said, as those read it who work on the case."""
    answers = {code: tuple([for_work(value) for value in values]) for code, values in said.answers.items()}
    return replace(said, text=for_work(said.text), address=for_work(said.address), answers=answers)
