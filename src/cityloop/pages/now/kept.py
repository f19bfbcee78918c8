"""The columns in a file beside the city's database, so that a city which opens again need not read every case.

The file is an index: it can always be made anew, and it is taken only where it says exactly what reading would say. That
is so if no byte of it changed, if the same code wrote it under the same policy, and if the journal holds, where the file
stands in it, the very fact that it held then: a database that was restored to an earlier day has another one there.
"""

import os
from hashlib import blake2b
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tables import migration_files
from cityloop.domain import calendar, clock, lifecycle, place
from cityloop.domain.ids import CityId
from cityloop.domain.policy import Policy
from cityloop.pages import clocks
from cityloop.pages.now import columns, mercator, store, turns
from cityloop.pages.now.columns import Snapshot, Vocabulary

MAGIC = b"cityloop columns of now\n"
DIGEST_BYTES, SIZE_BYTES, ALIGNED = 32, 8, 8
BEGINS = len(MAGIC) + DIGEST_BYTES
SAYS_WHAT_A_ROW_IS = (calendar, clock, lifecycle, place, clocks, columns, mercator, store, turns)


class Head(Struct, frozen=True, kw_only=True):
    """What stands before the columns. `leaf` is that of the fact at `seq` in the log; `kinds` are numpy's, in file order."""

    city: CityId
    code: str
    policy: str
    seq: int
    leaf: str
    rows: int
    kinds: dict[str, str]
    words: dict[str, list[str]]


def keep(path: Path, tx: Tx, now: Snapshot) -> None:
    """Write the columns; whoever reads meanwhile finds the file of before. A disk that takes nothing is no fault: the file
    only saves time."""
    by_width = sorted(
        now.columns.items(), key=lambda each: -each[1].itemsize
    )  # each begins where its numbers may stand
    head = msgspec.json.encode(
        Head(
            city=tx.city, code=_code(), policy=now.policy.digest, seq=now.seq, leaf=store.leaf(tx, now.seq), rows=len(now),
            kinds={name: column.dtype.str for name, column in by_width},
            words={name: list(each.words) for name, each in now.vocabulary.items()},
        )
    )  # fmt: skip
    head += b" " * (-(BEGINS + SIZE_BYTES + len(head)) % ALIGNED)
    parts = [len(head).to_bytes(SIZE_BYTES, "little"), head, *(memoryview(column) for _, column in by_width)]
    digest = blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        digest.update(part)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines([MAGIC, digest.digest(), *parts])
        os.replace(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)


def kept(path: Path, tx: Tx, policy: Policy) -> Snapshot | None:
    """The columns of the file, at the place in the journal at which it stands; None where it may not be taken."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    body = memoryview(raw)[BEGINS:]
    if not raw.startswith(MAGIC) or raw[len(MAGIC) : BEGINS] != blake2b(body, digest_size=DIGEST_BYTES).digest():
        return None
    begins = SIZE_BYTES + int.from_bytes(body[:SIZE_BYTES], "little")
    head = msgspec.json.decode(body[SIZE_BYTES:begins], type=Head)
    if (head.city, head.code, head.policy) != (tx.city, _code(), policy.digest):
        return None
    if head.leaf != store.leaf(tx, head.seq):
        return None
    found, at = {}, BEGINS + begins
    for name, kind in head.kinds.items():
        found[name] = np.frombuffer(raw, dtype=kind, count=head.rows, offset=at)
        at += found[name].nbytes
    words = {
        name: Vocabulary(each, {word: place for place, word in enumerate(each)}) for name, each in head.words.items()
    }
    return Snapshot(seq=head.seq, policy=policy, vocabulary=words, columns=found)


def _code() -> str:
    """The code that says what a row is, and the tables as the last migration left them."""
    digest = blake2b(migration_files()[-1].stem.encode(), digest_size=16)
    for module in SAYS_WHAT_A_ROW_IS:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()
