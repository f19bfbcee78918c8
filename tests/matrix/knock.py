"""Requests straight into the server, without a network; a change is tried to its end and then taken back."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from litestar import Litestar
from msgspec import Struct

from cityloop.db import Database

HOST = "testserver.local"


class Answer(Struct, frozen=True, kw_only=True):
    """What came back; `changed` counts the changes that were made before it left."""

    status: int
    headers: dict[str, str]
    body: bytes
    changed: int

    @property
    def code(self) -> str:
        """The code of a refusal."""
        kind = self.headers.get("content-type", "")
        return json.loads(self.body).get("code", "") if kind.startswith("application/problem") else ""


class Knocking:
    """Who asks the server, one request after the other."""

    def __init__(self, app: Litestar, database: Database):
        self.app = app
        self.database = database
        self.loop = asyncio.new_event_loop()
        self.changes = 0

    def close(self) -> None:
        self.loop.close()

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Inside, what a change wrote is counted and rolled back where it would have been committed."""
        engine = self.database.ready()
        wrote, commit = [0], engine.commit
        plain_write, plain_execute = engine.write, engine.execute

        def write(batches: Any) -> None:
            wrote[0] += 1
            plain_write(batches)

        def execute(sql: str, params: Any) -> int:
            wrote[0] += 1
            return plain_execute(sql, params)

        def back() -> None:
            self.changes += wrote[0] > 0
            wrote[0] = 0
            engine.rollback()

        engine.commit, engine.write, engine.execute = back, write, execute
        try:
            yield
        finally:
            engine.commit, engine.write, engine.execute = commit, plain_write, plain_execute

    def ask(
        self, method: str, path: str, *, token: str | None = None, query: str = "", body: bytes = b"",
        headers: dict[str, str] | None = None, until: bytes | None = None,
    ) -> Answer:  # fmt: skip
        """The answer to a request. `until`: an answer that never ends is heard until it says this."""
        before = self.changes
        status, head, got = self.loop.run_until_complete(
            self._asked(method, path, token, query, body, headers or {}, until)
        )
        return Answer(status=status, headers=head, body=got, changed=self.changes - before)

    async def _asked(
        self, method: str, path: str, token: str | None, query: str, body: bytes, headers: dict[str, str],
        until: bytes | None,
    ) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
        sent = {"host": HOST, "content-length": str(len(body))} | headers
        if token:
            sent["authorization"] = f"Bearer {token}"
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": quote(path).encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
            "client": ("203.0.113.7", 4711), "server": (HOST, 80), "app": self.app, "state": {},
        }  # fmt: skip
        inbox = [{"type": "http.request", "body": body, "more_body": False}]
        gone = asyncio.Event()
        status, head, parts = 0, {}, []

        async def receive() -> dict:
            if inbox:
                return inbox.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict) -> None:
            nonlocal status, head
            if message["type"] == "http.response.start":
                status = message["status"]
                head = {name.decode().lower(): value.decode("latin-1") for name, value in message["headers"]}
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if until is not None and until in parts[-1]:
                    gone.set()
                    raise asyncio.CancelledError

        try:
            await self.app(scope, receive, send)
        except asyncio.CancelledError:
            if until is None:
                raise
        return status, head, b"".join(parts)
