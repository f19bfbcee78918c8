"""Search over cases, in Chinese and English: by number, class, area and the words of reports, as far as one may read them."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import msgspec

from cityloop.cases import Case, Report
from cityloop.db import Tx
from cityloop.desk import rules, store
from cityloop.desk.model import CaseWords
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.said import Said
from cityloop.http import Caller
from cityloop.journal import Writer
from cityloop.journal.vault import VaultRow

MANY = 500  # cases in one transaction of a rebuild
_said = msgspec.json.Decoder(Said).decode


def index_case(tx: Tx, case_id: CaseId, *, policy: Policy) -> None:
    """Keep what everybody who sees the case may find it by: number, class, areas."""
    case = tx.get("case_file", Case, case_id)
    if case is None:
        return
    texts = [case.number or "", *_class_words(case.class_key, policy)]
    codes = (case.district, case.street, case.community)
    texts += [name for code in codes if code in policy.area_by_code for name in policy.area_by_code[code].name.values()]
    _keep(tx, case_id, None, texts)


def index_report(tx: Tx, report_id: ReportId, case_id: CaseId) -> None:
    """Keep the words of a report for the case that holds it, long numbers taken out. Nothing, once it was erased."""
    report = tx.get("report", Report, report_id)
    row = tx.get("vault", VaultRow, report.said) if report else None
    if report is None or row is None:
        return
    said = _said(row.bytes)
    _keep(tx, case_id, report.said, [rules.masked(said.text), rules.masked(said.address)])


def found_by(tx: Tx, asked: str, caller: Caller) -> tuple[str, dict[str, Any]]:
    """The condition on a row of `case_file AS c` that it answers a question, and its parameters.

    Words of reports answer only to who may read them wherever they see cases. Refuses with `SearchTooShort`.
    """
    reads = all(Permission.report_read in seat.permissions for seat in caller.seats_with(Permission.case_read))
    parts, params = [], {}
    for place, grams in enumerate(rules.terms_of(asked)):
        condition, params[f"term_{place}"] = store.words_condition(tx, f"term_{place}", grams, whole=reads)
        parts.append(condition)
    return f"c.id IN ({' INTERSECT '.join(parts)})", params


def index_all(writer: Writer, policy: Policy) -> int:
    """Make the index anew from cases and vault; gives how many cases."""
    writer.whole(store.words_clear)
    count, after = 0, ""
    while True:
        ids = writer.whole(lambda tx, after=after: _index_some(tx, after, policy))
        if not ids:
            return count
        count, after = count + len(ids), ids[-1]


def _index_some(tx: Tx, after: str, policy: Policy) -> list[CaseId]:
    ids = store.case_ids_after(tx, after, MANY)
    for id in ids:
        index_case(tx, id, policy=policy)
        for report in store.report_ids_of(tx, id):
            index_report(tx, report, id)
    return ids


def _class_words(key: str | None, policy: Policy) -> Iterable[str]:
    known = policy.class_by_key.get(key) if key else None
    if known:
        yield from known.name.values()
        yield from known.major_name.values()


def _keep(tx: Tx, case_id: CaseId, source: str | None, texts: Iterable[str]) -> None:
    name = f"{tx.city}/{source or case_id}".encode()
    id = int.from_bytes(blake2b(name, digest_size=8).digest(), "big") >> 1
    tx.put(store.TABLE, CaseWords(id=id, case_id=case_id, source=source, words=" ".join(rules.grams_of(texts))))
