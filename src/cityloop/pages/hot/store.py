"""What is read for hot issues: the newest reports with their words, and where the same came back."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from cityloop.db import Row, Tx
from cityloop.domain.coming_back import may_come_back, season_of
from cityloop.domain.copied import Print
from cityloop.domain.hot import Message
from cityloop.domain.private import for_all
from cityloop.domain.said import Said

REPORTS_MAX = 8_000  # the newest; more of them would cost more than they tell
READ_CHARS = 200  # of a text, once it is masked
PLACES_MAX = 5_000  # that may come back soon, those where it was last seen first
_said = msgspec.json.Decoder(Said).decode


class Told(NamedTuple):
    """What reports said, masked, by what copies are told, and the case of each report. `since`: all that was said from then on."""

    messages: list[Message]
    prints: list[Print]
    case_of: dict[str, str]
    since: datetime


def message_list(tx: Tx, since: datetime) -> Told:
    """What reports said since a moment; of too many the newest."""
    rows = tx.all(
        "SELECT report.id, report.received_at, report.case_id, vault.bytes, case_file.class_key, case_file.spot, case_file.community, "
        "(SELECT min(digest) FROM vault_mark WHERE city = :city AND id = report.contact) AS who FROM report "
        "JOIN vault ON vault.city = report.city AND vault.id = report.said "
        "JOIN case_file ON case_file.city = report.city AND case_file.id = report.case_id "
        f"WHERE report.city = :city AND report.id >= :least ORDER BY report.id DESC LIMIT {REPORTS_MAX}",
        least=tx.id_unseen(since),
    )
    said = [_said(row.bytes) for row in rows]
    told = [
        Message(
            id=row.id, at=datetime.fromisoformat(row.received_at), text=for_all(each.text)[:READ_CHARS], who=row.who or "",
            area=row.community or "", marks=(f"{row.spot:x}/{row.class_key}",) if row.spot and row.class_key else (),
        )
        for row, each in zip(rows, said, strict=True)
    ]  # fmt: skip
    prints = [
        Print(id=row.id, text=each.text[:READ_CHARS], photos=tuple(claim.digest for claim in each.claims), who=row.who or "")
        for row, each in zip(rows, said, strict=True)
    ]
    read_since = max(since, told[-1].at) if len(told) == REPORTS_MAX else since
    return Told(told, prints, {row.id: row.case_id for row in rows}, read_since)


def looked_at(tx: Tx, since: datetime) -> frozenset[str]:
    """Closed cases where somebody was sent to look before anybody complained."""
    rows = tx.all(
        "SELECT meant FROM report WHERE city = :city AND channel = 'self_check' AND meant IS NOT NULL AND received_at >= :since",
        since=since,
    )
    return frozenset(row.meant for row in rows)


def place_list(tx: Tx, since: datetime) -> tuple[list[tuple[str, list[Row]]], bool]:
    """Classes that came back to a spot and may do so again soon, each with its cases there, the first first; and whether there are
    more than were read."""
    begin, end = season_of(tx.now)
    every = tx.all(
        "SELECT class_key, spot, count(*) AS times, min(opened_at) AS first, max(opened_at) AS last, "
        "sum(CASE WHEN opened_at >= :begin AND opened_at <= :end THEN 1 ELSE 0 END) AS in_season FROM case_file WHERE city = :city "
        "AND number IS NOT NULL AND spot IS NOT NULL AND class_key IS NOT NULL AND opened_at >= :since "
        "GROUP BY class_key, spot HAVING count(*) >= 2 AND max(is_open) = 0",
        begin=begin, end=end, since=since,
    )  # fmt: skip
    able = sorted((row for row in every if _may_come_back(row, tx.now)), key=lambda row: (row.last, row.class_key, row.spot), reverse=True)
    read = able[:PLACES_MAX]
    found = tx.each(
        "SELECT opened_at, id FROM case_file WHERE city = :city AND class_key = :class_key AND spot = :spot AND number IS NOT NULL "
        "AND opened_at >= :since ORDER BY opened_at, id",
        [{"class_key": row.class_key, "spot": row.spot, "since": since} for row in read],
    )
    return [(row.class_key, cases) for row, cases in zip(read, found, strict=True)], len(able) > len(read)


def _may_come_back(row: Row, now: datetime) -> bool:
    first, last = datetime.fromisoformat(row.first), datetime.fromisoformat(row.last)
    return may_come_back(int(row.times), first, last, int(row.in_season), now)
