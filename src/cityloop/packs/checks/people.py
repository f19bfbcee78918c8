"""Roles, units and posts: supervision and command apart, somebody for every step, everywhere."""

from collections.abc import Iterator

from cityloop.domain.permission import ADMINISTRATORS, COMMAND, SHOWN, SUPERVISION, Permission
from cityloop.packs.columns import AREAS, POSTS, ROLES, UNITS
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row
from cityloop.packs.values import nearest

AREA_DIGITS = {"district": (6,), "street": (9, 12)}
STEPS = ("case.accept", "case.verify", "case.file", "case.dispatch", "case.handle", "case.inspect", "case.close")
WORDS = tuple(Permission)


def people_problems(pack: Pack) -> Iterator[Problem]:
    """Who may do too much, and what nobody may do."""
    for row in pack.rows(ROLES):
        yield from _role_problems(pack, row)
    yield from _named_problems(pack)
    for row in pack.rows(UNITS):
        yield from _unit_problems(pack, row)
    grids: dict[str, list[str]] = {}
    for cell in pack.cells.values():
        grids.setdefault(cell.duty_grid, []).append(cell.code)
    for row in pack.rows(POSTS):
        yield from _post_problems(pack, row, grids)
    if pack.head.city and pack.tables[POSTS.file] and not {POSTS.file, ROLES.file} & set(pack.unread):
        yield from _nobody(pack)


def _named_problems(pack: Pack) -> Iterator[Problem]:
    """Roles that settings name."""
    if ROLES.file in pack.unread:
        return
    for key in ("second_factor_roles", "standing_roles"):
        said = pack.head.settings.get(key)
        for id in said.value if said else ():
            row = pack.tables[ROLES.file].get((id,))
            if row is None:
                yield said.problem(f"{key} names {id!r}, which is no role", "take it out, or add the role")
            elif key == "standing_roles" and (more := sorted(set(row.values["permissions"]) - SHOWN)):
                what = f"standing_roles names {id!r}, which may {more[0]}; whoever passes by such a screen may, too"
                yield said.problem(what, f"make a role of its own for screens, with {', '.join(sorted(SHOWN))} alone")


def _role_problems(pack: Pack, row: Row) -> Iterator[Problem]:
    id, axis, held = row.values["id"], row.values["axis"], set(row.values["permissions"])
    for word in sorted(held - set(WORDS)):
        yield pack.problem(ROLES, row, "permissions", f"permission {word!r} is unknown", nearest(word, WORDS))
    watches, commands = sorted(held & SUPERVISION), sorted(held & COMMAND)
    if watches and commands:
        what = f"role {id} may supervise ({', '.join(watches)}) and command ({', '.join(commands)})"
        yield pack.problem(ROLES, row, "permissions", what, "make two roles of it: the two are apart")
    elif (axis == "supervision" and commands) or (axis in ("command", "handling") and watches):
        what = f"role {id} stands on the axis {axis} and holds {', '.join(watches or commands)}"
        yield pack.problem(ROLES, row, "axis", what, "correct the axis or the permissions")


    if sum(bool(held & each) for each in ADMINISTRATORS) > 1:
        several = ", ".join(sorted(held & frozenset().union(*ADMINISTRATORS)))
        what = f"role {id} administers more than one of system, security and audit ({several})"
        yield pack.problem(ROLES, row, "permissions", what, "make a role of each: the three are apart 三权分立")


def _unit_problems(pack: Pack, row: Row) -> Iterator[Problem]:
    id, level, area = row.values["id"], row.values["level"], row.values.get("area", "")
    lengths = AREA_DIGITS.get(level)
    if lengths and len(area) not in lengths:
        what = f"unit {id} stands at level {level} and serves {area or 'the whole city'}"
        yield pack.problem(UNITS, row, "area", what, f"give an area of {lengths[0]} digits, or correct the level")
    seen, above = {id}, row.values.get("parent", "")
    while above and (above,) in pack.tables[UNITS.file]:
        if above in seen:
            yield pack.problem(UNITS, row, "parent", f"unit {id} lies under itself", "break the circle")
            return
        seen.add(above)
        above = pack.tables[UNITS.file][(above,)].values.get("parent", "")


def _post_problems(pack: Pack, row: Row, grids: dict[str, list[str]]) -> Iterator[Problem]:
    id, area, grid = row.values["id"], row.values.get("area", ""), row.values.get("duty_grid", "")
    unit = pack.tables[UNITS.file].get((row.values["unit"],))
    served = unit.values.get("area", "") if unit else ""
    if unit and not area.startswith(served):
        what = f"post {id} has {area or 'the whole city'}, its unit serves {served} only"
        yield pack.problem(POSTS, row, "area", what, f"give {served} or an area inside it")
    if grid and grids:
        cells = grids.get(grid, [])
        if not cells:
            yield pack.problem(POSTS, row, "duty_grid", f"duty grid {grid!r} has no cell", "name one of cells.geojson")
        elif not all(code.startswith(area) for code in cells):
            what = f"duty grid {grid!r} reaches out of the post's area {area}"
            yield pack.problem(POSTS, row, "duty_grid", what, "correct the area or the grid")


def _nobody(pack: Pack) -> Iterator[Problem]:
    """Steps that no post may take, duty grids that no post watches."""
    roles = {row.values["id"]: set(row.values["permissions"]) for row in pack.rows(ROLES)}
    posts = [(row, roles.get(row.values["role"], set())) for row in pack.rows(POSTS)]
    first = next(pack.rows(POSTS))
    for step in STEPS:
        if not any(step in held for _, held in posts):
            yield pack.problem(POSTS, first, "role", f"no post may do {step}", "add a post with a role that may")
    watching = [row.values for row, held in posts if {"case.verify", "case.inspect"} <= held]
    grids = {values.get("duty_grid") for values in watching}
    wide = tuple({values.get("area", "") for values in watching if not values.get("duty_grid")})
    told: set[str] = set()
    for cell in pack.cells.values():
        if cell.duty_grid not in grids and not cell.code.startswith(wide) and cell.duty_grid not in told:
            told.add(cell.duty_grid)
            what = f"nobody may verify and inspect in duty grid {cell.duty_grid!r}"
            yield pack.cell_problem(cell, what, "add a post for it, or one for its area")


def streets_of(pack: Pack) -> list[str]:
    """The smallest areas: what must be answered for everywhere."""
    codes = [key[0] for key in pack.tables[AREAS.file]]
    parents = {row.values.get("parent") for row in pack.rows(AREAS)}
    return [code for code in codes if code not in parents]
