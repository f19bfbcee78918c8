"""The SQL of bulletins: those that were made, those that are being made, and who wants which."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.stages.evaluate.model.bulletin import (
    STEPS,
    About,
    BulletinRow,
    Job,
    JobState,
    Kind,
    Step,
    SubscriptionRow,
)
from cityloop.stages.evaluate.store.rows import inside_any, names, numbered

_BULLETIN = ", ".join(BulletinRow.__struct_fields__)
_JOB = ", ".join(Job.__struct_fields__)
_SUBSCRIPTION = ", ".join(SubscriptionRow.__struct_fields__)


def bulletin_find(tx: Tx, id: str) -> BulletinRow | None:
    return tx.get("bulletin", BulletinRow, id)


def bulletin_list(tx: Tx, scope: tuple[str, ...] | None, before: str, limit: int) -> list[BulletinRow]:
    """The newest bulletins, of those areas only and what lies in them; None: all."""
    where = "" if scope is None else f" AND {inside_any('area', len(scope), 'area')}"
    rows = tx.all(
        f"SELECT {_BULLETIN} FROM bulletin WHERE city = :city AND id < :before{where} ORDER BY id DESC LIMIT :many",
        before=before, many=limit, **numbered("area", scope or ()),
    )  # fmt: skip
    return [row_to(BulletinRow, row) for row in rows]


def bulletin_ids_for(tx: Tx, account: str, ids: Iterable[str]) -> set[str]:
    """Which of these lie before somebody."""
    given = numbered("id", ids)
    if not given:
        return set()
    rows = tx.all(
        "SELECT bulletin FROM bulletin_for WHERE city = :city AND account = :account "
        f"AND bulletin IN ({names('id', len(given))})",
        account=account, **given,
    )  # fmt: skip
    return {row.bulletin for row in rows}


def bulletin_of(tx: Tx, about: About, by: str) -> str | None:
    """The newest bulletin about the same days and things that was made for somebody."""
    return tx.value(
        "SELECT id FROM bulletin WHERE city = :city AND kind = :kind AND language = :language AND area = :area "
        "AND class_key = :class_key AND scheme = :scheme AND first_day = :first_day AND by = :by ORDER BY id DESC LIMIT 1",
        by=by, kind=about.kind, language=about.language, area=about.area, class_key=about.class_key, scheme=about.scheme,
        first_day=about.first_day,
    )  # fmt: skip


def bulletin_list_standing(tx: Tx, first_day: date, last_day: date, by: str) -> list[BulletinRow]:
    """The assessment bulletins of exactly these days that were made for somebody, and in whose place nothing stands."""
    rows = tx.all(
        f"SELECT {_BULLETIN} FROM bulletin WHERE city = :city AND kind = :kind AND first_day = :first AND last_day = :last "
        "AND by = :by AND replaced_by IS NULL ORDER BY id",
        kind=Kind.assessment, first=first_day, last=last_day, by=by,
    )  # fmt: skip
    return [row_to(BulletinRow, row) for row in rows]


# those that are being made


def job_find(tx: Tx, id: str) -> Job | None:
    return tx.get("bulletin_job", Job, id)


def job_list(tx: Tx, by: str, limit: int) -> list[Job]:
    """The newest that somebody asked for."""
    rows = tx.all(
        f"SELECT {_JOB} FROM bulletin_job WHERE city = :city AND by = :by ORDER BY id DESC LIMIT :many", by=by, many=limit
    )
    return [row_to(Job, row) for row in rows]


def job_next(tx: Tx) -> Job | None:
    """The oldest that is not over."""
    row = tx.one(
        f"SELECT {_JOB} FROM bulletin_job WHERE city = :city AND state IN ('waiting', 'running') ORDER BY id LIMIT 1"
    )
    return row_to(Job, row) if row else None


def job_waits(tx: Tx, about: About, by: str, *, running: bool = True) -> bool:
    """Whether somebody waits for the same already; `running`: or it is being made."""
    rows = tx.all(
        f"SELECT {_JOB} FROM bulletin_job WHERE city = :city AND by = :by AND kind = :kind AND language = :language "
        "AND area = :area AND class_key = :class_key AND scheme = :scheme AND first_day = :first_day AND state IN ('waiting', :other)",
        by=by, kind=about.kind, language=about.language, area=about.area, class_key=about.class_key, scheme=about.scheme,
        first_day=about.first_day, other=JobState.running if running else JobState.waiting,
    )  # fmt: skip
    return bool(rows)


def job_list_running(tx: Tx, first_day: date, last_day: date, by: str) -> list[Job]:
    """The assessment bulletins of exactly these days that are being made for somebody."""
    rows = tx.all(
        f"SELECT {_JOB} FROM bulletin_job WHERE city = :city AND kind = :kind AND first_day = :first AND last_day = :last "
        "AND by = :by AND state = 'running' ORDER BY id",
        kind=Kind.assessment, first=first_day, last=last_day, by=by,
    )  # fmt: skip
    return [row_to(Job, row) for row in rows]


def job_count(tx: Tx, by: str) -> int:
    """How many wait for somebody."""
    return tx.value(
        "SELECT COUNT(*) FROM bulletin_job WHERE city = :city AND by = :by AND state IN ('waiting', 'running')", by=by
    )


def job_put(tx: Tx, job: Job) -> None:
    tx.put("bulletin_job", job)


def job_went_on(tx: Tx, id: str, step: Step) -> None:
    if job := job_find(tx, id):
        job_put(tx, replace(job, state=JobState.running, step=step, done=STEPS.index(step)))


def job_ended(tx: Tx, id: str, *, bulletin: str | None = None, error: str | None = None) -> None:
    if job := job_find(tx, id):
        state, done = (JobState.failed, job.done) if error else (JobState.done, job.size)
        job_put(tx, replace(job, state=state, done=done, ended_at=tx.now, error=error, bulletin=bulletin))


# who wants which


def subscription_find(tx: Tx, id: str) -> SubscriptionRow | None:
    return tx.get("bulletin_subscription", SubscriptionRow, id)


def subscription_list(tx: Tx, account: str) -> list[SubscriptionRow]:
    """What somebody wants now."""
    rows = tx.all(
        f"SELECT {_SUBSCRIPTION} FROM bulletin_subscription WHERE city = :city AND account = :account AND ended_at IS NULL ORDER BY id",
        account=account,
    )
    return [row_to(SubscriptionRow, row) for row in rows]


def subscription_list_to(tx: Tx, about: About) -> list[SubscriptionRow]:
    """Who wants this one."""
    rows = tx.all(
        f"SELECT {_SUBSCRIPTION} FROM bulletin_subscription WHERE city = :city AND kind = :kind AND language = :language "
        "AND area = :area AND class_key = :class_key AND scheme = :scheme AND ended_at IS NULL ORDER BY id",
        kind=about.kind, language=about.language, area=about.area, class_key=about.class_key, scheme=about.scheme,
    )  # fmt: skip
    return [row_to(SubscriptionRow, row) for row in rows]
