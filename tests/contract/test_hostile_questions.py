"""Questions that mean to be read twice: a name given more than once, at every endpoint of the OpenAPI file and every page."""

from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.contract.test_every_endpoint import endpoints_of

from cityloop import app as city_app
from cityloop.http import lanes

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = tmp_path_factory.mktemp("twice")
    pack = Path(__file__).parents[2] / "packs" / "demo"
    parts = city_app.join(city_app.Settings(city="twice", home=str(home), pack=str(pack), stranger_per_min=0))
    city_app.open_city(parts)
    made = city_app.create_app(parts)
    with TestClient(made):
        yield made
    parts.close()


@pytest.fixture
def client(app):
    app.state.edges._buckets._all.clear()
    return TestClient(app)


def several_in(schema: dict) -> bool:
    """Whether a parameter may hold several values."""
    kind = schema.get("type")
    return "array" in ([kind] if isinstance(kind, str) else kind or ()) or any(several_in(each) for one in ("oneOf", "anyOf") for each in schema.get(one, ()))


def parameters(app) -> list[tuple[str, str, str, bool]]:
    """Method, address, name, and whether it may come several times: of every question in the OpenAPI file."""
    found = []
    for path, methods in app.openapi_schema.to_schema()["paths"].items():
        url = "/".join("none" if part.startswith("{") else part for part in path.split("/"))
        for method, said in methods.items():
            found += [(method.upper(), url, each["name"], several_in(each["schema"])) for each in said.get("parameters", ()) if each["in"] == "query"]
    return found


def spellings(name: str) -> list[str]:
    """One name, as it may be written a second time."""
    return [f"{name}=a&{name}=b", f"{name}=a&x=1&{''.join(f'%{ord(each):02x}' for each in name)}=b", f"{name}&{name}=b", f"{name}=&{name}="]


def test_a_name_is_given_once_at_every_endpoint(app, client):
    """Neither the first counts nor the last: whoever stands before us could have read the other one."""
    open311 = lanes.SEVERAL_BELOW["/open311/"]
    asked = [each for each in parameters(app) if not each[3] and not (each[1].startswith("/open311/") and each[2] in open311)]
    assert len(asked) > 150
    for method, url, name, _ in asked:
        for query in spellings(name):
            answer = client.request(method, f"{url}?{query}")
            assert answer.status_code == 400, (method, url, query, answer.text)
            assert answer.json()["code"] == "edge.given_twice", (method, url, query)
            app.state.edges._buckets._all.clear()


def test_on_every_page_too(app, client):
    """Also where no parameter is declared, as pages read their questions themselves."""
    for each in endpoints_of(app):
        answer = client.request(each.method, f"{each.url}?lang=zh&lang=en")
        assert answer.status_code == 400, each.name
        assert answer.json()["code"] == "edge.given_twice"


def test_what_may_come_several_times_is_what_the_openapi_file_says(app):
    """And what Open311 says of its lists, which are read by hand."""
    lists = {(url, name) for _, url, name, several in parameters(app) if several}
    assert len(lists) > 5
    assert [(url, name) for url, name in lists if lanes.given_twice(url, f"{name}=a&{name}=b".encode())] == []
    assert {(url, name) for url, names in lanes.SEVERAL.items() for name in names} <= lists
    below = {(begins, name) for begins, names in lanes.SEVERAL_BELOW.items() for name in names if begins != "/open311/"}
    assert [each for each in below if not any(url.startswith(each[0]) and name == each[1] for url, name in lists)] == []


def test_a_list_is_still_a_list(client):
    assert client.get("/tiles/cases/12/3328/1709.pbf?state=filed&state=closed").json().get("code") != "edge.given_twice"
    assert client.get("/open311/v2/requests.json?status=open&status=closed").status_code == 200
