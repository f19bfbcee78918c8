"""HTTP of intake: "me too". A report of one's own that joins an open case, once for each person or device."""

import hmac
from typing import Annotated

from litestar import Response, post
from msgspec import Meta, Struct

from cityloop.cases.public import public_open_case
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.personal import Personal
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


@post("/v1/cases/{case_id:str}/me-too", status_code=201)
async def post_me_too(case_id: CaseId, data: MeToo, door: Door) -> Response[Receipt]:
    """Say that one sees the same: the report joins the open case at once. Sent again by the same person or device it
    is the same report. Refuses with `intake.case_not_public` where strangers may not know of the case, or it is over.
    """
    pace_stranger(door, JOINS)

    def use_case(tx: Tx) -> ReportId:
        case = public_open_case(tx, case_id, door.policy)
        if case is None:
            raise CaseNotPublic("There is no open case here that can be joined; report what you see.")
        asked = ReportAsked(
            text=data.text, lon=case.lon, lat=case.lat, declared_class=case.class_key, contact=data.contact
        )
        sound = sound_of(asked, policy=door.policy, now=tx.now)
        return receive_report(tx, sound, meant=case.id).id

    id = await door.change(use_case, key=_once_key(door, case_id, data.device))
    receipt = await door.read(lambda tx: receipt_of(tx, id))
    headers = {"Location": f"/v1/track/{receipt.tracking_code}", "Cache-Control": "no-store"}
    return Response(receipt, status_code=201, headers=headers)


def _once_key(door: Door, case_id: CaseId, device: str) -> str:
    """Who and which case, so that nobody can tell who: the account where one is signed in, else the device."""
    who = door.caller.account or device
    return "me-too/" + hmac.new(door.secret, f"{case_id}\n{who}".encode(), "sha256").hexdigest()


ROUTES = [post_me_too]
