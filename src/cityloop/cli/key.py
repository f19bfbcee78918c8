"""`cityloop user key`: other systems' keys."""

from enum import StrEnum
from typing import Annotated

import typer

from cityloop.cli.say import city, console, table
from cityloop.db import Tx
from cityloop.domain.ids import AccountId, PostId
from cityloop.http.limits import Pace
from cityloop.people import Person, key_drawn, make_key, open_partner, revoke_key, store, take_post
from cityloop.people.sessions import token_digest

app = typer.Typer(help="Keys by which other systems come in.", no_args_is_help=True)
Account = Annotated[str, typer.Argument(help="The partner's account, as `partner` or `user list` shows it.")]


class Revoked(StrEnum):
    """Why a key ends. The word is told in a fact, so it is a code."""

    lost = "lost"
    replaced = "replaced"
    contract_ended = "contract_ended"
    misused = "misused"
    made_by_mistake = "made_by_mistake"


@app.command("partner")
def partner(
    name: Annotated[str, typer.Argument(help="Which system it is, e.g. '12345 hotline'.")],
    post: Annotated[list[str], typer.Option(help="A post of the pack; may be given more than once.")],
    phone: Annotated[str | None, typer.Option(help="Where who answers for it is reached.")] = None,
) -> None:
    """Let another system in. It does nothing until it has a key.

    Example: cityloop user key partner '12345 hotline' --post hotline-link
    """
    with city() as parts:
        policy = parts.book.in_force()

        def use_case(tx: Tx) -> AccountId:
            account = open_partner(tx, person=Person(name=name, phone=phone))
            for each in post:
                take_post(tx, account, PostId(each), policy=policy)
            return account

        account = parts.writer.change(use_case, actor="operator")
    console.print(f"{name} is let in; account {account}.", markup=False)


@app.command("make")
def make(
    account: Account,
    scope: Annotated[list[str], typer.Option(help="A permission that the key carries; may be given more than once.")],
    per_min: Annotated[int, typer.Option(help="Requests a minute, on the average.")] = 600,
    burst: Annotated[int, typer.Option(help="Requests at once.")] = 60,
    days: Annotated[int, typer.Option(help="How long the key is good.")] = 365,
) -> None:
    """Make a key. It is shown now and never again.

    Example: cityloop user key make 0198… --scope order.send --scope order.read
    """
    drawn = key_drawn()
    with city() as parts:
        use_case = lambda tx: make_key(
            tx, AccountId(account), digest=token_digest(drawn), scopes=scope, pace=Pace(per_min=per_min, burst=burst),
            days=days,
        )  # fmt: skip
        id = parts.writer.change(use_case, actor="operator")
    console.print(f"Key {id} is made. It is shown this once:", markup=False)
    console.print(drawn, markup=False, highlight=False)


@app.command("list")
def list_(account: Account) -> None:
    """A partner's keys, the newest first.

    Example: cityloop user key list 0198…
    """
    with city() as parts:
        shown = table("key", "scopes", "a minute", "made", "until", "used", "revoked")
        with parts.database.reading() as tx:
            store.account_get(tx, AccountId(account))
            for row in store.key_rows(tx, AccountId(account)):
                days = [(each or "—")[:16] for each in (row.made_at, row.expires_at, row.seen_at)]
                shown.add_row(row.id, row.scopes, str(row.per_min), *days, row.revoked_for or "—")
    console.print(shown)


@app.command("revoke")
def revoke(account: Account, key: str, reason: Annotated[Revoked, typer.Option(help="Why.")]) -> None:
    """Let a key open nothing any more.

    Example: cityloop user key revoke 0198… 0199… --reason lost
    """
    with city() as parts:
        use_case = lambda tx: revoke_key(tx, AccountId(account), key, reason=reason.value)
        parts.writer.change(use_case, actor="operator")
    console.print(f"Key {key} opens nothing any more.", markup=False)
