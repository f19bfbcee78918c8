"""Site visits: what is to be looked at by the caller, and what they found."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from cityloop.db import Tx
from cityloop.domain.facts import SurveyPointReturned, SurveyPointVisited
from cityloop.domain.place import Point as Spot
from cityloop.domain.place import checked_point, distance_m
from cityloop.domain.policy import Policy
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.http import Caller
from cityloop.journal import vault_keep
from cityloop.stages.evaluate.model.survey import (
    KEEP_DAYS,
    VISITOR,
    Point,
    PointOver,
    PointState,
    ReturnedFor,
    SecretVisit,
    SurveyWho,
    Task,
    VisitSaid,
    VisitWrong,
)
from cityloop.stages.evaluate.rules.survey import reach
from cityloop.stages.evaluate.rules.survey.checking import found_checked
from cityloop.stages.evaluate.service.survey.reaching import (
    account_of,
    is_visitor,
    keep_texts,
    point_for,
    still_open,
    task_for,
)
from cityloop.stages.evaluate.store import survey as store

SECRET = "visitor"  # under whose name facts of visits in secret are told


def visits_of(tx: Tx, caller: Caller) -> list[tuple[Task, list[Point]]]:
    """The open tasks whose visits the caller makes, with their points."""
    tasks = [each for each in store.task_list_open(tx) if is_visitor(tx, caller, each)]
    return [(each, points) for each in tasks if (points := store.point_list(tx, each.id))]


def visit_point(tx: Tx, caller: Caller, id: str, said: VisitSaid, *, photos: Sequence[StoredPhoto], policy: Policy) -> str:
    """Say what was found at a point, or why it could not be looked at.

    A visit from far off is taken and told as such: a phone between houses may be wrong, and who reviews decides.
    Refuses with `PointUnknown`, `TaskOver`, `PointOver` or `VisitWrong`. Emits `SurveyPointVisited`.
    """
    subject = f"survey_point/{id}"
    tx.hold([subject])
    point, task = point_for(tx, caller, id, policy)
    still_open(task)
    if point.state is PointState.visited:
        raise PointOver("Somebody has looked at this point already; look at the list again.", state=point.state.value)
    form = reach.form_of(point.form, policy)
    kind = form.places_by_code.get(point.kind)
    if kind is None:
        raise VisitWrong(f"The pack has no points of the kind {point.kind} any more; ask who manages the task.")
    found = found_checked(form, point.kind, said.found)
    if said.missed and found:
        raise VisitWrong("A point that could not be looked at has nothing that was found; say one or the other.")
    if len(photos) < kind.photos_min:
        raise VisitWrong(f"{len(photos)} photos show the visit; {kind.photos_min} are needed, also of a place that is shut.")
    metres = _metres(point, said, policy)
    account, is_secret = account_of(caller), task.who is SurveyWho.mystery
    secret = msgspec.json.encode(SecretVisit(account=account))
    tx.emit(
        SurveyPointVisited(
            point_id=id, found=found, missed=said.missed.value if said.missed else None,
            photos=tuple([keep_photo(tx, each, subject, keep_days=KEEP_DAYS) for each in photos]),
            note=keep_texts(tx, subject, {"note": said.note}, policy), metres=metres,
            is_far=metres is None or metres > kind.within_m, by=None if is_secret else account,
            hidden=vault_keep(tx, VISITOR, subject, secret, keep_days=KEEP_DAYS) if is_secret else None,
            at=_moment(said.at, task, tx.now),
        )
    )  # fmt: skip
    return id


def is_secret(tx: Tx, id: str) -> bool:
    """Whether a visit of a point is told without a name. Refuses with `PointUnknown`."""
    return store.task_get(tx, store.point_get(tx, id).task).who is SurveyWho.mystery


def return_point(tx: Tx, caller: Caller, id: str, reason: ReturnedFor, *, policy: Policy) -> str:
    """Let a point be looked at again: what was said of it does not count.

    Refuses with `TaskUnknown`, `TaskOver` or `PointOver`. Emits `SurveyPointReturned`.
    """
    tx.hold([f"survey_point/{id}"])
    point = store.point_get(tx, id)
    still_open(task_for(tx, caller, point.task, policy))
    if point.state is not PointState.visited:
        raise PointOver("Nobody has looked at this point since; there is nothing to return.", state=point.state.value)
    tx.emit(SurveyPointReturned(point_id=id, reason=reason.value, by=account_of(caller), at=tx.now))
    return id


def _metres(point: Point, said: VisitSaid, policy: Policy) -> int | None:
    """How far from the point the phone was; what the phone said is kept nowhere."""
    if said.lon is None or said.lat is None:
        return None
    here = checked_point(said.lon, said.lat, policy.settings.bounds)
    return round(distance_m(here, Spot(lon=point.lon, lat=point.lat)))


def _moment(given: datetime | None, task: Task, now: datetime) -> datetime:
    """When it was, by the phone's clock as far as that can be.

    Refuses with `VisitWrong`.
    """
    if given is None:
        return now
    if given.tzinfo is None or given < task.opened_at:
        raise VisitWrong(f"{given.isoformat()} is before the task began; set the phone's clock.")
    return min(given, now)
