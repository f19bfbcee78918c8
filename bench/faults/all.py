"""Every fault that is tried: how often, on what, and by which function."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from bench.faults import broker, damage, database, disk, kills, others, power, tamper
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
    Fault(name="power/sqlite", says="power loss under load, embedded", run=partial(_power, "sqlite"), wanted=100, each=10, quick=2),
    Fault(name="power/postgres", says="power loss of server and PostgreSQL under load", run=partial(_power, "postgres"), wanted=100, each=5, needs_postgres=True),
    Fault(name="disk/full", says="the disk is full, then there is room again", run=disk.full, each=2),
    Fault(name="database/gone", says="PostgreSQL is killed under load and comes back", run=database.gone, each=2, needs_postgres=True),
    Fault(name="database/standby", says="the primary dies under load, its synchronous standby takes over", run=database.failover, needs_postgres=True),
    Fault(name="broker/gone", says="the broker of the devices is killed and comes back", run=broker.gone, each=2),
    Fault(name="clock/jumps", says="the clock goes an hour back and a day forward under load", run=disk.clock, each=2),
    Fault(name="handler/fails", says="a handler always fails on every third report", run=others.handler),
    Fault(name="receiver/hangs", says="a receiver of webhooks takes the connection and says nothing", run=others.receiver, each=2),
    Fault(name="model/lies", says="a model outside lies, sends garbage, hangs or is down", run=others.model, each=10),
    Fault(name="page/sqlite", says="a byte of the embedded database is changed", run=damage.page, wanted=50, each=10),
    Fault(name="page/postgres", says="a byte of a table of PostgreSQL is changed", run=damage.postgres_page, each=5, needs_postgres=True),
    Fault(name="page/photo", says="a byte of a photo is changed, or the photo is gone", run=damage.photo_file, each=5),
    Fault(name="tamper/facts", says="a fact is changed, removed, moved, or the newest are cut off", run=tamper.facts, wanted=20, each=8, quick=2),
    Fault(name="tamper/fork", says="a log is forked with its own key, before a witness", run=tamper.fork, each=2),
)
