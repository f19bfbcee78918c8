"""What the room of figures is furnished with: its sheets, and the names of what numbers are told for."""

from typing import Any

from litestar import get
from msgspec import Struct

from cityloop.domain.errors import Invalid
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Words
from cityloop.http import Door, needs
from cityloop.pages.figures import GROUPINGS, SHEETS
from cityloop.people.names import names_of
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import By

PEOPLE_MAX = 300


class Sheet(Struct, frozen=True, kw_only=True):
    """Numbers that are read together."""

    sheet: str
    metrics: tuple[str, ...]


class Area(Struct, frozen=True, kw_only=True):
    """An area that numbers can be told for."""

    code: str
    parent: str | None
    name: Words


class Furniture(Struct, frozen=True, kw_only=True):
    """Sheets, ways to group, and names by code."""

    sheets: list[Sheet]
    groupings: tuple[By, ...]
    units: dict[str, Words]
    roles: dict[str, Words]
    classes: dict[str, Words]
    majors: dict[str, Words]
    areas: list[Area]


@get("/v1/screens/figures", guards=[needs(Permission.figures_read, Permission.pack_read)])
async def get_furniture(door: Door) -> Furniture:
    """What the room of figures is furnished with; the same for as long as a pack is in force."""
    policy = door.policy
    return Furniture(
        sheets=[Sheet(sheet=name, metrics=metrics) for name, metrics in SHEETS.items()],
        groupings=GROUPINGS,
        units={each.id: each.name for each in policy.units},
        roles={each.id: each.name for each in policy.roles},
        classes={each.key: each.name for each in policy.classes},
        majors={rules.major_of(each.key): each.major_name for each in policy.classes},
        areas=[Area(code=each.code, parent=each.parent, name=each.name) for each in policy.areas],
    )


@get("/v1/screens/figures/people", guards=[needs(Permission.figures_read)])
async def get_people(door: Door, ids: str) -> dict[str, str]:
    """The names of accounts whose numbers are shown; `ids` divided by commas."""
    asked = [each for each in ids.split(",") if each]
    if len(asked) > PEOPLE_MAX:
        raise Invalid(f"At most {PEOPLE_MAX} names at once; ask again for the others.")
    return await door.read(lambda tx: names_of(tx, asked))


ROUTES: list[Any] = [get_furniture, get_people]
