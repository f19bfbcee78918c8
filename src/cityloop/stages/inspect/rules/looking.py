"""Pure decisions of inspecting."""

from collections.abc import Collection, Container

from cityloop.domain.ids import CellCode, PostId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.posts import post_for
from cityloop.stages.inspect.model import OwnWork, PostUnable


def inspector_for(
    policy: Policy, cell: CellCode | None, units: Container[UnitId | None], posts: Container[PostId]
) -> PostId | None:
    """The post that looks at the result: never of a unit that did the work, never a seat of who did it."""
    post = post_for(policy, cell, Permission.case_inspect, without_units=units, without_posts=posts)
    return post.id if post else None


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
