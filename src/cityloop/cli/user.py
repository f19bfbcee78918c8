"""`cityloop user`: who may come in, and in which posts they sit."""

import sys
from collections.abc import Callable
from enum import StrEnum
from getpass import getpass
from typing import Annotated, TypeVar

import msgspec
import typer
from rich.markup import escape

from cityloop.app import Parts
from cityloop.cli import key
from cityloop.cli.say import city, console, table
from cityloop.db import Tx
from cityloop.domain.errors import NotFound
from cityloop.domain.ids import AccountId, PostId
from cityloop.domain.policy import Policy
from cityloop.people import (
    Person,
    close_account,
    leave_post,
    open_account,
    passwords,
    rules,
    set_password,
    store,
    take_post,
)
from cityloop.people.guessed import password_chosen
from cityloop.people.second import remove

app = typer.Typer(help="Accounts and the posts that they sit in.", no_args_is_help=True)
app.add_typer(key.app, name="key")
T = TypeVar("T")
PAGE = 500
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


class Reason(StrEnum):
    """Why an account is closed. The word is told in a fact, so it is a code."""

    left = "left"
    moved = "moved"
    contract_ended = "contract_ended"
    misused = "misused"
    opened_by_mistake = "opened_by_mistake"


class NoSuchName(NotFound):
    """Nobody signs in under this name."""

    code = "cli.no_such_name"


def account_of(tx: Tx, name: str) -> AccountId:
    """The account of a sign-in name.

    Refuses with `NoSuchName`.
    """
    found = store.account_of_name(tx, rules.name_normal(name))
    if found is None:
        raise NoSuchName(f"Nobody signs in as {name}; see `cityloop user list`.")
    return found


def changed(parts: Parts, use_case: Callable[[Tx], T]) -> T:
    """Run a use case as the operator."""
    return parts.writer.change(use_case, actor="operator")


def asked_password(name: str, from_stdin: bool, policy: Policy) -> str:
    """A password typed twice, or read from standard input; hashed.

    Refuses with `WeakPassword`.
    """
    if from_stdin:
        given = sys.stdin.readline().rstrip("\n")
    else:
        given = getpass(f"Password for {name}: ")
        if getpass("Once more: ") != given:
            raise typer.BadParameter("the two are not the same; try again")
    return passwords.hash_of(password_chosen(given, rules.name_normal(name), policy))


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with, e.g. zhang.wei")],
    person: Annotated[str, typer.Option(help="The person's own name.")],
    phone: Annotated[str | None, typer.Option(help="Where they are reached on duty.")] = None,
    post: Annotated[list[str] | None, typer.Option(help="A post of the pack; may be given more than once.")] = None,
    password_stdin: FromStdin = False,
) -> None:
    """Let somebody in. They choose a password of their own when they first sign in.

    Example: cityloop user add zhang.wei --person 张伟 --post acceptor-1
    """
    with city() as parts:
        policy = parts.book.in_force()
        hashed = asked_password(name, password_stdin, policy)

        def use_case(tx: Tx) -> AccountId:
            account = open_account(tx, sign_in_name=name, person=Person(name=person, phone=phone))
            set_password(tx, account, hashed, must_change=True)
            for each in post or ():
                take_post(tx, account, PostId(each), policy=policy)
            return account

        account = changed(parts, use_case)
    console.print(f"{name} may sign in; account {account}.", markup=False)


@app.command("post")
def post(
    name: Annotated[str, typer.Argument(help="The name that they sign in with.")],
    post: Annotated[str, typer.Argument(help="A post of the pack.")],
    leave: Annotated[bool, typer.Option("--leave", help="Take them out of it.")] = False,
) -> None:
    """Sit somebody in a post, or take them out of it.

    Example: cityloop user post zhang.wei acceptor-1
    """
    with city() as parts:
        policy = parts.book.in_force()
        if leave:
            changed(parts, lambda tx: leave_post(tx, account_of(tx, name), PostId(post)))
        else:
            changed(parts, lambda tx: take_post(tx, account_of(tx, name), PostId(post), policy=policy))
    console.print(f"{name} {'has left' if leave else 'sits in'} {post}.", markup=False)


@app.command("password")
def password(name: str, password_stdin: FromStdin = False) -> None:
    """Give somebody a new password, which they must change; their sessions end, and a lock with them.

    Example: cityloop user password zhang.wei
    """
    with city() as parts:
        hashed = asked_password(name, password_stdin, parts.book.in_force())
        changed(parts, lambda tx: set_password(tx, account_of(tx, name), hashed, must_change=True))
    console.print(f"{name} has a new password, and chooses another at the next sign-in.", markup=False)


@app.command("factor")
def second_factor(name: str) -> None:
    """Take somebody's second factor away, e.g. as the phone is lost; where a role asks for one, they set another.

    Example: cityloop user factor zhang.wei
    """

    def use_case(tx: Tx) -> AccountId:
        account = account_of(tx, name)
        remove(tx, account, what="second_taken")
        store.session_end_all(tx, account, why="second_set")
        store.version_raise(tx)
        return account

    with city() as parts:
        changed(parts, use_case)
    console.print(f"{name} signs in without a second factor, until another is set.", markup=False)


@app.command("close")
def close(name: str, reason: Annotated[Reason, typer.Option(help="Why; it is told in a fact.")]) -> None:
    """Let nobody in under this name any more.

    Example: cityloop user close zhang.wei --reason left
    """
    with city() as parts:
        changed(parts, lambda tx: close_account(tx, account_of(tx, name), reason=reason.value))
    console.print(f"{name} is closed.", markup=False)


@app.command("list")
def list_(role: Annotated[str | None, typer.Option(help="Only those with a post of this role.")] = None) -> None:
    """Who may come in, and where they sit.

    Example: cityloop user list --role dispatcher
    """
    with city() as parts:
        policy = parts.book.in_force()
        shown = table("signs in as", "person", "state", "posts")
        with parts.database.reading() as tx:
            after = ""
            while rows := store.account_rows(tx, after=after, limit=PAGE):
                posts = store.post_lists_between(tx, rows[0].id, rows[-1].id)
                for row in rows:
                    mine = posts.get(row.id, [])
                    roles = {policy.post_by_id[each].role for each in mine if each in policy.post_by_id}
                    if role in (None, *roles):
                        who = msgspec.json.decode(row.person, type=Person).name if row.person else "—"
                        shown.add_row(escape(row.sign_in or "—"), escape(who), row.state, escape(", ".join(mine)))
                after = rows[-1].id
    console.print(shown)
