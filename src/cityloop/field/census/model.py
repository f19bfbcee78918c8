"""What the census speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused
from cityloop.domain.facts import ComponentState
from cityloop.domain.ids import AccountId, CellCode, ChangeId, ClassKey, ComponentCode, UnitId
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Component

KEEP_DAYS = 1095
SURVEY_NOTE = "survey_note"  # the kind of vault data
STATES = ("intact", "damaged", "lost", "abandoned")


class ChangeKind(StrEnum):
    """What of the register is wrong. Words: `census.kind.*`."""

    add = "add"  # 新增
    change = "change"  # 变更
    move = "move"  # 移位
    retire = "retire"  # 注销


class ChangeState(StrEnum):
    """What became of a proposal. Words: `census.state.*`."""

    proposed = "proposed"
    approved = "approved"
    refused = "refused"
    withdrawn = "withdrawn"


class RefusalReason(StrEnum):
    """Why the register stays as it was. Words: `census.reason.*`."""

    not_so = "not_so"  # somebody looked, and it is not so
    not_seen = "not_seen"  # the photos do not show it
    known = "known"  # it stands in the register already
    wrong_class = "wrong_class"
    wrong_owner = "wrong_owner"


class SurveyNote(Struct, frozen=True, kw_only=True):
    """What a surveyor wrote, or was answered. Lies in the vault only."""

    text: Annotated[str, Personal("to show what was seen at a component", keep_days=KEEP_DAYS)]


class Proposed(Struct, frozen=True, kw_only=True):
    """A proposal as it was sent; what is None stays as it is."""

    kind: ChangeKind
    component: ComponentCode | None = None
    class_key: ClassKey | None = None
    lon: float | None = None
    lat: float | None = None
    owner: UnitId | None = None
    maintainer: UnitId | None = None
    state: str | None = None


class Change(Struct, frozen=True, kw_only=True):
    """A proposal, and what became of it. `becomes`, `was` and `photos` are JSON."""

    id: ChangeId
    no: int
    kind: ChangeKind
    component: ComponentCode | None
    state: ChangeState
    becomes: str
    was: str | None
    cell: CellCode
    proposed_by: AccountId
    proposed_at: datetime
    photos: str
    note: str | None
    decided_by: AccountId | None = None
    decided_at: datetime | None = None
    refused_for: str | None = None
    answer: str | None = None
    simulated: bool = False


class Over(Struct, frozen=True, kw_only=True):
    """What was approved of a component, over the pack's row. `becomes` and `over` are JSON."""

    code: ComponentCode
    version: int
    kind: ChangeKind
    becomes: str
    over: str | None
    change_id: ChangeId
    changed_at: datetime


class Tag(Struct, frozen=True, kw_only=True):
    """A code on a thing."""

    tag: str
    component: ComponentCode
    made_at: datetime


class Overlay(Struct, frozen=True):
    """What lies over the pack's components: those whose row there no longer counts, and those that count instead."""

    without: frozenset[str] = frozenset()
    more: tuple[Component, ...] = ()


def state_of(component: Component) -> ComponentState:
    """A component's row without its code."""
    return ComponentState(
        class_key=component.class_key, cell=component.cell, lon=component.lon, lat=component.lat, owner=component.owner,
        maintainer=component.maintainer, state=component.state,
    )  # fmt: skip


class ComponentUnknown(NotFound):
    """The register has no such component."""

    code = "census.component_unknown"


class ChangeUnknown(NotFound):
    """No such proposal, or not for this caller."""

    code = "census.change_unknown"


class ChangeWrong(Invalid):
    """A proposal that says nothing, or says what cannot be."""

    code = "census.change_wrong"


class ChangeOver(Refused):
    """It was decided, or taken back."""

    code = "census.change_over"


class ChangedSince(Refused):
    """The register changed since the proposer saw it."""

    code = "census.changed_since"


class OwnProposal(Refused):
    """Nobody approves what they proposed."""

    code = "census.own_proposal"


class RegisterFull(Refused):
    """All serial numbers of a class in a district are taken."""

    code = "census.register_full"


class TagUnknown(NotFound):
    """No such code on any thing."""

    code = "census.tag_unknown"
