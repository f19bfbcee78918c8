"""HTTP of the reporter: their verdict, with nothing but the tracking code."""

from typing import Annotated

from litestar import Response, post
from msgspec import Struct

from cityloop.cases import report_get
from cityloop.cases.callbacks import closing_of, verdict_of
from cityloop.cases.notes import KEEP_DAYS
from cityloop.cases.tracking import tracked_report, tracking_unknown
from cityloop.db import Tx
from cityloop.domain.ids import ReportId
from cityloop.domain.personal import Personal
from cityloop.domain.tracking import code_read
from cityloop.http import Door
from cityloop.http.limits import Buckets, Pace
from cityloop.stages.inspect import rules
from cityloop.stages.inspect.service import judge_own

PACE = Pace(per_min=6, burst=10)  # for one code: more than a person needs
_BUCKETS = Buckets()


class OwnVerdict(Struct, kw_only=True, forbid_unknown_fields=True):
    """What the reporter says to the result: solved, partly or not; satisfied, mostly, not or none; why not, in codes."""

    solved: str
    satisfied: str = "none"
    reasons: list[str] = []
    words: Annotated[str, Personal("to see what is not in order", keep_days=KEEP_DAYS)] = ""


class VerdictStands(Struct, kw_only=True):
    """The verdict that stands now."""

    solved: str
    satisfied: str
    changes: int


@post("/v1/track/{code:str}/verdict", status_code=201)
async def post_own_verdict(code: str, data: OwnVerdict, door: Door) -> Response[VerdictStands]:
    """Say whether it is solved, for whoever holds the tracking code; said again it takes the place of the first.

    "Not solved" within the days after closing takes the case up again, where the city says so.
    """
    known = code_read(code)
    if known is None:
        raise tracking_unknown()
    city = door.request.app.state.edge.database.city
    _BUCKETS.take(f"{city}/{known}", PACE, door.now.timestamp())
    given = rules.verdict_of(data.solved, data.satisfied, data.reasons)

    def use_case(tx: Tx) -> ReportId:
        report = tracked_report(tx, known)
        return judge_own(tx, report.id, given, words=data.words, policy=door.policy, now=tx.now)

    id = await door.change(use_case)
    view = await door.read(lambda tx: _stands(tx, id, given), short=True)
    return Response(view, status_code=201, headers={"Cache-Control": "no-store"})


def _stands(tx: Tx, id: ReportId, given: rules.Given) -> VerdictStands:
    case_id = report_get(tx, id).case_id
    verdict = verdict_of(tx, id, case_id, closing_of(tx, case_id) or 0) if case_id else None
    return VerdictStands(
        solved=verdict.solved if verdict else given.solved.value,
        satisfied=verdict.satisfied if verdict else given.satisfied.value, changes=verdict.change if verdict else 0,
    )  # fmt: skip


ROUTES = [post_own_verdict]
