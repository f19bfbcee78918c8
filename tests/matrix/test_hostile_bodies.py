"""Bodies whose names mean something to the language of the pages: no endpoint keeps one, tells one, or breaks by one."""

import json
from typing import Any

import pytest

from tests.matrix.bodies import JSON
from tests.matrix.cells import filled
from tests.matrix.city import Someone
from tests.matrix.world import Matrix

HOSTILE = {"__proto__": {"spoiled": True}, "constructor": {"prototype": {"spoiled": True}}, "prototype": {"spoiled": True}}


def hostile(value: Any) -> Any:
    """A body with such names in each of its objects."""
    if isinstance(value, dict):
        return {name: hostile(each) for name, each in value.items()} | HOSTILE
    return [hostile(each) for each in value] if isinstance(value, list) else value


def told(matrix: Matrix) -> tuple[int, list[str]]:
    """How many endpoints were asked, and those that broke, or told such a name."""
    wrong, count = [], 0
    with matrix.city.door.taken_back():
        for need in matrix.needs:
            body, headers = matrix.bodies.of(need.method, need.path)
            if headers.get("content-type") != JSON:
                continue
            who: Someone | None = next((each for each in matrix.city.people if any(one.value in each.holds for one in need.any_of)), None)
            asked = {"method": need.method, "path": filled(need.path, {}), "token": (who or matrix.city.people[1]).token, "headers": headers}
            answer = matrix.city.door.ask(**asked, body=json.dumps(hostile(json.loads(body))).encode())
            count += 1
            if (answer.status == 500 and not answer.changed) or b"spoiled" in answer.body or b'"__proto__"' in answer.body:
                wrong.append(f"{need.name}: {answer.status} {answer.body[:200]!r}")
    return count, wrong


@pytest.mark.filterwarnings("ignore")
def test_no_name_of_the_languages_own_is_kept_told_or_breaks_anything(matrix):
    count, wrong = told(matrix)
    assert count > 150
    assert wrong == []
