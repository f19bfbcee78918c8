"""The journal read stretch by stretch, each fact looked at on the way; a long one by several processes."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import msgspec
from msgspec import Struct

from cityloop.db import Database
from cityloop.domain.ids import CityId
from cityloop.journal.emit import ALG
from cityloop.journal.tlog import alg_in_facts, leaves_of
from cityloop.journal.tlog.alg import SALT_BYTES

NO_LEAF = bytes(32)  # stands for a fact that cannot be read: no signed head covers it
AT_ONCE = 4  # stretches that another process is given at a time; it has one such lot and the next


class Fault(Struct, frozen=True, kw_only=True):
    """Something that `verify` found wrong."""

    seq: int
    what: str


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


Span = tuple[int, int, str]  # from seq to seq, and the algorithm of the log


def parts_of(database: Database, spans: Sequence[Span], helpers: int) -> Iterator["Part"]:
    """The parts in their order. This process reads, and so many others beside it; if they cannot be had, or die, it reads
    what is left.
    """
    if not helpers:
        yield from (read(database, *span) for span in spans)
        return
    pool = ProcessPoolExecutor(
        helpers, mp_context=get_context("spawn"), initializer=_open_aside, initargs=(database.url, database.city)
    )
    left = deque(enumerate(spans))
    given: dict[Future, list[tuple[int, Span]]] = {}
    found: dict[int, Part] = {}
    due = 0
    try:
        while due < len(spans):
            while left and len(given) < 2 * helpers:
                some = [left.popleft() for _ in range(min(AT_ONCE, len(left)))]
                given[pool.submit(_read_aside, [span for _, span in some])] = some
            if left:
                place, span = left.popleft()
                found[place] = read(database, *span)
            for done in [each for each in given if each.done() or not left]:
                found |= zip([place for place, _ in given[done]], done.result(), strict=True)
                del given[done]
            while due in found:
                yield found.pop(due)
                due += 1
    except (BrokenProcessPool, OSError):
        for place in range(due, len(spans)):
            yield found.pop(place, None) or read(database, *spans[place])
    finally:
        pool.shutdown(cancel_futures=True)


def _open_aside(url: str, city: CityId) -> None:
    global _aside
    _aside = Database(url, city)


def _read_aside(spans: list[Span]) -> list["Part"]:
    return [read(_aside, *span) for span in spans]


_aside: Database  # of a process that reads for another


class Part(Struct):
    """A stretch of the journal, read."""

    leaves: list[bytes]
    firsts: dict[str, tuple[int, int]]  # by subject, the number and the seq of its first fact here
    lasts: dict[str, int]
    faults: list[Fault]
    is_cut: bool  # a fact is gone; what comes after cannot be placed in the tree


# How a body begins that says what the columns say. Where the bytes are these, nothing need be decoded.
_BEGINS = (
    '{"type":"%s","version":%s,"subject":"%s","subject_no":%s,"recorded_at":"%s","actor":"%s","pack":"%s","cause":null,'
    '"alg":"%s","fact":{"at":"%s"'
)
_BEGINS_CAUSED = _BEGINS.replace("null", '"%s"')
_QUOTES, _QUOTES_CAUSED = _BEGINS.count('"'), _BEGINS_CAUSED.count('"')


def read(database: Database, first: int, end: int, of: str = ALG) -> Part:
    """The facts from one seq to another, outside, of a log with this algorithm."""
    with database.reading() as tx:
        rows = tx.tuples(
            "SELECT seq, subject, subject_no, type, version, at, recorded_at, actor, pack, cause, alg, body, salt "
            "FROM fact WHERE city = :city AND seq >= :seq AND seq < :end ORDER BY seq",
            seq=first, end=end,
        )  # fmt: skip
    part = Part([], {}, {}, [], is_cut=False)
    firsts, lasts, salted, unread = part.firsts, part.lasts, [], []
    due = first
    for row in rows:
        seq, subject, number, kind, version, at, recorded, actor, pack, cause, alg, body, salt = row
        if seq != due:
            break
        due += 1
        if cause is None:
            begins = _BEGINS % (kind, version, subject, number, recorded, actor, pack, alg, at)
            quotes = _QUOTES
        else:
            begins = _BEGINS_CAUSED % (kind, version, subject, number, recorded, actor, pack, cause, alg, at)
            quotes = _QUOTES_CAUSED
        # a column may hold no mark of JSON itself, or one could pass for two
        plain = begins.count('"') == quotes and "\\" not in begins
        try:
            if not (plain and body.startswith(begins.encode())) and _says_other(row):
                part.faults.append(Fault(seq=seq, what="a column says other than the fact's own bytes"))
            if len(salt) != SALT_BYTES:
                raise ValueError
            if alg != of:
                part.faults.append(Fault(seq=seq, what=f"the fact says {alg} and lies in a log of {of}"))
            salted.append(salt + body)
        except (msgspec.MsgspecError, ValueError, TypeError, AttributeError):
            part.faults.append(Fault(seq=seq, what="the fact's bytes or its salt cannot be read"))
            unread.append(len(salted))
            salted.append(b"")
        before = lasts.get(subject)
        if before is None:
            firsts[subject] = (number, seq)
        elif number != before + 1:
            part.faults.append(jump(seq, subject, before, number))
        lasts[subject] = number
    if due < end:
        part.faults.append(Fault(seq=due, what="the fact is gone"))
        part.is_cut = True
    part.leaves = leaves_of(salted, alg=alg_in_facts(of))
    for place in unread:
        part.leaves[place] = NO_LEAF
    return part


def _says_other(row: tuple) -> bool:
    """Whether a column says other than the body, read properly."""
    _, subject, number, kind, version, at, recorded_at, actor, pack, cause, alg, body, _ = row
    head = _header(body)
    said, recorded = (text if len(text) == 27 else text[:-1] + ".000000Z" for text in (head.fact.at, head.recorded_at))
    return (subject, number, kind, version, at, recorded_at, actor, pack, cause, alg) != (
        head.subject, head.subject_no, head.type, head.version, said, recorded, head.actor, head.pack, head.cause, head.alg,
    )  # fmt: skip


def jump(seq: int, subject: str, before: int, number: int) -> Fault:
    return Fault(seq=seq, what=f"{subject} goes from {before} to {number}")
