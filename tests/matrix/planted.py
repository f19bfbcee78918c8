"""Rows that no played day makes, so that every kind of row is somebody's own and somebody else's."""

import json
from typing import Any

from tests.matrix.bodies import Bodies
from tests.matrix.city import City

EAST_COLLECTOR, WEST_COLLECTOR = "collector-990101001001-1", "collector-990102001001-1"


def plant(city: City, bodies: Bodies) -> None:
    """Views, subscriptions, proposals, requests: each by two people who have nothing to do with each other."""

    def post(who: str, path: str, **value: Any) -> dict[str, Any]:
        body, headers = bodies.of("POST", path, value)
        answer = city.door.ask("POST", path, token=city.who(who).token, body=body, headers=headers)
        assert answer.status == 201, (who, path, answer.body)
        return json.loads(answer.body)

    for name in (EAST_COLLECTOR, "handler-greening"):
        post(name, "/v1/views", name="late ones", asked="late=true")
    for name in ("partner", "partner's other key", "other partner"):
        if any(each.name == name for each in city.people):
            post(name, "/v1/webhooks", url="https://partner.example/facts")
    for name in ("leader-990101", "supervisor"):
        post(name, "/v1/bulletins/subscriptions", kind="daily", area="990101")
    components = {
        area: next(each for each in city.policy.components if each.cell.startswith(area)) for area in ("990101", "990102")
    }
    for name, area in ((EAST_COLLECTOR, "990101"), (WEST_COLLECTOR, "990102")):
        post(name, "/v1/components/changes", kind="retire", component=components[area].code)
    for case in city.rows(
        "SELECT case_id, MIN(unit) AS unit FROM task WHERE city = :city AND unit IN ('greening', 'water') GROUP BY case_id LIMIT 4"
    ):
        post(f"handler-{case.unit}", "/v1/exclusions", case=case.case_id, reason="weather", words="a storm")
