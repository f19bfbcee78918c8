"""docs/reference/permissions.md: what each endpoint asks, whose rows it gives, and which roles of the base pack have it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from cityloop.app import Settings, create_app, join
from cityloop.domain.policy import Role
from cityloop.http.who_may import ROWS, Need, Rows, needs_of
from cityloop.packs import load

MADE = "*Made from the code by `make reference`; a test fails when this page is stale.*\n"
PACKS = Path(__file__).resolve().parents[1] / "packs"
INTRO = """Who may call what. Each endpoint's need is read off its guards (`cityloop.http.who_may`), the roles' permissions
from `packs/base/roles.csv`; a city's pack may give its roles others. `tests/matrix/` asks every endpoint as every role, as
nobody, as somebody without a post and by keys, on rows of theirs and of others, and compares the answers with this table.

A ● says that the role may call it. *Rows* says whose rows it then gives or changes; what is not theirs answers 404, what they
see and another must do answers 403.
"""
SAID = {
    Rows.public: "what is there for everybody: nothing of a person, open classes only",
    Rows.code: "what one unguessable code opens",
    Rows.own: "the caller's: their account, what they sent, asked for or wrote",
    Rows.unit: "of the caller's unit",
    Rows.area: "within the areas of the seats that hold the permission",
    Rows.case: "cases that a seat sees: in its area, of its unit, as a guest, or since its post is asked; one seat for both, seeing and doing",
    Rows.report: "reports of such cases; one that has no case yet is the whole city's seats'",
    Rows.city: "the whole city's, to whoever holds the permission",
}


def permissions_page() -> str:
    """The page."""
    roles = load(PACKS / "demo").roles  # a city: its roles are those of the base pack
    lines = ["# Permissions\n", MADE, INTRO, "| rows | are |", "|---|---|", *(f"| {rows} | {SAID[rows]} |" for rows in Rows), ""]
    by_room: dict[str, list[Need]] = {}
    for need in _needs():
        by_room.setdefault(room_of(need), []).append(need)
    for room, needs in sorted(by_room.items()):
        lines += [f"## {room}\n", *_table(needs, roles), ""]
    lines += ["## Permissions and their rows\n", "| rows | permissions |", "|---|---|"]
    lines += [f"| {rows} | {', '.join(f'`{each}`' for each in sorted(those))} |" for rows, those in ROWS.items()]
    return "\n".join(lines) + "\n"


def _needs() -> list[Need]:
    with TemporaryDirectory() as home:
        parts = join(Settings(home=home))
        try:
            return needs_of(create_app(parts))
        finally:
            parts.close()


def room_of(need: Need) -> str:
    """The room that answers, e.g. `stages.handle`."""
    parts = need.room.split(".")
    if parts[0] != "cityloop":
        return "docs of the API"
    return ".".join(parts[1:3]) if parts[1] in ("stages", "doors", "field") else parts[1]


def _table(needs: list[Need], roles: tuple[Role, ...]) -> Iterator[str]:
    """One row an endpoint; those open to everybody, or to everybody signed in, need no columns of roles."""
    asked = [each for each in needs if each.any_of]
    if open_ones := [each for each in needs if not each.any_of]:
        yield "| endpoint | who | rows |"
        yield "|---|---|---|"
        yield from (f"| `{each.name}` | {'anybody' if each.public else 'anybody signed in'} | {each.rows} |" for each in open_ones)
        yield ""
    if asked:
        able = [role for role in roles if any(_may(role, each) for each in asked)]
        yield f"| endpoint | needs | rows | {' | '.join(role.id for role in able)} |"
        yield "|---|---|---|" + ":-:|" * len(able)
        for each in asked:
            ticks = " | ".join("●" if _may(role, each) else "" for role in able)
            proved = " + step-up" if each.steps_up else ""
            yield f"| `{each.name}` | {' or '.join(f'`{one}`' for one in each.any_of)}{proved} | {each.rows} | {ticks} |"


def _may(role: Role, need: Need) -> bool:
    return any(each.value in role.permissions for each in need.any_of)
