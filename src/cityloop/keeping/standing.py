"""Between two points: which facts belong to a moment, and what the city was about to do then.

What is derived follows from the facts. What acts (cursors, timers, counters) is taken as it stood at the point before, moved on by
what the facts themselves say was done: a fact names the fact that it follows from, and who told it.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from cityloop.db.tables import Kind, Table
from cityloop.domain.facts import FACTS
from cityloop.journal.heard import all_of
from cityloop.journal.tlog import alg_in_facts, grow, leaves_of
from cityloop.keeping.chest import Chest
from cityloop.keeping.model import LEFT_OUT_TABLES, BackupDamaged, Chunk, Point, SchemaUnknown
from cityloop.keeping.rows import Engine, load, replace, unpacked

SINCE_ITEM = {"vault": "id", "vault_mark": "id", "file_shown": "photo", "tracking": "said"}  # shipped by the item that they are of
SINCE_KEY = ("fact", "checkpoint")  # shipped by their key
SINCE_MOMENT = {"idempotency": "at", "erased": "at"}
COUNTERS = ("case_counter", "order_counter")  # numbers given are never given again
GROWS = 20_000
REACTS = "machine:"


class _Fact(Struct, frozen=True):
    seq: int
    type: str
    version: int
    recorded_at: str


def shipped_whole(table: Table) -> bool:
    """Whether a shipped point holds all rows of this table, not only new ones."""
    if table.name in LEFT_OUT_TABLES or table.name == "log_head" or table.name in SINCE_ITEM or table.name in SINCE_KEY or table.name in SINCE_MOMENT:
        return False
    return table.kind not in (Kind.derived, Kind.index)


def cut_facts(chest: Chest, full: Point, after: list[Point], to_seq: int | None, to_moment: str | None) -> tuple[int, int]:
    """The last fact that is wanted and known, and how many wanted ones this program does not know; never half a transaction."""
    found: dict[int, _Fact] = {}
    for point in after:
        places = [point.columns["fact"].index(name) for name in ("seq", "type", "version", "recorded_at")]
        for chunk in point.tables["fact"]:
            if chunk.last[0] > full.size:
                told = (_Fact(*[row[place] for place in places]) for row in unpacked(chest.get(chunk.piece)))
                found |= {each.seq: each for each in told if each.seq > full.size}
    facts = [found[seq] for seq in sorted(found)]
    if facts and (facts[0].seq, facts[-1].seq) != (full.size + 1, full.size + len(facts)):
        raise BackupDamaged("Facts are missing between the points of the backup; use another one.")
    wanted = 0
    for no, each in enumerate(facts, 1):
        if (to_seq is None or each.seq <= to_seq) and (to_moment is None or each.recorded_at <= to_moment):
            wanted = no
    cut = whole_transactions(facts, wanted)
    unknown = next((no for no, each in enumerate(facts[:cut]) if not is_known(each.type, each.version)), None)
    if unknown is None:
        return full.size + cut, 0
    kept = whole_transactions(facts, unknown)
    return full.size + kept, cut - kept


def whole_transactions(facts: list[_Fact], count: int) -> int:
    """At most so many facts, and all of their transactions: what one tells is recorded at one moment."""
    while 0 < count < len(facts) and facts[count - 1].recorded_at == facts[count].recorded_at:
        count -= 1
    return count


def is_known(kind: str, version: int) -> bool:
    """Whether this program can read such a fact."""
    return kind in FACTS and version <= FACTS[kind].VERSION


def all_known(rows: Iterable[tuple], table: Table) -> None:
    """Refuses with `SchemaUnknown` where a full point holds a fact that this program cannot read."""
    names = list(table.columns)
    kind, version = names.index("type"), names.index("version")
    for each in {(row[kind], row[version]) for row in rows}:
        if not is_known(*each):
            raise SchemaUnknown(
                f"The backup holds {each[0]} of version {each[1]}, which this program does not know; use the program that made it, or an "
                "earlier point: cityloop backup list"
            )


def known_facts(engine: Engine, chest: Chest, full: Point, after: list[Point], table: Table, size: int) -> None:
    """Write the facts after the full point, up to the last that is wanted."""
    place, done = list(table.columns).index("seq"), full.size
    for point in after:
        for rows in rows_as(chest, point, table, [chunk for chunk in point.tables["fact"] if chunk.last[0] > done]):
            new = [row for row in rows if done < row[place] <= size]
            load(engine, "fact", tuple(table.columns), new)
            done = new[-1][place] if new else done


def acting_at(engine: Engine, chest: Chest, full: Point, after: list[Point], tables: Mapping[str, Table], size: int) -> None:
    """Bring all that is not derived to where it stood when the journal had this size."""
    city, last = full.city, after[-1]
    mine = [each for each in (full, *after) if each.size <= size and set(each.migrations) == set(full.migrations)]
    stand = mine[-1]
    between = size > stand.size
    for name, chunks in stand.tables.items() if stand is not full else ():
        if shipped_whole(tables[name]):
            engine.execute(f"DELETE FROM {name} WHERE city = :city", {"city": city})
            for rows in rows_as(chest, stand, tables[name], chunks):
                load(engine, name, tuple(tables[name].columns), rows)
    sealed = {row[0]: row[1] for row in engine.fetch("SELECT origin, max(size) FROM checkpoint WHERE city = :city GROUP BY origin", {"city": city})[1]}
    for point in after:
        for name in (*SINCE_ITEM, *SINCE_MOMENT, "checkpoint"):
            for rows in rows_as(chest, point, tables[name], point.tables.get(name, ())):
                replace(engine, tables[name], tuple(tables[name].columns), rows)
    for name in (*COUNTERS, "timer", "pack_version") if between else ():
        for rows in rows_as(chest, last, tables[name], last.tables.get(name, ())):
            replace(engine, tables[name], tuple(tables[name].columns), rows)
    if between:
        _heard(engine, city, stand.size, size)
    _tiles(engine, city, sealed, size)


def rows_as(chest: Chest, point: Point, table: Table, chunks: Iterable[Chunk]) -> Iterable[list[tuple]]:
    """The rows of pieces, with the columns that this program knows; one that the other program lacked is empty."""
    theirs = point.columns[table.name]
    places = [theirs.index(name) if name in theirs else None for name in table.columns]
    same = places == list(range(len(theirs)))
    for chunk in chunks:
        rows = unpacked(chest.get(chunk.piece))
        yield rows if same else [tuple(None if place is None else row[place] for place in places) for row in rows]


def _heard(engine: Engine, city: str, since: int, size: int) -> None:
    """Write down which facts were acted upon by what was told after the point: nobody acts upon them again."""
    runs = engine.fetch("SELECT first, last, handlers FROM heard WHERE city = :city", {"city": city})[1]
    heard = {seq: {*handlers.strip("/").split("/")} for first, last, handlers in runs for seq in range(first, last + 1)}
    told = engine.fetch(
        "SELECT cause, actor FROM fact WHERE city = :city AND seq > :since AND seq <= :size AND cause IS NOT NULL", {"city": city, "since": since, "size": size}
    )[1]
    for cause, actor in {(cause, actor) for cause, actor in told if actor.startswith(REACTS)}:
        subject, _, no = cause.rpartition("#")
        given = {"city": city, "subject": subject, "no": int(no)}
        found = engine.fetch("SELECT seq FROM fact WHERE city = :city AND subject = :subject AND subject_no = :no", given)[1]
        if found:
            heard.setdefault(found[0][0], set()).add(actor.removeprefix(REACTS))
    engine.execute("DELETE FROM heard WHERE city = :city", {"city": city})
    load(engine, "heard", ("city", "last", "first", "handlers"), [(city, seq, seq, all_of(sorted(names))) for seq, names in sorted(heard.items())])


def _tiles(engine: Engine, city: str, sealed: Mapping[int, int], size: int) -> None:
    """Drop heads beyond the moment, and make the tiles that the shipped heads stand on."""
    for no, first in engine.fetch("SELECT no, first_seq FROM origin WHERE city = :city ORDER BY no", {"city": city})[1]:
        given = {"city": city, "no": no}
        engine.execute("DELETE FROM checkpoint WHERE city = :city AND origin = :no AND size > :most", given | {"most": size - first + 1})
        to = engine.fetch("SELECT max(size) FROM checkpoint WHERE city = :city AND origin = :no", given)[1][0][0] or 0
        at = sealed.get(no, 0)

        def tile(level: int, place: int, given: dict = given) -> bytes | None:
            sql = "SELECT hashes FROM tile WHERE city = :city AND origin = :no AND level = :level AND place = :place"
            rows = engine.fetch(sql, given | {"level": level, "place": place})[1]
            return bytes(rows[0][0]) if rows else None

        while at < to:
            many = min(GROWS, to - at)
            rows = engine.fetch(
                "SELECT salt, body, alg FROM fact WHERE city = :city AND seq >= :first AND seq < :end ORDER BY seq",
                {"city": city, "first": first + at, "end": first + at + many},
            )[1]
            alg = alg_in_facts(rows[0][2])  # one log has one
            for each in grow(at, tile, leaves_of([bytes(salt) + bytes(body) for salt, body, _ in rows], alg=alg), alg=alg).tiles:
                key = given | {"level": each.level, "place": each.index}
                engine.execute("DELETE FROM tile WHERE city = :city AND origin = :no AND level = :level AND place = :place", key)
                load(engine, "tile", ("city", "origin", "level", "place", "hashes"), [(city, no, each.level, each.index, each.hashes)])
            at += many
