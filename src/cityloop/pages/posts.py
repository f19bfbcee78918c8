"""The posts of the city, what their roles may do, and what a key can carry: for who seats people and lets partners in."""

from litestar import Response, get
from msgspec import Struct

from cityloop.domain.ids import AreaCode, PostId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Words
from cityloop.http import Door, needs


class PostNamed(Struct, frozen=True, kw_only=True):
    """A post with its unit, its area and its role. No area: the whole city."""

    id: PostId
    name: Words
    role: str
    role_name: Words
    unit: UnitId
    unit_name: Words
    area: AreaCode | None
    area_name: Words


class RoleNamed(Struct, frozen=True, kw_only=True):
    """A role and what it may do."""

    id: str
    name: Words
    permissions: list[str]


class PostsView(Struct, frozen=True, kw_only=True):
    """Posts and roles in the order of the pack."""

    posts: list[PostNamed]
    roles: list[RoleNamed]


@get("/v1/screens/posts", guards=[needs(Permission.account_manage, Permission.account_open)])
async def get_posts(door: Door) -> Response[PostsView]:
    """The posts in which people sit, with the words of the pack; and what their roles may do."""
    return Response(posts_of(door.policy), headers={"Cache-Control": "no-cache"})


def posts_of(policy: Policy) -> PostsView:
    """The posts of a policy, each with the names that a screen shows."""
    posts = []
    for post in policy.posts:
        unit, area = policy.unit_by_id.get(post.unit), policy.area_by_code.get(post.area) if post.area else None
        posts.append(
            PostNamed(
                id=post.id, name=post.name, role=post.role, role_name=policy.role_by_id[post.role].name, unit=post.unit,
                unit_name=unit.name if unit else {}, area=post.area, area_name=area.name if area else {},
            )
        )  # fmt: skip
    roles = [
        RoleNamed(id=each.id, name=each.name, permissions=sorted(each.permissions)) for each in policy.role_by_id.values()
    ]
    return PostsView(posts=posts, roles=roles)


ROUTES = [get_posts]
