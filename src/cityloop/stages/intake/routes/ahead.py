"""HTTP of intake: look before anybody complains 未诉先办. A report of the city's own, where a closed case is expected to come back."""

from datetime import datetime

from litestar import Response, post
from msgspec import Struct

from cityloop.cases import Case, scope
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import Channel
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.permission import Permission
from cityloop.domain.words import say
from cityloop.http import Door, needs
from cityloop.stages.intake.model import NothingToExpect, Receipt, ReportAsked
from cityloop.stages.intake.rules import sound_of
from cityloop.stages.intake.service import receipt_of, receive_report


class LookAhead(Struct, kw_only=True, forbid_unknown_fields=True):
    """Until when somebody should have looked."""

    by: datetime


@post("/v1/cases/{case_id:str}/look-ahead", status_code=201, guards=[needs(Permission.case_accept)])
async def post_look_ahead(case_id: CaseId, data: LookAhead, door: Door) -> Response[Receipt]:
    """Have somebody look where a closed case is expected to come back: a report of its class and place, self-checked. Asked
    again of the same case it is the same report. Refuses with `intake.nothing_to_expect`.
    """

    def use_case(tx: Tx) -> ReportId:
        case = _closed_case(tx, door, case_id)
        until = data.by.astimezone(calendar_in(door.policy).zone)
        words = say("ahead.look", door.policy.settings.languages[0], door.policy.words)
        text = words.format(month=until.month, day=until.day, number=case.number or "")
        asked = ReportAsked(
            channel=Channel.self_check, text=text, lon=case.lon, lat=case.lat, declared_class=case.class_key,
            simulated=case.simulated,
        )  # fmt: skip
        return receive_report(tx, sound_of(asked, policy=door.policy, now=tx.now), by=door.caller.account, meant=case.id).id

    id = await door.change(use_case, key=f"look-ahead/{case_id}")
    receipt = await door.read(lambda tx: receipt_of(tx, id))
    return Response(receipt, status_code=201, headers={"Cache-Control": "no-store"})


def _closed_case(tx: Tx, door: Door, id: CaseId) -> Case:
    case = scope.case_for(tx, door.caller, id, Permission.case_accept)
    if case.is_open or case.class_key is None or case.lon is None:
        raise NothingToExpect(f"Case {case.number or id} is open, or has no class and place; look at the case itself.")
    return case


ROUTES = [post_look_ahead]
