"""HTTP of intake: a report comes in."""

from typing import Annotated

from litestar import Request, Response, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import NeedsSignIn
from cityloop.domain.facts import Channel
from cityloop.domain.ids import AccountId, ReportId
from cityloop.domain.permission import Permission
from cityloop.http import Caller, Door, needs
from cityloop.http.door import keep_body
from cityloop.stages.intake.model import ChannelClosed, Receipt, ReportAsked
from cityloop.stages.intake.routes.reading import TakesReport, report_in, same_report
from cityloop.stages.intake.rules import WHO_MAY, may_be_cleared, sound_of
from cityloop.stages.intake.service import keep_photos, receipt_of, receive_cleared, receive_report


@post("/v1/reports", status_code=201, operation_class=TakesReport)
async def post_report(request: Request, door: Door) -> Response[Receipt]:
    """Report a problem. Anybody may, without a name; the answer's code tells later what became of it."""
    came = await report_in(request)
    asked, sent = came.asked, came.photos
    by = _brought_by(door.caller, asked.channel)
    sound = sound_of(asked, policy=door.policy, now=door.now, photos=len(sent))
    photos = ()
    if sent:
        files, limits = request.app.state.parts.files, door.policy.settings
        photos = await door.aside(lambda: keep_photos(files, sent, limits, came.declared))
        door = Door(request.app.state.edge, door.caller, request, same_report(asked, sent))
    receipts: list[Receipt] = []

    def use_case(tx: Tx) -> ReportId:
        receipts.append(receive_report(tx, sound, photos=photos, by=by))
        return receipts[-1].id

    id = await door.change(use_case)
    receipt = receipts[-1] if receipts and receipts[-1].id == id else await door.read(lambda tx: receipt_of(tx, id))
    return Response(receipt, headers={"Location": f"/v1/track/{receipt.tracking_code}", "Cache-Control": "no-store"})


class ClearedAsked(Struct, kw_only=True):
    """Something that was put right on the spot: class, place, photos of before and of after."""

    problem_class: str
    lon: float
    lat: float
    coords: str = "wgs84"
    text: str = ""
    note: str = ""
    before: list[UploadFile] = []
    after: list[UploadFile] = []
    simulated: bool = False


@post(
    "/v1/self-handled", status_code=201, guards=[needs(Permission.case_self_handle)], before_request=keep_body
)  # fmt: skip
async def post_self_handled(
    data: Annotated[ClearedAsked, Body(media_type=RequestEncodingType.MULTI_PART)], request: Request, door: Door
) -> Response[Receipt]:
    """Report a trifle that you have put right on the spot, in one act: it is filed and finished, and may be inspected."""
    asked = ReportAsked(
        text=data.text, lon=data.lon, lat=data.lat, coords=data.coords, declared_class=data.problem_class,
        channel=Channel.collector, simulated=data.simulated,
    )  # fmt: skip
    policy = door.policy
    sound = sound_of(asked, policy=policy, now=door.now, photos=len(data.before))
    may_be_cleared(sound, before=len(data.before), after=len(data.after), policy=policy)
    raw = [[await each.read() for each in photos] for photos in (data.before, data.after)]
    files = request.app.state.parts.files
    before, after = await door.aside(lambda: [keep_photos(files, each, policy.settings) for each in raw])
    account = door.caller.account
    assert account, "the guard lets nobody through"
    id = await door.change(
        lambda tx: receive_cleared(tx, sound, before=before, after=after, note=data.note, by=account).id
    )
    receipt = await door.read(lambda tx: receipt_of(tx, id))
    return Response(receipt, headers={"Location": f"/v1/track/{receipt.tracking_code}", "Cache-Control": "no-store"})


def _brought_by(caller: Caller, channel: Channel) -> AccountId | None:
    """The account that reports on duty; None where anybody may.

    Refuses with `NeedsSignIn` or `ChannelClosed`.
    """
    needed = WHO_MAY.get(channel)
    if needed is None:
        return None
    if caller.account is None:
        raise NeedsSignIn(f"Reports by the channel {channel} come from a post; sign in, or use the channel app.")
    if not caller.may(needed):
        raise ChannelClosed(f"The channel {channel} needs a post with {needed}; use the channel app, or ask for one.")
    return caller.account


ROUTES = [post_report, post_self_handled]
