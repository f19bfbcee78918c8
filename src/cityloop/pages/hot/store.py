"""What is read for hot issues: the newest reports with their words, and where the same came back."""

from datetime import datetime

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


def place_list(tx: Tx, since: datetime) -> list[tuple[str, int, list[datetime]]]:
    """Classes and spots at which several cases were filed, with the moments; the most often first."""
    rows = tx.all(
        "SELECT class_key, spot, count(*) AS times FROM case_file WHERE city = :city AND number IS NOT NULL "
        "AND spot IS NOT NULL AND class_key IS NOT NULL AND opened_at >= :since GROUP BY class_key, spot "
        f"HAVING count(*) >= 2 AND max(is_open) = 0 ORDER BY times DESC, class_key, spot LIMIT {PLACES_MAX}",
        since=since,
    )
    found = []
    for row in rows:
        opened = tx.all(
            "SELECT opened_at FROM case_file WHERE city = :city AND class_key = :class_key AND spot = :spot "
            "AND number IS NOT NULL AND opened_at >= :since ORDER BY opened_at",
            class_key=row.class_key, spot=row.spot, since=since,
        )  # fmt: skip
        found.append((row.class_key, row.spot, [datetime.fromisoformat(each.opened_at) for each in opened]))
    return found


def last_case(tx: Tx, class_key: str, spot: int) -> str:
    """The case that was there last."""
    return tx.value(
        "SELECT id FROM case_file WHERE city = :city AND class_key = :class_key AND spot = :spot AND number IS NOT NULL "
        "ORDER BY opened_at DESC LIMIT 1",
        class_key=class_key, spot=spot,
    )  # fmt: skip
