"""Seals what the shadow saw: files of images and of facts by city, table and time, first as they came, then settled.

Files come first; then one transaction of the shadow's own file names them, forgets the images that they hold and says how far they
go. What a round left that did not end is named by nobody, and the next one removes it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cityloop.domain.calendar import EPOCH, epoch_us
from cityloop.domain.time import moment
from cityloop.wide.columns import FACTS, FOREVER, SPINE
from cityloop.wide.files import remove_others, write_query, write_table
from cityloop.wide.images import forget_found
from cityloop.wide.reading import File, files_of, images_of
from cityloop.wide.shadow import Shadow

ROUND_FACTS = 4_000  # that wait in the shadow before they are sealed
FOUND_FACTS = 20_000  # back to which it is known how they found the rows that they changed
SETTLE_FACTS = 50_000  # in rounds, before they are settled: whoever asks lays them over what is
FACTS_AT_ONCE = 100_000
MERGE_AT = 8  # files of a kind and period that become one
MERGE_ROWS_MAX = 8_000_000
MEMORY = "1GB"
# The month in which an id was drawn: its first 48 bits are milliseconds (UUIDv7). It never changes, so a row stays in its file.
_MONTH = (
    "COALESCE(strftime(make_timestamp(TRY_CAST('0x' || substr(id, 1, 8) || substr(id, 10, 4) AS BIGINT) * 1000), '%Y-%m'), 'other')"
)


class Archive:
    """The files of a city's facts and of its rows of all times. One process at a time seals; any number may read."""

    def __init__(self, shadow: Shadow, *, threads: int = 1):
        self.shadow = shadow
        self.folder = shadow.folder
        self._threads = threads
        self._going: list[str] = []  # files that were replaced, and that a reader may still be about to open
        remove_others(self.folder, (each.path for each in self.files()))

    def files(self) -> tuple[File, ...]:
        """The files that stand."""
        return files_of(self.shadow.database.engine.connection)

    def keep(self, *, most: int = 2_000) -> int:
        """Hear what is new, and seal and settle where it is time; gives how many facts were heard."""
        heard = self.shadow.follow(most)
        at = self.shadow.at
        if at.seq - at.sealed >= ROUND_FACTS:
            self.seal()
            if at.seq - at.settled >= SETTLE_FACTS:
                self.settle()
        return heard

    def build(self, on_progress: Callable[[int, int], None] = lambda done, of: None) -> int:
        """Hear, seal and settle all there is; gives how many facts were heard."""

        def then() -> None:
            at = self.shadow.at
            if at.seq - at.sealed >= FACTS_AT_ONCE:
                self.seal()
                if at.seq - at.settled >= 10 * FACTS_AT_ONCE:
                    self.settle()

        heard = self.shadow.follow_all(on_progress, then)
        self.seal()
        self.settle()
        return heard

    def seal(self) -> int:
        """A round: what the shadow saw since the last, as files; gives how many facts."""
        at, no, made = self.shadow.at, self.shadow.at.given + 1, []
        if at.seq == at.sealed:
            return 0
        connection = self.shadow.database.engine.connection
        for table in SPINE:
            images = images_of(connection, table, at.sealed, at.seq)
            if images.num_rows:
                made.append(self._written(f"{table}/round.{no}.parquet", "round", table, "", images, at.seq))
        for day, facts in self._facts(at.sealed, at.seq):
            made.append(self._written(f"fact/{day}.{no}.parquet", "fact", "fact", day, facts, at.seq))
        forget = [f"DELETE FROM image_{table} WHERE from_seq <= {at.seq}" for table in SPINE]
        self._name(made, (), no, [*forget, *forget_found(at.seq - FOUND_FACTS), f"UPDATE wide_at SET sealed = {at.seq}"])
        self._merge_facts()
        return at.seq - at.sealed

    def settle(self) -> int:
        """Lay the rounds into what is settled: each image gets the fact until which it stood; gives how many rounds there were."""
        there, no = self.files(), self.shadow.at.given + 1
        rounds = [each for each in there if each.kind == "round"]
        if not rounds:
            return 0
        last, made, gone = max(each.last_seq for each in rounds), [], [each.path for each in rounds]
        with duckdb.connect(config={"memory_limit": MEMORY, "threads": self._threads}) as aside:
            for table in SPINE:
                mine = [each for each in rounds if each.what == table]
                if mine:
                    now = {each.period: each for each in there if each.kind == "now" and each.what == table}
                    new, replaced = self._settled(aside, table, mine, now, no, last)
                    made += new
                    gone += replaced
                past = [each for each in there if each.kind == "past" and each.what == table]
                if len(past) >= MERGE_AT and sum(each.row_count for each in past) <= MERGE_ROWS_MAX:
                    made.append(self._merged(aside, past, f"{table}/past.{no}-merged.parquet", "from_seq"))
                    gone += [each.path for each in past]
        self._name(made, gone, no, [f"UPDATE wide_at SET settled = {last}"])
        return len(rounds)

    def _settled(
        self, aside: duckdb.DuckDBPyConnection, table: str, rounds: Sequence[File], now: dict[str, File], no: int, last: int
    ) -> tuple[list[File], list[str]]:  # fmt: skip
        """New files of one table, and those that they replace."""
        paths = [str(self.folder / each.path) for each in rounds]
        order = "OVER (PARTITION BY id ORDER BY from_seq)"
        aside.execute(
            f"CREATE OR REPLACE TEMP TABLE came AS SELECT *, lead(from_seq, 1, {FOREVER}) {order} AS to_seq, "
            f"min(from_seq) OVER (PARTITION BY id) AS first_seq, {_MONTH} AS month FROM read_parquet({paths!r})"
        )
        columns = ", ".join(f'"{name}"' for name in ("from_seq", "to_seq", *SPINE[table]))
        months = [row[0] for row in aside.execute("SELECT DISTINCT month FROM came ORDER BY month").fetchall()]
        old = [str(self.folder / now[each].path) for each in months if each in now]
        was = f"SELECT *, {_MONTH} AS month FROM read_parquet({old!r})" if old else "SELECT * EXCLUDE (gone, first_seq) FROM came WHERE false"
        aside.execute(f"CREATE OR REPLACE TEMP VIEW was AS {was}")
        closed = columns.replace('"to_seq"', "first_seq AS to_seq")
        past = (
            f"SELECT * FROM (SELECT {columns} FROM came WHERE to_seq < {FOREVER} AND gone = 0 UNION ALL "
            f"SELECT {closed} FROM was JOIN (SELECT DISTINCT id, first_seq FROM came) AS firsts USING (id)) ORDER BY from_seq"
        )
        made = [self._queried(aside, f"{table}/past.{no}.parquet", "past", table, "", past, last)]
        for month in months:
            stands = (
                f"SELECT {columns} FROM came WHERE to_seq = {FOREVER} AND gone = 0 AND month = '{month}' UNION ALL "
                f"SELECT {columns} FROM was ANTI JOIN came USING (id) WHERE month = '{month}'"
            )
            path = f"{table}/now.{month}.{no}.parquet"
            made.append(self._queried(aside, path, "now", table, month, f"SELECT * FROM ({stands}) ORDER BY id", last))
        return [each for each in made if each.row_count], [now[each].path for each in months if each in now]

    def _merge_facts(self) -> None:
        """Make one file of the facts of a day, where there are many, and of the days of a month that is long over."""
        there, no = self.files(), self.shadow.at.given + 1
        facts = [each for each in there if each.kind == "fact"]
        latest = max((each.period for each in facts), default="")
        for length, least in ((10, MERGE_AT), (7, 2)):
            groups: dict[str, list[File]] = {}
            for each in facts:
                if length == 10 or each.period[:7] < latest[:7]:
                    groups.setdefault(each.period[:length], []).append(each)
            for period, some in groups.items():
                if len(some) >= least and sum(each.row_count for each in some) <= MERGE_ROWS_MAX:
                    with duckdb.connect(config={"memory_limit": MEMORY, "threads": self._threads}) as aside:
                        made = self._merged(aside, some, f"fact/{period}.{no}-merged.parquet", "seq", period)
                    self._name([made], [each.path for each in some], no, [])
                    return  # one at a time; the next round goes on

    def _merged(self, aside: duckdb.DuckDBPyConnection, some: Sequence[File], path: str, order: str, period: str = "") -> File:
        paths = [str(self.folder / each.path) for each in some]
        sql = f'SELECT * FROM read_parquet({paths!r}) ORDER BY "{order}"'
        return self._queried(aside, path, some[0].kind, some[0].what, period, sql, max(each.last_seq for each in some))

    def _facts(self, after: int, to: int) -> Iterator[tuple[str, pa.Table]]:
        """The facts of the journal by the day on which they were recorded, in UTC."""
        import pyarrow.compute as pc  # a tenth of a second, which no start should wait for

        while after < to:
            with self.shadow.source.reading() as tx:
                rows = tx.tuples(
                    "SELECT seq, subject, subject_no, type, version, at, recorded_at, actor, pack, cause, body FROM fact "
                    f"WHERE city = :city AND seq > :after AND seq <= :to ORDER BY seq LIMIT {FACTS_AT_ONCE}",
                    after=after, to=to,
                )  # fmt: skip
            columns = [list(column) for column in zip(*rows, strict=True)]
            for place in (5, 6):
                columns[place] = [epoch_us(moment(each)) for each in columns[place]]
            columns[10] = [bytes(each) for each in columns[10]]
            table = pa.Table.from_arrays([pa.array(column, field.type) for column, field in zip(columns, FACTS, strict=True)], schema=FACTS)
            days = pc.divide(table["recorded_at"], 86_400_000_000)
            for day in pc.unique(days).to_pylist():
                yield str(EPOCH.date() + timedelta(days=day)), table.filter(pc.equal(days, day))
            after = rows[-1][0]

    def _written(self, path: str, kind: str, what: str, period: str, table: pa.Table, last: int) -> File:
        if (self.folder / path).exists():  # of one day in two stretches
            path = path.replace(".parquet", f"-{table[0][0].as_py()}.parquet")
        return File(path, kind, what, period, table.num_rows, write_table(self.folder / path, table), last)

    def _queried(
        self, aside: duckdb.DuckDBPyConnection, path: str, kind: str, what: str, period: str, sql: str, last: int
    ) -> File:  # fmt: skip
        rows, size = write_query(aside, self.folder / path, sql)
        if not rows:
            (self.folder / path).unlink()
        return File(path, kind, what, period, rows, size, last)

    def _name(self, made: Sequence[File], gone: Sequence[str], no: int, also: Sequence[str]) -> None:
        """Name new files in place of others, in one transaction. The others go the next time: somebody may be reading them."""
        engine = self.shadow.database.engine
        engine.begin()
        try:
            run = engine.connection
            run.executemany("DELETE FROM wide_file WHERE path = ?", [(each,) for each in gone])
            run.executemany(
                "INSERT INTO wide_file VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(one.path, one.kind, one.what, one.period, one.row_count, one.size_bytes, one.last_seq) for one in made],
            )
            for statement in (f"UPDATE wide_at SET given = {no}", *also):
                run.execute(statement)
            engine.commit()
        except BaseException:
            engine.rollback()
            raise
        for each in self._going:
            (self.folder / each).unlink(missing_ok=True)
        self._going = [*gone]


def faults_of(folder: Path, files: Sequence[File]) -> Iterator[tuple[str, str]]:
    """Files that are not as they were made, each with what is wrong: `missing`, `damaged`."""
    for each in files:
        path = folder / each.path
        if not path.exists():
            yield each.path, "missing"
        elif path.stat().st_size != each.size_bytes:
            yield each.path, "damaged"
        else:
            try:
                if pq.read_metadata(path).num_rows != each.row_count:
                    yield each.path, "damaged"
            except pa.ArrowException:
                yield each.path, "damaged"

