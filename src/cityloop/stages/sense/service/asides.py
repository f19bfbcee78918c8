"""What was put aside: counted in memory, written soon; of unknown streams some observations wait for who claims them."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta

from cityloop.db import CommitFailed, Tx
from cityloop.journal import Writer
from cityloop.stages.sense.rules.reading import Odd, key_said
from cityloop.stages.sense.rules.sifting import Known
from cityloop.stages.sense.store import asides as store
from cityloop.stages.sense.store.asides import Aside, AsideValue
from cityloop.telemetry.batch import Batch, batch_of

ROWS_MAX = 20_000  # of streams and reasons, in a city; what comes beyond is counted under no stream
WAITING_MAX = 1_000  # observations of one unknown stream that wait
NEW_MAX = 5_000  # streams and reasons between two writings
KEPT = timedelta(days=30)  # after which what did not come again, and nobody claimed, is forgotten
FORGOTTEN_AT_ONCE = 20  # streams and reasons: of each a thousand rows

Counts = dict[tuple[str, str], tuple[int, str, float | None]]  # stream and reason -> how many, from where, an example
Values = dict[str, list[AsideValue]]


class Asides:
    """Counts what goes aside. `settle` writes it down; the server does so every second, and before it answers for
    streams that are unknown."""

    def __init__(self, writer: Writer):
        self.writer = writer
        self.kept: set[str] = set()  # streams of which observations were written down, until somebody has looked for them
        self._counts: Counts = {}
        self._values: Values = {}
        self._turn = asyncio.Lock()

    def note(self, odd: Sequence[Odd], source: str, unknown: Sequence[AsideValue] = ()) -> None:
        """Remember what went aside."""
        for each in odd:
            key = (key_said(each.key), each.reason)
            if key not in self._counts and len(self._counts) >= NEW_MAX:
                key = ("", each.reason)
            count, _, example = self._counts.get(key, (0, "", None))
            self._counts[key] = (count + 1, source, example if each.example is None else each.example)
        for value in unknown:
            if not value.key or value.key != key_said(value.key):
                continue  # nobody can register it
            waiting = self._values.setdefault(value.key, []) if len(self._values) < NEW_MAX else self._values.get(value.key)
            if waiting is not None and len(waiting) < WAITING_MAX:
                waiting.append(value)

    async def settle(self) -> None:
        """Write down what is remembered; ends when it is durable. A stream of which the database takes nothing is counted
        under none.

        Refuses with `CommitFailed`: then what is not written is still remembered.
        """
        async with self._turn:
            counts, values = self._counts, self._values
            self._counts, self._values = {}, {}
            try:
                if counts or values:
                    await self._write(counts, values)
            except BaseException:
                self._back(counts, values)
                raise

    def claimed(self, known: Known, keys: Collection[str] | None) -> list[tuple[str, Batch, list[AsideValue]]]:
        """What waited for streams that are known by now, of these or of all: name, batch, and the rows to forget once it is in
        the log."""
        found = []
        with self.writer.database.reading() as tx:
            for key in store.aside_unknown_keys(tx) if keys is None else keys:
                if key in known:
                    rows = store.aside_value_list(tx, key)
                    at, value, track = ([getattr(row, name) for row in rows] for name in ("at", "value", "track"))
                    found.append((key, batch_of([known[key]] * len(rows), at, value, track), rows))
        return found

    async def forget_old(self) -> None:
        """Forget some of what did not come again for so long."""

        def is_there() -> bool:
            with self.writer.database.reading() as tx:
                return store.aside_is_old(tx, tx.now - KEPT)

        if await asyncio.to_thread(is_there):
            await self.writer.submit(lambda tx: store.aside_forget_old(tx, tx.now - KEPT, FORGOTTEN_AT_ONCE), actor="machine:sense")

    async def _write(self, counts: Counts, values: Values) -> None:
        """Write them down and take out what is written: all at once, else half of them at a time."""
        waiting = [sorted({key for key, _ in counts} | values.keys())]
        while waiting:
            keys = waiting.pop()
            among = set(keys)
            some = {each: said for each, said in counts.items() if each[0] in among}
            rows = {key: values[key] for key in keys if key in values}
            try:
                await self._submit(some, rows)
            except CommitFailed:
                if len(keys) > 1:
                    waiting += [keys[: len(keys) // 2], keys[len(keys) // 2 :]]
                    continue
                await self._submit({("", reason): (count, source, None) for (_, reason), (count, source, _) in some.items()}, {})
            for each in some:
                del counts[each]
            for key in rows:
                del values[key]
            self.kept |= rows.keys()

    async def _submit(self, counts: Counts, values: Values) -> None:
        await self.writer.submit(lambda tx: _written(tx, counts, values), actor="machine:sense")

    def _back(self, counts: Counts, values: Values) -> None:
        for key, (count, source, example) in counts.items():
            more, *_ = self._counts.get(key, (0,))
            self._counts[key] = (count + more, source, example)
        for key, rows in values.items():
            self._values[key] = (rows + self._values.get(key, []))[:WAITING_MAX]


def _written(tx: Tx, counts: Counts, values: Values) -> None:
    is_full = store.aside_kept_count(tx) + len(counts) > ROWS_MAX
    for (key, reason), (count, source, example) in sorted(counts.items()):
        kept_as = "" if is_full and not store.aside_is_there(tx, key, reason) else key
        store.aside_count(
            tx, Aside(key=kept_as, reason=reason, source=source, count=count, first_at=tx.now, last_at=tx.now, example=example)
        )  # fmt: skip
    for key, rows in sorted(values.items()):
        if store.aside_is_there(tx, key, "unknown"):
            store.aside_value_keep(tx, rows[: max(0, WAITING_MAX - store.aside_value_count(tx, key))])
