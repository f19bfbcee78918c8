"""What is sent, read and checked before anything is changed. Refuses with `BodyBad`, which names the property."""

from typing import Any

import msgspec

from cityloop.domain.unreadable import UNREADABLE
from cityloop.doors.sensorthings.language.moments import said_us, time_of
from cityloop.doors.sensorthings.language.tree import Moment
from cityloop.doors.sensorthings.model import BodyBad, Kind

TEXT_MAX, BODY_MAX = 4_000, 64_000
_TEXTS = frozenset({"name", "description", "encodingType", "definition", "observationType"})
_OBJECTS = frozenset({"properties", "unitOfMeasurement", "parameters"})


def read_json(raw: bytes) -> Any:
    """What a body says. Refuses with `BodyBad`."""
    try:
        return msgspec.json.decode(raw)
    except UNREADABLE as error:
        raise BodyBad(f"The body is no JSON: {str(error)[:120]}; send an entity as JSON.") from None


def read_entity(raw: bytes) -> dict[str, Any]:
    """The one entity in a body. Refuses with `BodyBad`."""
    return an_object(read_json(raw), "The body")


def an_object(said: Any, what: str) -> dict[str, Any]:
    """An object of JSON. Refuses with `BodyBad`."""
    if not isinstance(said, dict):
        raise BodyBad(f"{what} is no object; send one entity as {{…}}.")
    return said


def own_of(body: dict[str, Any], kind: Kind, *, whole: bool) -> dict[str, Any]:
    """The properties of an entity itself, each as it may be. `whole`: none that is wanted may be left out.

    Refuses with `BodyBad`.
    """
    found = {}
    for name in kind.properties:
        if name in body and name not in kind.computed:
            found[name] = _checked(kind, name, body[name])
        elif whole and name in kind.wanted:
            raise BodyBad(f"A {kind.name} needs {name}; send it.")
    if len(msgspec.json.encode(found)) > BODY_MAX:
        raise BodyBad(f"A {kind.name} is described in {BODY_MAX} bytes at most; send less, and a link to the rest.")
    return found


def _checked(kind: Kind, name: str, value: Any) -> Any:
    if name in _TEXTS:
        if not isinstance(value, str) or len(value) > TEXT_MAX or (name in kind.wanted and not value.strip()):
            if value == "" and name == "description":  # many clients leave it empty
                return value
            raise BodyBad(f"{name} of a {kind.name} is no text of 1 to {TEXT_MAX} characters; send one.")
    elif name in _OBJECTS:
        if value is None and name != "unitOfMeasurement":
            return {}
        if not isinstance(value, dict):
            raise BodyBad(f"{name} of a {kind.name} is no object; send e.g. {{}}.")
    elif name in ("time", "resultTime", "validTime"):
        return None if value is None and name != "time" else timed(name, value)
    elif value is None and name in kind.wanted:
        raise BodyBad(f"{name} of a {kind.name} is null; send a value.")
    return value


def timed(name: str, value: Any) -> str:
    """A time as it is written here. Refuses with `BodyBad`."""
    try:
        found = time_of(value)
    except (ValueError, OverflowError, AttributeError, TypeError):
        raise BodyBad(f"{name} {value!r:.60} is no time; send one as 2026-03-02T08:00:00Z.") from None
    if isinstance(found, Moment):
        return said_us(found.us)
    return f"{said_us(found.start)}/{said_us(found.end)}"


def span_us(value: Any) -> tuple[int, int | None]:
    """The time of a phenomenon: when it began, and when it ended where that is told. Refuses with `BodyBad`."""
    try:
        found = time_of(value)
    except (ValueError, OverflowError, AttributeError, TypeError):
        raise BodyBad(f"phenomenonTime {value!r:.60} is no time; send one as 2026-03-02T08:00:00Z.") from None
    return (found.us, None) if isinstance(found, Moment) else (found.start, found.end)


def linked(said: Any) -> str | None:
    """The id of an entity that is there already: `{"@iot.id": …}`; None, where it is described and shall be made."""
    if not isinstance(said, dict):
        raise BodyBad(f'{said!r:.60} is no entity; send {{"@iot.id": …}} of one that is there, or describe one.')
    id = said.get("@iot.id")
    if id is not None and (isinstance(id, bool) or not isinstance(id, int | str)):
        raise BodyBad(f"@iot.id {id!r:.40} is no id; send it as a list shows it.")
    return None if id is None else str(id)


def many_of(said: Any, name: str) -> list[Any]:
    """A list of entities; one alone is as good. Refuses with `BodyBad`."""
    if said is None:
        return []
    found = [said] if isinstance(said, dict) else said
    if not isinstance(found, list) or len(found) > 10_000:
        raise BodyBad(f"{name} is no list of entities; send […].")
    return found


def patched(entity: dict[str, Any], operations: Any) -> dict[str, Any]:
    """An entity after the operations of a JSON Patch. Refuses with `BodyBad`. Source: RFC 6902."""
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations) or len(operations) > 200:
        raise BodyBad("A JSON Patch is a list of at most 200 operations; send e.g. [{\"op\": \"replace\", …}].")
    for each in operations:
        op, path = each.get("op"), _pointer(each.get("path"))
        if op in ("add", "replace", "test") and "value" not in each:
            raise BodyBad(f"The operation {op} at {each.get('path')!r:.60} has no value; send one.")
        if op == "test":
            if _at(entity, path) != each["value"]:
                raise BodyBad(f"The test at {each['path']!r:.60} failed: another value stands there; read it again.")
        elif op in ("add", "replace"):
            entity = _with(entity, path, each["value"], must_be=op == "replace")
        elif op == "remove":
            entity = _without(entity, path)
        elif op in ("move", "copy"):
            source = _pointer(each.get("from"))
            value = _at(entity, source)
            entity = _with(_without(entity, source) if op == "move" else entity, path, value, must_be=False)
        else:
            raise BodyBad(f"{op!r:.40} is no operation of a JSON Patch; send add, replace, remove, move, copy or test.")
    return an_object(entity, "What the patch leaves")


def _pointer(path: Any) -> list[str]:
    if not isinstance(path, str) or not path.startswith("/"):
        raise BodyBad(f"{path!r:.60} is no place in an entity; send e.g. /properties/colour.")
    return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]


def _at(where: Any, path: list[str]) -> Any:
    for step in path:
        where = where[_place(where, step)] if isinstance(where, list) else _member(where, step)
    return where


def _member(where: Any, step: str) -> Any:
    if not isinstance(where, dict) or step not in where:
        raise BodyBad(f"There is nothing at {step[:40]!r}; see what the entity has.")
    return where[step]


def _place(where: list, step: str, *, end: bool = False) -> int:
    if step == "-" and end:
        return len(where)
    if not (step.isascii() and step.isdigit() and len(step) < 7 and int(step) < len(where) + end):
        raise BodyBad(f"There is no place {step[:20]!r} in the list; it has {len(where)}.")
    return int(step)


def _with(where: Any, path: list[str], value: Any, *, must_be: bool) -> Any:
    """The same with a value put at a place; what was there before stays as it is for others."""
    step, rest = path[0], path[1:]
    if isinstance(where, list):
        place = _place(where, step, end=not rest and not must_be)
        if rest:
            return [*where[:place], _with(where[place], rest, value, must_be=must_be), *where[place + 1 :]]
        return [*where[:place], value, *where[place + must_be :]]
    if not isinstance(where, dict) or ((rest or must_be) and step not in where):
        raise BodyBad(f"There is nothing at {step[:40]!r}; see what the entity has.")
    return where | {step: _with(where[step], rest, value, must_be=must_be) if rest else value}


def _without(where: Any, path: list[str]) -> Any:
    step, rest = path[0], path[1:]
    if isinstance(where, list):
        place = _place(where, step)
        return [*where[:place], *([_without(where[place], rest)] if rest else []), *where[place + 1 :]]
    _member(where, step)
    if rest:
        return where | {step: _without(where[step], rest)}
    return {name: each for name, each in where.items() if name != step}
