"""What each fact of a bulletin does to its rows."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.stages.evaluate.model.bulletin import BulletinRow, DeliveredBy, InboxRow, Kind, SubscriptionRow


def made(tx: Tx, told: Told[f.BulletinMade]) -> None:
    fact = told.fact
    tx.put(
        "bulletin",
        BulletinRow(
            id=fact.bulletin_id, no=told.no, kind=Kind(fact.kind), language=fact.language, first_day=fact.first_day,
            last_day=fact.last_day, area=fact.area or "", class_key=fact.class_key or "", scheme=fact.scheme or "",
            as_of=fact.as_of, seq=fact.seq, pack=fact.digest, files=msgspec.json.encode(fact.files).decode(), by=fact.by,
            made_at=fact.at, simulated=fact.simulated, corrects=fact.corrects,
        ),
    )  # fmt: skip
    if fact.corrects and (before := tx.get("bulletin", BulletinRow, fact.corrects)):
        tx.put("bulletin", replace(before, replaced_by=fact.bulletin_id))
    for account in fact.to:
        tx.put("bulletin_for", InboxRow(account=account, bulletin=fact.bulletin_id))


def subscribed(tx: Tx, told: Told[f.BulletinSubscribed]) -> None:
    fact = told.fact
    tx.put(
        "bulletin_subscription",
        SubscriptionRow(
            id=fact.subscription_id, no=told.no, account=fact.account, kind=Kind(fact.kind), language=fact.language,
            area=fact.area or "", class_key=fact.class_key or "", scheme=fact.scheme or "", channel=DeliveredBy(fact.channel),
            since=fact.at,
        ),
    )  # fmt: skip


def subscription_ended(tx: Tx, told: Told[f.SubscriptionEnded]) -> None:
    row = tx.get("bulletin_subscription", SubscriptionRow, told.fact.subscription_id)
    assert row, f"{told.subject} was not subscribed"
    tx.put("bulletin_subscription", replace(row, no=told.no, ended_at=told.fact.at, ended_for=told.fact.reason))


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.BulletinMade: made,
    f.BulletinSubscribed: subscribed,
    f.SubscriptionEnded: subscription_ended,
}
