"""Proofs and verification: what an outsider needs, and what this installation can say of itself."""

from collections.abc import Callable, Iterator

import msgspec
from msgspec import Struct

from cityloop.db import Database, Tx
from cityloop.domain.errors import NotFound, Unavailable
from cityloop.journal.seal import CheckpointRow, OriginRow, checkpoint_last, tile_hashes
from cityloop.journal.tlog import EvidenceMalformed, Prover, SaltedFactProof, entry, grow, leaf_hash
from cityloop.journal.tlog.checkpoint import open_checkpoint
from cityloop.journal.tlog.note import VerifierKey

CHUNK = 8_192
NO_LEAF = bytes(32)  # stands for a fact that cannot be read: no signed head covers it


class NotSealed(Unavailable):
    """The fact is committed and its checkpoint is not signed yet."""

    code = "journal.not_sealed"


class NoFacts(NotFound):
    """The journal holds nothing of this subject."""

    code = "journal.no_facts"


class Fault(Struct, frozen=True, kw_only=True):
    """Something that `verify` found wrong."""

    seq: int
    what: str


class Verified(Struct, frozen=True, kw_only=True):
    """What a verification came to."""

    facts: int
    checkpoints: int
    faults: tuple[Fault, ...]


class _Header(Struct, frozen=True):
    """The parts of a body that stand in columns too; moments stay text, which is faster to compare."""

    subject: str
    subject_no: int
    type: str
    version: int
    recorded_at: str
    actor: str
    pack: str | None
    cause: str | None
    alg: str
    fact: "_At"


class _At(Struct, frozen=True):
    at: str


_header = msgspec.json.Decoder(_Header).decode


def origins(tx: Tx) -> list[OriginRow]:
    """All logs of the city, the oldest first."""
    return [OriginRow(*row) for row in tx.all("SELECT no, name, first_seq FROM origin WHERE city = :city ORDER BY no")]


def origin_of(tx: Tx, seq: int) -> OriginRow:
    """The log that holds a fact. One that no log has sealed yet belongs to the newest."""
    return [each for each in origins(tx) if each.first_seq <= seq][-1]


class Proofs:
    """Proofs of one city's facts. Keeps the tiles that it has read, by log."""

    def __init__(self, database: Database):
        self.database = database
        self._provers: dict[int, Prover] = {}

    def prover(self, origin: int) -> Prover:
        """A prover over the stored tiles of a log."""

        def read(level: int, place: int) -> bytes | None:
            with self.database.reading() as tx:
                return tile_hashes(tx, origin, level, place)

        return self._provers.setdefault(origin, Prover(read, tiles_kept=4096))

    def of_subject(self, subject: str) -> list[SaltedFactProof]:
        """A proof of each fact of a subject.

        Refuses with `NoFacts` or `NotSealed`.
        """
        with self.database.reading() as tx:
            rows = tx.all(
                "SELECT seq, body, salt FROM fact WHERE city = :city AND subject = :subject ORDER BY subject_no",
                subject=subject,
            )
            heads = {row.seq: (origin := origin_of(tx, row.seq), checkpoint_last(tx, origin.no)) for row in rows}
        if not rows:
            raise NoFacts(f"The journal holds no fact of {subject}; give a subject like case/ID or report/ID.")
        return [self.of_fact(row.seq, row.body, row.salt, *heads[row.seq]) for row in rows]

    def of_fact(
        self, seq: int, body: bytes, salt: bytes, origin: OriginRow, head: CheckpointRow | None
    ) -> SaltedFactProof:
        """The fact's bytes, its salt, and the path to a signed head.

        Refuses with `NotSealed`.
        """
        index = seq - origin.first_seq
        if head is None or index >= head.size:
            raise NotSealed(f"Fact {seq} is not sealed yet; ask again in a second.")
        path = tuple(self.prover(origin.no).inclusion(index, head.size))
        return SaltedFactProof(
            origin=origin.name,
            index=index,
            size=head.size,
            body=bytes(body),
            salt=bytes(salt),
            path=path,
            checkpoint=head.note,
        )


def verify(
    database: Database,
    keys: Callable[[str], VerifierKey],
    *,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
    faults_max: int = 50,
) -> Verified:
    """Read the whole journal: dense, in order, its columns true to its bytes, and under every signed head.

    `keys` gives the verifier of an origin.
    """
    faults: list[Fault] = []
    checkpoints = 0
    with database.reading() as tx:
        size = tx.value("SELECT size FROM log_head WHERE city = :city") or 0
        logs = origins(tx)
        ends = [each.first_seq for each in logs[1:]] + [size + 1]
        heads = {each.no: _heads(tx, each.no) for each in logs}
    numbers: dict[str, int] = {}
    for log, end in zip(logs, ends, strict=True):
        tree = _Growing()
        waiting = heads[log.no]
        for leaves in _leaves(database, log.first_seq, end, numbers, faults):
            while waiting and waiting[0].size <= tree.size + len(leaves):
                head = waiting.pop(0)
                part = head.size - tree.size
                tree.add(leaves[:part])
                leaves = leaves[part:]
                checkpoints += 1
                _check_head(head, tree.root, keys(log.name), log, faults)
            tree.add(leaves)
            on_progress(log.first_seq + tree.size - 1, size)
        for head in waiting:
            faults.append(
                Fault(seq=log.first_seq + head.size, what=f"a signed head of {log.name} covers facts that are gone")
            )
        if len(faults) >= faults_max:
            break
    return Verified(facts=size, checkpoints=checkpoints, faults=tuple(faults[:faults_max]))


class _Growing:
    """A tree that only knows its right edge."""

    def __init__(self) -> None:
        self.size = 0
        self.root = b""
        self._edge: dict[tuple[int, int], bytes] = {}

    def add(self, leaves: list[bytes]) -> None:
        if not leaves:
            return
        grown = grow(self.size, lambda level, index: self._edge.get((level, index)), leaves)
        self.size = grown.size
        self.root = grown.root
        for tile in grown.tiles:
            self._edge[tile.level, tile.index] = tile.hashes
        self._edge = {
            (level, index): hashes
            for (level, index), hashes in self._edge.items()
            if index >= (self.size - 1) >> (8 * (level + 1))
        }


def _heads(tx: Tx, origin: int) -> list[CheckpointRow]:
    rows = tx.all(
        "SELECT origin, size, root, note, at FROM checkpoint WHERE city = :city AND origin = :origin ORDER BY size",
        origin=origin,
    )
    return [CheckpointRow(*row) for row in rows]


def _check_head(head: CheckpointRow, root: bytes, key: VerifierKey, log: OriginRow, faults: list[Fault]) -> None:
    signed = open_checkpoint(head.note, key)
    if (signed.size, signed.root) != (head.size, bytes(head.root)) or signed.root != root:
        faults.append(
            Fault(seq=log.first_seq + head.size - 1, what=f"the head of size {head.size} is signed over other facts")
        )


def _leaves(
    database: Database, first: int, end: int, numbers: dict[str, int], faults: list[Fault]
) -> Iterator[list[bytes]]:
    """Leaf hashes, a chunk at a time, each row looked at on the way."""
    seq = first
    while seq < end:
        with database.reading() as tx:
            rows = tx.all(
                "SELECT seq, subject, subject_no, type, version, at, recorded_at, actor, pack, cause, alg, body, salt "
                f"FROM fact WHERE city = :city AND seq >= :seq AND seq < :end ORDER BY seq LIMIT {CHUNK}",
                seq=seq, end=end,
            )  # fmt: skip
        if not rows:
            faults.append(Fault(seq=seq, what="the fact is gone"))
            return
        leaves = []
        for row in rows:
            if row[0] != seq + len(leaves):
                faults.append(Fault(seq=seq + len(leaves), what="the fact is gone"))
                return
            try:
                _look(row, numbers, faults)
                leaves.append(leaf_hash(entry(row[12], row[11])))
            except (msgspec.MsgspecError, EvidenceMalformed, UnicodeError):
                faults.append(Fault(seq=row[0], what="the fact's bytes or its salt cannot be read"))
                leaves.append(NO_LEAF)
        yield leaves
        seq += len(rows)


def _look(row: tuple, numbers: dict[str, int], faults: list[Fault]) -> None:
    seq, subject, number, kind, version, at, recorded_at, actor, pack, cause, alg, body, _ = row
    head = _header(body)
    said = head.fact.at
    recorded = head.recorded_at
    if len(said) != 27:
        said = said[:-1] + ".000000Z"
    if len(recorded) != 27:
        recorded = recorded[:-1] + ".000000Z"
    if (subject, number, kind, version, at, recorded_at, actor, pack, cause, alg) != (
        head.subject, head.subject_no, head.type, head.version, said, recorded, head.actor, head.pack, head.cause, head.alg,
    ):  # fmt: skip
        faults.append(Fault(seq=seq, what="a column says other than the fact's own bytes"))
    if number != numbers.get(subject, 0) + 1:
        faults.append(Fault(seq=seq, what=f"{subject} goes from {numbers.get(subject, 0)} to {number}"))
    numbers[subject] = number
