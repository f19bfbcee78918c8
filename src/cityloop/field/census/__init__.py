"""Census 普查: the register of components, changed by proposal and approval over the pack's own rows; codes on things."""

from cityloop.field.census.apply import APPLY
from cityloop.field.census.model import ChangeKind, ChangeState, Overlay, RefusalReason
from cityloop.field.census.routes import ROUTES
from cityloop.field.census.service import NOTHING, component_now, components_around, may_see, overlay, tag_of, thing_of

__all__ = [
    "APPLY",
    "NOTHING",
    "ROUTES",
    "ChangeKind",
    "ChangeState",
    "Overlay",
    "RefusalReason",
    "component_now",
    "components_around",
    "may_see",
    "overlay",
    "tag_of",
    "thing_of",
]
