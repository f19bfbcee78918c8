"""Search over cases, in Chinese and English: by number, class, area and the words of reports, as far as one may read them."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import msgspec

from cityloop.cases import Case, Report, report_list_of
from cityloop.db import Tx
from cityloop.desk import rules, store
from cityloop.desk.model import CaseWords
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.said import Said
from cityloop.http import Caller
from cityloop.journal import Writer
from cityloop.journal.vault import VaultRow

MANY = 500  # cases in one transaction of a rebuild
SINCE_S = 1_577_836_800  # 2020
HASH_BITS = 32
_said = msgspec.json.Decoder(Said).decode


def index_case(tx: Tx, case_id: CaseId, *, policy: Policy) -> None:
    """Keep what a case may be found by: number, class and areas by everybody who sees it; with the words of each report, long
    numbers taken out, by who may read them."""
    case = tx.get("case_file", Case, case_id)
    if case is None:
        return
    plain = [case.number or "", *_class_words(case.class_key, policy), *_area_words(case, policy)]
    _keep(tx, case_id, None, plain)
    reports = report_list_of(tx, case_id) if case.reports > 1 else [tx.get("report", Report, case.report_id)]
    for report in reports:
        row = tx.get("vault", VaultRow, report.said) if report else None
        if report and row:
            said = _said(row.bytes)
            _keep(tx, case_id, report.said, [rules.masked(said.text), rules.masked(said.address), *plain])


def found_by(tx: Tx, asked: str, caller: Caller) -> tuple[str, dict[str, Any]]:
    """The condition on a row of `case_file AS c` that it answers a question, and its parameters.

    Words of reports answer only to who may read them wherever they see cases. Refuses with `SearchTooShort`.
    """
    reads = all(Permission.report_read in seat.permissions for seat in caller.seats_with(Permission.case_read))
    grams = rules.grams_asked(asked) + ([] if reads else [rules.PLAIN])
    condition, value = tx.engine.containing("grams", grams)
    return f"c.id IN (SELECT case_id FROM case_words WHERE city = :city AND {condition})", {"grams": value}


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
    return ids


def _class_words(key: str | None, policy: Policy) -> Iterable[str]:
    known = policy.class_by_key.get(key) if key else None
    if known:
        yield from known.name.values()
        yield from known.major_name.values()


def _area_words(case: Case, policy: Policy) -> Iterable[str]:
    for code in (case.district, case.street, case.community):
        if area := policy.area_by_code.get(code) if code else None:
            yield from area.name.values()


def _keep(tx: Tx, case_id: CaseId, source: str | None, texts: Iterable[str]) -> None:
    """One row. Its id grows with the moment of the case, so that the newest are found first."""
    name = f"{tx.city}/{source or case_id}".encode()
    second = int(case_id.replace("-", "")[:12], 16) // 1000 - SINCE_S
    id = max(0, second) << HASH_BITS | int.from_bytes(blake2b(name, digest_size=4).digest(), "big")
    while (other := tx.get(store.TABLE, CaseWords, id)) and (other.source or other.case_id) != (source or case_id):
        id += 1  # two in the same second, of the same hash
    grams = rules.grams_of(texts) + ([] if source else [rules.PLAIN])
    tx.put(store.TABLE, CaseWords(id=id, case_id=case_id, source=source, words=" ".join(grams)))
