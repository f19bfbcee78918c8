"""HTTP of trials: ask for one, see how far it is, see which decisions would differ."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from litestar import get, post
from litestar.params import QueryParameter
from msgspec import Struct, field

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.permission import Permission
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.people.names import names_of
from cityloop.revise.model import RemedyTried, Trial, TrialKind, TrialPart
from cityloop.revise.routes.reading import READ
from cityloop.revise.routes.views import LineView, TrialView, line_view, trial_view
from cityloop.revise.service import drafting, remedying, trying
from cityloop.revise.store import drafts, trials

TRIALS_SHOWN = 50


class TrialAsked(Struct, kw_only=True):
    """Under what, and which local days, both inside. `version`: a digest, `current`, or a draft's id."""

    version: str
    first_day: date = field(name="from")
    last_day: date = field(name="to")


class RemedyAsked(Struct, kw_only=True):
    """What is to be tried, and on which local days, both inside."""

    remedy: RemedyTried
    first_day: date = field(name="from")
    last_day: date = field(name="to")


def _span(door: Door, first: date, last: date) -> tuple[datetime, datetime]:
    """Local days, both inside, as moments up to now."""
    zone = calendar_in(door.policy).zone
    until = datetime.combine(last + timedelta(days=1), time(0), zone)
    return datetime.combine(first, time(0), zone), min(until, door.now)


@post("/v1/packs/trials", status_code=201, guards=[needs(Permission.pack_propose, Permission.pack_approve)])
async def post_trial(door: Door, data: TrialAsked) -> TrialView:
    """Let the automatic decisions of past days be made again under another pack, in the background."""
    since, until = _span(door, data.first_day, data.last_day)

    def use_case(tx: Tx) -> str:
        draft = drafts.draft_find(tx, data.version)
        _, digest = drafting.bytes_of(tx, data.version)
        if draft:
            drafting.sound(draft)
        return trying.ask_trial(
            tx, by=door.caller.actor, digest=digest, draft_id=draft.id if draft else None, since=since, until=until
        )  # fmt: skip

    return await _shown(door, await door.change(use_case))


@post("/v1/packs/remedies", status_code=201, guards=[needs(Permission.pack_propose)])
async def post_remedy(door: Door, data: RemedyAsked) -> TrialView:
    """Try what "where and why" speaks for: a draft is made that says it, and past days are run again under it, in the background."""
    policy, since, until = door.policy, *_span(door, data.first_day, data.last_day)
    remedying.remedy_known(data.remedy, policy)
    raw, base = await door.read(lambda tx: drafting.bytes_of(tx, drafting.CURRENT))
    day = door.now.astimezone(calendar_in(policy).zone).date()
    written = await door.aside(lambda: remedying.remedy_written(raw, base, data.remedy, policy, day=day))

    def use_case(tx: Tx) -> str:
        return remedying.ask_remedy(tx, data.remedy, written, by=door.caller.actor, since=since, until=until)

    return await _shown(door, await door.change(use_case))


@get("/v1/packs/trials", guards=READ)
async def get_trials(door: Door) -> list[TrialView]:
    """The newest trials."""

    def read(tx: Tx) -> list[TrialView]:
        found = trials.trial_list(tx, TRIALS_SHOWN)
        names = names_of(tx, sorted({each.by.removeprefix("account:") for each in found}))
        return [trial_view(each, names) for each in found]

    return await door.read(read)


@get("/v1/packs/trials/{trial_id:str}", guards=READ)
async def get_trial(door: Door, trial_id: str) -> TrialView:
    """How far a trial is, and what it came to."""
    return await _shown(door, trial_id)


@get("/v1/packs/trials/{trial_id:str}/lines", guards=READ)
async def get_trial_lines(
    door: Door,
    trial_id: str,
    kind: TrialKind | None = None,
    changed: TrialPart | None = None,
    unknown: Annotated[bool | None, QueryParameter(description="true: only what nobody knows.")] = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[LineView]:
    """The decisions that would differ, before and after, in the order of the journal."""
    count, mark = page_limit(limit), int(keys_of(after, 1)[0] or 0) if after else 0

    def read(tx: Tx) -> Page[LineView]:
        trying.trial_get(tx, trial_id)
        found = trials.line_list(
            tx, trial_id, kind=kind, part=changed, unknown=unknown, after=mark, limit=count + 1
        )  # fmt: skip
        shown = [line_view(each) for each in found[:count]]
        return Page(items=shown, next=mark_of(shown[-1].seq) if len(found) > count else None)

    return await door.read(read)


async def _shown(door: Door, id: str) -> TrialView:
    def read(tx: Tx) -> TrialView:
        found: Trial = trying.trial_get(tx, id)
        return trial_view(found, names_of(tx, [found.by.removeprefix("account:")]))

    return await door.read(read)


ROUTES: list[Any] = [post_trial, post_remedy, get_trials, get_trial, get_trial_lines]
