"""A witness cosigns a log that only grows, and refuses every fork; the city asks it, shows its lines, and says loudly when it refuses."""

import asyncio
import base64
import time
from pathlib import Path

import httpx
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace
from tests.engines import Places
from tests.laws.journal_world import receive

from cityloop import app as city_app
from cityloop.cli.check import looked_at
from cityloop.cli.witness import listening
from cityloop.journal.tlog import (
    Checkpoint,
    EvidenceBroken,
    EvidenceMalformed,
    Prover,
    grow,
    leaf_hash,
    load_key,
    new_key,
    open_checkpoint,
    sign_checkpoint,
)
from cityloop.journal.tlog.cosign import cosign, cosigned_at, cosigner_of, parse_cosigner
from cityloop.journal.witness import Witness, Witnesses, WitnessHere, cosigned_head, witnesses_in
from cityloop.journal.witness.asking import witnessed
from cityloop.journal.witness.seeing import SIZE

NOW_S = 1_772_000_000
PACK = Path(__file__).parents[1] / "packs" / "mini"


class Log:
    """A log in memory. Logs made with the same key are forks of each other where their facts differ."""

    def __init__(self, key=None, facts: str = "a"):
        self.key, self.facts = key or new_key("city.example/log"), facts

    def prover(self, size: int) -> Prover:
        leaves = [leaf_hash(f"{self.facts if at >= 5 else 'a'}{at}".encode()) for at in range(size)]
        tiles = {(tile.level, tile.index): tile.hashes for tile in grow(0, lambda *_: None, leaves).tiles}
        return Prover(lambda level, index: tiles.get((level, index)))

    def head(self, size: int) -> str:
        return sign_checkpoint(Checkpoint(origin=self.key.name, size=size, root=self.prover(size).root(size)), self.key)

    def asks(self, old: int, size: int) -> bytes:
        proof = self.prover(size).consistency(old, size) if 0 < old <= size else []
        return "".join([f"old {old}\n", *(f"{base64.b64encode(each).decode()}\n" for each in proof), "\n", self.head(size)]).encode()


@pytest.fixture
def witness(tmp_path) -> Witness:
    return Witness.begin(tmp_path / "witness", "w.example/1")


@pytest.fixture
def log(witness) -> Log:
    found = Log()
    witness.know(found.key.verifier)
    return found


def ask(witness: Witness, body: bytes):
    return witness.add_checkpoint(body, lambda: NOW_S)


def test_a_log_that_grows_is_cosigned_and_the_line_is_the_witnesss(witness, log):
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 300), (300, 301)):
        reply = ask(witness, log.asks(old, size))
        assert reply.status == 200, reply
        note = log.head(size) + reply.body
        assert cosigned_at(note, parse_cosigner(str(witness.cosigner))) == NOW_S
        assert open_checkpoint(note, log.key.verifier).size == size, "whoever knows no witness reads over the line"
        assert witness.last(log.key.name)[0] == size


def test_each_refusal_has_its_status_and_changes_nothing(witness, log):
    ask(witness, log.asks(0, 8))
    stranger, other = Log(new_key("other.example/log")), Log(new_key(log.key.name))
    forked, behind = Log(log.key, facts="b"), log.asks(8, 12)
    proof_of_another = behind.replace(log.asks(8, 12).split(b"\n")[1], base64.b64encode(b"x" * 32))
    for body, status in (
        (stranger.asks(0, 3), 404),
        (other.asks(8, 12), 403),
        (log.asks(9, 8), 400),
        (b"old 08\n\n" + log.head(8).encode(), 400),
        (b"nonsense", 400),
        (b"old 8\nnot base64\n\n" + log.head(12).encode(), 400),
        (b"old 8\n" + 64 * (base64.b64encode(b"x" * 32) + b"\n") + b"\n" + log.head(12).encode(), 400),
        (log.asks(0, 12), 409),
        (log.asks(7, 12), 409),
        (forked.asks(8, 8), 409),
        (forked.asks(8, 12), 422),
        (proof_of_another, 422),
        (b"old 8\n\n" + log.head(12).encode(), 422),
    ):
        reply = ask(witness, body)
        assert reply.status == status, (body[:40], reply)
        assert (reply.kind == SIZE) == (status == 409 and body not in (forked.asks(8, 8),)), reply
        assert reply.kind != SIZE or reply.body == "8\n"
        assert witness.last(log.key.name)[0] == 8
    assert ask(witness, log.asks(8, 12)).status == 200


def test_what_it_saw_outlives_it(witness, log):
    ask(witness, log.asks(0, 8))
    again = Witness(witness.folder)
    assert ask(again, Log(log.key, facts="b").asks(8, 9)).status == 422
    assert ask(again, log.asks(8, 9)).status == 200


def test_a_log_may_not_change_its_key_under_its_name(witness, log):
    with pytest.raises(WitnessHere):
        witness.know(new_key(log.key.name).verifier)
    with pytest.raises(WitnessHere):
        Witness.begin(witness.folder, "w.example/1")


def test_a_cosignature_is_of_those_words_by_that_key():
    log, key = Log(), new_key("w.example/1")
    text = log.head(8).partition("\n\n")[0] + "\n"
    line = cosign(text, key, NOW_S)
    with pytest.raises(EvidenceBroken):
        cosigned_at(log.head(9) + line, cosigner_of(key))
    assert cosigned_at(log.head(8) + line, cosigner_of(new_key("w.example/1"))) is None
    for wrong in ("w.example/1", str(log.key.verifier), str(cosigner_of(key)).replace("w.example/1+", "w.example/2+")):
        with pytest.raises(EvidenceMalformed):
            parse_cosigner(wrong)


def test_over_http(witness, log):
    async def talk() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(listening(witness)), base_url="http://w") as client:
            asked = [client.post("/add-checkpoint", content=body) for body in (log.asks(0, 3), log.asks(0, 4), b"x" * 70_000)]
            return [*[await each for each in asked], await client.get("/")]

    first, second, long, other = asyncio.run(talk())
    assert (first.status_code, second.status_code, long.status_code, other.status_code) == (200, 409, 413, 404)
    assert (second.headers["content-type"], second.text) == (SIZE, "3\n")


@pytest.fixture
def city(places: Places, tmp_path, witness):
    """A joined city whose witness is here."""
    url = places.url() if places.engine == "postgres" else ""
    settings = city_app.Settings(
        city=f"seen{time.monotonic_ns()}", home=str(tmp_path / "home"), pack=str(PACK), database=url, witnesses=f"http://w {witness.cosigner}"
    )
    parts = city_app.join(settings)
    city_app.open_city(parts)
    parts.sealer.seal()
    witness.know(load_key(parts.sealer.key_path(parts.sealer.origin)).verifier)
    parts.witnesses = asking(parts, witness)
    yield parts
    parts.close()


def asking(parts, witness: Witness) -> Witnesses:
    asked = witnesses_in(parts.settings.witnesses)
    return Witnesses(parts.writer, parts.proofs, asked, post=lambda url, body: ask(witness, body))


def told(parts) -> None:
    """One more fact, sealed."""
    parts.writer.change(receive)
    parts.sealer.seal()


def stands(parts):
    with parts.database.reading() as tx:
        return witnessed(tx, 1)["w.example/1"]


def test_the_city_shows_what_its_witness_cosigned(city, witness):
    for _ in range(3):
        told(city)
        city.witnesses.keep(city.witnesses.round())
        assert city.witnesses.round() == [], "a head is cosigned once"
    head, _ = city.witnesses.look()
    assert (stands(city).size, stands(city).refused) == (head.size, "")
    checked = city.witnesses.checked()
    assert checked.faults == ()
    assert checked.last == {"w.example/1": head.size}
    told(city)  # not cosigned yet: the last that is stands
    with city.database.reading() as tx:
        assert cosigned_head(tx, 1).size == head.size
    with TestClient(city_app.create_app(city)) as client:  # its loop may ask meanwhile
        note = client.get("/evidence/1/checkpoint").text
    assert cosigned_at(note, witness.cosigner)
    assert int(note.split("\n")[1]) >= head.size


def test_a_line_that_was_changed_is_found(city, witness):
    told(city)
    city.witnesses.keep([(row, replace(said, line=said.line.replace("— ", "— ").translate({ord("A"): "B"}))) for row, said in city.witnesses.round()])
    assert len(city.witnesses.checked().faults) == 1


def test_a_fork_is_refused_and_told(city, witness):
    """The city's log is put back to before a fact that the witness saw, and goes on otherwise: guard and all were copied."""
    told(city)
    city.witnesses.keep(city.witnesses.round())
    seen, root = witness.last(city.sealer.origin.name)
    name = next(witness.folder.glob("*.seen"))
    name.write_text(name.read_text().replace(root.hex(), "ab" * 32))  # as if it had seen the other side of the fork
    told(city)
    city.witnesses.keep(city.witnesses.round())
    assert "another past" in stands(city).refused
    assert stands(city).size == seen
    (line,) = [each for each in looked_at(city.settings) if "w.example/1" in each.what]
    assert not line.good


def test_an_older_copy_is_refused_and_told(city, witness):
    told(city)
    city.witnesses.keep(city.witnesses.round())
    name = next(witness.folder.glob("*.seen"))
    size = witness.last(city.sealer.origin.name)[0]
    name.write_text(name.read_text().replace(f'"size": {size}', f'"size": {size + 50}'))
    told(city)
    city.witnesses.keep(city.witnesses.round())
    assert "older copy" in stands(city).refused
