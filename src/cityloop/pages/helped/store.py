"""The SQL of what helped: each question one statement, over a few hundred rows however many cases there are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from cityloop.cases.reach import Reach, within
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, ClassKey
from cityloop.pages.helped.rules import Past

WORDED_MAX, NEAR_MAX = 300, 60  # the newest of each
COLUMNS = ", ".join(f"c.{name}" for name in Past.__struct_fields__[: Past.__struct_fields__.index("redos")])
COLUMNS += ", COALESCE(c.redos, 0) AS redos"


class Worded(Struct, frozen=True, kw_only=True):
    """A closed case and the grams by which it may be found."""

    past: Past
    grams: frozenset[str]


class Work(Struct, frozen=True, kw_only=True):
    """What was done for a case: who noted what, in which time."""

    case_id: CaseId
    unit: str | None
    raw: bytes | None  # the note, as the vault keeps it


class EntryFound(Struct, frozen=True, kw_only=True):
    """An entry of the knowledge base that names the class."""

    id: str
    raw: bytes  # title and words, as the vault keeps them


def grams_of_report(tx: Tx, said: str) -> frozenset[str]:
    """The grams that search keeps of a report's words."""
    words = tx.value("SELECT words FROM case_words WHERE city = :city AND source = :said", said=said)
    return frozenset(words.split(" ")) if words else frozenset()


def worded(tx: Tx, wanted: Sequence[Sequence[str]], class_key: ClassKey, reach: Reach) -> list[Worded]:
    """Closed cases of the class whose index row holds one gram of each group, the newest first.

    Found by the index of words before they are put in order: walking all rows by age took PostgreSQL seconds.
    """
    found, value = tx.engine.containing("grams", wanted)
    seen, params = _seen(reach)
    rows = tx.all(
        f"WITH worded AS MATERIALIZED (SELECT case_id, words, id FROM case_words WHERE city = :city AND {found}) "
        f"SELECT {COLUMNS}, w.words FROM (SELECT case_id, words, id FROM worded ORDER BY id DESC LIMIT {WORDED_MAX}) AS w "
        "JOIN case_file AS c ON c.city = :city AND c.id = w.case_id "
        f"WHERE c.class_key = :class_key AND c.state = 'closed' AND c.closed_at IS NOT NULL{seen} ORDER BY w.id DESC",
        class_key=class_key, grams=value, **params,
    )  # fmt: skip
    return [Worded(past=_past(row), grams=frozenset(row.words.split(" "))) for row in rows]


def closed_near(tx: Tx, class_key: ClassKey, spots: Sequence[int], reach: Reach) -> list[Past]:
    """Closed cases of the class in these spots, the newest first."""
    named = {f"spot_{place}": spot for place, spot in enumerate(spots)}
    seen, params = _seen(reach)
    rows = tx.all(
        f"SELECT {COLUMNS} FROM case_file AS c WHERE c.city = :city AND c.class_key = :class_key "
        f"AND c.spot IN ({', '.join(f':{name}' for name in named)}) AND c.state = 'closed' AND c.closed_at IS NOT NULL{seen} "
        f"ORDER BY c.closed_at DESC LIMIT {NEAR_MAX}",
        class_key=class_key, **named, **params,
    )  # fmt: skip
    return [_past(row) for row in rows]


def verdicts_of(tx: Tx, cases: Sequence[CaseId]) -> dict[CaseId, list[tuple[str, str]]]:
    """What those who reported them say of these cases: solved and satisfied."""
    marks, named = _marks(cases)
    rows = tx.all(
        "SELECT case_id, solved, satisfied FROM verdict WHERE city = :city AND superseded_at IS NULL "
        f"AND case_id IN ({marks}) ORDER BY case_id, report_id, closing",
        **named,
    )
    found: dict[CaseId, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append((row.solved, row.satisfied))
    return found


def came_back(tx: Tx, cases: Sequence[CaseId]) -> dict[CaseId, int]:
    """How many later cases say that they are one of these come back."""
    marks, named = _marks(cases)
    rows = tx.all(
        f"SELECT recurs, COUNT(*) AS often FROM case_file WHERE city = :city AND recurs IN ({marks}) GROUP BY recurs",
        **named,
    )
    return {row.recurs: row.often for row in rows}


def work_of(tx: Tx, cases: Sequence[CaseId]) -> list[Work]:
    """The finished work of these cases, in the order in which it was given."""
    marks, named = _marks(cases)
    rows = tx.all(
        "SELECT t.case_id, t.unit, v.bytes AS raw FROM task t LEFT JOIN vault v ON v.city = t.city AND v.id = t.note "
        f"WHERE t.city = :city AND t.case_id IN ({marks}) AND t.kind IN ('handle', 'clear') AND t.outcome = 'finished' "
        "ORDER BY t.case_id, t.id",
        **named,
    )
    return [Work(case_id=row.case_id, unit=row.unit, raw=row.raw) for row in rows]


def entries_of_class(tx: Tx, classes: Sequence[ClassKey], day: date, *, limit: int) -> list[EntryFound]:
    """The entries that are read and name one of these classes, the newest first."""
    named: dict[str, Any] = {f"class_{place}": f'%"{key}"%' for place, key in enumerate(classes)}
    rows = tx.all(
        "SELECT k.id, v.bytes AS raw FROM knowledge k JOIN knowledge_revision r ON r.city = k.city AND r.entry = k.id "
        "AND r.revision = k.published JOIN vault v ON v.city = r.city AND v.id = r.said WHERE k.city = :city "
        f"AND k.retired_at IS NULL AND r.valid_until >= :day AND ({' OR '.join(f'r.classes LIKE :{name}' for name in named)}) "
        "ORDER BY k.id DESC LIMIT :limit",
        day=day, limit=limit, **named,
    )  # fmt: skip
    return [EntryFound(id=row.id, raw=row.raw) for row in rows]


def _seen(reach: Reach) -> tuple[str, dict[str, str]]:
    condition, params = within(reach)
    return (f" AND {condition}" if condition else ""), params


def _marks(ids: Sequence[CaseId]) -> tuple[str, dict[str, CaseId]]:
    named = {f"id_{place}": id for place, id in enumerate(ids)}
    return ", ".join(f":{name}" for name in named), named


def _past(row: Any) -> Past:
    return msgspec.convert(
        {name: getattr(row, name) for name in Past.__struct_fields__ if hasattr(row, name)}, Past, strict=False
    )
