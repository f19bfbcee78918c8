"""What a caller's seats may see, as a condition on rows of the case table: the twin of `people.scope.sees`, for lists."""

from collections.abc import Sequence

from msgspec import Struct

from cityloop.domain.permission import Permission
from cityloop.http.identity import Caller
from cityloop.people.scope import DESKS


class Reach(Struct, frozen=True, kw_only=True):
    """The cases that a caller may know of: all, or those of these areas, units or posts."""

    everything: bool = False
    areas: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()

    @property
    def only_units(self) -> bool:
        """Whether nothing but the unit that is answerable opens a case to them."""
        return bool(self.units) and not (self.everything or self.areas or self.posts)


def reach_of(caller: Caller) -> Reach:
    """The reach of all seats that may read cases."""
    areas: set[str] = set()
    units: set[str] = set()
    posts: set[str] = set()
    for seat in caller.seats_with(Permission.case_read):
        units.add(seat.unit)
        if Permission.case_handle in seat.permissions and seat.permissions.isdisjoint(DESKS):
            continue
        if seat.area is None:
            return Reach(everything=True)
        areas.add(seat.area)
        posts.add(seat.post)
    return Reach(areas=tuple(sorted(areas)), units=tuple(sorted(units)), posts=tuple(sorted(posts)))


def within(reach: Reach) -> tuple[str, dict[str, str]]:
    """The condition on a row of `case_file AS c`, and its parameters. No index is asked to serve it.

    >>> within(Reach(areas=("990201",), units=("watch",)))[0]
    "(substr(c.cell, 1, 6) = :area_0 OR COALESCE(c.unit, '') = :unit_0)"
    """
    if reach.everything:
        return "", {}
    parts = [
        *(_part("area", i, f"substr(c.cell, 1, {len(area)})") for i, area in enumerate(reach.areas)),
        *(_part("unit", i, "COALESCE(c.unit, '')") for i in range(len(reach.units))),
        *(_part("post", i, "COALESCE(c.post, '')") for i in range(len(reach.posts))),
    ]
    params = _named("area", reach.areas) | _named("unit", reach.units) | _named("post", reach.posts)
    return f"({' OR '.join(parts) or '1 = 0'})", params


def _part(name: str, place: int, column: str) -> str:
    return f"{column} = :{name}_{place}"


def _named(name: str, values: Sequence[str]) -> dict[str, str]:
    return {f"{name}_{i}": value for i, value in enumerate(values)}


def guest_walk(reach: Reach) -> str:
    """The condition on a row that pins what its units are guests of and `within` leaves out: few, by an index of their own.

    Nothing where all is seen, or no unit could be a guest.
    """
    if reach.everything or not reach.units:
        return ""
    names = ", ".join(f":unit_{i}" for i in range(len(reach.units)))
    now = " OR ".join(f"replace(c.guests, '|' || :unit_{i} || '|', '') <> c.guests" for i in range(len(reach.units)))
    return (  # no pattern: an id may hold any sign
        f"c.id IN (SELECT g.case_id FROM case_guest AS g WHERE g.city = :city AND g.unit IN ({names})) "
        f"AND ({now}) AND CASE WHEN {within(reach)[0]} THEN 0 ELSE 1 END = 1"
    )
