"""Which post looks after a place: by duty grid, else by the smallest area. The same answer every time."""

from collections.abc import Container

from cityloop.domain.ids import CellCode, PostId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Post


def posts_covering(policy: Policy, cell: CellCode | None, permission: Permission) -> tuple[Post, ...]:
    """The posts that may do a deed in a cell, the nearest first: its duty grid, community, street, district, the city.

    Without a cell only posts of the whole city.
    """
    kept = vars(policy).setdefault("_posts_covering", {})
    found = kept.get((cell, permission))
    if found is None:
        found = kept[cell, permission] = _covering(policy, cell, permission)
    return found


def post_for(
    policy: Policy,
    cell: CellCode | None,
    permission: Permission,
    *,
    without_units: Container[UnitId | None] = (),
    without_posts: Container[PostId] = (),
) -> Post | None:
    """The post that is asked to do a deed in a cell; None where nobody is left."""
    for post in posts_covering(policy, cell, permission):
        if post.unit not in without_units and post.id not in without_posts:
            return post
    return None


def _covering(policy: Policy, cell: CellCode | None, permission: Permission) -> tuple[Post, ...]:
    roles = {role.id for role in policy.roles if permission.value in role.permissions}
    grid = policy.cell_by_code[cell].duty_grid if cell in policy.cell_by_code else None
    able = [
        post
        for post in policy.posts
        if post.role in roles and (post.area is None or (cell is not None and cell.startswith(post.area)))
    ]
    return tuple(
        sorted(able, key=lambda post: (post.duty_grid != grid or grid is None, -len(post.area or ""), post.id))
    )
