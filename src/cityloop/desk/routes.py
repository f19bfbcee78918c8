"""HTTP of the desk: saved views, and who else looks at a case."""

from datetime import datetime

from litestar import Response, delete, get, post, put
from msgspec import Struct

from cityloop.db import Tx
from cityloop.desk.model import SavedView
from cityloop.desk.presence import leave, look, others
from cityloop.desk.views import drop_view, save_view, view_get, views_of
from cityloop.domain.ids import CaseId, PostId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.people.names import names_of

NO_STORE = {"Cache-Control": "no-store"}


class ViewAsked(Struct, kw_only=True):
    """A name, and what the queue's address asks for; with a post all who sit in it see the view."""

    name: str
    asked: str
    post: PostId | None = None


class ViewShown(Struct, kw_only=True):
    """A saved view. `post` None: the caller's own."""

    id: str
    name: str
    asked: str
    post: PostId | None


class LookAsked(Struct, kw_only=True):
    """What the one who looks is about to do, if anything."""

    deed: str | None = None


class Looker(Struct, kw_only=True):
    """Somebody else who looks at the case. `deed`: what they are writing."""

    name: str
    since: datetime
    deed: str | None


@get("/v1/views", guards=[needs(Permission.case_read)])
async def get_views(door: Door) -> Response[list[ViewShown]]:
    """The caller's own views of the queue, and those of their posts."""
    views = await door.read(lambda tx: views_of(tx, door.caller))
    return Response([_shown(each) for each in views], headers=NO_STORE)


@post("/v1/views", status_code=201, guards=[needs(Permission.case_read)])
async def post_view(data: ViewAsked, door: Door) -> ViewShown:
    """Save a view of the queue, for oneself or for a post of one's own."""
    id = await door.change(
        lambda tx: save_view(tx, door.caller, name=data.name, asked=data.asked, post=data.post, now=tx.now)
    )
    return _shown(await door.read(lambda tx: view_get(tx, door.caller, id)))


@put("/v1/views/{view_id:str}", guards=[needs(Permission.case_read)])
async def put_view(view_id: str, data: ViewAsked, door: Door) -> ViewShown:
    """Name a view anew, or let it ask for something else."""
    await door.change(
        lambda tx: save_view(
            tx, door.caller, name=data.name, asked=data.asked, post=data.post, now=tx.now, id=view_id
        )
    )
    return _shown(await door.read(lambda tx: view_get(tx, door.caller, view_id)))


@delete("/v1/views/{view_id:str}", status_code=204, guards=[needs(Permission.case_read)])
async def delete_view(view_id: str, door: Door) -> None:
    """Take a view away."""
    await door.change(lambda tx: drop_view(tx, door.caller, view_id))


@put("/v1/cases/{case_id:str}/presence", guards=[needs(Permission.case_read)])
async def put_presence(case_id: CaseId, data: LookAsked, door: Door) -> Response[list[Looker]]:
    """Say that one looks at a case, every twenty seconds; gives who else does."""
    await door.change(lambda tx: look(tx, door.caller, case_id, deed=data.deed, now=tx.now))

    def ask(tx: Tx) -> list[Looker]:
        found = others(tx, door.caller, case_id, now=tx.now)
        names = names_of(tx, [each.account for each in found])
        return [
            Looker(name=names.get(each.account) or each.account[:8], since=each.since, deed=each.deed) for each in found
        ]

    return Response(await door.read(ask), headers=NO_STORE)


@delete("/v1/cases/{case_id:str}/presence", status_code=204, guards=[needs(Permission.case_read)])
async def delete_presence(case_id: CaseId, door: Door) -> None:
    """Say that one looks away."""
    account = door.caller.account
    assert account, "the guard lets nobody through"
    await door.change(lambda tx: leave(tx, account, case_id))


def _shown(view: SavedView) -> ViewShown:
    kind, _, owner = view.owner.partition("/")
    return ViewShown(id=view.id, name=view.name, asked=view.asked, post=PostId(owner) if kind == "post" else None)


ROUTES = [get_views, post_view, put_view, delete_view, put_presence, delete_presence]
