"""Who may have which bulletin: asking for one, reading those that were made."""

from collections.abc import Iterable
from datetime import date

import msgspec

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import BulletinFile
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import AreaUnknown, PeriodWrong
from cityloop.stages.evaluate.model.bulletin import (
    About,
    BulletinRow,
    BulletinUnknown,
    Job,
    JobUnknown,
    Kind,
    TooManyWait,
)
from cityloop.stages.evaluate.rules.bulletin import about_of
from cityloop.stages.evaluate.store import bulletins as store

WAITING_MAX = 5  # of one person
files_in = msgspec.json.Decoder(tuple[BulletinFile, ...]).decode
Seats = Iterable[AreaCode | None]


def about_asked(
    kind: Kind, language: str, on: date, *, policy: Policy, area: str = "", class_key: str = "", scheme: str = "", seats: Seats
) -> About:
    """What is asked for, checked, as far as the caller's seats reach.

    Refuses with `AboutWrong`, `AreaUnknown` or `FilterUnknown`.
    """
    about = about_of(kind, language, on, policy, area=area, class_key=class_key, scheme=scheme)
    rules.only_known(about.only, policy)
    if not covered(about.area, seats):
        raise AreaUnknown(f"Your posts do not cover {area[:30] or 'the whole city'}; ask for an area of theirs with area=.")
    return about


def covered(area: str, seats: Seats) -> bool:
    """Whether seats cover an area; "" is the whole city.

    >>> covered("990101002", ["990101"]), covered("", ["990101"]), covered("", [None])
    (True, False, True)
    """
    return rules.is_inside(area, rules.scope_of(seats))


def ask_bulletin(tx: Tx, about: About, *, by: str, policy: Policy) -> str:
    """Let a bulletin be made in the background; gives the work's id.

    Refuses with `PeriodWrong` or `TooManyWait`.
    """
    today = tx.now.astimezone(calendar_in(policy).zone).date()
    if about.first_day > today:
        raise PeriodWrong(f"{about.first_day} has not come yet; ask for days that have begun.")
    if store.job_count(tx, by) >= WAITING_MAX:
        raise TooManyWait(f"{WAITING_MAX} bulletins wait for you already; ask again once one of them is made.")
    job = Job(id=tx.new_id(), by=by, asked_at=tx.now, **msgspec.structs.asdict(about))
    store.job_put(tx, job)
    return job.id


def job_get(tx: Tx, id: str, *, by: str) -> Job:
    """How far one's own work is.

    Refuses with `JobUnknown`.
    """
    job = store.job_find(tx, id)
    if job is None or job.by != by:
        raise JobUnknown(f"There is no bulletin {id[:40]} being made for you; ask for one with POST /v1/bulletins/jobs.")
    return job


def bulletin_get(tx: Tx, id: str, *, seats: Seats) -> BulletinRow:
    """A bulletin that the caller may read.

    Refuses with `BulletinUnknown`.
    """
    row = store.bulletin_find(tx, id)
    if row is None or not covered(row.area, seats):
        raise BulletinUnknown(f"There is no bulletin {id[:40]}; see /v1/bulletins.")
    return row


def file_of(row: BulletinRow, form: str) -> BulletinFile:
    """Its file of a form.

    Refuses with `BulletinUnknown`.
    """
    found = next((each for each in files_in(row.files) if each.form == form), None)
    if found is None:
        raise BulletinUnknown(f"Bulletin {row.id[:40]} has no file {form[:10]}; it has {', '.join(each.form for each in files_in(row.files))}.")
    return found
