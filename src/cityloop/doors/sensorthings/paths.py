"""The path of a resource: `Things('7')/Datastreams/$ref`, read into its steps."""

import re
from typing import NamedTuple

from cityloop.doors.sensorthings.model import KINDS, PLURALS, EntityUnknown, Kind

STEPS_MAX = 12
_STEP = re.compile(r"([A-Za-z]+)(?:\((?:'((?:[^']|'')*)'|(-?\d{1,18})|([\w:.\-]{1,200}))\))?\Z")


class Step(NamedTuple):
    """A step: which kind of entity, by which name one came to it, and which of them; none: all."""

    kind: Kind
    name: str
    id: str | None
    is_many: bool


class Place(NamedTuple):
    """A resource: the steps to it, a property of it with what lies inside that, and in which form."""

    steps: tuple[Step, ...]
    inside: tuple[str, ...] = ()  # a property, and further into it
    is_value: bool = False  # $value: the bare value
    is_ref: bool = False  # $ref: links alone

    @property
    def last(self) -> Step:
        return self.steps[-1]


def place_of(path: str) -> Place:
    """The resource at a path below the service root. Refuses with `EntityUnknown`.

    >>> place_of("Things('7')/name/$value").inside
    ('name',)
    """
    parts = _parts(path.strip("/"))
    if len(parts) > STEPS_MAX:
        raise EntityUnknown(f"The path has more than {STEPS_MAX} steps; begin nearer to what you look for.")
    is_value = is_ref = False
    if parts[-1] in ("$value", "$ref"):
        is_value, is_ref = parts[-1] == "$value", parts[-1] == "$ref"
        parts = parts[:-1]
    steps: list[Step] = []
    inside: list[str] = []
    for part in parts:
        if inside:
            inside.append(part)
        elif (step := _step(part, steps[-1] if steps else None)) is not None:
            steps.append(step)
        else:
            inside.append(part)
    if not steps or (is_value and not inside) or (is_ref and inside):
        raise EntityUnknown(f"There is nothing at {path[:80]!r}; begin with one of {', '.join(sorted(PLURALS))}.")
    return Place(tuple(steps), tuple(inside), is_value, is_ref)


def _parts(path: str) -> list[str]:
    """The path by its strokes; those inside of an id are none."""
    found, quoted = [""], False
    for letter in path:
        if letter == "'":
            quoted = not quoted
        if letter == "/" and not quoted:
            found.append("")
        else:
            found[-1] += letter
    return found


def _step(part: str, before: Step | None) -> Step | None:
    """A step further; None, where it is a property of what was reached."""
    read = _STEP.match(part)
    name = read[1] if read else part
    if before is None:
        kind = PLURALS.get(name)
        if kind is None or read is None:
            raise EntityUnknown(f"There is no {name[:40]!r}; there are {', '.join(sorted(PLURALS))}.")
        return Step(kind, name, _id(read), is_many=True)
    if before.is_many and before.id is None:
        raise EntityUnknown(f"{before.name} are many; name one of them, e.g. {before.name}(1), before {name[:40]!r}.")
    relation = before.kind.relations.get(name)
    if relation is None:
        if name in before.kind.properties and part == name:
            return None
        known = ", ".join((*before.kind.properties, *before.kind.relations))
        raise EntityUnknown(f"A {before.kind.name} has no {part[:40]!r}; it has {known}.")
    id = _id(read) if read else None
    if id is not None and not relation.is_many:
        raise EntityUnknown(f"There is one {name} only; leave its id out.")
    return Step(KINDS[relation.kind], name, id, relation.is_many)


def _id(read: re.Match[str]) -> str | None:
    quoted, number, bare = read[2], read[3], read[4]
    if quoted is not None:
        return quoted.replace("''", "'")
    return number if number is not None else bare
