"""Use cases of the census: propose, approve, refuse, withdraw, tag; and the register as it counts now."""

import csv
import io
import os
from collections.abc import Sequence

import msgspec

from cityloop.db import Tx
from cityloop.domain.cells import never_run
from cityloop.domain.facts import (
    ComponentApproved,
    ComponentProposed,
    ComponentRefused,
    ComponentState,
    ComponentTagged,
    ComponentWithdrawn,
    VaultRef,
)
from cityloop.domain.ids import AccountId, ChangeId, ComponentCode
from cityloop.domain.permission import Permission
from cityloop.domain.place import Point, checked_point, distance_m
from cityloop.domain.policy import Component, Policy
from cityloop.field.census import rules, store
from cityloop.field.census.model import (
    KEEP_DAYS,
    SURVEY_NOTE,
    Change,
    ChangedSince,
    ChangeKind,
    ChangeOver,
    ChangeState,
    ChangeUnknown,
    ComponentUnknown,
    Over,
    Overlay,
    OwnProposal,
    Proposed,
    RefusalReason,
    SurveyNote,
    Tag,
    TagUnknown,
    state_of,
)
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.http import Caller
from cityloop.journal import vault_keep
from cityloop.people.scope import covers_area
from cityloop.places import components_around as around_in_pack
from cityloop.places import locate

COLUMNS = ("code", "class", "cell", "lon", "lat", "owner", "maintainer", "state", "name")  # of the pack's components.csv
NOTHING = Overlay()
TAG_BITS = (1 << 40) - 1


def propose(
    tx: Tx, caller: Caller, asked: Proposed, *, photos: Sequence[StoredPhoto], note: str, policy: Policy
) -> ChangeId:
    """Say that the register is wrong, and how it should be.

    Refuses with `ComponentUnknown`, `ChangeWrong` or what `domain.place` says. Emits `ComponentProposed`.
    """
    account = _account(caller)
    where = None
    if asked.lon is not None or asked.lat is not None:
        point = checked_point(asked.lon, asked.lat, policy.settings.bounds)
        where = locate(policy, point.lon, point.lat)
    now = component_now(tx, asked.component, policy) if asked.component else None
    if asked.kind is not ChangeKind.add and now is None:
        raise ComponentUnknown(f"There is no component {(asked.component or '')[:40]!r}; look for it nearby, or add it.")
    becomes = rules.becomes_of(asked, now, where, policy)
    id = ChangeId(tx.new_id())
    subject = f"census/{id}"
    tx.emit(
        ComponentProposed(
            change_id=id, kind=asked.kind.value, component=asked.component, becomes=becomes,
            was=state_of(now) if now else None, by=account, note=_kept(tx, id, note, policy), simulated=policy.simulated,
            photos=tuple([keep_photo(tx, each, subject, keep_days=KEEP_DAYS) for each in photos]), at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    return id


def approve(tx: Tx, caller: Caller, id: ChangeId, *, policy: Policy) -> ChangeId:
    """Let the register say so from now on. A new component gets its code here.

    Refuses with `ChangeUnknown`, `ChangeOver`, `OwnProposal`, `ChangedSince` or `RegisterFull`.
    Emits `ComponentApproved`.
    """
    change = _to_decide(tx, caller, id)
    becomes = store.state_in(change.becomes)
    if change.component is None:
        code = _new_code(tx, becomes, policy)
    else:
        code = change.component
        tx.hold([], also=[f"component/{code}"])
        now = component_now(tx, code, policy)
        if change.was != (_json(state_of(now)) if now else None):
            raise ChangedSince(f"Component {code} was changed since this was proposed; refuse it, and propose anew.")
    packs = policy.component_by_code.get(code)
    tx.emit(
        ComponentApproved(
            change_id=id, component=code, kind=change.kind.value, becomes=becomes, by=_account(caller),
            over=state_of(packs) if packs else None, at=tx.now,
        )
    )  # fmt: skip
    return id


def refuse(tx: Tx, caller: Caller, id: ChangeId, reason: RefusalReason, *, note: str, policy: Policy) -> ChangeId:
    """Leave the register as it is, and say why.

    Refuses with `ChangeUnknown`, `ChangeOver` or `OwnProposal`. Emits `ComponentRefused`.
    """
    _to_decide(tx, caller, id)
    tx.emit(
        ComponentRefused(
            change_id=id, reason=reason.value, by=_account(caller), note=_kept(tx, id, note, policy), at=tx.now
        )
    )  # fmt: skip
    return id


def withdraw(tx: Tx, caller: Caller, id: ChangeId) -> ChangeId:
    """Take a proposal of one's own back.

    Refuses with `ChangeUnknown` or `ChangeOver`. Emits `ComponentWithdrawn`.
    """
    tx.hold([f"census/{id}"])
    change = store.change_get(tx, id)
    if change.proposed_by != caller.account:
        raise ChangeUnknown(f"There is no proposal {id[:60]} of yours; look at /v1/components/changes?mine=true.")
    _still_open(change)
    tx.emit(ComponentWithdrawn(change_id=id, by=_account(caller), at=tx.now))
    return id


def tag_component(tx: Tx, code: ComponentCode, *, policy: Policy) -> Tag:
    """The code that stands on a component; drawn where it has none.

    Refuses with `ComponentUnknown`. Emits `ComponentTagged`.
    """
    if component_now(tx, code, policy) is None:
        raise ComponentUnknown(f"There is no component {code[:40]!r}; look for it nearby, or add it.")
    tx.hold([], also=[f"component/{code}"])
    if known := store.tag_list_of(tx, code):
        return known[0]
    tag = rules.tag_text(int.from_bytes(os.urandom(5), "big") & TAG_BITS)
    while store.tag_get(tx, tag):
        tag = rules.tag_text(int.from_bytes(os.urandom(5), "big") & TAG_BITS)
    tx.emit(ComponentTagged(tag=tag, component=code, at=tx.now), first=True)
    return Tag(tag=tag, component=code, made_at=tx.now)


def tag_of(tx: Tx, code: ComponentCode) -> str | None:
    """The code that stands on a component."""
    return next((each.tag for each in store.tag_list_of(tx, code)), None)


def thing_of(tx: Tx, given: str, policy: Policy) -> tuple[Tag, Component]:
    """The component on which a code stands, as somebody typed or scanned it.

    Refuses with `TagUnknown`.
    """
    tag = store.tag_get(tx, rules.tag_read(given))
    component = component_now(tx, tag.component, policy) if tag else None
    if tag is None or component is None:
        raise TagUnknown("No thing of the city bears this code; look at it again, or report without it.")
    return tag, component


def component_now(tx: Tx, code: ComponentCode, policy: Policy) -> Component | None:
    """The component as the register says it now; None where there is none, or no more."""
    over = store.over_get(tx, code)
    return _with(over, policy) if over else policy.component_by_code.get(code)


def _with(over: Over, policy: Policy) -> Component | None:
    """The component with what was approved of it, where that counts."""
    packs = policy.component_by_code.get(over.code)
    becomes, base = store.state_in(over.becomes), store.state_in(over.over) if over.over else None
    if not rules.counts(packs, over.kind, becomes, base):
        return packs
    return None if over.kind is ChangeKind.retire else rules.component_of(over.code, becomes, packs.name if packs else "")


def overlay(tx: Tx, policy: Policy) -> Overlay:
    """What lies over the pack's components now; kept until another change is approved."""
    version = store.over_version(tx)
    if not version:
        return NOTHING
    known: dict[tuple[str, int], Overlay] = vars(policy).setdefault("_census_overlay", {})
    found = known.get((tx.city, version))
    if found is None:
        now = {each.code: _with(each, policy) for each in store.over_list(tx)}
        changed = {code: each for code, each in now.items() if each is not policy.component_by_code.get(code)}
        found = Overlay(frozenset(changed), tuple(each for each in changed.values() if each))
        known.clear()
        known[tx.city, version] = found
    return found


def components_around(
    tx: Tx, policy: Policy, lon: float, lat: float, radius_m: float, *, limit: int
) -> list[tuple[float, Component]]:
    """The register around a place, the nearest first, each with its distance in metres."""
    over, here = overlay(tx, policy), Point(lon=lon, lat=lat)
    found = [each for each in around_in_pack(policy, lon, lat, radius_m) if each[1].code not in over.without]
    more = [(distance_m(here, Point(lon=each.lon, lat=each.lat)), each) for each in over.more]
    found += [each for each in more if each[0] <= radius_m]
    return sorted(found, key=lambda each: (each[0], each[1].code))[:limit]


def register_csv(tx: Tx, policy: Policy, *, only_changed: bool) -> bytes:
    """The register as rows of the pack's components.csv: whole, or what lies over the pack."""
    over = overlay(tx, policy)
    kept = [] if only_changed else [each for each in policy.components if each.code not in over.without]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    things = sorted([*kept, *over.more], key=lambda each: each.code)
    columns = COLUMNS if any(each.name for each in things) else COLUMNS[:-1]
    writer.writerow(columns)
    for each in things:
        place = (f"{each.lon:.7f}", f"{each.lat:.7f}")
        row = (
            never_run(each.code), each.class_key, each.cell, *place, never_run(each.owner), never_run(each.maintainer), each.state,
            never_run(each.name),
        )  # fmt: skip
        writer.writerow(row[: len(columns)])
    return out.getvalue().encode()


def may_see(tx: Tx, caller: Caller, id: ChangeId) -> bool:
    """Whether somebody sees a proposal and its photos: who proposed it, and who decides there."""
    change = tx.get("component_change", Change, id)
    return change is not None and (change.proposed_by == caller.account or may_decide(caller, change))


def may_decide(caller: Caller, change: Change) -> bool:
    """Whether a seat of the caller decides about components there."""
    return any(covers_area(seat.area, change.cell) for seat in caller.seats_with(Permission.census_approve))


def _to_decide(tx: Tx, caller: Caller, id: ChangeId) -> Change:
    tx.hold([f"census/{id}"])
    change = store.change_get(tx, id)
    if not may_decide(caller, change):
        raise ChangeUnknown(f"There is no proposal {id[:60]} in your area; look at /v1/components/changes.")
    _still_open(change)
    if change.proposed_by == caller.account:
        raise OwnProposal("You proposed this yourself; somebody else decides.")
    return change


def _still_open(change: Change) -> None:
    if change.state is not ChangeState.proposed:
        raise ChangeOver(f"The proposal is {change.state} already; look at it again.", state=change.state.value)


def _new_code(tx: Tx, becomes: ComponentState, policy: Policy) -> ComponentCode:
    stem = rules.code_stem(becomes)
    tx.hold([], also=[f"component/{stem}"])
    given = [*(each.code for each in policy.components if each.code.startswith(stem)), *store.code_list(tx, stem)]
    return rules.code_next(becomes, given)


def _kept(tx: Tx, id: ChangeId, note: str, policy: Policy) -> VaultRef | None:
    plain = "".join(char for char in note if char.isprintable() or char == "\n").strip()
    if not plain:
        return None
    text = plain[: policy.settings.text_chars_max]
    return vault_keep(tx, SURVEY_NOTE, f"census/{id}", msgspec.json.encode(SurveyNote(text=text)), keep_days=KEEP_DAYS)


def _account(caller: Caller) -> AccountId:
    assert caller.account, "the guard lets nobody else in"
    return caller.account


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
