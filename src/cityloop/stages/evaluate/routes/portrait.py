"""HTTP of portraits: an object beside its fair peers; a person's only for themselves and who leads their unit."""

from datetime import date
from typing import Annotated, Any

from litestar import get
from litestar.params import QueryParameter

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.errors import NotAllowed
from cityloop.domain.ids import AccountId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.identity import signed_in
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Period
from cityloop.stages.evaluate.model.portrait import Of, Portrait, PortraitObject, PortraitUnknown
from cityloop.stages.evaluate.service import portrait as service

ACCOUNT = service.ACCOUNT


@get("/v1/portraits/{of:str}", guards=[signed_in])
async def get_portrait(
    door: Door,
    of: Of,
    object: Annotated[str, QueryParameter(description="A unit, a street, a duty grid, a class, a contractor, a shop; of a person an account, `me` for one's own.")],
    period: Period = Period.month,
    on: date | None = None,
) -> Portrait:
    """How an object does: its level and course, its strengths, beside peers of its group with like work."""
    seats = door.caller.seats_with(Permission.figures_read)
    today = door.now.astimezone(calendar_in(door.policy).zone).date()
    days = rules.days_asked(None, None, period, on, today)
    if of is not Of.person and not seats:
        raise NotAllowed(f"{door.caller.name or 'You'} may not figures.read; ask for a post whose role includes it.")

    def read(tx: Tx) -> Portrait:
        if of is not Of.person:
            return service.portrait_of(tx, of, object, days, policy=door.policy, now=door.now, seat_areas=[each.area for each in seats])
        me = AccountId(door.caller.account or "")
        who = me if object == "me" else AccountId(object.removeprefix(ACCOUNT))
        if not service.may_see_person(tx, who, by=me, units=[each.unit for each in seats], policy=door.policy):
            raise PortraitUnknown(f"There is no person {object[:60]!r} whom you lead; ask for your own with object=me.")
        return service.portrait_of(tx, of, ACCOUNT + who, days, policy=door.policy, now=door.now)

    return await door.read(read)


@get("/v1/portraits/{of:str}/objects", guards=[needs(Permission.figures_read)])
async def get_portrait_objects(door: Door, of: Of, period: Period = Period.month, on: date | None = None) -> list[PortraitObject]:
    """Whose portraits there are: those of whom anything was counted in a period, as far as the caller's areas reach."""
    days = rules.days_asked(None, None, period, on, door.now.astimezone(calendar_in(door.policy).zone).date())
    areas = [each.area for each in door.caller.seats_with(Permission.figures_read)]
    return await door.read(lambda tx: service.objects_of(tx, of, days, policy=door.policy, now=door.now, seat_areas=areas))


ROUTES: list[Any] = [get_portrait, get_portrait_objects]
