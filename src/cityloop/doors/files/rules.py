"""Pure decisions of importing: what a line says, how its case stands, and what the file leaves untold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from cityloop.domain.codes import class_key_of
from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import Channel, Origin, Untold, Where
from cityloop.domain.ids import ClassKey, RuleCode, UnitId
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.place import Point, checked_point
from cityloop.domain.policy import Level, Policy
from cityloop.doors.files import values
from cityloop.doors.files.datum import Convert, Witness
from cityloop.doors.files.mapping import MOMENTS
from cityloop.doors.files.model import BadCell, Cell, Line, Mapping, Row, Words

SKEW = timedelta(days=1)  # a clock of another system may be ahead by so much
STATES = {"open": None, "closed": State.closed, "refused": State.not_accepted} | {
    state.value: state for state in (State.reported, State.to_dispatch, State.handling)
}
REFUSED_UNTOLD = "untold"  # filing.reason.untold: the file does not say why
_encode = msgspec.json.Encoder(order="deterministic").encode


def on_time(due: datetime | None, closed: datetime | None, as_of: datetime) -> bool:
    """Whether a case was in time: it had no deadline, or was closed by it. What is open is measured at the export.

    The deadline itself is in time, as everywhere.
    """
    return due is None or (closed if closed is not None else as_of) <= due


def state_of(row: Row, *, knows_rule: bool) -> tuple[State, tuple[str, ...]]:
    """Where a case stands here, and what kept it from standing where the file says.

    An open case goes on where it can: with its unit, if unit and deadline are known; else with a dispatcher; without a
    class with the acceptor.
    """
    if row.state is not None and row.state in OVER:
        return row.state, ()
    if row.closed_at is not None and row.state is None:
        return State.closed, ()
    if row.state is State.reported or row.class_key is None or not knows_rule:
        return State.reported, () if row.state is State.reported else ("import_no_class",)
    if row.state is State.to_dispatch:
        return State.to_dispatch, ()
    if row.unit is None:
        return State.to_dispatch, ("import_no_unit",)
    if row.due_at is None:
        return State.to_dispatch, ("import_no_deadline",)
    return State.handling, ()


def untold_of(row: Row, state: State) -> tuple[Untold, ...]:
    """The steps that a case in this state has behind it, and of which the file gives no moment."""
    behind: dict[Untold, Any] = {Untold.accepted: row.accepted_at, Untold.filed: row.filed_at}
    if state is State.reported:
        return ()
    if state is State.not_accepted:
        behind = {Untold.closed: row.closed_at}
    if state in (State.handling, State.closed):
        behind[Untold.dispatched] = row.dispatched_at
    if state is State.closed:
        behind |= {Untold.handled: row.handled_at, Untold.closed: row.closed_at}
    return tuple(step for step, at in behind.items() if at is None)


class Reading(Struct, frozen=True, kw_only=True):
    """All that a line is read with."""

    mapping: Mapping
    policy: Policy
    convert: Convert
    locate: Callable[[float, float], Where]
    now: datetime
    file: str  # the beginning of the digest of its bytes

    def as_of(self) -> datetime:
        """The moment of the export."""
        zone = values.zone(self.mapping.zone or self.policy.week.zone)
        return values.moment("as_of", self.mapping.as_of, self.mapping.time_format, zone) or self.now


def row_of(line: Line, reading: Reading) -> Row:
    """What a line of cases or reports says. Raises `BadCell`."""
    cells = CellsOf(line, reading.mapping)
    mapping, policy = reading.mapping, reading.policy
    zone = values.zone(mapping.zone or policy.week.zone)
    moments = {name: values.moment(*cells.at(name), mapping.time_format, zone) for name in MOMENTS if cells.has(name)}
    _in_order(moments, cells, reading.now)
    class_key = _class(cells, policy, mapping)
    state = _state(cells, moments)
    point, raw = _point(cells, reading)
    where = reading.locate(point.lon, point.lat) if point else _named_place(cells, policy)
    if class_key and policy.class_by_key[class_key].private_place:
        where = Where(cell=where.cell, community=where.community, street=where.street, district=where.district)
    if component := cells.code("component"):
        if component not in policy.component_by_code:
            raise BadCell(cells.name("component"), component, "the city has no such component", "import components first")
        where = msgspec.structs.replace(where, component=component)
    words = Words(
        text=cells.text("text"), address=cells.text("address"), note=cells.text("note"), name=cells.text("name"),
        phone=cells.text("phone"), raw_lon=raw[0], raw_lat=raw[1],
    )  # fmt: skip
    row = Row(
        line=line.no, origin=_NOTHING, words=words, state=state,
        number=cells.code("number") or None, class_key=class_key, rule=_rule(cells, class_key, policy),
        unit=_one_of(cells, "unit", policy.unit_by_id, "units.csv"), level=_level(cells), where=where,
        refused_for=cells.code("refused_for") or None, channel=_channel(cells), **moments,
    )  # fmt: skip
    origin = Origin(source=mapping.source, key=cells.key(), digest=digest_of(row), file=reading.file, line=line.no)
    return msgspec.structs.replace(row, origin=origin)


def witness_of(line: Line, reading: Reading) -> Witness | None:
    """The row's place as numbers, beside the cell or component that it names; None where it has no numbers."""
    try:
        cells = CellsOf(line, reading.mapping)
        lon, lat = cells.numbers()
        named, cell = cells.code("component") or cells.code("code"), cells.code("cell")
    except BadCell:  # it will be listed when the rows are read
        return None
    if lon is None or lat is None:
        return None
    component = reading.policy.component_by_code.get(named)
    place = Point(lon=component.lon, lat=component.lat) if component else None
    return Witness(lon=lon, lat=lat, cell=cell, component=place)


def digest_of(row: Row) -> str:
    """What the row says besides personal data and its exact place, as a digest: by it one sees that it changed."""
    place = Where(spot=row.where.spot, component=row.where.component)  # no cell: a new grid is no news of the row
    said = msgspec.structs.replace(row, line=0, words=Words(), where=place, origin=_NOTHING)
    return sha256(_encode(said)).hexdigest()[:32]


_NOTHING = Origin(source="", key="", digest="", file="", line=0)


class CellsOf:
    """The cells of a line, by the fields that the mapping names."""

    def __init__(self, line: Line, mapping: Mapping):
        self.line = line
        self.mapping = mapping
        self.places = mapping.places
        for column, (what, remedy) in (line.odd or {}).items():
            shown = line.cells[mapping.wanted.index(column)] if column in mapping.wanted else ""
            raise BadCell(column, "" if shown is None else shown, what, remedy)

    def has(self, field: str) -> bool:
        return field in self.places or field in self.mapping.constants

    def name(self, field: str) -> str:
        return self.mapping.columns.get(field, field)

    def at(self, field: str) -> tuple[str, Cell]:
        """Column and cell of a field."""
        found = self.places.get(field)
        if found is not None:
            return found[0], self.line.cells[found[1]]
        return field, self.mapping.constants.get(field)

    def text(self, field: str) -> str:
        return values.text(self.at(field)[1])

    def code(self, field: str) -> str:
        return values.worded(*self.at(field), self.mapping.values.get(field))

    def number(self, field: str) -> float | None:
        return values.number(*self.at(field))

    def numbers(self) -> tuple[float | None, float | None]:
        """The place as the file has it, of columns or of a point."""
        if self.has("lon"):
            lon, lat = self.number("lon"), self.number("lat")
            if (lon is None) != (lat is None):
                raise BadCell(self.name("lon"), f"{lon}, {lat}", "half a place", "give both numbers, or neither")
            return lon, lat
        if self.line.shape and self.line.shape.get("type") == "Point":
            lon, lat = self.line.shape["coordinates"][:2]
            return float(lon), float(lat)
        return None, None

    def key(self) -> str:
        wanted = self.mapping.wanted
        parts = [values.code(column, self.line.cells[wanted.index(column)]) for column in self.mapping.key]
        if not all(parts):
            raise BadCell(self.mapping.key[parts.index("")], "", "the key is empty", "give each row a key of its own")
        return "|".join(parts)


def _in_order(moments: dict[str, datetime | None], cells: CellsOf, now: datetime) -> None:
    opened = moments.get("opened_at")
    if opened is None:
        raise BadCell(cells.name("opened_at"), "", "the moment at which it came in is missing", "give it")
    for name, at in moments.items():
        if at is None or name == "due_at":
            continue
        if at > now + SKEW:
            raise BadCell(cells.name(name), at.isoformat(), "it has not happened yet", "put the moment or its zone right")
        if at < opened:
            raise BadCell(cells.name(name), at.isoformat(), "it lies before the case came in", "put one of the two right")


def _state(cells: CellsOf, moments: dict[str, datetime | None]) -> State | None:
    said = cells.code("state")
    if said and said not in STATES:
        remedy = f"map it in [values.state] to one of {', '.join(STATES)}"
        raise BadCell(cells.name("state"), said, "it is no state of a case here", remedy)
    state = STATES[said] if said else None
    if said and state not in OVER and moments.get("closed_at") is not None:
        raise BadCell(cells.name("state"), said, "the case is open and has a closing moment", "put one of the two right")
    return state


def _class(cells: CellsOf, policy: Policy, mapping: Mapping) -> ClassKey | None:
    said = cells.code("class")
    if not said:
        return None
    given = said
    if "/" not in said and mapping.scheme:
        short = said[-4:] if said.isdigit() and len(said) == 10 else said  # 6 digits of the district before it
        given = f"{mapping.scheme}/{mapping.code_kind}/{short}"
    try:
        return class_key_of(given, policy.class_by_key)
    except CityloopError as error:
        remedy = "map it in [values.class], or add it to the pack's classes.csv"
        raise BadCell(cells.name("class"), said, error.detail.partition(";")[0], remedy) from None


def _rule(cells: CellsOf, class_key: ClassKey | None, policy: Policy) -> RuleCode | None:
    said = cells.code("rule")
    if said and said not in policy.rule_by_code:
        raise BadCell(cells.name("rule"), said, "the pack has no such rule", "map it in [values.rule], or leave it out")
    if said and class_key and policy.rule_by_code[RuleCode(said)].class_key != class_key:
        raise BadCell(cells.name("rule"), said, f"the rule is not of class {class_key}", "put one of the two right")
    return RuleCode(said) if said else None


def _one_of(cells: CellsOf, field: str, known: dict, where: str) -> UnitId | None:
    said = cells.code(field)
    if said and said not in known:
        raise BadCell(cells.name(field), said, f"the pack has no such {field}", f"map it in [values.{field}], or add it to {where}")
    return UnitId(said) if said else None


def _level(cells: CellsOf) -> Level | None:
    said = cells.code("level")
    if said and said not in tuple(Level):
        raise BadCell(cells.name("level"), said, "it is no level", f"map it in [values.level] to one of {', '.join(Level)}")
    return Level(said) if said else None


def _channel(cells: CellsOf) -> str:
    said = cells.code("channel") or Channel.partner
    if said not in tuple(Channel):
        raise BadCell(cells.name("channel"), said, "it is no channel", f"map it in [values.channel] to one of {', '.join(Channel)}")
    return said


def _point(cells: CellsOf, reading: Reading) -> tuple[Point | None, tuple[float | None, float | None]]:
    lon, lat = raw = cells.numbers()
    if lon is None or lat is None or (lon == 0 and lat == 0):
        return None, raw
    point = reading.convert(lon, lat)
    try:
        return checked_point(point.lon, point.lat, reading.policy.settings.bounds), raw
    except CityloopError as error:
        what, _, remedy = error.detail.partition(";")
        column = cells.name("lon") if cells.has("lon") else "geometry"
        raise BadCell(column, f"{lon}, {lat}", what, remedy.strip(" .") or "put it right") from None


def _named_place(cells: CellsOf, policy: Policy) -> Where:
    """The place by the cell that the row names, where it has no numbers."""
    said = cells.code("cell")
    if not said:
        return Where()
    if said not in policy.cell_by_code:
        raise BadCell(cells.name("cell"), said, "the city has no such cell", "put the code right, or leave it out")
    return Where(cell=said, community=said[:12], street=said[:9], district=said[:6])


