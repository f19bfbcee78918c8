"""HTTP of bulletins: those that were made and their files, asking for one, watching it being made, wanting each."""

from datetime import date, datetime
from typing import Annotated, Any

from litestar import Response, delete, get, post
from litestar.params import QueryParameter
from msgspec import Struct, field

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.ids import AccountId, AreaCode
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.telling import Telling
from cityloop.files import FileStore
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.printing import MEDIA, Form
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model.bulletin import (
    About,
    BulletinRow,
    DeliveredBy,
    Job,
    JobState,
    Kind,
    Step,
    SubscriptionRow,
)
from cityloop.stages.evaluate.rules.bulletin import title_of
from cityloop.stages.evaluate.service import bulletin as service
from cityloop.stages.evaluate.store import bulletins as store

READ = [needs(Permission.figures_read)]
LAST = "~"  # after every id
JOBS_SHOWN = 20
# A bulletin brings its styles with it, runs nothing, and may stand in a frame of ours.
PAPER = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"


class BulletinAsked(Struct, kw_only=True):
    """Which bulletin: of the calendar period of its kind that holds a day, today where none is said."""

    kind: Kind
    language: str = "zh"
    on: date | None = None
    area: AreaCode | None = None
    class_key: str | None = field(name="class", default=None)
    scheme: str | None = None  # of an assessment: by which units or areas are scored; none: the usual one


class Wanted(Struct, kw_only=True):
    """Which bulletin shall come from now on, and how."""

    kind: Kind
    language: str = "zh"
    area: AreaCode | None = None
    class_key: str | None = field(name="class", default=None)
    scheme: str | None = None  # of an assessment
    channel: DeliveredBy = DeliveredBy.room


class FileView(Struct, frozen=True, kw_only=True):
    """A file of a bulletin."""

    form: str
    digest: str
    size_bytes: int
    href: str


class BulletinView(Struct, frozen=True, kw_only=True):
    """A bulletin that was made. `mine`: it came by a subscription of the caller's; `corrects`, `replaced_by`: bulletins."""

    id: str
    kind: Kind
    title: str
    language: str
    first_day: date
    last_day: date
    area: str
    class_key: str
    scheme: str
    as_of: datetime
    made_at: datetime
    seq: int
    pack: str
    files: list[FileView]
    mine: bool
    simulated: bool
    corrects: str | None
    replaced_by: str | None


class JobView(Struct, frozen=True, kw_only=True):
    """How far a bulletin is that is being made; `error` is a code."""

    id: str
    kind: Kind
    title: str
    state: JobState
    step: Step
    done: int
    size: int
    asked_at: datetime
    error: str | None
    bulletin: str | None


class SubscriptionView(Struct, frozen=True, kw_only=True):
    """What comes to the caller."""

    id: str
    kind: Kind
    language: str
    area: str
    class_key: str
    scheme: str
    channel: DeliveredBy
    since: datetime
    next_at: datetime


def seats_of(door: Door) -> list[AreaCode | None]:
    return [seat.area for seat in door.caller.seats_with(Permission.figures_read)]


@get("/v1/bulletins", guards=READ)
async def get_bulletins(door: Door, after: str | None = None, limit: int = 50) -> Page[BulletinView]:
    """The bulletins that were made, the newest first, as far as the caller's areas reach."""
    count, before = page_limit(limit), str(keys_of(after, 1)[0]) if after else LAST
    scope = rules.scope_of(seats_of(door))

    def read(tx: Tx) -> Page[BulletinView]:
        found = store.bulletin_list(tx, scope, before, count + 1)
        mine = store.bulletin_ids_for(tx, door.caller.account or "", [each.id for each in found])
        shown = [view_of(each, door.policy, each.id in mine) for each in found[:count]]
        return Page(items=shown, next=mark_of(shown[-1].id) if len(found) > count else None)

    return await door.read(read)


@get("/v1/bulletins/{bulletin_id:str}", guards=READ)
async def get_bulletin(door: Door, bulletin_id: str) -> BulletinView:
    """One bulletin: its days, what it follows from, and its files with their digests."""

    def read(tx: Tx) -> BulletinView:
        row = service.bulletin_get(tx, bulletin_id, seats=seats_of(door))
        return view_of(row, door.policy, bool(store.bulletin_ids_for(tx, door.caller.account or "", [row.id])))

    return await door.read(read)


@get("/v1/bulletins/{bulletin_id:str}/files/{form:str}", guards=READ)
async def get_bulletin_file(
    door: Door, bulletin_id: str, form: Form, save: Annotated[bool, QueryParameter(description="true: as a file to keep.")] = False
) -> Response[bytes]:
    """A bulletin as a page, PDF, Word document or workbook: the very bytes that were told."""
    row = await door.read(lambda tx: service.bulletin_get(tx, bulletin_id, seats=seats_of(door)))
    file = service.file_of(row, form)
    files: FileStore = door.request.app.state.parts.press.files
    raw = await door.aside(lambda: files.get(file.digest))  # type: ignore[arg-type]
    name = f"{row.kind}-{row.first_day}-{row.language}.{form}"
    kept = form is not Form.html or save
    headers = {
        "Content-Disposition": f'{"attachment" if kept else "inline"}; filename="{name}"', "Content-Security-Policy": PAPER,
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache", "ETag": f'"{file.digest}"',
    }  # fmt: skip
    return Response(raw, media_type=MEDIA[form], headers=headers)


@post("/v1/bulletins/jobs", status_code=201, guards=READ)
async def post_bulletin_job(door: Door, data: BulletinAsked) -> JobView:
    """Let a bulletin be made, in the background."""
    today = door.now.astimezone(calendar_in(door.policy).zone).date()
    about = _about(door, data.on or today, data)
    id = await door.change(lambda tx: service.ask_bulletin(tx, about, by=door.caller.actor, policy=door.policy))
    return await _job(door, id)


@get("/v1/bulletins/jobs", guards=READ)
async def get_bulletin_jobs(door: Door) -> list[JobView]:
    """The newest that the caller asked for, and how far they are."""
    found = await door.read(lambda tx: store.job_list(tx, door.caller.actor, JOBS_SHOWN))
    return [job_view(each, door.policy) for each in found]


@get("/v1/bulletins/jobs/{job_id:str}", guards=READ)
async def get_bulletin_job(door: Door, job_id: str) -> JobView:
    """How far one is."""
    return await _job(door, job_id)


@get("/v1/bulletins/subscriptions", guards=READ)
async def get_bulletin_subscriptions(door: Door) -> list[SubscriptionView]:
    """What comes to the caller, and when next."""
    found = await door.read(lambda tx: store.subscription_list(tx, door.caller.account or ""))
    return [_subscription(each, door) for each in found]


@post("/v1/bulletins/subscriptions", status_code=201, guards=READ)
async def post_bulletin_subscription(door: Door, data: Wanted) -> SubscriptionView:
    """Let every bulletin of a kind come once its period is over."""
    today = door.now.astimezone(calendar_in(door.policy).zone).date()
    about = _about(door, today, data)
    account = AccountId(door.caller.account or "")
    id = await door.change(lambda tx: service.subscribe(tx, about, account=account, channel=data.channel, policy=door.policy))
    row = await door.read(lambda tx: store.subscription_find(tx, id))
    assert row
    return _subscription(row, door)


@delete("/v1/bulletins/subscriptions/{subscription_id:str}", status_code=204, guards=READ)
async def delete_bulletin_subscription(door: Door, subscription_id: str) -> None:
    """Let it come no more."""
    account = AccountId(door.caller.account or "")
    await door.change(lambda tx: service.unsubscribe(tx, subscription_id, account=account))


def view_of(row: BulletinRow, policy: Policy, mine: bool) -> BulletinView:
    files = [
        FileView(form=each.form, digest=each.digest, size_bytes=each.size_bytes, href=f"/v1/bulletins/{row.id}/files/{each.form}")
        for each in service.files_in(row.files)
    ]
    return BulletinView(
        id=row.id, kind=row.kind, title=title_of(row, Telling(policy=policy, language=row.language)), language=row.language,
        first_day=row.first_day, last_day=row.last_day, area=row.area, class_key=row.class_key, scheme=row.scheme,
        as_of=row.as_of, made_at=row.made_at, seq=row.seq, pack=row.pack, files=files, mine=mine, simulated=row.simulated,
        corrects=row.corrects, replaced_by=row.replaced_by,
    )  # fmt: skip


def job_view(job: Job, policy: Policy) -> JobView:
    return JobView(
        id=job.id, kind=job.kind, title=title_of(job, Telling(policy=policy, language=job.language)), state=job.state, step=job.step,
        done=job.done, size=job.size, asked_at=job.asked_at, error=job.error, bulletin=job.bulletin,
    )  # fmt: skip


def _about(door: Door, on: date, data: BulletinAsked | Wanted) -> About:
    return service.about_asked(
        data.kind, data.language, on, policy=door.policy, area=data.area or "", class_key=data.class_key or "",
        scheme=data.scheme or "", seats=seats_of(door),
    )  # fmt: skip


async def _job(door: Door, id: str) -> JobView:
    job = await door.read(lambda tx: service.job_get(tx, id, by=door.caller.actor))
    return job_view(job, door.policy)


def _subscription(row: SubscriptionRow, door: Door) -> SubscriptionView:
    return SubscriptionView(
        id=row.id, kind=row.kind, language=row.language, area=row.area, class_key=row.class_key, scheme=row.scheme,
        channel=row.channel, since=row.since, next_at=service.next_at(row, door.policy, door.now),
    )  # fmt: skip


ROUTES: list[Any] = [
    get_bulletins, get_bulletin_jobs, get_bulletin_job, post_bulletin_job, get_bulletin_subscriptions, post_bulletin_subscription,
    delete_bulletin_subscription, get_bulletin, get_bulletin_file,
]  # fmt: skip
