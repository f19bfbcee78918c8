"""What the public is offered to report, and who acts in the city, by their names."""

from litestar import Response, get
from msgspec import Struct

from cityloop.domain.ids import ClassKey, UnitId
from cityloop.domain.policy import Policy, Words
from cityloop.http import Door
from cityloop.http.door import unchanged
from cityloop.http.strangers import LOOKS, pace_stranger


class ClassNamed(Struct, frozen=True, kw_only=True):
    """A class that the public may choose. `synonyms`: further words that people use for it."""

    class_key: ClassKey
    name: Words
    major_name: Words
    synonyms: list[str]


class UnitNamed(Struct, frozen=True, kw_only=True):
    """A unit by its words."""

    id: UnitId
    name: Words


class Catalogue(Struct, frozen=True, kw_only=True):
    """The classes in the order of the pack, and the units."""

    classes: list[ClassNamed]
    units: list[UnitNamed]


@get("/v1/public/catalogue")
async def get_catalogue(door: Door) -> Response[Catalogue]:
    """The classes that the public may choose, and the units that act, with their words."""
    pace_stranger(door, LOOKS)
    policy = door.policy
    tag = f'"{policy.digest[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if known := unchanged(door.request, headers):
        return known
    return Response(_catalogue(policy), headers=headers)


def _catalogue(policy: Policy) -> Catalogue:
    classes = [
        ClassNamed(
            class_key=each.key, name=each.name, major_name=each.major_name, synonyms=list(each.synonyms)
        )
        for each in policy.classes
        if not each.internal and each.key in policy.rules_of_class
    ]  # fmt: skip
    return Catalogue(classes=classes, units=[UnitNamed(id=each.id, name=each.name) for each in policy.units])


ROUTES = [get_catalogue]
