"""The only SQL of understand: cases in the neighbourhood, as little of each as is needed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from cityloop.db import Tx
from cityloop.domain.codes import matter_range
from cityloop.domain.copied import COPIES_COUNTED, TEXT_WITHIN, Earlier, copied_in
from cityloop.domain.facts import ReportReceived, Where
from cityloop.domain.facts.intake import PUBLIC
from cityloop.domain.facts.understand import Copied, Twice
from cityloop.domain.ids import CaseId, CellCode, ClassKey, ReportId
from cityloop.domain.near import NearCase
from cityloop.domain.place import box_around
from cityloop.domain.policy import ProblemClass
from cityloop.domain.said import Said
from cityloop.journal import marked_alike
from cityloop.places import spots_around
from cityloop.stages.understand.rules import looks_in

COLUMNS = "id, class_key, report_id, is_open, opened_at, closed_at, cell, lon, lat, component"
OPEN_MAX, CLOSED_MAX, MATTER_MAX = 16, 4, 12  # of each spot, the newest: a crowded place must not make a report dear
_AT = f"SELECT {COLUMNS} FROM case_file WHERE city = :city AND spot = :spot"
_HERE = (  # each part walks a few entries of one index
    "SELECT * FROM ("
    f"SELECT * FROM ({_AT} AND class_key = :class_key AND is_open = 1 AND opened_at >= :since "
    f"ORDER BY opened_at DESC LIMIT {OPEN_MAX}) AS o "
    f"UNION ALL SELECT * FROM ({_AT} AND is_open = 1 AND class_key >= :first AND class_key < :after "
    f"AND class_key <> :class_key AND opened_at >= :since LIMIT {MATTER_MAX}) AS m "
    f"UNION ALL SELECT * FROM ({_AT} AND class_key = :class_key AND state = 'closed' "
    f"ORDER BY closed_at DESC LIMIT {CLOSED_MAX}) AS c"
    ") AS near WHERE lon BETWEEN :west AND :east AND lat BETWEEN :south AND :north OR component = :component"
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
    """A neighbourhood: the spot, the class with its matter (a range of keys), and a box in degrees or the component."""

    class_key: ClassKey
    spot: int
    since: datetime
    component: str
    first: str
    after: str
    west: float
    south: float
    east: float
    north: float


def near_of_each(tx: Tx, asked: Mapping[ReportId, Sequence[Here]]) -> dict[ReportId, list[NearCase]]:
    """Cases within the reach of the class of each report: open ones of it and of its matter that were opened since, and
    those of the class closed last. In one statement where the engine can."""
    rows = iter(tx.each(_HERE, [here._asdict() for each in asked.values() for here in each]))
    return {report: [_near(row) for _ in each for row in next(rows)] for report, each in asked.items()}


def here_of(of: ProblemClass, where: Where, *, since: datetime) -> list[Here]:
    """What a report of the class asks of its neighbourhood; nothing where it has no point."""
    if where.lon is None or where.lat is None:
        return []
    matter, box = matter_range(of.key), box_around(where.lon, where.lat, of.join_radius_m)
    spots = spots_around(where.lon, where.lat, of.join_radius_m)
    return [Here(of.key, spot, since, where.component or "", *matter, *box) for spot in spots]


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
    return [_near(row) for row in rows]


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


def _near(row: tuple) -> NearCase:
    return msgspec.convert(row._asdict(), NearCase, strict=False)  # type: ignore[attr-defined]
