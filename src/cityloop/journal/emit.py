"""A fact is told: numbered in its subject, put into exact bytes, applied at once, written with the commit."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import Invalid
from cityloop.domain.facts import FACTS, Fact, Told
from cityloop.domain.facts.upcast import UPCAST
from cityloop.domain.ids import CityId
from cityloop.domain.time import utc_text

ALG = "sha256+ed25519"  # digest and signature of a log that says nothing else
Apply = Callable[[Tx, Told], None]


class Envelope(Struct, frozen=True, kw_only=True):
    """The body of a fact: everything but city, seq and salt. Its exact bytes are kept and sealed."""

    type: str
    version: int
    subject: str
    subject_no: int
    recorded_at: datetime
    actor: str
    pack: str | None
    cause: str | None
    alg: str
    fact: msgspec.Raw | Fact


class FactRow(Struct, frozen=True):
    """A row of the fact table; the columns beside `body` are copies of what it says."""

    seq: int
    subject: str
    subject_no: int
    type: str
    version: int
    at: str
    recorded_at: str
    actor: str
    pack: str | None
    cause: str | None
    alg: str
    body: bytes
    salt: bytes


class _Sealed(Struct, frozen=True):
    type: str
    version: int
    subject: str
    subject_no: int
    recorded_at: datetime
    actor: str
    pack: str | None
    cause: str | None
    fact: msgspec.Raw


_encode = msgspec.json.Encoder().encode
_open = msgspec.json.Decoder(_Sealed).decode
_decoders = {name: msgspec.json.Decoder(kind).decode for name, kind in FACTS.items()}


class Journal:
    """Tells facts. Holds the one `apply` of each type; the parts are joined in `app`."""

    def __init__(self, apply: Mapping[type[Fact], Apply]):
        self.apply = dict(apply)
        self.alg = ALG  # of the log that grows; the sealer says it

    def emit(self, tx: Tx, fact: Fact, *, first: bool = False) -> None:
        """Lock and raise the subject's number, keep the fact, run its apply. `Tx.emit` calls it."""
        assert fact.at.tzinfo is UTC, f"{type(fact).__name__}.at must be in UTC"
        subject = fact.subject
        if first:
            tx.heads.setdefault(subject, 0)
        elif subject not in tx.heads:
            tx.hold([subject])
        number = tx.heads[subject] = tx.heads[subject] + 1
        told = Told(
            city=tx.city, subject=subject, no=number, fact=fact,
            recorded_at=tx.now, actor=tx.actor, pack=tx.pack, cause=tx.cause,
        )  # fmt: skip
        tx.facts.append(told)
        tx.changes += 1
        self.run_apply(tx, told)

    def run_apply(self, tx: Tx, told: Told) -> None:
        """Change the derived tables as the fact says."""
        before, tx.applying = tx.applying, True
        try:
            self.apply[type(told.fact)](tx, told)
        finally:
            tx.applying = before

    def finish(self, tx: Tx) -> None:
        """Give the transaction's facts the next dense numbers of the city. Nothing slow may follow."""
        told, tx.facts = tx.facts, []
        size = tx.value(
            "INSERT INTO log_head (city, size) VALUES (:city, :n) "
            "ON CONFLICT (city) DO UPDATE SET size = log_head.size + excluded.size RETURNING size",
            n=len(told),
        )
        salts = os.urandom(32 * len(told))
        for place, each in enumerate(told):
            tx.add("fact", row_of(each, size - len(told) + place + 1, salts[32 * place : 32 * place + 32], self.alg))
        if tx.at_end:
            tx.at_end(tx, size - len(told) + 1, told)


def row_of(told: Told, seq: int, salt: bytes, alg: str = ALG) -> FactRow:
    """The row of a told fact, for a log with this algorithm."""
    kind = type(told.fact)
    body = _encode(
        Envelope(
            type=kind.__name__, version=kind.VERSION, subject=told.subject, subject_no=told.no,
            recorded_at=told.recorded_at, actor=told.actor, pack=told.pack, cause=told.cause, alg=alg, fact=told.fact,
        )
    )  # fmt: skip
    return FactRow(
        seq, told.subject, told.no, kind.__name__, kind.VERSION, utc_text(told.fact.at), utc_text(told.recorded_at),
        told.actor, told.pack, told.cause, alg, body, salt,
    )  # fmt: skip


class UnknownFact(Invalid):
    """The journal holds a fact that this version of the program does not know."""

    code = "journal.unknown_fact"


def told_from(city: CityId, seq: int, body: bytes) -> Told:
    """The fact in these exact bytes, raised to today's version by its upcasters.

    Refuses with `UnknownFact`: a newer program wrote it.
    """
    sealed = _open(body)
    decode = _decoders.get(sealed.type)
    if decode is None or sealed.version > FACTS[sealed.type].VERSION:
        raise UnknownFact(
            f"Fact {seq} is a {sealed.type} of version {sealed.version}, which this program does not know; "
            "start the program that wrote it, or a newer one."
        )
    raw = sealed.fact
    for version in range(sealed.version, FACTS[sealed.type].VERSION):
        raw = msgspec.Raw(_encode(UPCAST[sealed.type, version](msgspec.json.decode(raw))))
    return Told(
        city=city, subject=sealed.subject, no=sealed.subject_no, fact=decode(raw), recorded_at=sealed.recorded_at,
        actor=sealed.actor, pack=sealed.pack, cause=sealed.cause, seq=seq,
    )  # fmt: skip


def story(tx: Tx, subject: str) -> list[Told]:
    """All facts of a subject, in their order."""
    rows = tx.all(
        "SELECT seq, body FROM fact WHERE city = :city AND subject = :subject ORDER BY subject_no", subject=subject
    )
    return [told_from(tx.city, row.seq, row.body) for row in rows]
