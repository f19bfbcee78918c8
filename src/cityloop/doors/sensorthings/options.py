"""The query options of a request, `$filter` to `$resultFormat`, read with those nested in `$expand`."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from cityloop.doors.sensorthings.checking import checked
from cityloop.doors.sensorthings.language import Expression, QueryBad, read_expression
from cityloop.doors.sensorthings.model import KINDS, Kind

TOP, TOP_MAX, SKIP_MAX = 100, 1000, 10**12
EXPANDS_MAX, DEEP_MAX = 40, 6


class Query(Struct, frozen=True, kw_only=True):
    """What is asked of a collection, or of one entity."""

    filter: Expression | None = None
    filter_text: str = ""
    order: tuple[tuple[Expression, bool], ...] = ()  # and whether the greatest comes first
    top: int | None = None
    skip: int = 0
    count: bool = False
    select: tuple[str, ...] = ()  # empty: all
    expand: tuple["Expand", ...] = ()
    is_array: bool = False  # $resultFormat=dataArray
    after: str = ""  # $skiptoken: where the page before ended

    @property
    def page(self) -> int:
        """How many entities one answer holds at most."""
        return TOP if self.top is None else min(self.top, TOP_MAX)


class Expand(Struct, frozen=True, kw_only=True):
    """A relation that is shown with its entities."""

    name: str
    query: Query


def query_of(given: Iterable[tuple[str, str]], kind: Kind) -> Query:
    """The options of an address. Refuses with `QueryBad`."""
    seen: dict[str, str] = {}
    for name, value in given:
        if not name.startswith("$"):
            continue
        if name in seen:
            raise QueryBad(f"{name} is given twice; give it once.")
        seen[name] = value
    return _query(seen, kind, 0)


def _query(given: dict[str, str], kind: Kind, deep: int) -> Query:
    query = Query()
    for name, text in given.items():
        try:
            query = _with(query, name, text, kind, deep)
        except QueryBad as error:
            raise error if error.detail.startswith("In $") else QueryBad(f"In {name}: {error.detail}") from None
    return query


def _with(query: Query, name: str, text: str, kind: Kind, deep: int) -> Query:
    if name == "$filter":
        tree = read_expression(text)
        checked(tree, kind)
        return replace(query, filter=tree, filter_text=text)
    if name == "$orderby":
        return replace(query, order=tuple(_term(each, kind) for each in _split(text, ",")))
    if name in ("$top", "$skip"):
        return replace(query, **{name[1:]: _whole(name, text)})
    if name == "$count":
        if text not in ("true", "false"):
            raise QueryBad(f"{text[:40]!r} is neither true nor false; write one of them.")
        return replace(query, count=text == "true")
    if name == "$select":
        return replace(query, select=tuple(_selected(each.strip(), kind) for each in text.split(",")))
    if name == "$expand":
        return replace(query, expand=_expands(text, kind, deep))
    if name == "$resultFormat":
        if text not in ("dataArray", "default") or kind.name != "Observation":
            raise QueryBad(f"{text[:40]!r} is no form of {kind.plural}; write dataArray, of Observations, or leave it out.")
        return replace(query, is_array=text == "dataArray")
    if name == "$skiptoken":
        return replace(query, after=text[:200])
    raise QueryBad("it is not known; there are $filter, $expand, $select, $orderby, $top, $skip, $count and $resultFormat.")


def _whole(name: str, text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise QueryBad(f"{text[:40]!r} is no whole number from 0; write e.g. {name}=10.")
    return int(text)


def _term(text: str, kind: Kind) -> tuple[Expression, bool]:
    words, is_down = text.strip(), False
    for ending, down in ((" asc", False), (" desc", True)):
        if words.lower().endswith(ending):
            words, is_down = words[: -len(ending)], down
    tree = read_expression(words)
    checked(tree, kind)
    return tree, is_down


def _selected(name: str, kind: Kind) -> str:
    if name in ("id", "@iot.id"):
        return "id"
    if name not in kind.properties and name not in kind.relations and name != "@iot.selfLink":
        known = ", ".join(("id", *kind.properties, *kind.relations))
        raise QueryBad(f"a {kind.name} has no {name[:40]!r}; it has {known}.")
    return name


def _expands(text: str, kind: Kind, deep: int) -> tuple[Expand, ...]:
    """Each relation once; `Datastreams/Sensor` is the same as `Datastreams($expand=Sensor)`."""
    if deep >= DEEP_MAX:
        raise QueryBad(f"it is nested deeper than {DEEP_MAX}; ask in parts.")
    parts = _split(text, ",")
    if len(parts) > EXPANDS_MAX:
        raise QueryBad(f"it names more than {EXPANDS_MAX} relations; ask in parts.")
    found: dict[str, Expand] = {}
    for part in parts:
        each = _expand(part.strip(), kind, deep)
        known = found.get(each.name)
        found[each.name] = each if known is None else _merged(known, each)
    return tuple(found.values())


def _expand(part: str, kind: Kind, deep: int) -> Expand:
    head, bracket, inside = part.partition("(")
    if "/" in head:  # inside of brackets a stroke is a path's
        name, _, rest = part.partition("/")
        options = {"$expand": rest}
    else:
        name, options = head, {}
        if bracket:
            if not inside.endswith(")"):
                raise QueryBad(f"{part[:40]!r} has a bracket that is not closed at its end; close it.")
            options = _nested(inside[:-1])
    name = name.strip()
    relation = kind.relations.get(name)
    if relation is None:
        raise QueryBad(f"a {kind.name} leads to no {name[:40]!r}; it leads to {', '.join(kind.relations)}.")
    return Expand(name=name, query=_query(options, KINDS[relation.kind], deep + 1))


def _nested(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for option in _split(text, ";"):
        name, equals, value = option.strip().partition("=")
        if not equals:
            raise QueryBad(f"{option[:40]!r} is no option; write e.g. $top=1, with ; between two of them.")
        options[name] = value
    return options


def _merged(known: Expand, more: Expand) -> Expand:
    found = {each.name: each for each in known.query.expand}
    for each in more.query.expand:
        found[each.name] = _merged(found[each.name], each) if each.name in found else each
    return Expand(name=known.name, query=replace(known.query, expand=tuple(found.values())))


def _split(text: str, mark: str) -> list[str]:
    """The parts between marks, but not those inside of brackets or of a text."""
    found, depth, quoted = [""], 0, False
    for letter in text:
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
        if letter == mark and not quoted and depth <= 0:
            found.append("")
        else:
            found[-1] += letter
    return found
