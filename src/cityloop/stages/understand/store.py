"""The only SQL of understand: cases in the neighbourhood, as little of each as is needed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from cityloop.cases.near import AT_HAND, CLOSED_AT_HAND, COLUMNS, Hand, hands_of, near_case
from cityloop.db import Tx
from cityloop.domain.codes import matter_range
from cityloop.domain.copied import COPIES_COUNTED, TEXT_WITHIN, Earlier, copied_in
from cityloop.domain.facts import ReportReceived, Where
from cityloop.domain.facts.intake import PUBLIC
from cityloop.domain.facts.understand import Copied, Twice
from cityloop.domain.ids import CaseId, CellCode, ClassKey, ReportId
from cityloop.domain.near import NearCase
from cityloop.domain.policy import ProblemClass
from cityloop.domain.said import Said
from cityloop.journal import marked_alike
from cityloop.stages.understand.rules import looks_in

OPEN_MAX, MATTER_MAX = 16, 12  # in each spot, the newest within reach: a crowded place must not make a report dear
_NEWEST = "ORDER BY opened_at DESC, id DESC LIMIT"
HERE = (  # each part walks the entries of one spot in one index
    f"SELECT * FROM ({AT_HAND} AND class_key = :class_key AND is_open = 1 AND opened_at >= :since {_NEWEST} {OPEN_MAX}) AS o "
    f"UNION ALL SELECT * FROM ({AT_HAND} AND is_open = 1 AND class_key >= :first AND class_key < :after "
    f"AND class_key <> :class_key AND opened_at >= :since {_NEWEST} {MATTER_MAX}) AS m "
    f"UNION ALL SELECT * FROM ({CLOSED_AT_HAND}) AS c"
)
_WORDS = (
    "SELECT case_words.words FROM report JOIN case_words ON case_words.city = report.city "
    "AND case_words.source = report.said WHERE report.city = :city AND report.id = :report"
)


_SAID = (
    "SELECT vault.bytes FROM report JOIN vault ON vault.city = report.city AND vault.id = report.said "
    "WHERE report.city = :city AND report.id = :report AND report.photos <> '[]'"
)
_said = msgspec.json.Decoder(Said).decode
_HAND = (
    "SELECT COALESCE((SELECT min(digest) FROM vault_mark WHERE city = :city AND id = report.contact), report.by, report.id) AS hand "
    "FROM report WHERE city = :city AND id = :report"
)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


class Here(NamedTuple):
    """A neighbourhood: what is at hand there, from when on, and the matter of the class (a range of keys)."""

    hand: Hand
    since: datetime
    first: str
    after: str

    def asked(self) -> dict[str, object]:
        """The parameters of the statement."""
        return {**self.hand._asdict(), "since": self.since, "first": self.first, "after": self.after}


def near_of_each(tx: Tx, asked: Mapping[ReportId, Sequence[Here]]) -> dict[ReportId, list[NearCase]]:
    """Cases within the reach of the class of each report: open ones of it and of its matter that were opened since, and
    those of the class closed last. In one statement where the engine can."""
    rows = iter(tx.each(HERE, [here.asked() for each in asked.values() for here in each]))
    return {report: [near_case(row) for _ in each for row in next(rows)] for report, each in asked.items()}


def here_of(of: ProblemClass, where: Where, *, since: datetime) -> list[Here]:
    """What a report of the class asks of its neighbourhood; nothing where it has no point."""
    return [Here(hand, since, *matter_range(of.key)) for hand in hands_of(of, where)]


def words_of_each(tx: Tx, near: Iterable[NearCase]) -> dict[CaseId, frozenset[str]]:
    """The pieces of the words with which these cases began, as far as the index of words has them already."""
    cases = {case.id: case.report_id for case in near}
    found = tx.each(_WORDS, [{"report": report} for report in cases.values()])
    return {id: frozenset(rows[0].words.split(" ")) for id, rows in zip(cases, found, strict=True) if rows}


def looks_of_each(tx: Tx, near: Iterable[NearCase]) -> dict[CaseId, list[str]]:
    """The looks of the photos with which these cases began; of none that has none."""
    cases = {case.id: case.report_id for case in near}
    rows = tx.each(_SAID, [{"report": report} for report in cases.values()])
    found = {id: looks_in(_said(row[0].bytes)) for id, row in zip(cases, rows, strict=True) if row}
    return {id: looks for id, looks in found.items() if looks}


def copied_of_each(tx: Tx, told: Sequence[ReportReceived]) -> dict[ReportId, tuple[Copied, ...]]:
    """What of these reports stood in earlier ones: their words, where the public says them, and their photos. One statement
    for all where the engine can, and one more where something did."""
    items = [(each.report_id, Twice.photo, photo.sent.id, _EVER) for each in told for photo in each.photos]
    items += [(each.report_id, Twice.text, each.said.id, tx.now - TEXT_WITHIN) for each in told if each.channel in PUBLIC]
    found = marked_alike(tx, [item for *_, item, _ in items], since=[since for *_, since in items], many=COPIES_COUNTED)
    earlier: dict[ReportId, list[tuple[Twice, ReportId]]] = {}
    for (report, what, *_), subjects in zip(items, found, strict=True):
        others = [ReportId(each.removeprefix("report/")) for each in subjects if each != f"report/{report}"]
        if others:
            earlier.setdefault(report, []).extend((what, other) for other in others)
    reports = list(dict.fromkeys([*earlier, *(other for each in earlier.values() for _, other in each)]))
    rows = tx.each(_HAND, [{"report": report} for report in reports])
    hand = {report: row[0].hand if row else report for report, row in zip(reports, rows, strict=True)}
    return {
        report: copied_in((Earlier(what=what, report=other, hand=hand[other]) for what, other in each), hand[report])
        for report, each in earlier.items()
    }


def case_list_in_cell(tx: Tx, class_key: ClassKey, cell: CellCode, *, since: datetime) -> list[NearCase]:
    """The same for a class whose places are private: what is in the cell is near."""
    rows = tx.all(
        f"SELECT {COLUMNS} FROM case_file WHERE city = :city AND class_key = :class_key AND cell = :cell "
        f"AND spot IS NULL AND (is_open = 1 AND opened_at >= :since OR state = 'closed') ORDER BY id DESC LIMIT 50",
        class_key=class_key, cell=cell, since=since,
    )  # fmt: skip
    return [near_case(row) for row in rows]


def class_list_common(tx: Tx, spots: Sequence[int], *, limit: int = 12) -> list[ClassKey]:
    """The classes of the filed cases in these spots, the commonest first."""
    params = {f"s{number}": spot for number, spot in enumerate(spots)}
    names = ", ".join(f":{name}" for name in params)
    rows = tx.all(
        f"SELECT class_key FROM case_file WHERE city = :city AND spot IN ({names}) AND number IS NOT NULL "
        f"AND class_key IS NOT NULL GROUP BY class_key ORDER BY count(*) DESC, class_key LIMIT :limit",
        limit=limit, **params,
    )  # fmt: skip
    return [row.class_key for row in rows]
