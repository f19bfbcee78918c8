"""What decides now: the model in force, read once from its file, and what is paused. Looked up now and then, as the pack is."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.domain.deciders import Algorithm, Deciders, Trouble
from cityloop.domain.errors import CityloopError, NotFound
from cityloop.domain.facts import LevelMoved
from cityloop.domain.ids import FileDigest
from cityloop.domain.policy import Policy
from cityloop.files import FileStore
from cityloop.journal import Writer
from cityloop.learning.learned import Learned, learned_from
from cityloop.teaching import store
from cityloop.teaching.model import AlgorithmRow

_levels = msgspec.json.Decoder(tuple[LevelMoved, ...]).decode


class ModelBook:
    """Models by their digest, and which decides. Its word reaches every transaction of this process by the writer."""

    def __init__(self, writer: Writer, files: FileStore, policy: Callable[[], Policy]):
        self.writer, self.files, self.policy = writer, files, policy
        self._seen: tuple[object, ...] = ()
        self._kept: Learned | None = None

    @property
    def now(self) -> Deciders:
        return self.writer.deciders

    def refresh(self) -> None:
        """See whether another model was put in force, or something paused, here or by another process."""
        with self.writer.database.reading() as tx:
            rows = store.algorithm_list(tx)
        policy = self.policy()
        seen = (policy.digest, *rows)
        if seen != self._seen or self.now.trouble is Trouble.missing:
            self.writer.deciders = self._deciders(rows, policy)
            self._seen = seen

    def _deciders(self, rows: list[AlgorithmRow], policy: Policy) -> Deciders:
        paused = frozenset(Algorithm(row.id) for row in rows if row.paused_at)
        row = next((row for row in rows if row.id == Algorithm.lessons), None)
        if row is None or row.model is None:
            self._kept = None
            return Deciders(paused=paused)
        learned, trouble = self.learned(row.model, policy)
        if learned is None or Algorithm.lessons in paused:
            return Deciders(paused=paused, trouble=trouble)
        drifted = {each.group: each.from_ppm for each in _levels(row.levels)}
        return Deciders(learned=replace(learned, drifted=drifted), paused=paused)

    def learned(self, digest: str, policy: Policy) -> tuple[Learned | None, Trouble | None]:
        """The model of this digest as its file has it; or why it cannot decide."""
        if self._kept is None or self._kept.digest != digest:
            try:
                found = learned_from(self.files.get(FileDigest(digest)))
            except NotFound:
                return None, Trouble.missing
            except (ValueError, CityloopError):
                return None, Trouble.broken
            self._kept = found
        return (self._kept, None) if is_of_pack(self._kept, policy) else (None, Trouble.other_pack)


def is_of_pack(learned: Learned, policy: Policy) -> bool:
    """Whether the pack knows most of the classes that the model knows; those that it does not know are left out."""
    keys = {child for node in learned.model.nodes.values() for child in node.children} - learned.model.nodes.keys()
    return sum(key in policy.class_by_key for key in keys) * 2 > len(keys)
