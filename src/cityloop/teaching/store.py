"""The only SQL of teaching: what was judged, the models, the algorithms."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from cityloop.db import Tx
from cityloop.db.tx import Row, row_to
from cityloop.domain.facts import Proposal
from cityloop.teaching.model import AlgorithmRow, Decided, How, ModelRow

WRONG_CLASS = "wrong_class"
FIRST, LAST = "", "~"  # before and after every id
_MODEL = ", ".join(ModelRow.__struct_fields__)
_ALGORITHM = ", ".join(AlgorithmRow.__struct_fields__)
_DECIDED = (
    "c.id, c.report_id, c.class_key, c.rule, c.accepted_by, c.accepted_at, c.untold, c.refused_for, c.state, c.returns, "
    "c.opened_at, c.closed_at, c.closed_by, c.district, r.said, r.channel, r.proposals, r.confidence_ppm, r.model, r.alone, r.checked, "
    "r.declared_class IS NOT NULL AS declared, "
    "CASE WHEN c.returns > 0 THEN (SELECT max(t.ended_at) FROM task AS t WHERE t.city = :city AND t.case_id = c.id "
    "AND t.returned_for = :wrong) END AS wrong_at"
)
_IS_JUDGED = (
    "(:drills = 1 OR c.simulated = 0) "
    "AND (c.accepted_by IS NOT NULL OR c.untold IS NOT NULL OR c.returns > 0 OR c.state IN ('closed', 'not_accepted'))"
)
_proposals = msgspec.json.Decoder(tuple[Proposal, ...]).decode


def decided_list(tx: Tx, *, before: str, limit: int, drills: bool) -> tuple[list[Decided], str]:
    """Reports that were judged, those of the newest cases first, and the id before which to go on; empty at the end.

    `drills`: the city itself is fictional, so that simulated cases count.
    """
    rows = tx.all(
        f"SELECT {_DECIDED} FROM case_file AS c JOIN report AS r ON r.city = c.city AND r.id = c.report_id "
        f"WHERE c.city = :city AND c.id < :before AND {_IS_JUDGED} ORDER BY c.id DESC LIMIT :limit",
        before=before, limit=limit, drills=drills, wrong=WRONG_CLASS,
    )  # fmt: skip
    found = [each for row in rows if (each := _decided(row))]
    return found, rows[-1].id if len(rows) == limit else ""


def checked_list(tx: Tx, model: str, *, since: datetime, limit: int, drills: bool) -> list[Decided]:
    """What a model was sure of since a moment, and a person was asked about all the same: those that were judged, the newest first."""
    rows = tx.all(
        f"SELECT {_DECIDED} FROM report AS r JOIN case_file AS c ON c.city = r.city AND c.id = r.case_id AND c.report_id = r.id "
        f"WHERE r.city = :city AND r.checked = 1 AND r.id >= :first AND r.model >= :model AND r.model < :after AND {_IS_JUDGED} "
        "ORDER BY r.id DESC LIMIT :limit",
        first=tx.id_unseen(since), model=model, after=model + LAST, limit=limit, drills=drills, wrong=WRONG_CLASS,
    )  # fmt: skip
    return [each for row in rows if (each := _decided(row))]


def _decided(row: Row) -> Decided | None:
    judged = _judged(row)
    if judged is None:
        return None
    how, by, at = judged
    said = _proposals(row.proposals)
    return Decided(
        report_id=row.report_id, case_id=row.id, said=row.said, how=how, by=by, at=msgspec.convert(at, datetime),
        class_key=None if how is How.refused else row.class_key, rule=row.rule, channel=row.channel, area=row.district, model=row.model,
        said_three=tuple(each.class_key for each in said), said_ppm=row.confidence_ppm, alone=bool(row.alone),
        checked=bool(row.checked), declared=bool(row.declared),
    )  # fmt: skip


def _judged(row: Row) -> tuple[How, str | None, str] | None:
    """How, by whom and when; None as long as nobody has judged it."""
    if row.wrong_at is not None:
        return How.returned, None, row.wrong_at
    if row.state == "not_accepted":
        return (How.refused, row.closed_by, row.closed_at) if row.closed_at else None
    if row.untold is not None:
        return (How.imported, None, row.opened_at) if row.class_key else None
    if row.accepted_by is not None:
        proposals = _proposals(row.proposals)
        same = bool(proposals) and (proposals[0].class_key, proposals[0].rule) == (row.class_key, row.rule)
        return How.accepted if same else How.corrected, row.accepted_by, row.accepted_at
    if row.state == "closed" and row.closed_at:
        return How.inspected, row.closed_by, row.closed_at
    return None


def understood_count(tx: Tx, model: str, *, since: datetime, limit: int) -> tuple[int, int]:
    """Of the newest reports that a model understood: how many, and how many without a person."""
    row = tx.one(
        "SELECT count(*) AS many, COALESCE(sum(alone), 0) AS alone FROM (SELECT r.alone FROM report AS r WHERE r.city = :city "
        "AND r.id >= :first AND r.model >= :model AND r.model < :after ORDER BY r.id DESC LIMIT :limit) AS newest",
        first=tx.id_unseen(since), model=model, after=model + LAST, limit=limit,
    )  # fmt: skip
    return (int(row.many), int(row.alone)) if row else (0, 0)


def joining_list(tx: Tx, *, newest: int, drills: bool) -> list[Row]:
    """Of the newest reports those that may have been part of another case, each with the case where it is now."""
    return tx.all(
        "SELECT r.id, r.joined, r.channel, c.district, c.report_id, c.accepted_at, c.is_open FROM (SELECT id, joined, channel, case_id, "
        "simulated FROM report WHERE city = :city ORDER BY id DESC LIMIT :newest) AS r JOIN case_file AS c ON c.city = :city "
        "AND c.id = r.case_id WHERE r.joined IS NOT NULL AND (:drills = 1 OR r.simulated = 0)",
        newest=newest, drills=drills,
    )  # fmt: skip


def dispatch_list(tx: Tx, *, newest: int, drills: bool) -> list[Row]:
    """Of the newest tasks those for which the machine had a unit."""
    return tx.all(
        "SELECT t.proposed, t.unit, t.automatic, t.outcome, c.district, r.channel FROM (SELECT case_id, proposed, unit, automatic, outcome "
        "FROM task WHERE city = :city ORDER BY id DESC LIMIT :newest) AS t JOIN case_file AS c ON c.city = :city AND c.id = t.case_id "
        "JOIN report AS r ON r.city = :city AND r.id = c.report_id WHERE t.proposed IS NOT NULL AND (:drills = 1 OR c.simulated = 0)",
        newest=newest, drills=drills,
    )  # fmt: skip


def model_list(tx: Tx, limit: int = 50) -> list[ModelRow]:
    """The models that were made, the newest first."""
    rows = tx.all(
        f"SELECT {_MODEL} FROM learned_model WHERE city = :city ORDER BY trained_at DESC, id LIMIT :limit", limit=limit
    )
    return [row_to(ModelRow, row) for row in rows]


def model_named(tx: Tx, name: str) -> list[ModelRow]:
    """The models whose digest begins so."""
    rows = tx.all(
        f"SELECT {_MODEL} FROM learned_model WHERE city = :city AND id >= :name AND id < :after ORDER BY id LIMIT 2",
        name=name, after=name + LAST,
    )  # fmt: skip
    return [row_to(ModelRow, row) for row in rows]


def algorithm_list(tx: Tx) -> list[AlgorithmRow]:
    """What is known of each algorithm that was ever paused, promoted or watched."""
    rows = tx.all(f"SELECT {_ALGORITHM} FROM algorithm WHERE city = :city ORDER BY id")
    return [row_to(AlgorithmRow, row) for row in rows]


def judged_since(tx: Tx, moment: datetime, *, opened: datetime, many: int) -> int:
    """How many cases that were opened since `opened` a person has judged after a moment; counts no further than `many`."""
    return tx.value(
        "SELECT count(*) FROM (SELECT c.id FROM case_file AS c WHERE c.city = :city AND c.id >= :first AND c.accepted_at > :moment "
        "LIMIT :many) AS judged",
        first=tx.id_unseen(opened), moment=moment, many=many,
    )  # fmt: skip


def texts_of(tx: Tx, ids: Sequence[str]) -> dict[str, bytes]:
    """What the vault still keeps of these, by id."""
    return {row.id: bytes(row.bytes) for row in tx.among("vault", "id", ("id", "bytes"), ids)}
