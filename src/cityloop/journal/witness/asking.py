"""The city asks its witnesses to cosign each newest head, and keeps what they say beside it."""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import httpx
import structlog
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.time import moment
from cityloop.journal.commit import Writer
from cityloop.journal.prove import Proofs, origins
from cityloop.journal.seal import CheckpointRow, checkpoint_last
from cityloop.journal.tlog import EvidenceBroken, EvidenceMalformed
from cityloop.journal.tlog.cosign import Cosigner, cosigned_at, parse_cosigner
from cityloop.journal.witness.seeing import SIZE, Reply

FRESH = timedelta(minutes=1)  # a cosigned head this much older than the newest is no longer shown in its place
Post = Callable[[str, bytes], Reply]
log = structlog.get_logger("cityloop.witness")


class Witnessed(Struct, frozen=True, kw_only=True):
    """How it stands with a witness: the last size that it cosigned, and since when it says no, and why."""

    origin: int
    witness: str
    size: int
    at: datetime | None = None
    refused_at: datetime | None = None
    refused: str = ""


class Cosignature(Struct, frozen=True, kw_only=True):
    """What a witness said of a head: the line of its signature."""

    origin: int
    size: int
    witness: str
    line: str


class Checked(Struct, frozen=True, kw_only=True):
    """What reading every cosignature again came to; the size that each witness cosigned last."""

    faults: tuple[str, ...]
    last: dict[str, int]


class Asked(Struct, frozen=True, kw_only=True):
    """A witness by its address and its verifier key."""

    url: str
    cosigner: Cosigner


def witnesses_in(said: str) -> tuple[Asked, ...]:
    """The witnesses of a setting like `https://w.example w.example+id+key, https://…`.

    Refuses with `EvidenceMalformed`.
    """
    found = []
    for each in said.split(","):
        if words := each.split():
            if len(words) != 2:
                raise EvidenceMalformed(f"{each.strip()[:80]!r} is no witness; give its address and its verifier key, with a space between.")
            found.append(Asked(url=words[0].rstrip("/"), cosigner=parse_cosigner(words[1])))
    return tuple(found)


def cosigned_head(tx: Tx, origin: int) -> CheckpointRow | None:
    """The head to show: the newest that a witness cosigned, with its lines, unless it is old; else the newest."""
    newest = checkpoint_last(tx, origin)
    row = tx.one(
        """SELECT c.origin, c.size, c.root, c.note, c.at FROM checkpoint AS c WHERE c.city = :city AND c.origin = :origin AND c.size =
        (SELECT max(size) FROM cosignature WHERE city = :city AND origin = :origin)""",
        origin=origin,
    )  # fmt: skip
    if newest is None or row is None:
        return newest
    shown = CheckpointRow(*row)
    if moment(newest.at) - moment(shown.at) > FRESH:
        return newest
    lines = tx.all(
        "SELECT line FROM cosignature WHERE city = :city AND origin = :origin AND size = :size ORDER BY witness", origin=origin, size=shown.size
    )
    return CheckpointRow(shown.origin, shown.size, shown.root, shown.note + "".join(each.line for each in lines), shown.at)


class Witnesses:
    """Those whom a city asks. One process of the city does it."""

    def __init__(self, writer: Writer, proofs: Proofs, asked: Sequence[Asked], post: Post):
        self.writer, self.proofs, self.asked = writer, proofs, asked
        self._post = post

    def look(self) -> tuple[CheckpointRow | None, dict[str, Witnessed]]:
        """The newest head, and how it stands with each witness."""
        with self.writer.database.reading() as tx:
            logs = origins(tx)
            head = checkpoint_last(tx, logs[-1].no) if logs else None
            return head, witnessed(tx, head.origin) if head else {}

    def round(self) -> list[tuple[Witnessed, Cosignature | None]]:
        """Ask whoever has not cosigned the newest head; slow, outside any transaction. `keep` writes down what they said."""
        head, before = self.look()
        found = []
        for each in self.asked:
            last = before.get(each.cosigner.name)
            if head and (last is None or last.size != head.size or last.refused):
                found.append(self._ask(each, head, last))
        return [each for each in found if each]

    def checked(self) -> Checked:
        """Read every cosignature again."""
        keys = {each.cosigner.name: each.cosigner for each in self.asked}
        faults, last = [], {}
        with self.writer.database.reading() as tx:
            rows = tx.all(
                """SELECT s.origin, s.size, s.witness, s.line, c.note FROM cosignature AS s JOIN checkpoint AS c ON c.city = s.city
                AND c.origin = s.origin AND c.size = s.size WHERE s.city = :city ORDER BY s.origin, s.size, s.witness"""
            )
        for row in rows:
            if key := keys.get(row.witness):
                try:
                    good = cosigned_at(row.note + row.line, key) is not None
                except (EvidenceBroken, EvidenceMalformed):
                    good = False
                if good:
                    last[row.witness] = row.size
                else:
                    faults.append(f"what {row.witness} is said to have cosigned at {row.size:,} facts is not its word")
        return Checked(faults=tuple(faults), last=last)

    def keep(self, said: Sequence[tuple[Witnessed, Cosignature | None]]) -> None:
        """Write down what witnesses said."""

        def use_case(tx: Tx) -> None:
            for row, cosignature in said:
                tx.put("witnessed", row)
                if cosignature:
                    tx.put("cosignature", cosignature)

        if said:
            self.writer.whole(use_case, actor="machine:witness")

    def _ask(self, asked: Asked, head: CheckpointRow, last: Witnessed | None) -> tuple[Witnessed, Cosignature | None] | None:
        name, old = asked.cosigner.name, min(last.size, head.size) if last else 0
        now = self.writer.database.clock()
        row = last or Witnessed(origin=head.origin, witness=name, size=0)
        try:
            answer = self._post(asked.url, self._body(head, old))
            if answer.status == 409 and answer.kind == SIZE:
                old = int(answer.body)
                if old > head.size:
                    return self._refused(row, now, f"it has seen {old} facts of this log, and here are {head.size}: an older copy was restored")
                answer = self._post(asked.url, self._body(head, old))
            line = answer.body if answer.status == 200 else ""
            if line.count("\n") == 1 and cosigned_at(head.note + line, asked.cosigner):
                said = Cosignature(origin=head.origin, size=head.size, witness=name, line=line)
                return Witnessed(origin=head.origin, witness=name, size=head.size, at=now), said
            if answer.status in (409, 422):
                return self._refused(row, now, f"it has seen another past of this log: {answer.body.strip()[:300]}")
            return self._refused(row, now, f"it answered {answer.status}: {answer.body.strip()[:300]}")
        except (httpx.HTTPError, ValueError, EvidenceBroken, EvidenceMalformed) as error:
            log.warning("a witness does not answer", witness=name, error=repr(error)[:200])
            return None

    def _body(self, head: CheckpointRow, old: int) -> bytes:
        proof = self.proofs.prover(head.origin).consistency(old, head.size) if old else []
        lines = "".join(f"{base64.b64encode(each).decode()}\n" for each in proof)
        return f"old {old}\n{lines}\n{head.note}".encode()

    def _refused(self, row: Witnessed, now: datetime, why: str) -> tuple[Witnessed, None]:
        log.error("a witness refuses our log", witness=row.witness, why=why)
        return Witnessed(origin=row.origin, witness=row.witness, size=row.size, at=row.at, refused_at=row.refused_at or now, refused=why), None


def witnessed(tx: Tx, origin: int) -> dict[str, Witnessed]:
    """How it stands with each witness of a log, by its name."""
    rows = tx.all(
        "SELECT origin, witness, size, at, refused_at, refused FROM witnessed WHERE city = :city AND origin = :origin", origin=origin
    )
    return {
        row.witness: Witnessed(
            origin=row.origin, witness=row.witness, size=row.size, at=row.at and moment(row.at),
            refused_at=row.refused_at and moment(row.refused_at), refused=row.refused,
        )
        for row in rows
    }  # fmt: skip
