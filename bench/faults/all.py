"""Every fault that is tried: how often, on what, and by which function."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from bench.faults import kills, power
from bench.faults.outcome import Outcome


class Fault(Struct, frozen=True, kw_only=True):
    """One fault on one engine. `run(seed, tries)` tries it over one city."""

    name: str
    says: str  # in the table
    run: Callable[[int, int], Outcome]
    wanted: int = 10  # tries in all
    each: int = 1  # over one city
    quick: int = 1  # tries of `make faults QUICK=1`
    needs_postgres: bool = False

    @property
    def kind(self) -> str:
        return self.name.partition("/")[0]


def _kills(engine: str, seed: int, tries: int) -> Outcome:
    found = kills.run(engine, tries, seed=seed)
    wrong = [f"{many} × {what}" for what, many in found.half.items() if many]
    wrong += [f"{found.replay_differences} rows differ from a replay"] * bool(found.replay_differences)
    wrong += [f"{found.verify_faults} facts do not verify"] * bool(found.verify_faults)
    return Outcome(tries=found.kills, acknowledged=found.acknowledged, lost=found.lost, wrong=wrong)


def _power(engine: str, seed: int, tries: int) -> Outcome:
    found = power.run(engine, tries, seed=seed)
    return Outcome(tries=found.losses, acknowledged=found.acknowledged, lost=found.lost, wrong=found.wrong)


FAULTS = (
    Fault(name="kills/sqlite", says="`kill -9` of the server under load, embedded", run=partial(_kills, "sqlite"), wanted=1_000, each=50, quick=2),
    Fault(name="kills/postgres", says="`kill -9` of the server under load, PostgreSQL", run=partial(_kills, "postgres"), wanted=1_000, each=50, needs_postgres=True),
    Fault(name="power/sqlite", says="power loss of the machine under load, embedded", run=partial(_power, "sqlite"), wanted=100, each=10, quick=2),
    Fault(name="power/postgres", says="power loss of server and PostgreSQL under load", run=partial(_power, "postgres"), wanted=100, each=10, needs_postgres=True),
)
