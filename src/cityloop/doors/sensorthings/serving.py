"""What the routes and the broker share: who may see what, how entities are made, how observations are kept."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from cityloop.db import Database, Tx
from cityloop.domain.calendar import epoch_us
from cityloop.domain.errors import NotAllowed
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import ALIVE, LifeState, Stream
from cityloop.doors.sensorthings import bodies, changing, store
from cityloop.doors.sensorthings.answering import Asker
from cityloop.doors.sensorthings.book import GraphBook, Graphs
from cityloop.doors.sensorthings.creating import Making, create
from cityloop.doors.sensorthings.drafts import Draft, draft_of
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.model import KINDS, BodyBad, Entity, EntityUnknown
from cityloop.doors.sensorthings.paths import Place
from cityloop.doors.sensorthings.properties import properties_of_pack
from cityloop.doors.sensorthings.records import HistoryRecords, Key, Records, walked
from cityloop.http import Caller
from cityloop.stages.sense.model import Named, Taken

if TYPE_CHECKING:
    from cityloop.doors.sensorthings.bulk import Read

SOURCE, V11 = "sensorthings", "/sta/v1.1"
_books: WeakKeyDictionary[Database, GraphBook] = WeakKeyDictionary()


class NotTaken(BodyBad):
    """An observation that was put aside: why."""

    code = "sta.not_taken"


def graph_of(parts: Any, tx: Tx) -> Graphs:
    """The entities of a city as they stand."""
    policy: Policy = parts.book.in_force()
    book = _books.setdefault(parts.database, GraphBook())
    return book.now(tx, parts.register.now(), lambda: properties_of_pack(policy), policy.digest)


class Serving:
    """The door of one city: its parts, and the entities at hand."""

    def __init__(self, parts: Any) -> None:
        self.parts = parts
        self.records: Records = HistoryRecords(parts.senses.history)
        settings = parts.settings
        self.mqtt = {"endpoints": [settings.mqtt_url]} if settings.mqtt_url and settings.sta_publish else None

    def graph(self, tx: Tx, *, whole: bool) -> Graph:
        """What may be seen."""
        graphs = graph_of(self.parts, tx)
        return graphs.whole if whole else graphs.open

    def asker(self, tx: Tx, root: str, now: datetime, *, whole: bool) -> Asker:
        """Somebody asks."""
        return Asker(tx, self.graph(tx, whole=whole), self.records, root, now)

    # changes: `graph` is what is there, as it was read before; each gives a use case of one transaction

    def created(
        self, graph: Graph, kind: str, body: dict[str, Any], parent: Entity | None, drafts: list[Draft]
    ) -> Callable[[Tx], str]:
        """Make an entity; the observations inside of it are put into `drafts`, to be kept after the commit."""
        policy = self.parts.book.in_force()

        def use_case(tx: Tx) -> str:
            making = Making(tx=tx, graph=graph, policy=policy)
            id = create(making, kind, body, parent)
            drafts[:] = making.drafts
            put_beside(tx, drafts)
            return id

        return use_case

    def changed(self, graph: Graph, entity: Entity, body: dict[str, Any], *, whole: bool) -> Callable[[Tx], str]:
        """Change an entity. `whole`: what is left out is no more."""
        policy = self.parts.book.in_force()

        def use_case(tx: Tx) -> str:
            making = Making(tx=tx, graph=graph, policy=policy)
            if entity.kind == "Observation":
                changing.change_observation(making, entity.of.id, entity.of.value, body, whole=whole)
            else:
                changing.change(making, entity, body, whole=whole)
            return str(entity.id)

        return use_case

    def removed(self, graph: Graph, entity: Entity) -> Callable[[Tx], str]:
        """Remove an entity, with what cannot be without it."""

        def use_case(tx: Tx) -> str:
            if entity.kind == "Observation":
                changing.remove_observation(tx, entity.of.id)
            else:
                changing.remove(tx, graph, entity)
            return str(entity.id)

        return use_case

    @staticmethod
    def one(asker: Asker, place: Place) -> tuple[Entity, dict[str, Any]]:
        """The one entity that an address names, and its properties. Refuses with `EntityUnknown`."""
        entity = None if place.inside or place.is_ref else asker.reach(place.steps)
        if entity is None:
            raise EntityUnknown("The address names no one entity; name it by its id, e.g. Things('…').")
        members = {name: asker.member(entity, name) for name in KINDS[entity.kind].properties}
        return entity, {name: each for name, each in members.items() if each is not None}

    # observations

    def gone(self, tx: Tx, drafts: Sequence[Draft]) -> bool:
        """Whether one of these was deleted before."""
        return bool({each.key for each in drafts} & store.gone_among(tx, {each.stream for each in drafts}))

    async def keep(self, drafts: Sequence[Draft], now: datetime) -> Taken:
        """Keep observations; gives what became of them once they are on the disk.

        Refuses with `TooMuch` or `NotKept`: then none was kept.
        """
        register = self.parts.register.now()
        if any(each.stream not in register.streams for each in drafts):
            register = self.parts.register.refresh()
        names = {no: _name(register.streams[no], register.things) for no in {each.stream for each in drafts}}
        named = Named([names[each.stream] for each in drafts], [each.at for each in drafts], [each.value for each in drafts])
        return await self.parts.sensing.taken(named, source=SOURCE, now=now)

    async def keep_columns(self, graph: Graph, read: "Read", now: datetime) -> Taken:
        """Keep many; the same as `keep`."""
        names = {no: _name(graph.streams[no], graph.things) for no in set(read.streams)}
        named = Named([names[no] for no in read.streams], read.at, read.value)
        return await self.parts.sensing.taken(named, source=SOURCE, now=now)

    def missing(self, tx: Tx, read: "Read") -> frozenset[Key]:
        """Of what was sent, what is not in the history after all."""
        sent = {each for each in read.said if isinstance(each, tuple)}
        there: set[Key] = set()
        for no in set(read.streams):
            moments = [at for stream, at, _ in sent if stream == no]
            for batch in walked(self.records, [no], min(moments), max(moments), newest_first=False):
                there |= set(zip(batch.stream.tolist(), batch.at.tolist(), batch.track.tolist(), strict=True))
        return frozenset(sent - there)

    def plain_draft(self, graph: Graph, stream_id: str, body: dict[str, Any], now: datetime) -> Draft:
        """An observation of a stream that is there, with nothing to be made. Refuses with `BodyBad`."""
        stream = stream_among(graph, stream_id)
        own = bodies.own_of(body, KINDS["Observation"], whole=True)
        return draft_of(stream, own, bodies.linked(body.get("FeatureOfInterest") or {}) or "", epoch_us(now))


def put_beside(tx: Tx, drafts: Sequence[Draft]) -> None:
    """Keep what stands beside observations; what was deleted and comes again is there again."""
    for each in drafts:
        if each.beside:
            store.beside_put(tx, each.key, each.beside)
    bare = [each for each in drafts if not each.beside]
    gone = store.gone_among(tx, {each.stream for each in bare}) if bare else set()
    for each in bare:
        if each.key in gone:
            store.beside_put(tx, each.key, {})


def stream_name(graph: Graph, no: int) -> str:
    """What a source calls a stream."""
    return _name(graph.streams[no], graph.things)


def _name(stream: Stream, things: Any) -> str:
    return f"{things[stream.thing].key}/{stream.key}"


def stream_among(graph: Graph, id: str) -> Stream:
    """The stream that takes observations. Refuses with `BodyBad`."""
    entity = graph.get("Datastream", id)
    if entity is None:
        raise BodyBad(f"There is no Datastream {id[:60]!r}; take an id from a list.")
    stream: Stream = entity.of
    thing = graph.things[stream.thing]
    if stream.is_closed or thing.state not in ALIVE | {LifeState.faulty, LifeState.planned}:
        raise NotTaken(f"Datastream {id} takes nothing any more; send to one that is open.")
    return stream


def is_all_kept(taken: Taken) -> None:
    """Refuses with `NotTaken` where something went aside."""
    if taken.aside:
        why = ", ".join(sorted(taken.aside))
        raise NotTaken(f"The observation was put aside ({why}); see /v1/devices/aside, mend its time or result, send it again.")


def needs_to_manage(caller: Caller) -> None:
    """Refuses with `NotAllowed` who may send observations only."""
    if not caller.may(Permission.device_manage):
        raise NotAllowed(f"{caller.name or 'You'} may not device.manage; ask for a post or a key that includes it.")
