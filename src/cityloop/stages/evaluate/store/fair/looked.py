"""The SQL of what is looked at for made numbers: finished work, closings, ratings and photos of a period."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.facts import PhotoRef
from cityloop.domain.policy import Limit
from cityloop.domain.time import moment
from cityloop.stages.evaluate.model import Span
from cityloop.stages.evaluate.model.fair import FindingRow
from cityloop.stages.evaluate.rules.gaming import Rating

_photos = msgspec.json.Decoder(list[PhotoRef]).decode
_limit = msgspec.json.Decoder(Limit).decode
_FINDING = ", ".join(FindingRow.__struct_fields__)


class Finished(Struct, frozen=True, kw_only=True):
    """A task that a unit finished, on a clock that never stood. `by`: the account whose report began the case."""

    case: str
    unit: str
    class_key: str
    began_at: datetime
    due_at: datetime
    ended_at: datetime
    limit: Limit
    by: str | None


class Closed(Struct, frozen=True, kw_only=True):
    """A case that was closed, and when it was there again: taken up again, or filed anew as the same."""

    case: str
    unit: str
    class_key: str
    closed_at: datetime
    again_at: datetime | None


def finished_in(tx: Tx, span: Span) -> Iterator[Finished]:
    """What units finished in the period; nothing imported, for of that the clock is not known."""
    rows = tx.all(
        "SELECT task.case_id, task.unit, case_file.class_key, COALESCE(task.clock_from, task.given_at) AS began_at, "
        "task.due_at, task.ended_at, task.time_limit, report.by FROM task "
        "JOIN case_file ON case_file.city = task.city AND case_file.id = task.case_id "
        "JOIN report ON report.city = case_file.city AND report.id = case_file.report_id "
        "WHERE task.city = :city AND task.kind = 'handle' AND task.outcome = 'finished' AND task.ended_at >= :since "
        "AND task.ended_at < :until AND task.unit IS NOT NULL AND task.time_limit IS NOT NULL AND task.pauses IS NULL "
        "AND task.given_by <> 'untold' ORDER BY task.id",
        since=span.since, until=span.until,
    )  # fmt: skip
    for row in rows:
        yield Finished(
            case=row.case_id, unit=row.unit, class_key=row.class_key or "", began_at=moment(row.began_at), due_at=moment(row.due_at),
            ended_at=moment(row.ended_at), limit=_limit(row.time_limit), by=row.by,
        )  # fmt: skip


def closed_in(tx: Tx, span: Span) -> Iterator[Closed]:
    """What was closed for the first time in the period, by the unit that was answerable; what came again was a problem, too."""
    rows = tx.all(
        "SELECT case_file.id, case_file.unit, case_file.class_key, COALESCE(case_file.first_closed_at, case_file.closed_at) "
        "AS closed_at, (SELECT MIN(redo.at) FROM redo WHERE redo.city = case_file.city AND redo.case_id = case_file.id) AS redone "
        "FROM case_file WHERE case_file.city = :city AND case_file.unit IS NOT NULL AND (case_file.first_closed_at >= :since "
        "AND case_file.first_closed_at < :until OR case_file.first_closed_at IS NULL AND case_file.state = 'closed' "
        "AND case_file.closed_at >= :since AND case_file.closed_at < :until) ORDER BY case_file.id",
        since=span.since, until=span.until,
    )  # fmt: skip
    came = tx.all(
        "SELECT recurs, MIN(opened_at) AS at FROM case_file WHERE city = :city AND recurs IS NOT NULL AND filed_at IS NOT NULL "
        "AND state <> 'void' AND opened_at >= :since GROUP BY recurs",
        since=span.since,
    )  # fmt: skip
    anew = {row.recurs: moment(row.at) for row in came}
    for row in rows:
        again = [each for each in (anew.get(row.id), moment(row.redone) if row.redone else None) if each]
        yield Closed(
            case=row.id, unit=row.unit, class_key=row.class_key or "", closed_at=moment(row.closed_at),
            again_at=min(again, default=None),
        )  # fmt: skip


def ratings_in(tx: Tx, span: Span) -> list[Rating]:
    """What reporters said of closings in the period, each by a keyed digest of how they are reached: it tells hands apart only."""
    rows = tx.all(
        "SELECT verdict.case_id, verdict.unit, verdict.way, verdict.satisfied, verdict.at, (SELECT MIN(vault_mark.digest) FROM "
        "vault_mark WHERE vault_mark.city = report.city AND vault_mark.id = report.contact) AS hand FROM verdict "
        "JOIN report ON report.city = verdict.city AND report.id = verdict.report_id WHERE verdict.city = :city "
        "AND verdict.at >= :since AND verdict.at < :until AND verdict.superseded_at IS NULL AND verdict.unit IS NOT NULL "
        "AND verdict.satisfied <> 'none' ORDER BY verdict.at, verdict.report_id",
        since=span.since, until=span.until,
    )  # fmt: skip
    return [
        Rating(
            case=row.case_id, unit=row.unit, way=row.way, content=row.satisfied in ("satisfied", "mostly"),
            source=row.hand or "", at=moment(row.at),
        )
        for row in rows
    ]  # fmt: skip


def photos_in(tx: Tx, span: Span) -> Iterator[tuple[str, str, str]]:
    """The case, the unit and the digest of each photo that proved work in the period."""
    rows = tx.all(
        "SELECT case_id, unit, photos FROM task WHERE city = :city AND kind IN ('handle', 'clear') AND outcome = 'finished' "
        "AND ended_at >= :since AND ended_at < :until AND unit IS NOT NULL AND photos <> '[]' ORDER BY id",
        since=span.since, until=span.until,
    )  # fmt: skip
    for row in rows:
        for photo in _photos(row.photos):
            yield row.case_id, row.unit, photo.shown


def posts_by_account(tx: Tx) -> dict[str, set[str]]:
    """The posts in which each of the staff sits."""
    found: dict[str, set[str]] = {}
    for row in tx.all("SELECT account, post FROM seat WHERE city = :city ORDER BY account, post"):
        found.setdefault(row.account, set()).add(row.post)
    return found


def judged_in(tx: Tx, first_day: str, last_day: str) -> list[FindingRow]:
    """What people said of findings of just these days."""
    rows = tx.all(
        f"SELECT {_FINDING} FROM finding WHERE city = :city AND first_day = :first AND last_day = :last ORDER BY id",
        first=first_day, last=last_day,
    )  # fmt: skip
    return [row_to(FindingRow, row) for row in rows]
