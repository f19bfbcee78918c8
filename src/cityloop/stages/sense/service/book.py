"""The register at hand: loaded once, refreshed by what changed, told to everybody as one frozen version."""

from collections.abc import Iterable
from datetime import datetime

from cityloop.db import Database, Tx
from cityloop.domain.ids import ThingId
from cityloop.domain.sensing import LifeState, Stream, Thing
from cityloop.stages.sense.model import Register
from cityloop.stages.sense.store import register as store

EMPTY = Register(version=0, things={}, streams={}, by_key={})


class RegisterBook:
    """The register as it stands. `refresh` sees what changed, here or by another process; `now` gives it."""

    def __init__(self, database: Database):
        self.database = database
        self._register: Register | None = None
        self._heads: dict[str, int] = {}  # device -> the number of its last fact
        self._last: str | None = None  # when the newest of them was recorded

    def now(self) -> Register:
        """The register, as fresh as the last `refresh`."""
        return self._register or self.refresh()

    def refresh(self) -> Register:
        """See what changed, and give the register with it."""
        with self.database.reading() as tx:
            heads = store.heads_since(tx, self._since(tx))
            changed = [id for id, no, _ in heads if self._heads.get(id) != no]
            if self._register is None:
                self._register = register_of(store.thing_list_all(tx), store.stream_list_all(tx), 0)
            elif changed:
                self._register = _laid_over(self._register, *store.things_among(tx, changed))
        self._heads |= {id: no for id, no, _ in heads}
        self._last = max((at for _, _, at in heads), default=self._last)
        version = sum(self._heads.values())
        if self._register.version != version:
            found = self._register
            self._register = Register(version=version, things=found.things, streams=found.streams, by_key=found.by_key)
        return self._register

    def _since(self, tx: Tx) -> datetime | None:
        """From when on to look: what was recorded a moment earlier may have been committed only now."""
        if self._register is None or self._last is None:
            return None
        return datetime.fromisoformat(self._last) - tx.engine.overlap


def register_of(things: Iterable[Thing], streams: Iterable[Stream], version: int) -> Register:
    """A register of these."""
    by_id, by_no = {each.id: each for each in things}, {each.no: each for each in streams}
    return Register(version=version, things=by_id, streams=by_no, by_key=dict(_keys(by_id, by_no.values())))


def _keys(things: dict[ThingId, Thing], streams: Iterable[Stream]) -> Iterable[tuple[str, int]]:
    for each in streams:
        thing = things[each.thing]
        if not each.is_closed and thing.state is not LifeState.retired:
            yield f"{thing.key}/{each.key}", each.no


def _laid_over(register: Register, things: list[Thing], streams: list[Stream]) -> Register:
    """The register with what changed; the one before stays as it is for whoever reads it."""
    ids = {each.id for each in things}
    by_id = register.things | {each.id: each for each in things}
    by_no = register.streams | {each.no: each for each in streams}
    gone = {no for no, each in register.streams.items() if each.thing in ids}
    by_key = {key: no for key, no in register.by_key.items() if no not in gone}
    by_key.update(_keys(by_id, streams))
    return Register(version=register.version, things=by_id, streams=by_no, by_key=by_key)
