"""Proofs and verification: what an outsider needs, and what this installation can say of itself."""

import os
from collections.abc import Callable, Iterator

from msgspec import Struct

from cityloop.db import Database, Tx
from cityloop.domain.errors import NotFound, Unavailable
from cityloop.journal.reading import Fault, jump, parts_of
from cityloop.journal.seal import CheckpointRow, OriginRow, checkpoint_last, tile_hashes
from cityloop.journal.tlog import Peaks, Prover, SaltedFactProof
from cityloop.journal.tlog.checkpoint import open_checkpoint
from cityloop.journal.tlog.note import VerifierKey

CHUNK = 2_048
HEADS = 1_024  # signed heads that are read at once: a city signs one a second for years
SHARED_FROM = 100_000  # facts; starting another process takes a second, and this one reads meanwhile
PROCESSES_MAX = 4


class NotSealed(Unavailable):
    """The fact is committed and its checkpoint is not signed yet."""

    code = "journal.not_sealed"


class NoFacts(NotFound):
    """The journal holds nothing of this subject."""

    code = "journal.no_facts"


class Verified(Struct, frozen=True, kw_only=True):
    """What a verification came to."""

    facts: int
    checkpoints: int
    faults: tuple[Fault, ...]


def origins(tx: Tx) -> list[OriginRow]:
    """All logs of the city, the oldest first."""
    return [OriginRow(*row) for row in tx.all("SELECT no, name, first_seq, alg FROM origin WHERE city = :city ORDER BY no")]


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

        if origin not in self._provers:
            with self.database.reading() as tx:
                alg = next(each.alg_used for each in origins(tx) if each.no == origin)
            self._provers[origin] = Prover(read, tiles_kept=4096, alg=alg)
        return self._provers[origin]

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
            alg=origin.alg_used.name,
        )


def verify(
    database: Database,
    keys: Callable[[str], VerifierKey],
    *,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
    faults_max: int = 50,
    processes: int | None = None,
) -> Verified:
    """Read the whole journal: dense, in order, its columns true to its bytes, and under every signed head.

    `keys` gives the verifier of an origin. A long journal is read by several `processes`, as many as there are cores.
    """
    faults: list[Fault] = []
    checkpoints = 0
    with database.reading() as tx:
        size = tx.value("SELECT size FROM log_head WHERE city = :city") or 0
        logs = origins(tx)
        ends = [each.first_seq for each in logs[1:]] + [size + 1]
        signed = "SELECT max(size) FROM checkpoint WHERE city = :city AND origin = :origin"
        last = {each.no: tx.value(signed, origin=each.no) or 0 for each in logs}
    if processes is None:
        processes = min(PROCESSES_MAX, os.cpu_count() or 1) if size >= SHARED_FROM else 1
    numbers: dict[str, int] = {}
    for log, end in zip(logs, ends, strict=True):
        tree = Peaks(alg=log.alg_used)
        heads = _heads(database, log.no, last[log.no])
        head = next(heads, None)
        for leaves in _leaves(database, log, end, numbers, faults, processes):
            while head and head.size <= tree.size + len(leaves):
                part = head.size - tree.size
                tree.add(leaves[:part])
                leaves = leaves[part:]
                checkpoints += 1
                _check_head(head, tree.root, keys(log.name), log, faults)
                head = next(heads, None)
            tree.add(leaves)
            on_progress(log.first_seq + tree.size - 1, size)
        while head and len(faults) < faults_max:
            faults.append(Fault(seq=log.first_seq + head.size, what=f"a signed head of {log.name} covers facts that are gone"))
            head = next(heads, None)
        if len(faults) >= faults_max:
            break
    return Verified(facts=size, checkpoints=checkpoints, faults=tuple(faults[:faults_max]))


def _heads(database: Database, origin: int, upto: int) -> Iterator[CheckpointRow]:
    """The signed heads of a log to this size, which was the last when we began; some at a time."""
    after = -1
    while after < upto:
        with database.reading() as tx:
            rows = tx.all(
                "SELECT origin, size, root, note, at FROM checkpoint WHERE city = :city AND origin = :origin "
                f"AND size > :after AND size <= :upto ORDER BY size LIMIT {HEADS}",
                origin=origin, after=after, upto=upto,
            )  # fmt: skip
        if not rows:
            return
        yield from (CheckpointRow(*row) for row in rows)
        after = rows[-1].size


def _check_head(head: CheckpointRow, root: bytes, key: VerifierKey, log: OriginRow, faults: list[Fault]) -> None:
    signed = open_checkpoint(head.note, key)
    if (signed.size, signed.root) != (head.size, bytes(head.root)) or signed.root != root:
        faults.append(
            Fault(seq=log.first_seq + head.size - 1, what=f"the head of size {head.size} is signed over other facts")
        )


def _leaves(
    database: Database, log: OriginRow, end: int, numbers: dict[str, int], faults: list[Fault], processes: int
) -> Iterator[list[bytes]]:
    """Leaf hashes, a part at a time, each row looked at on the way."""
    alg = log.alg_used.in_facts
    spans = [(seq, min(seq + CHUNK, end), alg) for seq in range(log.first_seq, end, CHUNK)]
    for part in parts_of(database, spans, processes - 1):
        faults += part.faults
        for subject, (number, at) in part.firsts.items():
            if number != numbers.get(subject, 0) + 1:
                faults.append(jump(at, subject, numbers.get(subject, 0), number))
        numbers.update(part.lasts)
        yield part.leaves
        if part.is_cut:
            return
