"""HTTP of intake: "me too". A report of one's own that joins a case, once for each person or device."""

import hmac
from typing import Annotated

from litestar import Response, post
from msgspec import Meta, Struct
from msgspec.structs import asdict

from cityloop.cases import Case, case_get, report_get
from cityloop.cases.public import public_case
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Policy
from cityloop.http import Door
from cityloop.http.strangers import JOINS, pace_stranger
from cityloop.stages.intake.model import FIND, SAID_DAYS, CaseNotPublic, Contact, Receipt, ReportAsked
from cityloop.stages.intake.rules import sound_of
from cityloop.stages.intake.service import receipt_of, receive_report


class MeToo(Struct, kw_only=True, forbid_unknown_fields=True):
    """What somebody adds who sees the same. `device` is a random word that their device keeps: it is hashed with the
    city's secret, and what it was is kept nowhere."""

    device: Annotated[str, Meta(min_length=16, max_length=100)]
    text: Annotated[str, Personal(FIND, keep_days=SAID_DAYS)] = ""
    contact: Contact | None = None


class MeTooReceipt(Receipt, frozen=True, kw_only=True):
    """What who sees the same gets. `joins`: their report is part of the case; else that one is over, and theirs is looked at
    anew: it joins another, or becomes a case that says what it comes back from."""

    joins: bool


@post("/v1/cases/{case_id:str}/me-too", status_code=201)
async def post_me_too(case_id: CaseId, data: MeToo, door: Door) -> Response[MeTooReceipt]:
    """Say that one sees the same: the report joins the case at once, or, where the case is over, is looked at anew. Sent
    again by the same person or device about the same round of the case it is the same report. Refuses with
    `intake.case_not_public` where strangers may not know of the case.
    """
    pace_stranger(door, JOINS)
    seen = await door.read(lambda tx: _case_of(tx, case_id, door.policy))

    def use_case(tx: Tx) -> ReportId:
        case = _case_of(tx, case_id, door.policy)
        asked = ReportAsked(
            text=data.text, lon=case.lon, lat=case.lat, declared_class=case.class_key, contact=data.contact
        )
        sound = sound_of(asked, policy=door.policy, now=tx.now)
        return receive_report(tx, sound, meant=case.id).id

    id = await door.change(use_case, key=_once_key(door, seen, data.device))
    receipt = await door.read(lambda tx: _receipt(tx, id))
    headers = {"Location": f"/v1/track/{receipt.tracking_code}", "Cache-Control": "no-store"}
    return Response(receipt, status_code=201, headers=headers)


def _case_of(tx: Tx, id: CaseId, policy: Policy) -> Case:
    """The case that is meant, open or over.

    Refuses with `CaseNotPublic`.
    """
    case = public_case(tx, id, policy)
    if case is None:
        raise CaseNotPublic("There is no case here that can be joined; report what you see.")
    return case


def _receipt(tx: Tx, id: ReportId) -> MeTooReceipt:
    report, receipt = report_get(tx, id), receipt_of(tx, id)
    assert report.meant, f"report {id} means no case"
    joins = report.case_id == report.meant if report.case_id else case_get(tx, report.meant).is_open
    return MeTooReceipt(**asdict(receipt), joins=joins)


def _once_key(door: Door, case: Case, device: str) -> str:
    """Who, which case and which of its endings, so that nobody can tell who: the account where one is signed in, else the
    device."""
    who = door.caller.account or device
    ended = case.closed_at.isoformat() if case.closed_at else ""
    return "me-too/" + hmac.new(door.secret, f"{case.id}\n{ended}\n{who}".encode(), "sha256").hexdigest()


ROUTES = [post_me_too]
