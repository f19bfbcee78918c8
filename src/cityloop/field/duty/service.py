"""Use cases of duty: sign on, note a track, sign off, ask for its erasure, set a roster."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import (
    AreaEntered,
    AreaLeft,
    RosterChanged,
    ShiftEnded,
    ShiftStarted,
    TrackErasureAsked,
    TrackKept,
)
from cityloop.domain.ids import AccountId, PostId, ShiftId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Post
from cityloop.domain.time import SKEW_MAX, utc_text
from cityloop.field.duty import rules, store
from cityloop.field.duty.model import (
    TRACK,
    EndReason,
    Gap,
    MomentWrong,
    OnDuty,
    Plan,
    Position,
    PostNotYours,
    RosterDay,
    RosterWrong,
    Shift,
    ShiftOver,
    ShiftUnknown,
    TrackNotClosed,
    TrackPart,
)
from cityloop.http import Caller
from cityloop.journal import vault_keep
from cityloop.journal.timers import timer_drop, timer_set
from cityloop.people.scope import covers_area
from cityloop.places import locate

FORGOTTEN = "shift_forgotten"  # the timer's kind


def sign_on(tx: Tx, caller: Caller, post_id: PostId, *, at: datetime | None, policy: Policy) -> ShiftId:
    """Be on duty in a post of one's own, from now on, or from when the phone said so without a network.

    Refuses with `PostNotYours`, `OnDuty` or `MomentWrong`. Emits `ShiftStarted`.
    """
    account = caller.account
    assert account, "the guard lets nobody else in"
    seat = next((seat for seat in caller.seats_with(Permission.duty_sign) if seat.post == post_id), None)
    if seat is None or post_id not in policy.post_by_id:
        raise PostNotYours(f"{post_id[:60]} is no post of yours in which one is on duty; choose one of yours.")
    tx.hold([], also=[f"duty/{account}"])
    if (there := store.shift_open_of(tx, account)) is not None:
        raise OnDuty(f"You are on duty already, as {there.post}; sign off there first.", shift=there.id)
    began = rules.moment_checked(at, tx.now)
    last = next(iter(store.shift_list_of(tx, account, limit=1)), None)
    if last and last.ended_at and began < last.ended_at:
        if last.ended_at - began > SKEW_MAX:
            raise MomentWrong("You were still on duty at that moment; look at the phone's clock.")
        began = last.ended_at
    plan = plan_at(tx, policy.post_by_id[post_id], began, policy)
    id = ShiftId(tx.new_id())
    tx.emit(
        ShiftStarted(
            shift_id=id, account_id=account, post=post_id, unit=seat.unit, area=seat.area, grid=plan.grid, day=plan.day,
            planned_from=_utc(plan.begins), planned_to=_utc(plan.ends), simulated=policy.simulated, at=_utc(began) or tx.now,
        ),
        first=True,
    )  # fmt: skip
    timer_set(tx, FORGOTTEN, f"shift/{id}", began + timedelta(hours=policy.settings.shift_hours_max))
    return id


def sign_off(tx: Tx, caller: Caller, id: ShiftId, *, at: datetime | None, policy: Policy) -> ShiftId:
    """Be on duty no longer. What is kept of the track is closed, and told by its digest, number and span.

    Refuses with `ShiftUnknown`, `ShiftOver` or `MomentWrong`. Emits `ShiftEnded`, `TrackKept`.
    """
    shift = _own(tx, caller, id)
    if not shift.is_open:
        raise ShiftOver(f"That shift ended {utc_text(shift.ended_at or tx.now)[:16]}; sign on anew.", shift=id)
    last = store.part_last_of(tx, id)
    ends = rules.moment_checked(at, tx.now, shift.started_at)
    if last and last.positions:
        ends = max(ends, min(last.positions[-1].at, tx.now))
    end(tx, shift, EndReason.signed_off, at=ends, policy=policy)
    return id


def end(tx: Tx, shift: Shift, reason: EndReason, *, at: datetime, policy: Policy) -> None:
    """End a shift that is open.

    Emits `ShiftEnded`, `TrackKept`.
    """
    tx.emit(ShiftEnded(shift_id=shift.id, reason=reason.value, at=_utc(at) or tx.now))
    timer_drop(tx, FORGOTTEN, f"shift/{shift.id}")
    _close_track(tx, shift, policy)


def note_track(tx: Tx, caller: Caller, id: ShiftId, given: Sequence[Position], *, policy: Policy) -> ShiftId:
    """Keep where one was on duty; what lies before or after the shift is not kept. What comes after signing off, as
    there was no network, is closed at once.

    Refuses with `ShiftUnknown` or `TooManyPositions`. Emits `AreaLeft`, `AreaEntered`, `TrackKept`.
    """
    shift = _own(tx, caller, id)
    taken = rules.positions_taken(given, shift.started_at, shift.ended_at or tx.now + SKEW_MAX, tx.now)
    if not taken:
        return id
    before = store.part_last_of(tx, id) if shift.is_open else None
    outside_from = before.outside_from if before else None
    if shift.is_open:
        cells = rules.cells_of(policy, shift.grid, shift.area)
        seen = [(each, locate(policy, each.lon, each.lat).cell in cells) for each in taken]
        outside_from, told = rules.crossings(
            seen, outside_from, shift.outside_since is not None, policy.settings.outside_min
        )  # fmt: skip
        for each in told:
            tx.emit(AreaLeft(shift_id=id, at=each.at) if each.out else AreaEntered(shift_id=id, at=each.at))
    part = TrackPart(positions=taken, outside_from=outside_from)
    keep_days = policy.settings.track_days
    ref = vault_keep(tx, TRACK, f"shift/{id}", msgspec.json.encode(part), keep_days=keep_days)
    if not shift.is_open:
        tx.emit(
            TrackKept(
                shift_id=id, segment=ref, positions=len(taken), first_at=taken[0].at, last_at=taken[-1].at, at=tx.now
            )
        )  # fmt: skip
    return id


def _close_track(tx: Tx, shift: Shift, policy: Policy) -> None:
    parts = store.part_list_of(tx, shift.id)
    at = {each.at: each for _, part in parts for each in part.positions}
    if not at:
        return
    track = tuple(at[moment] for moment in sorted(at))
    store.part_forget(tx, [id for id, _ in parts])
    ref = vault_keep(
        tx, TRACK, f"shift/{shift.id}", msgspec.json.encode(TrackPart(positions=track)),
        keep_days=policy.settings.track_days,
    )  # fmt: skip
    tx.emit(
        TrackKept(
            shift_id=shift.id, segment=ref, positions=len(track), first_at=_utc(track[0].at) or tx.now,
            last_at=_utc(track[-1].at) or tx.now, at=tx.now,
        )
    )  # fmt: skip


def ask_erasure(tx: Tx, caller: Caller, id: ShiftId) -> ShiftId:
    """Ask that the track of a shift of one's own be erased; who operates the city decides.

    Refuses with `ShiftUnknown` or `TrackNotClosed`. Emits `TrackErasureAsked`.
    """
    shift = _own(tx, caller, id)
    if shift.is_open:
        raise TrackNotClosed("The track is still written; sign off first, then ask.")
    if shift.erasure_asked_at is None and shift.positions:
        tx.emit(TrackErasureAsked(shift_id=id, at=tx.now))
    return id


def change_roster(
    tx: Tx, caller: Caller, post_id: PostId, day: str, *, begins: str | None, ends: str | None, grid: str | None,
    policy: Policy,
) -> str:  # fmt: skip
    """Set the hours of a post on a day; without hours it is off.

    Refuses with `RosterWrong`. Emits `RosterChanged`.
    """
    post = policy.post_by_id.get(post_id)
    if post is None or not _reaches(caller, (Permission.duty_roster,), post):
        raise RosterWrong(f"There is no post {post_id[:60]} that you plan; take one of the day's roster.")
    found = rules.roster_checked(post, day, begins, ends, grid, policy)
    id = rules.roster_id(post_id, found)
    tx.emit(
        RosterChanged(
            roster_id=id, post=post_id, day=found.isoformat(), begins=begins, ends=ends, grid=grid, at=tx.now
        )
    )  # fmt: skip
    return id


def plan_at(tx: Tx, post: Post, at: datetime, policy: Policy) -> Plan:
    """The plan that a moment belongs to: of the night before, while it runs, else of the local day."""
    day = at.astimezone(calendar_in(policy).zone).date()
    night = _plan(tx, post, day - timedelta(days=1), policy)
    if rules.runs_at(night, at):
        return night
    return _plan(tx, post, day, policy)


def _plan(tx: Tx, post: Post, day: date, policy: Policy) -> Plan:
    return rules.plan_of(post, day, store.roster_get(tx, rules.roster_id(post.id, day)), policy)


def roster_on(tx: Tx, caller: Caller, day: date, *, policy: Policy) -> list[Plan]:
    """The plans of a day, of the posts that the caller plans or watches."""
    changed: dict[PostId, RosterDay] = store.roster_list_of(tx, day.isoformat())
    return [rules.plan_of(post, day, changed.get(post.id), policy) for post in posts_of(caller, policy)]


def roster_of_week(tx: Tx, caller: Caller, day: date, *, policy: Policy) -> list[tuple[Post, list[Plan]]]:
    """The same of the seven days of a week, by post."""
    days = rules.week_of(day)
    changed = store.roster_list_between(tx, days[0].isoformat(), days[-1].isoformat())
    return [
        (post, [rules.plan_of(post, each, changed.get((post.id, each.isoformat())), policy) for each in days])
        for post in posts_of(caller, policy)
    ]


def posts_of(caller: Caller, policy: Policy) -> list[Post]:
    """The posts in which one is on duty, as far as the caller plans or watches them."""
    able = {role.id for role in policy.roles if Permission.duty_sign.value in role.permissions}
    either = (Permission.duty_roster, Permission.duty_watch)
    return [post for post in policy.posts if post.role in able and _reaches(caller, either, post)]


def may_plan(caller: Caller, post: Post) -> bool:
    """Whether the caller sets the hours of a post."""
    return _reaches(caller, (Permission.duty_roster,), post)


def plans_now(tx: Tx, caller: Caller, *, policy: Policy, now: datetime) -> list[Plan]:
    """The plans that run now; those of the night before, too."""
    today = now.astimezone(calendar_in(policy).zone).date()
    days = [today - timedelta(days=1), today]
    changed = store.roster_list_between(tx, days[0].isoformat(), days[1].isoformat())
    plans = [
        rules.plan_of(post, day, changed.get((post.id, day.isoformat())), policy)
        for post in posts_of(caller, policy) for day in days
    ]  # fmt: skip
    return [plan for plan in plans if rules.runs_at(plan, now)]


def gaps_of(tx: Tx, running: Sequence[Plan]) -> list[Gap]:
    """The running plans that nobody fills."""
    return rules.gaps_of(running, [shift for shift, _ in store.shift_list_on_duty(tx)])


def watched(tx: Tx, caller: Caller) -> list[tuple[Shift, Position | None]]:
    """Who is on duty now and whom the caller watches, each with where their phone was last. Note the looks first."""
    return [
        (shift, part.positions[-1] if part and part.positions else None)
        for shift, part in store.shift_list_on_duty(tx)
        if may_watch(caller, shift)
    ]


def looks_due(tx: Tx, caller: Caller, now: datetime) -> list[tuple[ShiftId, PostId]]:
    """The looks that must be noted before the caller is shown where those on duty are: shift, and post of the caller."""
    due = []
    known: dict[PostId, set[ShiftId]] = {}
    for shift, _ in store.shift_list_on_duty(tx):
        post = _post_that_watches(caller, shift)
        if post is None or shift.account == caller.account:
            continue
        if post not in known:
            known[post] = store.look_list_by(tx, post, now - rules.LOOK_AGAIN)
        if shift.id not in known[post]:
            due.append((shift.id, post))
    return due


def note_looks(tx: Tx, due: Sequence[tuple[ShiftId, PostId]], *, policy: Policy) -> None:
    """Note who looks, for whom it concerns to see; what is older than tracks are kept goes."""
    for id, post in due:
        store.look_note(tx, id, post, tx.now)
    store.look_forget(tx, tx.now - timedelta(days=policy.settings.track_days))


def plans_of(tx: Tx, caller: Caller, *, policy: Policy, now: datetime) -> list[Plan]:
    """Today's plans of the caller's own posts in which one is on duty."""
    posts = [policy.post_by_id[seat.post] for seat in caller.seats_with(Permission.duty_sign)]
    return [plan_at(tx, post, now, policy) for post in posts]


def shift_now(tx: Tx, account: AccountId | None) -> Shift | None:
    """The shift in which somebody is on duty."""
    return store.shift_open_of(tx, account) if account else None


def may_watch(caller: Caller, shift: Shift) -> bool:
    """Whether a seat of the caller watches who is on duty there: a unit its own people, others those of their area."""
    return _reaches(caller, (Permission.duty_watch,), shift)


def _post_that_watches(caller: Caller, shift: Shift) -> PostId | None:
    return next(_seats_over(caller, Permission.duty_watch, shift), None)


def _reaches(caller: Caller, permissions: Sequence[Permission], of: Shift | Post) -> bool:
    return any(next(_seats_over(caller, permission, of), None) for permission in permissions)


def _seats_over(caller: Caller, permission: Permission, of: Shift | Post) -> Iterator[PostId]:
    """The caller's posts that have a permission over a shift or a post: over their own unit, else over their area."""
    for seat in caller.seats_with(permission):
        own_unit = Permission.case_handle in seat.permissions
        if seat.unit == of.unit if own_unit else covers_area(seat.area, of.area):
            yield seat.post


def own_shift(tx: Tx, caller: Caller, id: ShiftId) -> Shift:
    """The shift, if it is the caller's own: nobody else reads a track.

    Refuses with `ShiftUnknown`.
    """
    shift = store.shift_get(tx, id)
    if shift.account != caller.account:
        raise ShiftUnknown(f"There is no shift {id[:60]} of yours; look at /v1/duty.")
    return shift


def _own(tx: Tx, caller: Caller, id: ShiftId) -> Shift:
    tx.hold([f"shift/{id}"])
    return own_shift(tx, caller, id)


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None
