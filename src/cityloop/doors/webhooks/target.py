"""A subscription as a target of the outbox: what its account may read at this moment, signed and in its envelope."""

from collections.abc import Sequence

from cityloop.db import Tx
from cityloop.domain.facts import WAY, Told
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.doors.webhooks import rules, service, store
from cityloop.doors.webhooks.model import StopReason, Webhook
from cityloop.http import Caller
from cityloop.http.identity import Seat
from cityloop.notices import Answer, HttpParcel, Wire
from cityloop.people import seats_of
from cityloop.people.scope import sees

EVERY = tuple(each.__name__ for each in WAY)


class WebhookTarget:
    """One subscription. Permission is asked when a fact is looked at to be sent, not when it was subscribed to."""

    ends = True

    def __init__(self, hook: Webhook, source: str, policy: Policy, wire: Wire):
        self.name = service.target_name(hook.id)
        self.types = tuple(hook.types.split()) or EVERY
        self.begins_after = hook.begins_after
        self._hook, self._source, self._policy, self._wire = hook, source, policy, wire
        self._seats: tuple[Seat, ...] | None = None

    def parcel(self, tx: Tx, told: Told) -> HttpParcel | None:
        """What is sent of a fact; None where the subscriber may not see it now."""
        way = store.way_of(tx, self._hook.id)
        if way is None or not self._may_see(tx, told):
            return None
        body = rules.envelope(told, self._source)
        secrets = [way.secret, *([way.old_secret] if way.old_secret else [])]
        headers = rules.headers_of(told.id, body, tx.now, secrets)
        return HttpParcel(key=told.id, subject=told.subject, seq=told.seq, url=way.url, headers=headers, body=body)

    def send(self, parcel: HttpParcel) -> Answer:
        """POST it."""
        return self._wire.post(parcel)

    def gave_up(self, tx: Tx, why: str) -> None:
        """Stop, with a fact."""
        service.stop(tx, self._hook.id, StopReason(why))

    def _may_see(self, tx: Tx, told: Told) -> bool:
        if self._seats is None:
            scopes = None if self._hook.scopes is None else frozenset(self._hook.scopes.split())
            self._seats = seats_of(tx, self._hook.account, self._policy, scopes=scopes)
        caller = Caller(account=self._hook.account, seats=self._seats)
        if not caller.may(Permission.webhook_subscribe):
            return False
        kind = told.subject.partition("/")[0]
        if kind not in store.SEEN_BY_CASE:
            return caller.may(Permission.audit_read)
        asked = Permission.order_read if kind == "order" else Permission.facts_read
        held = store.held_of(tx, told.subject)
        seats = [seat for seat in caller.seats_with(asked) if Permission.case_read.value in seat.permissions]
        return held is not None and any(sees(seat, held) for seat in seats)


def targets(tx: Tx, *, source: str, policy: Policy, wire: Wire) -> Sequence[WebhookTarget]:
    """All subscriptions that are told."""
    return [WebhookTarget(hook, source, policy, wire) for hook in store.webhook_list_active(tx)]
