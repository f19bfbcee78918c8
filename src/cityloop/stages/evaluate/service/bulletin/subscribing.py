"""Who wants which bulletin: each once its period is over, as long as they may read it."""

from datetime import UTC, datetime, timedelta

import msgspec

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import BulletinSubscribed, SubscriptionEnded
from cityloop.domain.ids import AccountId, AreaCode
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.words import say
from cityloop.journal import Timer, timer_drop, timer_set
from cityloop.notices import Message, message_put
from cityloop.notices.messages import Outgoing
from cityloop.people import names
from cityloop.people.caller import seats_of
from cityloop.stages.evaluate.model.bulletin import (
    BY,
    PERIOD,
    About,
    DeliveredBy,
    EndedFor,
    Job,
    SubscribedAlready,
    SubscriptionRow,
    SubscriptionUnknown,
)
from cityloop.stages.evaluate.rules.bulletin import about_of, schemes_of
from cityloop.stages.evaluate.rules.periods import days_of
from cityloop.stages.evaluate.service.bulletin.asking import covered
from cityloop.stages.evaluate.store import bulletins as store

TIMER = "bulletin"
HOUR = 7  # of the city, on the day after the period
SAYS = "bulletin.message"  # words with {link}
CORRECTED = "bulletin.message_corrected"
DAY = timedelta(days=1)


def subscribe(tx: Tx, about: About, *, account: AccountId, channel: DeliveredBy, policy: Policy) -> str:
    """Let every bulletin of this kind come from now on; gives the subscription's id.

    Refuses with `SubscribedAlready`. Emits `BulletinSubscribed`.
    """
    tx.hold([f"account/{account}"])  # twice at once is once
    wanted = (about.kind, about.language, about.area, about.class_key, about.scheme)
    if any((each.kind, each.language, each.area, each.class_key, each.scheme) == wanted for each in store.subscription_list(tx, account)):
        raise SubscribedAlready(f"The {about.kind} bulletin comes to you already; end that subscription first to change how.")
    id = tx.new_id()
    tx.emit(
        BulletinSubscribed(
            subscription_id=id, account=account, kind=about.kind, language=about.language, channel=channel,
            area=AreaCode(about.area) if about.area else None, class_key=about.class_key or None, scheme=about.scheme or None,
            at=tx.now,
        )
    )  # fmt: skip
    timer_set(tx, TIMER, f"subscription/{id}", next_at(about, policy, tx.now))
    return id


def unsubscribe(tx: Tx, id: str, *, account: AccountId) -> None:
    """Let it come no more.

    Refuses with `SubscriptionUnknown`. Emits `SubscriptionEnded`.
    """
    row = store.subscription_find(tx, id)
    if row is None or row.account != account or row.ended_at:
        raise SubscriptionUnknown(f"You have no subscription {id[:40]}; see /v1/bulletins/subscriptions.")
    _end(tx, row, EndedFor.unwanted, by=f"account:{account}")


def next_at(about: About | SubscriptionRow, policy: Policy, now: datetime) -> datetime:
    """When the next one is due: in the morning after the period that runs now."""
    calendar = calendar_in(policy)
    last = days_of(PERIOD[about.kind], now.astimezone(calendar.zone).date())[1]
    at = calendar.local(calendar.moment((last + DAY).toordinal(), HOUR * 3_600_000_000))
    return at.astimezone(UTC)


def due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """A period is over: let its bulletin be made, unless it was for another already; and wait for the next.

    Emits `SubscriptionEnded` where whoever wanted it may not read it any more, or the pack has no such scheme any more.
    """
    row = store.subscription_find(tx, timer.subject.partition("/")[2])
    if row is None or row.ended_at:
        return
    if not _may_read(tx, row, policy):
        _end(tx, row, EndedFor.may_no_more, by=BY)
        return
    if row.scheme and row.scheme not in schemes_of(policy):
        _end(tx, row, EndedFor.scheme_gone, by=BY)
        return
    eve = timer.due_at.astimezone(calendar_in(policy).zone).date() - DAY
    about = about_of(row.kind, row.language, eve, policy, area=row.area, class_key=row.class_key, scheme=row.scheme)
    if not store.job_waits(tx, about, BY) and store.bulletin_of(tx, about, BY) is None:
        store.job_put(tx, Job(id=tx.new_id(), by=BY, asked_at=tx.now, **msgspec.structs.asdict(about)))
    timer_set(tx, TIMER, timer.subject, next_at(row, policy, timer.due_at))


def deliver(tx: Tx, job: Job, bulletin: str, *, policy: Policy) -> tuple[AccountId, ...]:
    """To whom a bulletin goes that the machine made; who wants a message is sent one."""
    if job.by != BY:
        return ()
    found = [each for each in store.subscription_list_to(tx, job) if _may_read(tx, each, policy)]
    for each in found:
        if each.channel is DeliveredBy.sms:
            message_put(tx, key=f"{SAYS}/{bulletin}/{each.account}", report_id=each.account, says=SAYS)
    return tuple(AccountId(each) for each in sorted({each.account for each in found}))


def message_for(tx: Tx, outgoing: Outgoing, *, policy: Policy) -> Message | None:
    """Number and text of the message that a bulletin is there; None where the account has no phone, or no more."""
    number = names.phone_of(tx, outgoing.report_id)
    if number is None:
        return None
    id = outgoing.key.split("/")[1]
    link = f"{policy.settings.public_url.rstrip('/')}/bulletins/{id}"
    row = store.bulletin_find(tx, id)
    return Message(to=number, text=say(CORRECTED if row and row.corrects else SAYS, policy.settings.languages[0], policy.words).format(link=link))


def _may_read(tx: Tx, row: SubscriptionRow, policy: Policy) -> bool:
    """Whether the subscriber's seats still cover it."""
    seats = seats_of(tx, AccountId(row.account), policy)
    return covered(row.area, [each.area for each in seats if Permission.figures_read.value in each.permissions])


def _end(tx: Tx, row: SubscriptionRow, reason: EndedFor, *, by: str) -> None:
    tx.emit(SubscriptionEnded(subscription_id=row.id, reason=reason, by=by, at=tx.now))
    timer_drop(tx, TIMER, f"subscription/{row.id}")
