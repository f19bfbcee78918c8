"""What the facts of Open311 do to its tables."""

import msgspec

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.doors.open311.store import RequestRow, ServiceRow, UpdateRow


def services_copied(tx: Tx, told: Told[f.ForeignServicesCopied]) -> None:
    fact = told.fact
    tx.run(
        "DELETE FROM open311_service WHERE city = :city AND jurisdiction = :jurisdiction",
        jurisdiction=fact.jurisdiction,
    )
    for place, each in enumerate(fact.services):
        told_as = msgspec.json.encode(each).decode()
        tx.put("open311_service", ServiceRow(fact.jurisdiction, place, each.code, told_as))


def request_copied(tx: Tx, told: Told[f.ForeignRequestCopied]) -> None:
    fact = told.fact
    tx.put(
        "open311_request",
        RequestRow(
            jurisdiction=fact.jurisdiction, id=fact.request_id, status=fact.status, service_code=fact.service_code,
            requested_at=fact.requested_at, updated_at=fact.updated_at, expected_at=fact.expected_at, lon=fact.lon,
            lat=fact.lat, words=fact.words.id,
        ),
    )  # fmt: skip


def update_received(tx: Tx, told: Told[f.UpdateReceived]) -> None:
    fact = told.fact
    tx.put(
        "open311_update",
        UpdateRow(
            id=fact.update_id, jurisdiction=fact.jurisdiction, request_id=fact.request_id, case_id=fact.case_id,
            their_id=fact.their_id, status=fact.status, updated_at=fact.updated_at, told_at=fact.at, by=fact.by,
            words=fact.words.id if fact.words else None,
        ),
    )  # fmt: skip


APPLY = {
    f.ForeignServicesCopied: services_copied,
    f.ForeignRequestCopied: request_copied,
    f.UpdateReceived: update_received,
}
