"""SensorThings by MQTT: observations come by the topics of the standard, and what is new is told to who subscribes to them."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from cityloop.db import Tx
from cityloop.domain.calendar import epoch_us
from cityloop.doors.sensorthings import bodies, store
from cityloop.doors.sensorthings.answering import Asker
from cityloop.doors.sensorthings.drafts import draft_of
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.model import KINDS, BodyBad, Entity, EntityUnknown
from cityloop.doors.sensorthings.options import Query
from cityloop.doors.sensorthings.paths import place_of
from cityloop.doors.sensorthings.records import Row, id_of
from cityloop.doors.sensorthings.serving import V11, Serving, graph_of, put_beside, stream_among, stream_name
from cityloop.stages.sense import Heard, Named
from cityloop.telemetry import Batch
from cityloop.telemetry.log import START, Position, end_of, follow, logs_in

VERSION = "v1.1"
ROUND_MAX = 5_000  # observations that are told in one round; of more, the newest
FACTS_MAX = 500
OPEN, ALL = "open", "all"


async def observation_heard(heard: Heard) -> Named | None:
    """An observation of a stream that is there; what we told ourselves is none. Refuses with `BodyBad` or `ResultBad`."""
    body = bodies.read_entity(heard.payload)
    if "@iot.selfLink" in body:
        return None
    try:
        place = place_of(heard.topic.partition("/")[2])
    except EntityUnknown as error:
        raise BodyBad(error.detail) from None
    above = place.steps[-2] if len(place.steps) > 1 else None
    if above is not None and above.kind.name == "Datastream":
        body = body | {"Datastream": {"@iot.id": above.id}}
    with heard.parts.database.reading() as tx:
        graph = graph_of(heard.parts, tx).whole
    stream = stream_among(graph, bodies.linked(body.get("Datastream") or {}) or "")
    feature = bodies.linked(body["FeatureOfInterest"]) if body.get("FeatureOfInterest") is not None else ""
    if feature is None:
        raise BodyBad("A feature is made by HTTP; name one that is there by its @iot.id.")
    own = bodies.own_of(body, KINDS["Observation"], whole=True)
    draft = draft_of(stream, own, feature, epoch_us(heard.now))
    if draft.beside:
        await heard.parts.writer.submit(lambda tx: put_beside(tx, [draft]), actor="machine:sta")
    return Named([stream_name(graph, stream.no)], [draft.at], [draft.value])


TOPICS = {f"{VERSION}/Observations": observation_heard, f"{VERSION}/+/Observations": observation_heard}


class Teller:
    """Tells the broker what is new since it began: observations from the logs of all processes, entities from the journal.

    Nobody is waited for: what is told while nobody listens, or beyond what a round may tell, is not told again.
    """

    def __init__(self, parts: Any) -> None:
        self.parts = parts
        self.serving = Serving(parts)
        self.after: dict[str, Position] = {folder.name: end_of(folder) for folder in logs_in(parts.senses.root)}
        with parts.database.reading() as tx:
            self.seq = store.journal_size(tx)
        self.untold = 0

    def round(self) -> int:
        """Tell what is new; how much that was."""
        link = self.parts.link
        if link is None or not link.is_up:
            return 0
        batches = self._new_rows()
        with self.parts.database.reading() as tx:
            graphs = graph_of(self.parts, tx)
            graph = graphs.whole if self.parts.settings.sta_publish == ALL else graphs.open
            asker = Asker(tx, graph, self.serving.records, f"https://{self.parts.settings.origin}{V11}", tx.now)
            told = self._tell_entities(tx, asker) + sum(self._tell_rows(asker, batch) for batch in batches)
        return told

    def _new_rows(self) -> list[Batch]:
        found = []
        for folder in logs_in(self.parts.senses.root):
            for after, batch in follow(folder, self.after.get(folder.name, START)):
                self.after[folder.name] = after
                found.append(batch)
        return found

    def _tell_rows(self, asker: Asker, batch: Batch) -> int:
        batch = batch.at_rows(np.isin(batch.stream, list(asker.graph.streams)))
        if batch.size > ROUND_MAX:
            self.untold += batch.size - ROUND_MAX
            batch = batch.at_rows(np.arange(batch.size - ROUND_MAX, batch.size))
        if not batch.size:
            return 0
        known = store.beside_among(asker.tx, np.unique(batch.stream).tolist(), int(batch.at.min()), int(batch.at.max()))
        for key in zip(batch.stream.tolist(), batch.at.tolist(), batch.track.tolist(), batch.value.tolist(), strict=True):
            stream, at, track, value = key
            beside = known.get((stream, at, track))
            row = Row(stream, at, value, track, beside.members if beside else {})
            shown = asker.show(Entity("Observation", id_of(stream, at, track), row), Query())
            self._tell(shown, "Observations", f"Datastreams({stream})/Observations")
        return batch.size

    def _tell_entities(self, tx: Tx, asker: Asker) -> int:
        told = 0
        named: Mapping[tuple[str, str], int] = store.changed_after(tx, self.seq, FACTS_MAX)
        for (kind, id), seq in named.items():
            self.seq = max(self.seq, seq)
            if kind in KINDS and (entity := asker.graph.get(kind, id)) is not None:
                self._tell(asker.show(entity, Query()), *_topics(asker.graph, entity, asker.link(entity)))
                told += 1
        return told

    def _tell(self, shown: dict[str, Any], *topics: str) -> None:
        payload = msgspec.json.encode(shown)
        for topic in topics:
            self.parts.link.publish(f"{VERSION}/{topic}", payload)


def _topics(graph: Graph, entity: Entity, link: str) -> list[str]:
    """The collection, the entity itself, and the collections of those that it belongs to."""
    kind = KINDS[entity.kind]
    found = [kind.plural, link.rpartition("/")[2].replace("%2F", "/")]
    for name, relation in kind.relations.items():
        if not relation.is_many:
            above = KINDS[relation.kind]
            for each in graph.related(entity, name):
                id = str(each.id) if isinstance(each.id, int) else f"'{each.id}'"
                found.append(f"{above.plural}({id})/{kind.plural}")
    return found


