"""The only SQL of Open311: cases as strangers may see them, other cities' requests, and what was told of either.

A list walks an index from its end and stops after a page. COALESCE stands where no index may serve.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import Row, row_to
from cityloop.domain.ids import AccountId, CaseId, FileDigest, VaultId
from cityloop.doors.open311.model import REQUESTS_MAX, Query
from cityloop.doors.open311.rules import STEPS, scale_of

FEW = 2_000  # cases of a class that are sorted rather than looked for among all that came
SLACK = timedelta(minutes=5)  # how far the order of the journal and that of its moments may differ
COLUMNS = (
    "c.id, c.no, c.number, c.state, c.class_key, c.cell, c.community, c.street, c.district, c.lon, c.lat, c.component, "
    "c.unit, c.due_at, c.closed_at, c.on_time, c.level, c.refused_for, c.merged_into, c.reports, c.reworks, "
    "c.report_id, r.said, r.photos, r.received_at, r.declared_class"
)


class ServiceRow(Struct, frozen=True):
    """A line of another city's catalogue; `told` is a `ForeignService` as JSON."""

    jurisdiction: str
    place: int
    code: str
    told: str


class RequestRow(Struct, frozen=True, kw_only=True):
    """A request of another city, by what it is looked for; `words` is the vault item that holds it."""

    jurisdiction: str
    id: str
    status: str
    service_code: str
    requested_at: datetime
    updated_at: datetime | None
    expected_at: datetime | None
    lon: float | None
    lat: float | None
    words: VaultId


class UpdateRow(Struct, frozen=True, kw_only=True):
    """What another system told of a request."""

    id: str
    jurisdiction: str
    request_id: str
    case_id: CaseId | None
    their_id: str
    status: str
    updated_at: datetime
    told_at: datetime
    by: AccountId | None
    words: VaultId | None


# our own cases


def case_list_by_id(tx: Tx, ids: Iterable[str], internal: Iterable[str]) -> list[Row]:
    """The cases with these ids, filed or not."""
    wanted, hidden = _named("i", ids), _named("h", internal)
    inner = (
        f"SELECT {COLUMNS} FROM case_file c CROSS JOIN report r WHERE c.city = :city AND c.id IN ({_list(wanted)}) "
        f"AND r.city = :city AND r.id = c.report_id AND {_not_hidden(hidden)}"
    )
    return _with_moment(tx, inner, wanted | hidden)


def case_list(
    tx: Tx, query: Query, keys: tuple[str, ...], internal: tuple[str, ...], private: tuple[str, ...] = ()
) -> list[Row]:
    """Filed cases, the newest request first; by `updated_*`, the last changed first. One row more than the page has
    says that there are more. `keys` are the classes asked for; none: all. `private` are those whose place is private:
    they are near nothing, or circles would find them.
    """
    limits = {"limit": query.page_size + 1, "offset": (query.page - 1) * query.page_size}
    where, params = _conditions(query, internal, private)
    params |= limits
    if query.updated_since and query.updated_until:
        return _by_change(tx, query, keys, where, params)
    where += " AND r.received_at >= :since AND r.received_at <= :until"
    params |= {"since": query.since, "until": query.until}
    kinds = _named("k", keys)
    if keys and _are_few(tx, kinds):
        inner = (
            f"SELECT {COLUMNS} FROM case_file c CROSS JOIN report r WHERE c.city = :city "
            f"AND c.class_key IN ({_list(kinds)}) AND r.city = :city AND r.id = c.report_id AND {where} "
            "ORDER BY COALESCE(r.received_at, '') DESC, r.id DESC LIMIT :limit OFFSET :offset"
        )
        return _with_moment(tx, inner, params | kinds)
    if keys:
        where += f" AND COALESCE(c.class_key, '') IN ({_list(kinds)})"
    inner = (
        f"SELECT {COLUMNS} FROM report r CROSS JOIN case_file c WHERE r.city = :city AND c.city = :city "
        f"AND c.id = r.case_id AND c.report_id = r.id AND {where} "
        "ORDER BY r.received_at DESC, r.id DESC LIMIT :limit OFFSET :offset"
    )
    return _with_moment(tx, inner, params | kinds)


def _by_change(tx: Tx, query: Query, keys: tuple[str, ...], where: str, params: dict[str, Any]) -> list[Row]:
    kinds = _named("k", keys)
    if keys:
        where += f" AND COALESCE(c.class_key, '') IN ({_list(kinds)})"
    if query.since:
        where += " AND COALESCE(r.received_at, '') >= :since AND COALESCE(r.received_at, '') <= :until"
        params |= {"since": query.since, "until": query.until}
    first, last = _seqs(tx, query.updated_since, query.updated_until)
    return tx.all(
        f"SELECT {COLUMNS}, f.recorded_at AS updated_at FROM fact f CROSS JOIN case_file c CROSS JOIN report r "
        "WHERE f.city = :city AND f.seq >= :first AND f.seq <= :last AND f.recorded_at >= :updated_since "
        "AND f.recorded_at <= :updated_until AND substr(f.subject, 1, 5) = 'case/' AND c.city = :city "
        f"AND c.id = substr(f.subject, 6) AND c.no = f.subject_no AND r.city = :city AND r.id = c.report_id AND {where} "
        "ORDER BY f.seq DESC LIMIT :limit OFFSET :offset",
        first=first, last=last, updated_since=query.updated_since, updated_until=query.updated_until, **params, **kinds,
    )  # fmt: skip


def step_list(tx: Tx, since: datetime, until: datetime, internal: Iterable[str], limit: int) -> list[Row]:
    """What happened to cases that strangers may know of, in its order: `kind`, the fact's type, is one of STEPS."""
    kinds, hidden = _named("s", STEPS), _named("h", internal)
    first, last = _seqs(tx, since, until)
    return tx.all(
        "SELECT f.type AS kind, f.subject_no AS no, f.recorded_at AS at, c.id, c.refused_for, c.merged_into "
        "FROM fact f CROSS JOIN case_file c CROSS JOIN report r WHERE f.city = :city AND f.seq >= :first AND f.seq <= :last "
        f"AND f.recorded_at >= :since AND f.recorded_at <= :until AND f.type IN ({_list(kinds)}) AND c.city = :city "
        f"AND c.id = substr(f.subject, 6) AND r.city = :city AND r.id = c.report_id AND {_not_hidden(hidden)} "
        "ORDER BY f.seq LIMIT :limit",
        first=first, last=last, since=since, until=until, limit=limit, **kinds, **hidden,
    )  # fmt: skip


def steps_of(tx: Tx, ids: Iterable[str]) -> list[Row]:
    """What happened to these cases, in the order of each: `kind`, the fact's type, is one of STEPS."""
    subjects, kinds = _named("c", (f"case/{id}" for id in ids)), _named("s", STEPS)
    if not subjects:
        return []
    return tx.all(
        "SELECT type AS kind, subject_no AS no, recorded_at AS at, substr(subject, 6) AS id FROM fact WHERE city = :city "
        f"AND subject IN ({_list(subjects)}) AND type IN ({_list(kinds)}) ORDER BY subject, subject_no",
        **subjects, **kinds,
    )  # fmt: skip


def photo_subjects(tx: Tx, digest: FileDigest) -> list[str]:
    """Whose photos a file shows, as long as these are kept."""
    rows = tx.all(
        "SELECT DISTINCT f.subject FROM file_shown f JOIN vault v ON v.city = f.city AND v.id = f.photo "
        "WHERE f.city = :city AND f.digest = :digest ORDER BY f.subject",
        digest=digest,
    )
    return [row.subject for row in rows]


def case_of_report(tx: Tx, report_id: str) -> CaseId | None:
    """The case that a report belongs to."""
    return tx.value("SELECT case_id FROM report WHERE city = :city AND id = :id", id=report_id)


# other cities


def jurisdiction_known(tx: Tx, jurisdiction: str) -> bool:
    """Whether anything of that city was read."""
    return any(
        tx.value(f"SELECT 1 FROM {table} WHERE city = :city AND jurisdiction = :it LIMIT 1", it=jurisdiction)
        for table in ("open311_service", "open311_request")
    )


def service_list(tx: Tx, jurisdiction: str) -> list[str]:
    """The catalogue of another city, each line as JSON, in its order."""
    rows = tx.all(
        "SELECT told FROM open311_service WHERE city = :city AND jurisdiction = :jurisdiction ORDER BY place",
        jurisdiction=jurisdiction,
    )
    return [row.told for row in rows]


def request_get(tx: Tx, jurisdiction: str, id: str) -> RequestRow | None:
    """A request of another city."""
    return tx.get("open311_request", RequestRow, jurisdiction, id)


def request_list(tx: Tx, jurisdiction: str, query: Query) -> list[RequestRow]:
    """Requests of another city, ordered as our own."""
    of, params = ["city = :city", "jurisdiction = :jurisdiction"], {"jurisdiction": jurisdiction}
    order = "requested_at DESC, id DESC"
    if query.since:
        of.append("requested_at >= :since AND requested_at <= :until")
        params |= {"since": query.since, "until": query.until}
    if query.updated_since:
        of.append("updated_at >= :updated_since AND updated_at <= :updated_until")
        params |= {"updated_since": query.updated_since, "updated_until": query.updated_until}
        order = "updated_at DESC, id DESC"
    if query.is_open is not None:
        of.append("status = :status")
        params["status"] = "open" if query.is_open else "closed"
    codes = _named("k", query.codes)
    if codes:
        of.append(f"service_code IN ({_list(codes)})")
    if query.lat is not None:
        of.append(_near("lon", "lat"))
        params |= _circle(query)
    rows = tx.all(
        f"SELECT {', '.join(RequestRow.__struct_fields__)} FROM open311_request WHERE city = :city AND {' AND '.join(of)} "
        f"ORDER BY {order} LIMIT :limit OFFSET :offset",
        limit=query.page_size + 1, offset=(query.page - 1) * query.page_size, **params, **codes,
    )  # fmt: skip
    return [row_to(RequestRow, row) for row in rows]


def update_list(tx: Tx, jurisdiction: str, since: datetime, until: datetime, limit: int) -> list[UpdateRow]:
    """What others told of a city's requests in a span, in its order."""
    rows = tx.all(
        f"SELECT {', '.join(UpdateRow.__struct_fields__)} FROM open311_update WHERE city = :city "
        "AND jurisdiction = :jurisdiction AND updated_at >= :since AND updated_at <= :until "
        "ORDER BY updated_at, id LIMIT :limit",
        jurisdiction=jurisdiction, since=since, until=until, limit=limit,
    )  # fmt: skip
    return [row_to(UpdateRow, row) for row in rows]


def update_list_of(tx: Tx, case_id: CaseId) -> list[UpdateRow]:
    """What others told of a case of ours, the first first."""
    rows = tx.all(
        f"SELECT {', '.join(UpdateRow.__struct_fields__)} FROM open311_update WHERE city = :city AND jurisdiction = '' "
        f"AND request_id = :case_id ORDER BY told_at, id LIMIT {REQUESTS_MAX}",
        case_id=case_id,
    )
    return [row_to(UpdateRow, row) for row in rows]


def update_known(tx: Tx, jurisdiction: str, request_id: str, their_id: str) -> str | None:
    """The id of an update that was told before."""
    return tx.value(
        "SELECT id FROM open311_update WHERE city = :city AND jurisdiction = :jurisdiction AND request_id = :request_id "
        "AND their_id = :their_id",
        jurisdiction=jurisdiction, request_id=request_id, their_id=their_id,
    )  # fmt: skip


def vault_texts(tx: Tx, ids: Iterable[str | None]) -> dict[str, bytes]:
    """What the vault still holds of these."""
    wanted = _named("v", dict.fromkeys(id for id in ids if id))
    if not wanted:
        return {}
    rows = tx.all(f"SELECT id, bytes FROM vault WHERE city = :city AND id IN ({_list(wanted)})", **wanted)
    return {row.id: row.bytes for row in rows}


# parts of statements


def _conditions(query: Query, internal: Iterable[str], private: Iterable[str]) -> tuple[str, dict[str, Any]]:
    """What a listed case must be, whatever index is walked. Nothing here invites an index of its own: that of the numbers
    holds every filed case there is."""
    hidden = _named("h", internal)
    of: list[str] = ["COALESCE(c.number, '') <> ''", _not_hidden(hidden)]
    params: dict[str, Any] = dict(hidden)
    if query.is_open is not None:
        of.append("COALESCE(c.is_open, 0) = :is_open")
        params["is_open"] = int(query.is_open)
    if query.lat is not None:
        of.append(_near("c.lon", "c.lat"))
        params |= _circle(query)
        if shy := _named("p", private):
            of.append(f"COALESCE(c.class_key, '') NOT IN ({_list(shy)})")
            params |= shy
    return " AND ".join(of), params


def _with_moment(tx: Tx, inner: str, params: Mapping[str, Any]) -> list[Row]:
    """The rows, each with when its case last changed: the moment of its last fact."""
    return tx.all(
        f"SELECT p.*, f.recorded_at AS updated_at FROM ({inner}) AS p JOIN fact f ON f.city = :city "
        "AND f.subject = 'case/' || p.id AND f.subject_no = p.no ORDER BY p.received_at DESC, p.report_id DESC",
        **params,
    )


def _are_few(tx: Tx, kinds: Mapping[str, str]) -> bool:
    count = tx.value(
        f"SELECT count(*) FROM (SELECT 1 FROM case_file WHERE city = :city AND class_key IN ({_list(kinds)}) "
        "LIMIT :few) AS counted",
        few=FEW, **kinds,
    )  # fmt: skip
    return count < FEW


def _seqs(tx: Tx, since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """The stretch of the journal that holds what was recorded in a span: found by halving, as `seq` follows time."""
    assert since
    assert until
    size = tx.value("SELECT size FROM log_head WHERE city = :city") or 0

    def first_after(at: datetime) -> int:
        low, high = 1, size + 1
        while low < high:
            middle = (low + high) // 2
            found = tx.value(
                "SELECT seq FROM fact WHERE city = :city AND seq = :seq AND recorded_at >= :at", seq=middle, at=at
            )
            low, high = (low, middle) if found else (middle + 1, high)
        return low

    return first_after(since - SLACK), first_after(until + SLACK) - 1


def _near(lon: str, lat: str) -> str:
    across, up = f"({lon} - :lon) * :per_lon", f"({lat} - :lat) * :per_lat"
    return f"{across} * {across} + {up} * {up} <= :radius_squared"


def _circle(query: Query) -> dict[str, float]:
    assert query.lat is not None
    assert query.lon is not None
    per_lon, per_lat = scale_of(query.lat)
    return {
        "lon": query.lon, "lat": query.lat, "per_lon": per_lon, "per_lat": per_lat,
        "radius_squared": query.radius_m**2,
    }  # fmt: skip


def _not_hidden(hidden: Mapping[str, str]) -> str:
    return f"COALESCE(c.class_key, r.declared_class, '') NOT IN ({_list(hidden)})" if hidden else "1 = 1"


def _named(prefix: str, values: Iterable[str]) -> dict[str, str]:
    return {f"{prefix}_{place}": value for place, value in enumerate(values)}


def _list(named: Mapping[str, str]) -> str:
    return ", ".join(f":{name}" for name in named)
