"""The city under load: old cases, people in all posts, a partner with devices; what the generator must know of it."""

from pathlib import Path

from msgspec import Struct

from bench.city import fill
from bench.machine import say
from bench.staff import PASSWORD, hire, let_in
from cityloop.app import Settings, join, open_city
from cityloop.desk import index_all
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.people.demo import demo_hash, demo_people, seed_accounts
from cityloop.people.keys import key_drawn
from cityloop.stages.sense.service.register import StreamAsked, ThingAsked, register_things

STREAMS = 1_000
POOL_MAX = 150_000  # open cases on which people work


class Open(Struct, frozen=True):
    """An old case that waits to be signed for."""

    id: str
    unit: str


class Town(Struct, kw_only=True):
    """What the generator knows. `people`: sign-in names by post; `units`: a post that handles, by unit."""

    open: list[Open]
    closed: list[str]
    people: dict[str, str]
    units: dict[str, str]
    key: str
    policy: Policy


def made(settings: Settings, cases: int) -> Town:
    """Fill a city, or take it as it stands where it was filled before."""
    parts = join(settings)
    open_city(parts)
    policy = parts.book.in_force()
    with parts.database.reading() as tx:
        there = tx.value("SELECT count(*) FROM case_file WHERE city = :city")
    if there < cases:
        fill(parts, cases - there, on_progress=lambda done: say(f"  filled in {done:,}") if done % 100_000 == 0 else None)
        say(f"  found by words: {index_all(parts.writer):,}")
    hashed, key = demo_hash(PASSWORD), key_drawn()
    parts.writer.whole(lambda tx: seed_accounts(tx, policy, hashed))
    things = [
        ThingAsked(key=f"load-{number:05d}", lon=policy.cells[0].ring[0][0], lat=policy.cells[0].ring[0][1],
                   streams=(StreamAsked(key="s", property="laeq", unit="dB[SPL]", every_s=60),))
        for number in range(STREAMS)
    ]  # fmt: skip
    if not there:
        parts.writer.change(lambda tx: register_things(tx, things, policy=policy))
        hire(parts.writer, parts.book)
    let_in(parts.writer, policy, [key])
    handles = {role.id for role in policy.roles if Permission.case_handle in role.permissions}
    units = {post.unit: post.id for post in policy.posts if post.role in handles}
    with parts.database.reading() as tx:
        waiting = tx.tuples(
            "SELECT id, unit FROM case_file WHERE city = :city AND state = 'to_sign' ORDER BY id LIMIT :most", most=POOL_MAX
        )
        closed = [row[0] for row in tx.tuples("SELECT id FROM case_file WHERE city = :city AND state = 'closed' ORDER BY id LIMIT 200000")]
    parts.close()
    return Town(
        open=[Open(*row) for row in waiting if row[1] in units], closed=closed, key=key, units=units, policy=policy,
        people={each.post: each.name for each in demo_people(policy)},
    )  # fmt: skip


def home_in(folder: Path) -> Path:
    """Where the city's files lie."""
    home = folder / "city"
    home.mkdir(exist_ok=True)
    return home
