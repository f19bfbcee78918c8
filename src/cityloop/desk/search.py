"""Search over cases, in Chinese and English: by number, class, area and the words of reports, as far as one may read them."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import msgspec

from cityloop.cases import Case, Report, report_list_of, scope
from cityloop.db import Tx
from cityloop.desk import rules, store
from cityloop.desk.model import CaseWords
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.policy import Policy
from cityloop.domain.private import for_work
from cityloop.domain.said import Said
from cityloop.http import Caller
from cityloop.journal import Writer
from cityloop.journal.vault import VaultRow

MANY = 500  # cases in one transaction of a rebuild
SINCE_S = 1_577_836_800  # 2020
HASH_BITS = 32
_said = msgspec.json.Decoder(Said).decode


def index_case(tx: Tx, case_id: CaseId) -> None:
    """Keep what a case may be found by: number, class and areas by everybody who sees it; the words of each report, as those
    read them who may, with class and areas beside them, by who may read them.

    Class and areas stand as one piece each; a question is told their names.
    """
    case = tx.get("case_file", Case, case_id)
    if case is None:
        return
    tokens = _tokens_of_case(case)
    _keep(tx, case_id, None, [*rules.grams_of([case.number or ""]), *tokens, rules.PLAIN])
    reports = report_list_of(tx, case_id) if case.reports > 1 else [tx.get("report", Report, case.report_id)]
    for report in reports:
        _index_words(tx, case_id, report, tokens)


def index_joined(tx: Tx, case_id: CaseId, report_id: ReportId) -> None:
    """Keep what one more report says, however many the case has: its other rows stay as they are."""
    case = tx.get("case_file", Case, case_id)
    if case is not None:
        _index_words(tx, case_id, tx.get("report", Report, report_id), _tokens_of_case(case))


def found_by(tx: Tx, asked: str, caller: Caller, policy: Policy) -> tuple[str, dict[str, Any]]:
    """The condition on a row of `case_file AS c` that it answers a question, and its parameters.

    A name that a class or an area bears answers as its code does. Words of reports answer only to who may read them wherever they see cases. Refuses with `SearchTooShort`.
    """
    reads = scope.reads_wherever(caller)
    tokens = _tokens_of(policy)
    wanted = [[gram, *tokens.get(gram, ())] for gram in rules.grams_asked(asked)] + ([] if reads else [[rules.PLAIN]])
    condition, value = tx.engine.containing("grams", wanted)
    return f"c.id IN (SELECT case_id FROM case_words WHERE city = :city AND {condition})", {"grams": value}


def index_all(writer: Writer) -> int:
    """Make the index anew from cases and vault; gives how many cases."""
    writer.whole(store.words_clear)
    return writer.in_turns(_index_some)


def _index_some(tx: Tx, after: str) -> list[CaseId]:
    ids = store.case_ids_after(tx, after, MANY)
    for id in ids:
        index_case(tx, id)
    return ids


def _index_words(tx: Tx, case_id: CaseId, report: Report | None, tokens: list[str]) -> None:
    row = tx.get("vault", VaultRow, report.said) if report else None
    if report and row:
        said = _said(row.bytes)
        grams = rules.grams_of([for_work(said.text), for_work(said.address)])
        _keep(tx, case_id, report.said, [*grams, *tokens])


def _tokens_of_case(case: Case) -> list[str]:
    return [rules.token_of(code) for code in (case.class_key, case.district, case.street, case.community) if code]


def _tokens_of(policy: Policy) -> dict[str, list[str]]:
    """What the names of a pack stand for, made once for a policy."""
    found = policy.__dict__.get("_name_tokens")
    if found is None:
        found = policy.__dict__["_name_tokens"] = rules.tokens_by_gram(policy)
    return found


def row_id(tx: Tx, case_id: CaseId, source: str | None) -> int:
    """The id of a row, if no other has it. It grows with the moment of the case, so that the newest are found first."""
    second = int(case_id.replace("-", "")[:12], 16) // 1000 - SINCE_S
    digest = blake2b(f"{tx.city}/{source or case_id}".encode(), digest_size=4).digest()
    return max(0, second) << HASH_BITS | int.from_bytes(digest, "big")


def _keep(tx: Tx, case_id: CaseId, source: str | None, grams: Iterable[str]) -> None:
    """One row."""
    id = row_id(tx, case_id, source)
    while (other := tx.get(store.TABLE, CaseWords, id)) and (other.source or other.case_id) != (source or case_id):
        id += 1  # two in the same second, of the same hash
    tx.put(store.TABLE, CaseWords(id=id, case_id=case_id, source=source, words=" ".join(grams)))
