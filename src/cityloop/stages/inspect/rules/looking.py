"""Pure decisions of inspecting."""

from collections.abc import Collection, Container, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from cityloop.cases.model import Task
from cityloop.domain.facts import About
from cityloop.domain.ids import CaseId, CellCode, PostId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.posts import post_for
from cityloop.stages.inspect.model import DismissReason, NothingCounted, OwnWork, PostUnable, ReasonUnknown, TooLate

PPM = 1_000_000


def inspector_for(
    policy: Policy, cell: CellCode | None, units: Container[UnitId | None], posts: Container[PostId]
) -> PostId | None:
    """The post that looks at the result: never of a unit that did the work, never a seat of who did it."""
    post = post_for(policy, cell, Permission.case_inspect, without_units=units, without_posts=posts)
    return post.id if post else None


def is_drawn(case: CaseId, share_ppm: int) -> bool:
    """Whether a case is among the share that is inspected: by its id, which nobody could know before, so that anybody can
    draw again.

    >>> is_drawn("0198", 0), is_drawn("0198", 1_000_000)
    (False, True)
    """
    return int.from_bytes(sha256(case.encode()).digest()[:8], "big") % PPM < share_ppm


def inspector_named(policy: Policy, post: PostId, units: Container[UnitId | None], posts: Container[PostId]) -> PostId:
    """A post that a person names, of any place, if it may inspect and did not do the work.

    Refuses with `PostUnable` or `OwnWork`.
    """
    known = policy.post_by_id.get(post)
    role = policy.role_by_id.get(known.role) if known else None
    if known is None or role is None or Permission.case_inspect.value not in role.permissions:
        raise PostUnable(f"{post} is no post that inspects; choose a collector's.")
    if known.unit in units or post in posts:
        raise OwnWork(f"{post} belongs to who did the work; choose a post of another unit.")
    return post


def another(account: str, done_by: Container[str | None], units: Collection[UnitId], done_in: Container[str]) -> None:
    """That the inspector is somebody else than who did the work, and of another unit.

    Refuses with `OwnWork`.
    """
    if account in done_by or any(unit in done_in for unit in units):
        raise OwnWork("You or your unit did this work, so another must inspect it; leave it in the queue.")


def counted_at(about: About, task: Task, tests: Sequence[Task]) -> datetime:
    """When it was counted against a unit's task. `tests` are the inspections that judged it.

    Refuses with `NothingCounted`.
    """
    failed = [each.ended_at for each in tests if each.outcome == "failed" and each.ended_at]
    found = {
        About.overdue: task.ended_at if task.overdue else None,
        About.returned: task.ended_at if task.outcome == "returned" else None,
        About.rework: task.given_at if task.is_rework else None,
        About.failed_inspection: failed[-1] if failed else None,
    }[about]
    if found is None:
        raise NothingCounted(f"Nothing of the kind {about} is counted against this task; look at what became of it.")
    return found


def in_days(counted: datetime, now: datetime, days: int) -> None:
    """Whether an appeal comes in time.

    Refuses with `TooLate`.
    """
    if now - counted > timedelta(days=days):
        raise TooLate(f"It was counted more than {days} days ago, so it stands.")


def dismiss_reason(reason: str) -> DismissReason:
    """The reason, if an appeal can be dismissed for it.

    Refuses with `ReasonUnknown`.
    """
    if reason not in tuple(DismissReason):
        raise ReasonUnknown(f"{reason[:40]!r} is no reason of ours; choose one of: {', '.join(DismissReason)}.")
    return DismissReason(reason)
