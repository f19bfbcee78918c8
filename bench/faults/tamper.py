"""The journal is changed behind our back: one who verifies finds it, and a witness finds what no signature shows."""

import contextlib
import random
import shutil
import sqlite3

from bench.faults.outcome import Outcome
from bench.faults.quiet import complaints, copied, quiet, report, settle
from bench.faults.town import Town
from cityloop.journal.tlog import load_key
from cityloop.journal.witness import Witness, Witnesses, witnesses_in
from cityloop.journal.witness.asking import witnessed

NOW_S = 1_772_000_000


def facts(seed: int, tries: int) -> Outcome:
    """A fact is changed, a fact is removed, two change places, the newest ones are cut off."""
    found, chance = Outcome(), random.Random(seed)
    ways = (_changed, _removed, _swapped, _cut)
    with quiet(seed) as town:
        for number in range(tries):
            hurt, way = copied(town, town.home.parent / "copy"), ways[number % len(ways)]
            with contextlib.closing(sqlite3.connect(hurt.home / "city.db")) as base:
                size = base.execute("SELECT max(seq) FROM fact").fetchone()[0]
                way(base, chance.randrange(2, size), size)
                base.commit()
            found.tries += 1
            found.wrong += [f"{way.__name__.strip('_')}: a verifier sees nothing"] * (not any("journal" in each for each in complaints(hurt)))
        found.acknowledged = town.told.count
    return found


def fork(seed: int, tries: int) -> Outcome:
    """A city, its key and its guard are copied, and both go on: each is sound by itself; a witness cosigns the one it saw first."""
    found = Outcome()
    with quiet(seed) as town:
        for number in range(tries):
            place = town.home.parent / "witness"
            shutil.rmtree(place, ignore_errors=True)
            witness = Witness.begin(place, "w.example/1")
            one, other = (copied(town, town.home.parent / name) for name in ("one", "other"))
            said = [_goes_on(each, witness, 1 + number % 3 + each_no) for each_no, each in enumerate((one, other))]
            found.tries += 1
            found.wrong += ["a witness did not cosign a log that only grew"] * bool(said[0])
            found.wrong += ["a witness cosigned both sides of a fork"] * (not said[1])
            found.wrong += [f"by itself a side of the fork is not sound: {each}" for side in (one, other) for each in complaints(side)]
        found.acknowledged = town.told.count
    return found


def _goes_on(town: Town, witness: Witness, reports: int) -> str:
    """More is reported; the witness is asked. Gives why it refused."""
    with contextlib.closing(town.parts()) as parts:
        parts.book.refresh()
        parts.sealer.start()
        witness.know(load_key(parts.sealer.key_path(parts.sealer.origin)).verifier)
        asked = Witnesses(
            parts.writer, parts.proofs, witnesses_in(f"http://w {witness.cosigner}"), post=lambda _, body: witness.add_checkpoint(body, lambda: NOW_S)
        )
        report(town, parts, reports)
        settle(parts)
        asked.keep(asked.round())
        with parts.database.reading() as tx:
            return witnessed(tx, 1)["w.example/1"].refused


def _changed(base: sqlite3.Connection, seq: int, size: int) -> None:
    body = bytearray(base.execute("SELECT body FROM fact WHERE seq = ?", [seq]).fetchone()[0])
    body[-2] ^= 1
    base.execute("UPDATE fact SET body = ? WHERE seq = ?", [bytes(body), seq])


def _removed(base: sqlite3.Connection, seq: int, size: int) -> None:
    base.execute("DELETE FROM fact WHERE seq = ?", [seq])


def _swapped(base: sqlite3.Connection, seq: int, size: int) -> None:
    for old, new in ((seq, -1), (seq - 1, seq), (-1, seq - 1)):
        base.execute("UPDATE fact SET seq = ? WHERE seq = ?", [new, old])


def _cut(base: sqlite3.Connection, seq: int, size: int) -> None:
    base.execute("DELETE FROM fact WHERE seq > ?", [size - 2])
    base.execute("UPDATE log_head SET size = ?", [size - 2])
