"""The door of a request: read in a thread, change through the writer, nothing else."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.connection import ASGIConnection
from msgspec import Struct, field

from cityloop.db import Database, Tx
from cityloop.db.ciphers import Cipher
from cityloop.domain.deciders import Deciders
from cityloop.domain.errors import CityloopError, Invalid, NeedsMatch, NotAllowed, NotFound, Stale
from cityloop.domain.facts import Fact
from cityloop.domain.policy import Policy
from cityloop.http.identity import Caller, Identify, caller_of
from cityloop.http.limits import Buckets, Pace
from cityloop.journal import Once, Writer, story

T = TypeVar("T")
Despite = Callable[[Fact], bool]
READERS = 4


class BadKey(Invalid):
    """An Idempotency-Key that cannot be one."""

    code = "idempotency.bad_key"


async def stepped_as_known(_: ASGIConnection, caller: Caller) -> datetime | None:
    """When a caller last proved who they are, where nobody else than this process can have seen it."""
    return caller.stepped_at


class Edge(Struct, kw_only=True):
    """What every request shares; `app` makes it. `policy` gives the version in force."""

    database: Database
    writer: Writer
    policy: Callable[[], Policy]
    identify: Identify
    readers: ThreadPoolExecutor
    behind: Callable[[Tx], int]  # facts that wait for a handler
    secret: bytes = b""  # of the city; keeps digests of bodies from being guessed
    cipher: Cipher = Cipher.aes  # of what is sealed by it from now on
    buckets: Buckets = field(default_factory=Buckets)
    strangers: Buckets = field(default_factory=Buckets)  # of who is not signed in, on pages that anybody may look at
    stepped_at: Callable[..., Awaitable[datetime | None]] = stepped_as_known
    person_pace: Pace | None = None  # how often one person may come


class Door:
    """What a route may do for its caller."""

    def __init__(self, edge: Edge, caller: Caller, request: Request, body: bytes):
        self._edge = edge
        self.caller = caller
        self.request = request
        self._body = body

    @property
    def policy(self) -> Policy:
        """The city's policy in force."""
        return self._edge.policy()

    @property
    def behind(self) -> Callable[[Tx], int]:
        """Counts the facts that wait for a handler."""
        return self._edge.behind

    @property
    def deciders(self) -> Deciders:
        """What decides about cases now, as this process knows it."""
        return self._edge.writer.deciders

    @property
    def now(self) -> datetime:
        """The moment of this request, by the database's clock."""
        return self._edge.database.clock()

    async def read(self, question: Callable[[Tx], T], *, short: bool = False) -> T:
        """Ask the tables, on a reading connection that sees one moment.

        `short` says that the answer costs some milliseconds, whatever the city holds: then it is asked for inline
        where the database is a file. Threads that want the interpreter at once cost more than they hide.
        """

        def ask() -> T:
            with self._edge.database.reading() as tx:
                return question(tx)

        if short and not self._edge.database.on_postgres:
            return ask()
        return await asyncio.get_running_loop().run_in_executor(self._edge.readers, ask)

    async def aside(self, work: Callable[[], T]) -> T:
        """Do slow work (a photo, a password) before or outside any transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._edge.readers, work)

    @property
    def secret(self) -> bytes:
        """The city's own secret, for digests that nobody else can make."""
        return self._edge.secret

    @property
    def cipher(self) -> Cipher:
        """What seals for the city from now on."""
        return self._edge.cipher

    async def change(
        self, use_case: Callable[[Tx], T], *, of: str | None = None, despite: Despite | None = None,
        key: str | None = None, actor: str | None = None,
    ) -> T:
        """Run a use case; gives its result once it is durable.

        `of` names the subject that is changed, e.g. `case/ID`: then the request must carry If-Match with the version
        that the caller saw; `despite` says of which facts told since then a caller need not hear before they decide.
        With an Idempotency-Key the use case must give the id of what it made or changed, as text.
        `key` stands for one that the route itself makes: then the same key is the same deed, whatever the body.
        `actor` is told instead of the caller where nobody shall learn who it was.

        Refuses with `NeedsMatch`, `Stale`, `OtherBody` or `CommitFailed`.
        """
        if of is not None:
            use_case = self._matched(use_case, of, despite)
        return await self._edge.writer.submit(use_case, actor=actor or self.caller.actor, once=self._once(key))

    async def earlier(self) -> str | None:
        """What the same request gave before, by its Idempotency-Key; None where there is none, or it is new.

        Refuses with `OtherBody`.
        """
        once = self._once()
        return await self.read(lambda tx: self._edge.writer.known(tx, once), short=True) if once else None

    def _once(self, own_key: str | None = None) -> Once | None:
        if own_key is not None:
            return Once(caller=self.caller.actor, key=own_key, body_digest="")
        key = self.request.headers.get("idempotency-key")
        if key is None or self.request.method != "POST":
            return None
        if not 1 <= len(key) <= 200 or not key.isprintable():
            raise BadKey("An Idempotency-Key has 1 to 200 printable characters; draw a new one, e.g. a UUID.")
        asked = self.request.url.path.encode() + b"\n" + self._body
        digest = hmac.new(self._edge.secret, asked, "sha256").hexdigest()
        return Once(caller=self.caller.actor, key=key, body_digest=digest)

    def _matched(self, use_case: Callable[[Tx], T], subject: str, despite: Despite | None) -> Callable[[Tx], T]:
        given = self.request.headers.get("if-match")
        if given is None:
            raise NeedsMatch(
                f"A change of {subject} needs If-Match; read it first and send back the ETag that you saw."
            )
        try:
            seen = int(given.removeprefix("W/").strip('"'))
        except ValueError:
            raise Invalid(f"If-Match {given[:40]} is no ETag of ours; send back the ETag that you saw.") from None

        def checked(tx: Tx) -> T:
            tx.hold([subject])
            if tx.heads[subject] != seen and not (despite and _harmless(tx, subject, seen, despite)):
                _refused_anyway(tx, use_case)
                raise stale(tx, subject, seen)
            return use_case(tx)

        return checked


def _refused_anyway(tx: Tx, use_case: Callable[[Tx], Any]) -> None:
    """Hear whether the caller may do it at all: what has happened since is told to nobody else.

    Refuses with what the use case refuses them with.
    """
    try:
        with tx.unchanged():
            use_case(tx)
    except (NotFound, NotAllowed):
        raise
    except CityloopError:
        return  # of no moment: they decide anew


def _harmless(tx: Tx, subject: str, seen: int, despite: Despite) -> bool:
    since = [told.fact for told in story(tx, subject) if told.no > seen]
    return 0 < seen < tx.heads[subject] and all(despite(fact) for fact in since)


def stale(tx: Tx, subject: str, seen: int) -> Stale:
    """The refusal that tells what has changed since."""
    since = [told for told in story(tx, subject) if told.no > seen]
    changed = [{"no": told.no, "fact": type(told.fact).__name__, "at": told.fact.at} for told in since]
    what = ", ".join(each["fact"] for each in changed) or "nothing of that version is known"
    return Stale(
        f"{subject} has changed since you read it: {what}; read it again and decide anew.",
        changed=changed,
        etag=f'"{tx.heads[subject]}"',
    )


async def door_of(request: Request) -> Door:
    """The dependency that gives a route its door."""
    body = b""
    if "idempotency-key" in request.headers and request.method == "POST":
        body = without_boundary(await request.body(), request.headers.get("content-type", ""))
    return Door(request.app.state.edge, await caller_of(request), request, body)


def without_boundary(body: bytes, content_type: str) -> bytes:
    """The body of a form without its boundary, which a client draws anew at every try and which says nothing.

    >>> one = without_boundary(b"--x7 a --x7--", "multipart/form-data; boundary=x7")
    >>> one == without_boundary(b"--k2 a --k2--", 'multipart/form-data; boundary="k2"')
    True
    """
    kind, _, rest = content_type.partition(";")
    if kind.strip().lower() != "multipart/form-data":
        return body
    said = (part.strip().partition("=") for part in rest.split(";"))
    boundary = next((value.strip('"') for name, _, value in said if name.lower() == "boundary"), "")
    return body.replace(b"--" + boundary.encode(), b"--") if boundary else body


async def keep_body(request: Request) -> None:
    """Before a form is read: its bytes are still wanted where the request carries an Idempotency-Key.

    A route that takes a form names it as `before_request`.
    """
    if "idempotency-key" in request.headers:
        await request.body()


def etag(no: int) -> dict[str, str]:
    """The header that names a version."""
    return {"ETag": f'"{no}"'}


def unchanged(request: Request, headers: dict[str, str]) -> Response[Any] | None:
    """304, where who asks has already what the `ETag` among these headers names; else nothing.

    Source: RFC 9110, 13.1.2: a list of tags or `*`; a weak tag is as good, proxies that compress make it so.
    """
    asked = request.headers.get("if-none-match", "")
    theirs = {each.strip().removeprefix("W/") for each in asked.split(",")}
    return Response(b"", status_code=304, headers=headers) if theirs & {headers["ETag"], "*"} else None
