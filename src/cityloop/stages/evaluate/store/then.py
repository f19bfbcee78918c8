"""The city as of a fact, as far as figures ask: it stands where a transaction of the city's own tables does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from cityloop.domain.calendar import EPOCH

if TYPE_CHECKING:  # they take half a second, and most of what a city does asks nothing of the past
    import pyarrow as pa
    from ibis import Table as Rows

    from cityloop.stages.evaluate.model import Span
    from cityloop.stages.evaluate.model.scoring import Excluded
    from cityloop.stages.evaluate.store.sums import Sums
    from cityloop.wide.spine import Spine


LeftOut = Callable[["Span"], "tuple[Excluded, ...]"]


class Engine(Protocol):
    """What runs an expression over the spine: DuckDB, PostgreSQL, Spark."""

    def spine_at(self, seq: int) -> "Spine": ...

    def run(self, key: Any, make: "Callable[[], Rows]", asked: dict[str, int | str]) -> "pa.Table": ...


class Then:
    """The city when the journal had so many facts."""

    def __init__(self, engine: Engine, seq: int, sums: "Sums | None" = None, left_out: "LeftOut" = lambda span: ()):
        self.engine = engine
        self.seq = seq
        self.left_out = left_out  # the cases that were not counted in a period
        self.sums = sums  # what was counted before, and may be brought to this fact

    @cached_property
    def spine(self) -> "Spine":
        """The tables as of the fact."""
        return self.engine.spine_at(self.seq)

    def first_at(self) -> datetime | None:
        """When the first report came."""
        return self.first_at_anew() if self.sums is None else self.sums.first_at(self)

    def first_at_anew(self) -> datetime | None:
        """When the first report came, looked up in all of them."""
        report = self.spine("report", ("received_at",))
        found = self.rows("first_at", lambda: report.aggregate(first_at=report.received_at.min()), {})
        at = found["first_at"][0].as_py()
        return None if at is None else EPOCH + timedelta(microseconds=at)

    def rows(self, key: Any, make: "Callable[[], Rows]", asked: dict[str, int | str]) -> "pa.Table":
        """The rows of an expression, as of the fact. `key` names its shape: what it is made of but for what is `asked`."""
        return self.engine.run((self.spine.moving, key), make, {"seq": self.seq} | asked)
