"""What is read for an answer: of this city, or of another that was read into it."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import msgspec

from cityloop.cases import Case
from cityloop.db import Tx
from cityloop.db.tx import Row
from cityloop.domain.facts import ForeignService
from cityloop.domain.ids import FileDigest
from cityloop.domain.policy import Policy
from cityloop.domain.said import Said
from cityloop.domain.telling import Telling
from cityloop.doors.open311 import showing, store
from cityloop.doors.open311.model import REQUESTS_MAX, Query, RequestUnknown, ServiceUnknown
from cityloop.doors.open311.rules import STEPS, service_named, services_of
from cityloop.doors.open311.service import fields_in

_said = msgspec.json.Decoder(Said).decode
_service = msgspec.json.Decoder(ForeignService).decode


def internal_of(policy: Policy) -> frozenset[str]:
    """The classes that the public neither is offered nor sees."""
    return frozenset(each.key for each in policy.classes if each.internal)


def services(tx: Tx, jurisdiction: str | None, tell: Telling) -> list[dict[str, Any]]:
    """The catalogue."""
    if jurisdiction:
        return [showing.foreign_service_shown(_service(each)) for each in store.service_list(tx, jurisdiction)]
    return [showing.service_shown(each, tell.policy, tell) for each in services_of(tell.policy).values()]


def definition(tx: Tx, jurisdiction: str | None, code: str, tell: Telling) -> dict[str, Any]:
    """A service's attributes. Refuses with `ServiceUnknown`."""
    if jurisdiction is None:
        return showing.definition_shown(service_named(tell.policy, code), tell.policy, tell)
    for each in map(_service, store.service_list(tx, jurisdiction)):
        if each.code == code:
            return showing.foreign_definition_shown(each)
    raise ServiceUnknown(f"The service_code {code[:80]!r} was not found; take one of GET services.")


def requests(
    tx: Tx, jurisdiction: str | None, query: Query, tell: Telling, base: str
) -> tuple[list[dict[str, Any]], bool]:
    """A page of requests, and whether there are more."""
    if jurisdiction:
        rows = _foreign_rows(tx, jurisdiction, query)
        return _foreign(tx, rows[: query.page_size], tell), len(rows) > query.page_size
    hidden = sorted(internal_of(tell.policy))
    if query.ids:
        return _cases(tx, store.case_list_by_id(tx, query.ids, hidden), tell, base, query.extensions), False
    known = services_of(tell.policy)
    unknown = [code for code in query.codes if code not in known]
    if unknown:
        raise ServiceUnknown(f"The service_code {unknown[0][:80]!r} was not found; take one of GET services.")
    private = tuple(each.key for each in tell.policy.classes if each.private_place)
    rows = store.case_list(tx, query, tuple(known[code].key for code in query.codes), tuple(hidden), private)
    return _cases(tx, rows[: query.page_size], tell, base, query.extensions), len(rows) > query.page_size


def request(
    tx: Tx, jurisdiction: str | None, id: str, tell: Telling, base: str, extensions: bool
) -> dict[str, Any]:
    """One request. Refuses with `RequestUnknown`."""
    found, _ = requests(tx, jurisdiction, Query(ids=(id,), extensions=extensions), tell, base)
    if not found:
        raise RequestUnknown(f"The service_request_id {id[:80]!r} was not found.")
    return found[0]


def updates(
    tx: Tx, jurisdiction: str | None, since: datetime, until: datetime, tell: Telling
) -> list[dict[str, Any]]:
    """What happened in a span, at most 1000 lines; the next span begins with the last of these."""
    told = store.update_list(tx, jurisdiction or "", since, until, REQUESTS_MAX)
    texts = store.vault_texts(tx, [each.words for each in told])
    found = [(each.updated_at, showing.update_shown(each, fields_in(texts.get(each.words)), tell)) for each in told]
    if jurisdiction is None:
        steps = store.step_list(tx, since, until, sorted(internal_of(tell.policy)), REQUESTS_MAX)
        found += [
            (msgspec.convert(each.at, datetime), showing.step_shown(each, STEPS[each.kind], tell)) for each in steps
        ]
    found.sort(key=lambda pair: pair[0])
    return [shown for _, shown in found[:REQUESTS_MAX]]


def shows(tx: Tx, digest: FileDigest, policy: Policy) -> bool:
    """Whether a file is a photo of a report whose case is filed and public."""
    for subject in store.photo_subjects(tx, digest):
        kind, _, id = subject.partition("/")
        case_id = store.case_of_report(tx, id) if kind == "report" else None
        case = tx.get("case_file", Case, case_id) if case_id else None
        if case and case.number and case.report_id == id and case.class_key not in internal_of(policy):
            return True
    return False


def _cases(tx: Tx, rows: list[Row], tell: Telling, base: str, extensions: bool) -> list[dict[str, Any]]:
    settings = tell.policy.settings
    words: dict[str, bytes] = {}
    if settings.open311_public_text or settings.open311_public_media:
        words = store.vault_texts(tx, [row.said for row in rows])
    steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if extensions:
        for step in store.steps_of(tx, [row.id for row in rows]):
            steps[step.id].append({"status": STEPS[step.kind], "updated_datetime": showing.when(step.at, tell)})
    return [
        showing.case_shown(
            row, tell, said=_said(words[row.said]) if row.said in words else None, base=base,
            steps=steps[row.id] if extensions else None,
        )
        for row in rows
    ]  # fmt: skip


def _foreign_rows(tx: Tx, jurisdiction: str, query: Query) -> list[store.RequestRow]:
    if not query.ids:
        return store.request_list(tx, jurisdiction, query)
    found = (store.request_get(tx, jurisdiction, id) for id in query.ids)
    return [each for each in found if each]


def _foreign(tx: Tx, rows: list[store.RequestRow], tell: Telling) -> list[dict[str, Any]]:
    texts = store.vault_texts(tx, [row.words for row in rows])
    return [showing.foreign_shown(row, fields_in(texts.get(row.words)), tell) for row in rows]
