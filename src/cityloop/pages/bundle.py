"""The evidence of one case, to be taken away: facts with their proofs, signed heads, and that the log only grew."""

import base64
import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, get
from msgspec import Struct

from cityloop.cases import Case, scope
from cityloop.db import Row, Tx
from cityloop.domain.ids import CaseId, CityId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.identity import stepped_up
from cityloop.journal import told_from
from cityloop.journal.prove import NotSealed, Proofs, origins
from cityloop.journal.seal import CheckpointRow, OriginRow, checkpoint_last
from cityloop.journal.tlog import load_key
from cityloop.pages.story import story_rows
from cityloop.pages.takeaway import HOW_TO, VERIFIER

FORMAT = "cityloop.case-evidence.v1"


class LogHead(Struct, frozen=True, kw_only=True):
    """A log that holds facts of the case. `earlier`: the first signed head that covered them all; `checkpoint`: the newest."""

    origin: str
    no: int
    key: str
    earlier: str
    checkpoint: str
    consistency: list[str]


class FactProof(Struct, frozen=True, kw_only=True):
    """A fact's bytes and salt in base64, its place in the log, and the way to the root of `checkpoint`."""

    id: str
    seq: int
    origin: str
    index: int
    salt: str
    body: str
    path: list[str]


class CaseEvidence(Struct, frozen=True, kw_only=True):
    """Everything with which somebody checks a case without us."""

    format: str
    alg: str
    city: str
    case: CaseId
    number: str | None
    made_at: datetime
    simulated: bool
    logs: list[LogHead]
    facts: list[FactProof]


class Sealed(Struct, frozen=True):
    """What the tables say, before anything is proved."""

    case: Case
    rows: list[Row]
    log_of: dict[int, OriginRow]
    heads: dict[int, tuple[CheckpointRow, CheckpointRow]]  # by log: the earlier and the newest


def sealed_rows(tx: Tx, case: Case) -> Sealed:
    """The facts of a case and of its reports, and the signed heads above them.

    Refuses with `NotSealed`.
    """
    rows, logs = story_rows(tx, case.id), origins(tx)
    log_of = {row.seq: [log for log in logs if log.first_seq <= row.seq][-1] for row in rows}
    heads = {}
    for log in {each.no: each for each in log_of.values()}.values():
        last = max(seq for seq, each in log_of.items() if each.no == log.no)
        newest, size = checkpoint_last(tx, log.no), last - log.first_seq + 1
        if newest is None or newest.size < size:
            raise NotSealed(f"Fact {last} is not sealed yet; ask again in a second.")
        heads[log.no] = (_first_over(tx, log.no, size) or newest, newest)
    return Sealed(case, rows, log_of, heads)


def evidence_of(
    found: Sealed, proofs: Proofs, key_of: Callable[[OriginRow], str], *, city: CityId, now: datetime
) -> CaseEvidence:
    """The evidence, with every proof made: slow for a long case, so outside any transaction."""
    logs = {log.no: log for log in found.log_of.values()}
    return CaseEvidence(
        format=FORMAT, alg=" ".join(sorted({log.alg_used.name for log in logs.values()})), city=city, case=found.case.id, number=found.case.number, made_at=now,
        simulated=found.case.simulated,
        logs=[_head(logs[no], *heads, proofs, key_of(logs[no])) for no, heads in sorted(found.heads.items())],
        facts=[_fact(row, found.log_of[row.seq], found.heads, proofs, city) for row in found.rows],
    )  # fmt: skip


def archive_of(evidence: CaseEvidence) -> bytes:
    """The evidence with its verifier and how to use it, as a ZIP: the same bytes for the same evidence."""
    out = io.BytesIO()
    files = {
        "evidence.json": msgspec.json.format(msgspec.json.encode(evidence), indent=1).decode(),
        "verify_case.py": VERIFIER,
        **{f"HOW-TO.{language}.md": text for language, text in HOW_TO.items()},
    }
    when = evidence.made_at.timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, when), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@get("/v1/cases/{case_id:str}/evidence", guards=[needs(Permission.facts_read)])
async def get_evidence(case_id: CaseId, door: Door, request: Request) -> Response[CaseEvidence]:
    """All facts of a case with their proofs, the signed heads of its log, and that the log only grew."""
    return Response(await _made(case_id, door, request), headers={"Cache-Control": "no-store"})


@get("/v1/cases/{case_id:str}/evidence.zip", guards=[needs(Permission.facts_read), stepped_up])
async def get_archive(case_id: CaseId, door: Door, request: Request) -> Response[bytes]:
    """The same to take away, with a verifier that needs neither us nor a network."""
    evidence = await _made(case_id, door, request)
    raw = await door.aside(lambda: archive_of(evidence))
    name = f"evidence-{evidence.number or evidence.case}.zip"
    safe = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(raw, media_type="application/zip", headers=safe)


async def _made(case_id: CaseId, door: Door, request: Request) -> CaseEvidence:
    def ask(tx: Tx) -> Sealed:
        return sealed_rows(tx, scope.case_for(tx, door.caller, case_id, Permission.facts_read))

    found = await door.read(ask)
    parts: Any = request.app.state.parts
    city, now = request.app.state.edge.database.city, door.now

    def key_of(log: OriginRow) -> str:
        return str(load_key(parts.sealer.key_path(log)).verifier)

    return await door.aside(lambda: evidence_of(found, parts.proofs, key_of, city=city, now=now))


def _first_over(tx: Tx, origin: int, size: int) -> CheckpointRow | None:
    row = tx.one(
        "SELECT origin, size, root, note, at FROM checkpoint WHERE city = :city AND origin = :origin AND size >= :size "
        "ORDER BY size LIMIT 1",
        origin=origin, size=size,
    )  # fmt: skip
    return CheckpointRow(*row) if row else None


def _head(log: OriginRow, earlier: CheckpointRow, newest: CheckpointRow, proofs: Proofs, key: str) -> LogHead:
    return LogHead(
        origin=log.name, no=log.no, key=key, earlier=earlier.note, checkpoint=newest.note,
        consistency=[_text(each) for each in proofs.prover(log.no).consistency(earlier.size, newest.size)],
    )  # fmt: skip


def _fact(
    row: Row, log: OriginRow, heads: dict[int, tuple[CheckpointRow, CheckpointRow]], proofs: Proofs, city: CityId
) -> FactProof:
    proof = proofs.of_fact(row.seq, row.body, row.salt, log, heads[log.no][1])
    return FactProof(
        id=told_from(city, row.seq, row.body).id, seq=row.seq, origin=log.name, index=proof.index, salt=_text(proof.salt),
        body=_text(proof.body), path=[_text(each) for each in proof.path],
    )  # fmt: skip


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


ROUTES = [get_evidence, get_archive]
