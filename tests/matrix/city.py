"""One small city for the whole matrix: two played days, somebody in every kind of seat, and a token or key for each."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cityloop import app as joined
from cityloop import people
from cityloop.db import Tx
from cityloop.domain.policy import Policy
from cityloop.http.limits import Pace
from cityloop.people import Person
from cityloop.people.sessions import make_token, token_digest
from cityloop.simulation import PlayClock, play
from tests.engines import Places
from tests.matrix.knock import Knocking

PACK = Path(__file__).parents[1] / "packs" / "demo_east"
END = datetime(2026, 3, 13, 7, 0, tzinfo=UTC)  # an afternoon in the city
EAST, WEST = "990101", "990102"
SEATS = (  # every role of the base pack: over the whole city, in the east, in the west, as far as the role has it so
    "collector-990101001001-1", "collector-990102001001-1", "acceptor-1", "acceptor-990101", "acceptor-990102",
    "duty-leader-1", "duty-leader-990101", "duty-leader-990102", "hotline-seat-1", "hotline-seat-990101",
    "hotline-seat-990102", "dispatcher-1", "dispatcher-990101", "dispatcher-990102", "handler-greening",
    "handler-water", "handler-enforcement-990101", "handler-enforcement-990102",
    "handler-sanitation-990101", "handler-sanitation-990102", "grid-worker-990101001", "grid-worker-990102001",
    "unit-manager-sanitation-990101", "unit-manager-sanitation-990102", "leader", "leader-990101", "leader-990102",
    "supervisor", "supervisor-990101", "supervisor-990102", "auditor", "auditor-990101", "auditor-990102",
    "system-admin", "security-admin", "audit-admin", "counter-clerk-990101", "counter-clerk-990102", "hotline-link",
    "partner", "monitoring", "street-desk-990101001", "street-desk-990102001", "visitor-1", "visitor-2", "wall",
)  # fmt: skip
OFTEN = Pace(per_min=600_000, burst=20_000)
SCOPED = ("case.read", "report.send")  # what the key of the partner with few scopes may


class Someone(Struct, frozen=True, kw_only=True):
    """Who knocks: what they hold, as the pack's own tables say it, and what lets them in."""

    name: str
    account: str | None = None
    post: str | None = None
    role: str | None = None
    unit: str | None = None
    area: str | None = None
    holds: frozenset[str] = frozenset()
    token: str | None = None

    @property
    def by_key(self) -> bool:
        """Whether it is another system, with a key instead of a session."""
        return bool(self.token) and self.token.startswith(people.keys.PREFIX)


NOBODY = Someone(name="nobody")


class City:
    """The parts, who knocks, and the door that they knock at."""

    def __init__(self, parts: joined.Parts, clock: PlayClock):
        self.parts = parts
        self.clock = clock
        self.app = joined.create_app(parts)
        self.app.asgi_handler = self.app.state.edges.inner  # no rate and no load sends a cell away: the edge has tests of its own
        self.door = Knocking(self.app, parts.database)
        self.policy: Policy = parts.book.in_force()
        self.people: list[Someone] = []

    def seat_everybody(self) -> None:
        """A token for whoever sits in each of these posts, for a stranger, and a key that may little."""
        posts = {post.id: post for post in self.policy.posts}
        roles = {role.id: frozenset(role.permissions) for role in self.policy.roles}

        def use_case(tx: Tx) -> list[Someone]:
            seated = {row.post: row.account for row in tx.all("SELECT post, account FROM seat WHERE city = :city")}
            found = [NOBODY]
            stranger = people.open_account(tx, sign_in_name="a.stranger", person=Person(name="A Stranger"))
            found.append(Someone(name="stranger", account=stranger, token=_token(tx, stranger, "stranger")))
            for id in SEATS:
                post, account = posts[id], seated[id]
                machine = post.role in ("hotline_link", "partner")
                token = _key(tx, account, roles[post.role]) if machine else _token(tx, account, id)
                found.append(
                    Someone(
                        name=id, account=account, post=id, role=post.role, unit=post.unit, area=post.area or None,
                        holds=roles[post.role], token=token,
                    )
                )  # fmt: skip
            partner = next(each for each in found if each.name == "partner")
            scoped = {"name": "partner's key of few scopes", "holds": partner.holds & set(SCOPED), "token": _key(tx, partner.account, SCOPED)}
            found.append(replace(partner, **scoped))
            second = people.open_partner(tx, person=Person(name="Another Partner"))
            people.take_post(tx, second, "partner", policy=self.policy)
            found.append(replace(partner, name="other partner", account=second, token=_key(tx, second, roles["partner"])))
            return found

        self.people = self.parts.writer.change(use_case)
        people.caller.forget(self.parts.database)

    def who(self, name: str) -> Someone:
        return next(each for each in self.people if each.name == name)

    def rows(self, sql: str, **params: Any) -> list[Any]:
        with self.parts.database.reading() as tx:
            return tx.all(sql, **params)

    def size(self) -> int:
        """How many facts were told."""
        return self.rows("SELECT size FROM log_head WHERE city = :city")[0].size


def _key(tx: Tx, account: str, scopes: Iterable[str]) -> str:
    key = people.key_drawn()
    people.make_key(tx, account, digest=token_digest(key), scopes=list(scopes), pace=OFTEN, days=30)
    return key


def _token(tx: Tx, account: str, name: str) -> str:
    token = f"matrix-{name}"
    make_token(tx, account, digest=token_digest(token), label="matrix", days=30)
    return token


@contextmanager
def played_city(places: Places, folder: Path, *, reports: int = 60) -> Iterator[City]:
    """The city after its days."""
    clock = PlayClock(END)
    name = f"m{folder.name.replace('-', '')}{places.engine}"[-40:]
    database = places.url() if places.engine == "postgres" else ""
    parts = joined.join(
        joined.Settings(city=name, home=str(folder / "home"), database=database, pack=str(PACK)), clock=clock
    )
    try:
        joined.open_city(parts)
        parts.trainer.command = ("true",)  # no model is made beside the tests
        play(parts, clock, reports=reports, seed=5, days=2, password="anything at all", until=END)
        clock.moment = END
        city = City(parts, clock)
        try:
            city.seat_everybody()
            yield city
        finally:
            city.door.close()
            city.app.state.edge.readers.shutdown()
    finally:
        parts.close()
