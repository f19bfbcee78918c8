"""Every endpoint, as nobody and as a stranger who holds no post: the door is shut unless a list says that it is open."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from tests.people_world import PASSWORD, hashed

import cityloop
from cityloop import app as city_app
from cityloop.http.identity import signed_in
from cityloop.people import Person, open_account, set_password

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")

PUBLIC = Path(cityloop.__file__).parent / "http" / "public_endpoints.txt"
SHUT = {401, 403, 404}


class Endpoint(NamedTuple):
    """A way in."""

    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def url(self) -> str:
        parts = ["none" if part.startswith("{") else part for part in self.path.split("/")]
        return "/".join(parts) or "/"


def public() -> dict[str, str]:
    """The endpoints that are open, each with its reason."""
    lines = [line for line in PUBLIC.read_text().splitlines() if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, _, reason in (line.partition("#") for line in lines)}


def endpoints_of(app: Litestar) -> list[Endpoint]:
    """Every way in, but OPTIONS, which the framework answers itself."""
    found = [
        Endpoint(method, route.path_format, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method not in ("OPTIONS", "HEAD")
    ]
    return sorted(found, key=lambda each: each.name)


def is_open(endpoint: Endpoint, open_ones: dict[str, str]) -> bool:
    """Whether the list names it, itself or by a folder of it."""
    return any(fnmatchcase(endpoint.name, name) for name in open_ones)


def guards_of(endpoint: Endpoint) -> list:
    return list(endpoint.handler.resolve_guards())


def unguarded(endpoints: list[Endpoint], open_ones: dict[str, str]) -> list[str]:
    """Endpoints that name no permission, are not one's own, and stand in no list."""
    return [
        each.name
        for each in endpoints
        if not is_open(each, open_ones)
        and not any(hasattr(guard, "permission") or guard is signed_in for guard in guards_of(each))
    ]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A whole city, joined as in earnest."""
    home = tmp_path_factory.mktemp("city")
    pack = Path(__file__).parents[2] / "packs" / "demo"
    parts = city_app.join(city_app.Settings(city="endpoints", home=str(home), pack=str(pack)))
    city_app.open_city(parts)
    with TestClient(city_app.create_app(parts)) as client:
        yield client, parts
    parts.close()


@pytest.fixture(scope="module")
def endpoints(city):
    return endpoints_of(city[0].app)


@pytest.fixture(scope="module")
def stranger(city):
    """The header of somebody who is signed in and holds no post."""
    client, parts = city

    def opened(tx):
        account = open_account(tx, sign_in_name="a.stranger", person=Person(name="Stranger"))
        set_password(tx, account, hashed(), must_change=False)

    parts.writer.change(opened)
    asked = {"name": "a.stranger", "password": PASSWORD, "as_token": True}
    return {"authorization": f"Bearer {client.post('/v1/sessions', json=asked).json()['token']}"}


def test_every_endpoint_names_a_permission_or_is_listed(endpoints):
    """What nobody thought of is open to everybody."""
    assert len(endpoints) > 20
    assert unguarded(endpoints, public()) == []


def test_every_open_endpoint_exists_and_has_a_reason(endpoints):
    """A list that outlives what it lists hides the next mistake."""
    for name, reason in public().items():
        assert any(is_open(each, {name: ""}) for each in endpoints), f"{name} is listed and is not there"
        assert reason, f"{name} is open without a reason"


def test_nobody_gets_in(city, endpoints):
    for each in endpoints:
        if not is_open(each, public()):
            answer = city[0].request(each.method, each.url, json={} if each.method != "GET" else None)
            assert answer.status_code == 401, (each.name, answer.status_code, answer.text)


def test_a_stranger_gets_nowhere(city, endpoints, stranger):
    for each in endpoints:
        if is_open(each, public()) or signed_in in guards_of(each):
            continue
        answer = city[0].request(each.method, each.url, json={} if each.method != "GET" else None, headers=stranger)
        assert answer.status_code in SHUT, (each.name, answer.status_code, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_planted_endpoint_without_guard_is_seen():
    @get("/v1/secrets", sync_to_thread=False)
    def get_secrets() -> None:
        """Tell all."""

    app = Litestar([get_secrets], openapi_config=None)
    assert unguarded(endpoints_of(app), public()) == ["GET /v1/secrets"]
