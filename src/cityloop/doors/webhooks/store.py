"""The SQL of webhooks."""

from collections.abc import Sequence

from cityloop.db import Row, Tx
from cityloop.db.tx import row_to
from cityloop.domain.ids import AccountId
from cityloop.doors.webhooks.model import Webhook, WebhookUnknown, WebhookWay

_FIELDS = ", ".join(Webhook.__struct_fields__)


def webhook_get(tx: Tx, id: str) -> Webhook:
    """The subscription as it is.

    Refuses with `WebhookUnknown`.
    """
    hook = tx.get("webhook", Webhook, id)
    if hook is None:
        raise WebhookUnknown(f"There is no webhook {id[:60]}; look for it in /v1/webhooks.")
    return hook


def webhook_list_active(tx: Tx) -> list[Webhook]:
    """All that are told."""
    return [row_to(Webhook, row) for row in tx.all(f"SELECT {_FIELDS} FROM webhook WHERE city = :city AND state = 'active' ORDER BY id")]


def webhook_list_of(tx: Tx, account: AccountId | None) -> list[Webhook]:
    """An account's subscriptions, or everybody's; the newest first."""
    mine = "AND account = :account " if account else ""
    given = {"account": account} if account else {}
    rows = tx.all(f"SELECT {_FIELDS} FROM webhook WHERE city = :city {mine}ORDER BY id DESC", **given)
    return [row_to(Webhook, row) for row in rows]


def way_of(tx: Tx, id: str) -> WebhookWay | None:
    """Where it is told; None once it ended."""
    return tx.get("webhook_way", WebhookWay, id)


def way_forget(tx: Tx, id: str) -> None:
    """Keep neither address nor secret of what ended."""
    tx.run("DELETE FROM webhook_way WHERE city = :city AND id = :id", id=id)


def held_of(tx: Tx, subject: str) -> Row | None:
    """The case by which a fact of a case, a report or an order is seen; None where there is none yet."""
    kind, _, id = subject.partition("/")
    case = {
        "case": ":id",
        "report": "(SELECT r.case_id FROM report r WHERE r.city = :city AND r.id = :id)",
        "order": "(SELECT r.case_id FROM work_order o JOIN report r ON r.city = o.city AND r.id = o.report_id "
        "WHERE o.city = :city AND o.id = :id)",
    }
    return tx.one(
        f"SELECT id, unit, cell, level_area, post, guests FROM case_file WHERE city = :city AND id = {case[kind]}", id=id
    )


SEEN_BY_CASE: Sequence[str] = ("case", "report", "order")
