"""What the desk does when others have told something: it keeps the search index up to date."""

from collections.abc import Sequence

from cityloop.cases import Case, Report
from cityloop.db import Tx
from cityloop.desk.model import CaseWords
from cityloop.desk.search import index_case, index_joined, row_id
from cityloop.desk.store import TABLE, views_drop_of, words_drop
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.policy import Policy
from cityloop.journal.vault import VaultRow


def index_told(tx: Tx, told: Told, policy: Policy) -> None:
    """A case is found by what it is now, and by what the reports say that it holds."""
    index_case(tx, told.fact.case_id)


def joined_told(tx: Tx, told: Told[f.ReportJoined], policy: Policy) -> None:
    """A case is found by what the new report says, too."""
    index_joined(tx, told.fact.case_id, told.fact.report_id)


def drop_words(tx: Tx, told: Told[f.ReportParted], policy: Policy) -> None:
    """A case is found no more by the words of a report that left it."""
    report = tx.get("report", Report, told.fact.report_id)
    if report and report.case_id != told.fact.case_id:
        words_drop(tx, told.fact.case_id, report.said)


def drop_views(tx: Tx, told: Told[f.AccountClosed], policy: Policy) -> None:
    """The views of who left go with them; those of a post stay."""
    views_drop_of(tx, f"account/{told.fact.account_id}")


def fetch_ahead(tx: Tx, told: Sequence[Told], policy: Policy) -> None:
    """The cases, reports and words of a batch, and the rows that stand already, in one statement each."""
    cases = [id for each in told if (id := getattr(each.fact, "case_id", None))]
    reports = [id for each in told if (id := getattr(each.fact, "report_id", None))]
    tx.get_many("case_file", Case, cases)
    tx.get_many("report", Report, reports)
    known = [tx.get("report", Report, id) for id in dict.fromkeys(reports)]
    tx.get_many("vault", VaultRow, [each.said for each in known if each])
    rows = [row_id(tx, id, None) for id in dict.fromkeys(cases)]
    rows += [row_id(tx, each.case_id, each.said) for each in known if each and each.case_id]
    tx.get_many(TABLE, CaseWords, rows)


ON = {
    f.CaseOpened: (index_told,),
    f.CaseFiled: (index_told,),
    f.CaseSelfHandled: (index_told,),
    f.CaseImported: (index_told,),
    f.CaseReimported: (index_told,),
    f.CaseAccepted: (index_told,),
    f.ReportJoined: (joined_told,),
    f.ReportParted: (drop_words,),
    f.AccountClosed: (drop_views,),
}
AHEAD = fetch_ahead
