"""What was asked, by whom it is decided and until when, as steps of a story say it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cityloop.domain import facts as f

if TYPE_CHECKING:
    from cityloop.pages.telling import Teller


def told_approval(fact: f.Fact, tell: "Teller") -> Iterator[tuple[str, str]]:
    """Name and value of whatever a fact says of an approval or a hold."""
    if isinstance(fact, f.ApprovalAsked):
        yield tell.word("says.kind"), f"{tell.word(f'approval.kind.{fact.kind}')} {tell.word('page.nth', n=fact.nth)}"
        yield tell.word("says.approver"), " → ".join(map(tell.role, fact.steps))
        yield tell.word("says.decide_by"), tell.short(fact.decide_due)
        yield tell.word("says.basis"), tell.source(fact.source)
    if isinstance(fact, f.ApprovalForwarded):
        yield tell.word("says.approver"), f"{tell.role(fact.role)} → {tell.role(fact.next_role)}"
        yield tell.word("says.decide_by"), tell.short(fact.decide_due)
    elif role := getattr(fact, "role", None):
        yield tell.word("says.approver"), tell.role(role)
    if isinstance(fact, f.ApprovalLapsed):
        yield tell.word("page.result"), tell.word(f"approval.lapse.{fact.lapse}")
    if length := getattr(fact, "length", None):
        yield tell.word("says.length"), tell.limit(length)
    if until := getattr(fact, "until", None):
        yield tell.word("says.until"), tell.short(until)
