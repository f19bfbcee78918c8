"""An adviser outside was asked about a report that waits for a person."""

from typing import ClassVar

from cityloop.domain.facts.fact import Fact
from cityloop.domain.facts.understand import Proposal
from cityloop.domain.ids import ReportId


class ReportAdvised(Fact, frozen=True, kw_only=True):
    """An adviser outside proposes classes of the pack. It decides nothing: whoever looks reads it beside our own."""

    SUBJECT: ClassVar[str] = "report"
    KEY: ClassVar[str] = "report_id"

    report_id: ReportId
    adviser: str  # the name under which the operator set it up
    proposals: tuple[Proposal, ...]  # what it says of its own certainty is not calibrated, and kept below every level
