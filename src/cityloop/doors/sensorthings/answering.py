"""Answers to questions: an address and its options, over the entities that the caller may see."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote

from cityloop.db import Tx
from cityloop.doors.sensorthings import store
from cityloop.doors.sensorthings.asking import Asking, in_order, within
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.kinds_of_result import result_of
from cityloop.doors.sensorthings.model import KINDS, Entity, EntityUnknown, Kind
from cityloop.doors.sensorthings.observed import Observed, Scope, time_text
from cityloop.doors.sensorthings.options import Expand, Query
from cityloop.doors.sensorthings.paths import Place, Step
from cityloop.doors.sensorthings.records import Records, Row, Spans

EXPANDED_MAX = 20_000  # entities that one answer shows inside of others


class Listed(NamedTuple):
    """Some entities, how many there are in all where that was asked, and whether more follow."""

    found: Sequence[Entity]
    count: int | None
    more: bool


class Asker:
    """One request: what is seen, by whom it is asked, and at which address."""

    def __init__(self, tx: Tx, graph: Graph, records: Records, root: str, now: datetime) -> None:
        self.spans = Spans(records, list(graph.streams))
        self.graph, self.root, self.now = graph.with_spans(self.spans), root, now
        self.observed = Observed(self.graph, records, partial(store.beside_among, tx), now)
        self.tx = tx
        self.shown = 0

    # finding

    def reach(self, steps: Sequence[Step]) -> Entity | None:
        """The entity that the last step names; None, where it names a collection. Refuses with `EntityUnknown`."""
        here: Entity | None = None
        for step in steps:
            here = self.step(here, step)
        return here

    def step(self, here: Entity | None, step: Step) -> Entity | None:
        if step.kind.name == "Observation":
            return None if step.id is None else self._observation(here, step.id)
        if step.id is not None:
            entity = self.graph.get(step.kind.name, step.id)
            if entity is None or (here is not None and entity.id not in {each.id for each in self.related(here, step.name)}):
                raise EntityUnknown(f"There is no {step.kind.name} {step.id[:60]!r} here; take an id from a list.")
            return entity
        if step.is_many:
            return None
        found = self.related(here, step.name) if here is not None else []
        if not found:
            raise EntityUnknown(f"There is no {step.name} here.")
        return found[0]

    def _observation(self, here: Entity | None, id: str) -> Entity:
        row = self.observed.one(id)
        entity = Entity("Observation", row.id, row)
        if here is not None and here.id not in {each.id for each in self.related(entity, here.kind)}:
            raise EntityUnknown(f"There is no observation {id[:60]!r} here; take an id from a list.")
        return entity

    def related(self, entity: Entity, relation: str) -> list[Entity]:
        """What a relation leads to, but observations."""
        if entity.kind != "Observation":
            return self.graph.related(entity, relation)
        row: Row = entity.of
        if relation == "Datastream":
            found = self.graph.get("Datastream", row.stream)
        else:
            feature = row.beside.get("FeatureOfInterest") or self.graph.streams[row.stream].thing
            found = self.graph.get("FeatureOfInterest", feature)
        return [found] if found else []

    def scope_of(self, entity: Entity | None) -> Scope:
        """Where the observations of an entity are; of none: all."""
        if entity is None:
            return Scope(list(self.graph.streams))
        if entity.kind == "Datastream":
            return Scope([entity.of.no])
        own = self.graph.by_thing.get(str(entity.id), [])
        named = [no for no in store.streams_of_feature(self.tx, str(entity.id)) if no in self.graph.streams]
        return Scope(sorted({*own, *named}), feature=str(entity.id))

    def listed(self, here: Entity | None, step: Step | None, kind: Kind, query: Query) -> Listed:
        """The entities of a collection, a page of them."""
        if kind.name == "Observation":
            page = self.observed.find(self.scope_of(here), query)
            return Listed([Entity("Observation", row.id, row) for row in page.rows], page.count, page.more)
        found = self.graph.all(kind.name) if here is None or step is None else self.graph.related(here, step.name)
        if query.filter is not None:
            asking = Asking(query.filter, kind, self.graph, self.now)
            found = [each for each in found if asking.holds(each)]
        if query.order:
            terms = [(Asking(tree, kind, self.graph, self.now).value, is_down) for tree, is_down in query.order]
            found = in_order(found, terms)
        page_of = found[query.skip : query.skip + query.page]
        if kind.name == "Datastream" and (not query.select or set(query.select) & kind.computed):
            self.spans.load([each.of.no for each in page_of])
        return Listed(page_of, len(found) if query.count else None, len(found) > query.skip + query.page)

    # showing

    def link(self, entity: Entity) -> str:
        """Where an entity is."""
        id = str(entity.id) if isinstance(entity.id, int) else "'" + quote(entity.id.replace("'", "''"), safe="") + "'"
        return f"{self.root}/{KINDS[entity.kind].plural}({id})"

    def member(self, entity: Entity, name: str) -> Any:
        """A property of an entity, as it is shown."""
        if entity.kind != "Observation":
            return self.graph.member(entity, name)
        row: Row = entity.of
        if name in ("phenomenonTime", "resultTime"):
            return time_text(row, name)
        if name == "result":
            return result_of(self.graph.streams[row.stream], row.value)
        return row.beside.get(name, {} if name == "parameters" else None)

    def show(self, entity: Entity, query: Query) -> dict[str, Any]:
        """An entity in the form of the standard."""
        kind, link, chosen = KINDS[entity.kind], self.link(entity), set(query.select)
        shown: dict[str, Any] = {}
        if not chosen or chosen & {"id", "@iot.selfLink"}:
            shown = {"@iot.id": entity.id, "@iot.selfLink": link}
        for name in kind.properties:
            if not chosen or name in chosen:
                value = self.member(entity, name)
                if value is not None or name in kind.wanted or name in ("resultTime", "phenomenonTime"):
                    shown[name] = value
        opened = {each.name: each for each in query.expand}
        for name in kind.relations:
            if not chosen or name in chosen:
                shown[f"{name}@iot.navigationLink"] = f"{link}/{name}"
            if name in opened:
                shown |= self._opened(entity, opened[name], f"{link}/{name}")
        return shown

    def _opened(self, entity: Entity, expand: Expand, link: str) -> dict[str, Any]:
        relation = KINDS[entity.kind].relations[expand.name]
        kind = KINDS[relation.kind]
        if not relation.is_many:
            found = self.related(entity, expand.name)
            return {expand.name: self.show(found[0], expand.query) if found else None}
        step = Step(kind, expand.name, None, is_many=True)
        listed = self.listed(entity, step, kind, expand.query)
        self.shown += len(listed.found)
        if self.shown > EXPANDED_MAX:
            raise EntityUnknown(f"The answer would show more than {EXPANDED_MAX} entities inside of others; ask with a smaller $top.")
        shown: dict[str, Any] = {expand.name: [self.show(each, expand.query) for each in listed.found]}
        if listed.count is not None:
            shown[f"{expand.name}@iot.count"] = listed.count
        if listed.more and expand.query.page:
            skip = expand.query.skip + expand.query.page
            shown[f"{expand.name}@iot.nextLink"] = f"{link}?$top={expand.query.page}&$skip={skip}"
        return shown


def answer(asker: Asker, place: Place, query: Query, given: Sequence[tuple[str, str]]) -> Any:
    """The answer to a GET, as JSON; of a bare value, that value. Refuses with `EntityUnknown` or `QueryBad`."""
    last = place.last
    here = asker.reach(place.steps[:-1])
    entity = asker.step(here, last)
    if place.inside:
        if entity is None:
            raise EntityUnknown(f"{last.name} are many; name one of them before {place.inside[0]!r}.")
        value = within(asker.member(entity, place.inside[0]), place.inside[1:])
        return value if place.is_value else {place.inside[-1]: value}
    if entity is not None:
        return {"@iot.selfLink": asker.link(entity)} if place.is_ref else asker.show(entity, query)
    listed = asker.listed(here, last if here else None, last.kind, query)
    shown: dict[str, Any] = {}
    if listed.count is not None:
        shown["@iot.count"] = listed.count
    if listed.more and query.page:
        shown["@iot.nextLink"] = _next(asker, place, here, query, given)
    if place.is_ref:
        shown["value"] = [{"@iot.selfLink": asker.link(each)} for each in listed.found]
    elif query.is_array:
        shown["value"] = arrays(asker, listed.found, query)
    else:
        shown["value"] = [asker.show(each, query) for each in listed.found]
    return shown


def _next(asker: Asker, place: Place, here: Entity | None, query: Query, given: Sequence[tuple[str, str]]) -> str:
    base = f"{asker.link(here)}/{place.last.name}" if here is not None else f"{asker.root}/{place.last.name}"
    options = {name: value for name, value in given if name.startswith("$")} | {"$skip": str(query.skip + query.page)}
    if query.top is not None:
        options["$top"] = str(query.top)
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items())
    return f"{base}{'/$ref' if place.is_ref else ''}?{asked}"


COMPONENTS = ("id", "phenomenonTime", "result", "resultTime")


def arrays(asker: Asker, found: Sequence[Entity], query: Query) -> list[dict[str, Any]]:
    """Observations as arrays, those of one stream together. Source: OGC 18-088, data array extension."""
    components = [name for name in (query.select or COMPONENTS) if name in ("id", *KINDS["Observation"].properties)]
    groups: dict[int, list[list[Any]]] = {}
    for entity in found:
        row = [entity.id if name == "id" else asker.member(entity, name) for name in components]
        groups.setdefault(entity.of.stream, []).append(row)
    return [
        {
            "Datastream@iot.navigationLink": asker.link(Entity("Datastream", no, None)),
            "components": components,
            "dataArray@iot.count": len(rows),
            "dataArray": rows,
        }
        for no, rows in groups.items()
    ]


def root_shown(root: str, mqtt: Mapping[str, Any] | None) -> dict[str, Any]:
    """The service's own page: its collections, and what it conforms to."""
    base = "http://www.opengis.net/spec/iot_sensing/1.1/req"
    conformance = [
        f"{base}/datamodel/{name}"
        for name in (
            "thing", "thing/properties", "thing/relations", "location", "location/properties", "location/relations",
            "historical-location", "datastream", "datastream/properties", "datastream/relations", "sensor",
            "observed-property", "observation", "feature-of-interest", "entity-control-information",
        )
    ] + [
        f"{base}/{name}"
        for name in (
            "resource-path/resource-path-to-entities", "request-data", "request-data/order", "request-data/expand",
            "request-data/select", "request-data/orderby", "request-data/top", "request-data/skip", "request-data/count",
            "request-data/filter", "request-data/built-in-filter-operations", "request-data/built-in-query-functions",
            "request-data/pagination", "request-data/status-codes", "create-update-delete/create-entity",
            "create-update-delete/link-to-existing-entities", "create-update-delete/deep-insert",
            "create-update-delete/deep-insert-status-code", "create-update-delete/update-entity",
            "create-update-delete/update-entity-put", "create-update-delete/update-entity-jsonpatch",
            "create-update-delete/delete-entity", "create-update-delete/historical-location-auto-creation",
            "data-array/data-array",
        )
    ]  # fmt: skip
    settings: dict[str, Any] = {"conformance": conformance}
    if mqtt:
        names = ("create-observations-via-mqtt/observations-creation", "receive-updates-via-mqtt/receive-updates")
        settings["conformance"] += [f"{base}/{name}" for name in names]
        settings |= {f"{base}/{name}": dict(mqtt) for name in names}
    collections = [{"name": each.plural, "url": f"{root}/{each.plural}"} for each in KINDS.values()]
    return {"value": collections, "serverSettings": settings}


