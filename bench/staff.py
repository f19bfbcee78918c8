"""Somebody who works at the benchmark's city, and what their list costs in statements."""

import json
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

from litestar.testing import TestClient

from bench.machine import Server
from cityloop.app import Parts, Settings, apply_of_all, create_app
from cityloop.db import Database, Tx
from cityloop.domain.ids import CityId
from cityloop.domain.policy import Policy
from cityloop.http.limits import Pace
from cityloop.journal import Journal, Writer
from cityloop.packs.book import PackBook
from cityloop.people import Person, open_account, passwords, set_password, take_post
from cityloop.people.keys import make_key, open_partner
from cityloop.people.sessions import token_digest

NAME, PASSWORD = "bench.leader", "Bench-city-2026!"
ROLE = "duty_leader"


def hire(writer: Writer, book: PackBook, name: str = NAME) -> None:
    """Make the account and seat it in a post of the whole city."""
    policy = book.in_force()
    post = next(each for each in policy.posts if each.role == ROLE and each.area is None)
    hashed = passwords.hash_of(PASSWORD)

    def use_case(tx: Tx) -> None:
        account = open_account(tx, sign_in_name=name, person=Person(name="Bench"), simulated=True)
        set_password(tx, account, hashed, must_change=False)
        take_post(tx, account, post.id, policy=policy)

    writer.change(use_case)


def let_in(writer: Writer, policy: Policy, keys: Sequence[str]) -> None:
    """A partner who sends observations by these keys, as fast as they like."""

    def use_case(tx: Tx) -> None:
        account = open_partner(tx, person=Person(name="Bench"), simulated=True)
        take_post(tx, account, next(each.id for each in policy.posts if each.role == "partner"), policy=policy)
        for key in keys:
            make_key(tx, account, digest=token_digest(key), scopes=["observe.send"], pace=Pace(per_min=600_000, burst=20_000), days=30)

    writer.change(use_case)


def signed_in(server: Server) -> dict[str, str]:
    """Headers of somebody who may see the whole city."""
    settings = Settings(city="bench", home=str(server.home), database=server.database)
    database = Database(settings.database_url, CityId(settings.city))
    writer = Writer(database, Journal(apply_of_all()))
    hire(writer, PackBook(writer))
    writer.close()
    database.close()
    asked = json.dumps({"name": NAME, "password": PASSWORD, "as_token": True}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/v1/sessions", asked, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return {"Authorization": f"Bearer {json.loads(answer.read())['token']}"}


def count_list_statements(parts: Parts) -> int:
    """How many statements one list of 100 takes, signing in left out, counted at the engine."""
    counted: list[str] = []
    connect: Callable[..., Any] = parts.database.connect

    def connecting(**given: Any) -> Any:
        engine = connect(**given)
        fetch = engine.fetch

        def counting(sql: str, params: dict[str, Any]) -> Any:
            counted.append(sql)
            return fetch(sql, params)

        engine.fetch = counting
        return engine

    parts.database.connect = connecting  # type: ignore[method-assign]
    hire(parts.writer, parts.book, name := f"{NAME}.counted")
    with TestClient(create_app(parts), base_url="http://127.0.0.1") as client:
        token = client.post("/v1/sessions", json={"name": name, "password": PASSWORD, "as_token": True}).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        client.get("/v1/cases?limit=100", headers=headers)
        quiet = len(counted)
        client.get("/v1/cases?limit=100", headers=headers)
        mine = [
            sql for sql in counted[quiet:] if "case_file" in sql or "session" in sql or "seat" in sql or "task" in sql
        ]
    return len(mine)
