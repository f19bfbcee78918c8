"""What is read for hot issues: the newest reports with their words, and where the same came back."""

from datetime import datetime
from itertools import groupby

import msgspec

from cityloop.db import Tx
from cityloop.domain.copied import Print
from cityloop.domain.hot import Message
from cityloop.domain.private import for_all
from cityloop.domain.said import Said

REPORTS_MAX = 8_000  # the newest; more of them would cost more than they tell
READ_CHARS = 200  # of a text, before it is masked
PLACES_MAX = 500
_said = msgspec.json.Decoder(Said).decode


def message_list(tx: Tx, since: datetime) -> tuple[list[Message], list[Print], dict[str, str]]:
    """What reports said since a moment, masked, by what copies are told, and the case of each report."""
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
            id=row.id, at=datetime.fromisoformat(row.received_at), text=for_all(each.text[:READ_CHARS]), who=row.who or "",
            area=row.community or "", marks=(f"{row.spot:x}/{row.class_key}",) if row.spot and row.class_key else (),
        )
        for row, each in zip(rows, said, strict=True)
    ]  # fmt: skip
    prints = [
        Print(id=row.id, text=each.text[:READ_CHARS], photos=tuple(claim.digest for claim in each.claims), who=row.who or "")
        for row, each in zip(rows, said, strict=True)
    ]
    return told, prints, {row.id: row.case_id for row in rows}


def looked_at(tx: Tx, since: datetime) -> frozenset[str]:
    """Closed cases where somebody was sent to look before anybody complained."""
    rows = tx.all(
        "SELECT meant FROM report WHERE city = :city AND channel = 'self_check' AND meant IS NOT NULL AND received_at >= :since",
        since=since,
    )
    return frozenset(row.meant for row in rows)


def place_list(tx: Tx, since: datetime) -> list[tuple[str, list[datetime], list[str]]]:
    """Classes that came back to a spot, the most often first: the moments at which their cases began there, and the cases."""
    rows = tx.all(
        "SELECT here.class_key, here.spot, here.opened_at, here.id FROM (SELECT class_key, spot, count(*) AS times FROM case_file "
        "WHERE city = :city AND number IS NOT NULL AND spot IS NOT NULL AND class_key IS NOT NULL AND opened_at >= :since "
        f"GROUP BY class_key, spot HAVING count(*) >= 2 AND max(is_open) = 0 ORDER BY times DESC, class_key, spot LIMIT {PLACES_MAX}) "
        "AS place JOIN case_file AS here ON here.city = :city AND here.class_key = place.class_key AND here.spot = place.spot "
        "AND here.number IS NOT NULL AND here.opened_at >= :since "
        "ORDER BY place.times DESC, place.class_key, place.spot, here.opened_at, here.id",
        since=since,
    )
    found = []
    for (class_key, _), group in groupby(rows, lambda row: (row.class_key, row.spot)):
        cases = list(group)
        found.append((class_key, [datetime.fromisoformat(each.opened_at) for each in cases], [each.id for each in cases]))
    return found
