"""Whatever the OpenAPI file allows, and what it does not, is asked: no answer is a fault, nor of a shape that the file does not say.

As nobody and as who may most; each change is taken back. `make fuzz` asks longer. Source: schemathesis makes requests from the file.
"""

import json
import os
from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.transport import Response

from tests.matrix.city import Someone
from tests.matrix.world import Matrix

EXAMPLES = int(os.environ.get("CITYLOOP_FUZZ_EXAMPLES", "2"))  # of an endpoint, by who may most
QUIETLY = {"database": None, "derandomize": True, "deadline": None, "phases": [Phase.generate], "suppress_health_check": list(HealthCheck)}
OURS = frozenset({"host", "content-length", "user-agent", "accept-encoding", "connection"})
BY_ANY_ENDPOINT = frozenset({304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429, 503})  # docs/reference/errors.md


def prepared(case: Any) -> requests.PreparedRequest | None:
    """The request that was made up; nothing where no client could send it."""
    try:
        sent = case.as_transport_kwargs(base_url="http://testserver.local")
        names = ("method", "url", "headers", "params", "json", "data", "files", "cookies")
        return requests.Request(**{name: value for name, value in sent.items() if name in names}).prepare()
    except (requests.RequestException, UnicodeError, ValueError):
        return None


def ask(matrix: Matrix, found: Counter, operation: Any, who: Someone, case: Any) -> None:
    """Ask once, and count what is wrong. A change whose answer reads what was taken back meanwhile is nobody's fault."""
    if (made := prepared(case)) is None:
        return
    place = urlsplit(str(made.url))
    body = made.body.encode() if isinstance(made.body, str) else made.body or b""
    headers = {name: str(value) for name, value in made.headers.items() if name.lower() not in OURS}
    answer = matrix.city.door.ask(case.method.upper(), unquote(place.path), token=who.token, query=place.query, body=body, headers=headers)
    found[None] += 1
    wrong = ""
    if answer.status >= 500 and answer.status != 503:
        wrong = "" if answer.changed else "fault"
    elif answer.status not in BY_ANY_ENDPOINT:
        wrong = unlike_the_file(operation, made, answer)
    if wrong:
        found[f"{operation.label}: {wrong} {answer.status} for {case.path_parameters} {case.query} {case.body!r}"[:400]] += 1


def unlike_the_file(operation: Any, made: requests.PreparedRequest, answer: Any) -> str:
    """What of an answer the OpenAPI file does not say."""
    if str(answer.status) not in operation.definition.raw["responses"]:
        return "a status that is not said"
    if "json" not in answer.headers.get("content-type", ""):
        return ""
    headers = {name: [value] for name, value in answer.headers.items()}
    told = Response(status_code=answer.status, headers=headers, content=answer.body, request=made, elapsed=0.0, verify=False)
    return "" if operation.is_valid_response(told) else "a shape that is not said"


def wrong(matrix: Matrix, examples: int, only: str = "") -> Counter:
    """What is wrong, and under None how many requests were asked."""
    raw = json.loads(json.dumps(matrix.city.app.openapi_schema.to_schema()))
    needs = {each.name: each for each in matrix.needs}
    found: Counter = Counter()
    with matrix.city.door.taken_back():
        for result in schemathesis.openapi.from_dict(raw).get_all_operations():
            operation = result.ok()
            need = needs.get(operation.label)
            if need and only in operation.label:
                able = next((each for each in matrix.city.people if any(one.value in each.holds for one in need.any_of)), None)
                for who, count in ((matrix.city.people[0], 1), (able or matrix.city.people[1], examples)):
                    made_up(operation, count, partial(ask, matrix, found, operation, who))
    return found


def made_up(operation: Any, count: int, use: Any) -> None:
    """Give so many requests of an endpoint to `use`."""

    @settings(max_examples=count, **QUIETLY)
    @given(case=operation.as_strategy())
    def each(case: Any) -> None:
        use(case)

    each()


@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_a_fault_or_of_another_shape(matrix):
    found = wrong(matrix, EXAMPLES)
    assert found.pop(None) > 500
    assert "\n".join(sorted(found)) == ""


@pytest.mark.filterwarnings("ignore")
def test_a_fault_is_seen(matrix, monkeypatch):
    """Planted: a route that cannot bear any limit."""
    from cityloop.pages import queue

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(queue, "page_limit", broken)
    assert any(each and each.startswith("GET /v1/cases: fault") for each in wrong(matrix, 3, "GET /v1/cases"))
