"""Saved views: queues that a person, or everybody in a post, comes back to."""

from datetime import datetime

from cityloop.db import Tx
from cityloop.desk import store
from cityloop.desk.model import SavedView, TooManyViews, ViewUnclear, ViewUnknown
from cityloop.domain.ids import PostId
from cityloop.http import Caller

NAME_CHARS_MAX = 40
ASKED_CHARS_MAX = 1_000
VIEWS_MAX = 50  # of one owner


def views_of(tx: Tx, caller: Caller) -> list[SavedView]:
    """The caller's own views, and those of their posts."""
    return store.view_list(tx, _owners(caller))


def save_view(
    tx: Tx, caller: Caller, *, name: str, asked: str, post: PostId | None, now: datetime, id: str | None = None
) -> str:
    """Keep a view for oneself, or for a post that one sits in; with `id` in place of one that is there.

    Refuses with `ViewUnclear`, `ViewUnknown` or `TooManyViews`.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_CHARS_MAX or len(asked) > ASKED_CHARS_MAX or not asked.isprintable():
        raise ViewUnclear(f"A view needs a name of 1 to {NAME_CHARS_MAX} characters, and asks in one line; shorten it.")
    owner = f"post/{post}" if post else f"account/{caller.account}"
    if owner not in _owners(caller):
        raise ViewUnknown(f"You do not sit in {post}; save the view for yourself, or for a post of yours.")
    if id is not None:
        view_get(tx, caller, id)
    elif len(store.view_list(tx, [owner])) >= VIEWS_MAX:
        raise TooManyViews(f"{VIEWS_MAX} views are saved here; take one away first.")
    assert caller.account, "the guard lets nobody through"
    view = SavedView(
        id=id or tx.new_id(), owner=owner, name=name, asked=asked.lstrip("?"), made_at=now, made_by=caller.account
    )  # fmt: skip
    tx.put("saved_view", view)
    return view.id


def drop_view(tx: Tx, caller: Caller, id: str) -> str:
    """Take a view away.

    Refuses with `ViewUnknown`.
    """
    store.view_drop(tx, view_get(tx, caller, id).id)
    return id


def view_get(tx: Tx, caller: Caller, id: str) -> SavedView:
    """The view, if it is the caller's or of a post of theirs.

    Refuses with `ViewUnknown`.
    """
    view = tx.get("saved_view", SavedView, id)
    if view is None or view.owner not in _owners(caller):
        raise ViewUnknown(f"There is no view {id[:40]}; choose one from your list.")
    return view


def _owners(caller: Caller) -> list[str]:
    return [f"account/{caller.account}", *(f"post/{seat.post}" for seat in caller.seats)]
