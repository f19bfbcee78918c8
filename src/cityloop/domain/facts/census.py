"""Census 普查: the register of components is changed by proposal and approval. Things of the city are no personal data."""

from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.facts.intake import PhotoRef
from cityloop.domain.ids import AccountId, CellCode, ChangeId, ClassKey, ComponentCode, UnitId


class ComponentState(Struct, frozen=True, kw_only=True):
    """A component as it shall stand in the register: a row of the pack's components.csv without its code."""

    class_key: ClassKey
    cell: CellCode
    lon: float
    lat: float
    owner: UnitId
    maintainer: UnitId
    state: str  # intact, damaged, lost, abandoned


class CensusFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a proposed change."""

    SUBJECT: ClassVar[str] = "census"
    KEY: ClassVar[str] = "change_id"

    change_id: ChangeId


class ComponentProposed(CensusFact, frozen=True, kw_only=True):
    """Somebody in the field says that the register is wrong: add, change, move or retire a component."""

    kind: str  # add, change, move, retire
    component: ComponentCode | None  # none: it is to be added
    becomes: ComponentState
    was: ComponentState | None = None  # as the proposer saw it
    by: AccountId
    photos: tuple[PhotoRef, ...] = ()
    note: VaultRef | None = None
    simulated: bool = False


class ComponentApproved(CensusFact, frozen=True, kw_only=True):
    """The register says so from now on. It lies over the pack's row as long as that is still what it was."""

    component: ComponentCode  # drawn where it was added
    kind: str
    becomes: ComponentState
    over: ComponentState | None  # the pack's own row at that moment
    by: AccountId


class ComponentRefused(CensusFact, frozen=True, kw_only=True):
    """It is not so, or cannot be seen from what was sent."""

    reason: str  # a code with words: census.reason.*
    by: AccountId
    note: VaultRef | None = None


class ComponentWithdrawn(CensusFact, frozen=True, kw_only=True):
    """Who proposed it takes it back."""

    by: AccountId


class ComponentTagged(Fact, frozen=True, kw_only=True):
    """A component got a code that everybody can read off it: by it a report begins with that component."""

    SUBJECT: ClassVar[str] = "tag"
    KEY: ClassVar[str] = "tag"

    tag: str
    component: ComponentCode
