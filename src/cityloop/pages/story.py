"""Everything that happened to a case and to the reports that it holds, fact by fact, each with its proof."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, get
from msgspec import Struct

from cityloop.cases import scope
from cityloop.db import Row, Tx
from cityloop.domain.errors import NotFound
from cityloop.domain.facts import Told
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.journal import told_from
from cityloop.journal.prove import origins
from cityloop.journal.seal import checkpoint_last

_FACTS = (  # ordered by what no index holds: else an engine walks the whole journal in its order and looks for the few
    "SELECT seq, body, salt FROM fact WHERE city = :city AND subject IN "
    "(SELECT :case UNION ALL SELECT 'report/' || id FROM report WHERE city = :city AND case_id = :id) ORDER BY seq + 0"
)


class FactNotHere(NotFound):
    """The case and its reports have no such fact."""

    code = "story.fact_not_here"


class FactView(Struct, frozen=True, kw_only=True):
    """A fact as the journal tells it. `id` is the same for ever, and the key for what must not be done twice."""

    id: str
    seq: int
    subject: str
    no: int
    fact: str
    at: datetime
    recorded_at: datetime
    actor: str
    cause: str | None
    pack: str | None
    says: dict[str, Any]


class ProofView(Struct, frozen=True, kw_only=True):
    """A fact's proof, to be checked without us: `proof` holds its bytes, its salt, and the way to a signed root."""

    id: str
    seq: int
    proof: dict[str, Any]


def fact_view(told: Told) -> FactView:
    """The fact as members of JSON."""
    return FactView(
        id=told.id, seq=told.seq, subject=told.subject, no=told.no, fact=type(told.fact).__name__, at=told.fact.at,
        recorded_at=told.recorded_at, actor=told.actor, cause=told.cause, pack=told.pack,
        says=msgspec.to_builtins(told.fact),
    )  # fmt: skip


def story_rows(tx: Tx, case_id: CaseId) -> list[Row]:
    """The facts of a case and of its reports, in the order of the journal, with their bytes and salts."""
    return tx.all(_FACTS, case=f"case/{case_id}", id=case_id)


def whole_story(tx: Tx, case_id: CaseId) -> list[Told]:
    """The same, read."""
    return [told_from(tx.city, row.seq, row.body) for row in story_rows(tx, case_id)]


@get("/v1/cases/{case_id:str}/story", guards=[needs(Permission.facts_read)])
async def get_story(case_id: CaseId, door: Door) -> Response[list[FactView]]:
    """Everything that happened to a case and to the reports that it holds, in the order of the journal."""

    def ask(tx: Tx) -> list[FactView]:
        case = scope.case_for(tx, door.caller, case_id, Permission.facts_read)
        return [fact_view(told) for told in whole_story(tx, case.id)]

    return Response(await door.read(ask), headers={"Cache-Control": "no-store"})


@get("/v1/cases/{case_id:str}/proof", guards=[needs(Permission.facts_read)])
async def get_proof(case_id: CaseId, door: Door, request: Request, seq: int | None = None) -> Response[list[ProofView]]:
    """A proof of each fact of a case and of its reports, or of the one with this `seq`."""

    def ask(tx: Tx) -> list[tuple[Row, Any, Any]]:
        case = scope.case_for(tx, door.caller, case_id, Permission.facts_read)
        rows = [row for row in story_rows(tx, case.id) if seq in (None, row.seq)]
        logs = origins(tx)
        of_row = {row.seq: [log for log in logs if log.first_seq <= row.seq][-1] for row in rows}
        heads = {log.no: checkpoint_last(tx, log.no) for log in of_row.values()}
        return [(row, of_row[row.seq], heads[of_row[row.seq].no]) for row in rows]

    found = await door.read(ask)
    if not found:
        raise FactNotHere(f"Case {case_id} has no fact {seq}; take the number from its story.")
    proofs = request.app.state.parts.proofs
    city = request.app.state.edge.database.city

    def prove() -> list[ProofView]:
        return [
            ProofView(
                id=told_from(city, row.seq, row.body).id, seq=row.seq,
                proof=proofs.of_fact(row.seq, row.body, row.salt, log, head).to_json(),
            )
            for row, log, head in found
        ]  # fmt: skip

    return Response(await door.aside(prove), headers={"Cache-Control": "no-store"})


ROUTES = [get_story, get_proof]
