"""The rows of the city that paths name, as bare as they lie in the tables, with what a seat must have to know of them."""

import json
import re
from types import SimpleNamespace
from typing import Any

from tests.matrix.city import City

CASE = "SELECT id, no, number, state, unit, cell, level_area, post, guests, task_id, near_case, recurs, merged_into FROM case_file WHERE city = :city ORDER BY id"
ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class Rows:
    """Every row that a path of the matrix can name."""

    def __init__(self, city: City):
        self.city = city
        self.cases = city.rows(CASE)
        self.case_by_id = {each.id: each for each in self.cases}
        self.reports = self._with_case("SELECT id, no, case_id, contact FROM report WHERE city = :city ORDER BY id")
        self.report_by_id = {each.id: each for each in self.reports}
        self.callbacks = self._with_case(
            "SELECT id, case_id, ended_at FROM callback WHERE city = :city AND case_id IS NOT NULL ORDER BY id"
        )
        self.approvals = self._with_case("SELECT id, case_id, kind, role, asked_by FROM approval WHERE city = :city ORDER BY id")
        self.exclusions = self._with_case("SELECT id, no, case_id, unit FROM exclusion WHERE city = :city ORDER BY id")
        self.orders = [
            SimpleNamespace(**each._asdict(), cell=self.report_by_id[each.report_id].case and self.report_by_id[each.report_id].case.cell)
            for each in city.rows("SELECT id, no, number, report_id FROM work_order WHERE city = :city ORDER BY id")
        ]
        self.shifts = city.rows("SELECT id, no, account, post, unit, area FROM shift WHERE city = :city ORDER BY id")
        self.tasks = city.rows("SELECT id, case_id, unit FROM task WHERE city = :city ORDER BY id")
        self.views = city.rows("SELECT id, owner FROM saved_view WHERE city = :city ORDER BY id")
        self.webhooks = city.rows("SELECT id, no, account FROM webhook WHERE city = :city ORDER BY id")
        self.wanted = city.rows("SELECT id, account FROM bulletin_subscription WHERE city = :city ORDER BY id")
        self.changes = city.rows("SELECT id, no, cell, proposed_by FROM component_change WHERE city = :city ORDER BY id")
        surveys = {
            each.id: SimpleNamespace(**each._asdict(), places=[self.area_of(one) for one in json.loads(each.objects)])
            for each in city.rows("SELECT id, no, objects, visitors FROM survey_task WHERE city = :city ORDER BY id")
        }
        self.surveys = list(surveys.values())
        self.sheets = [
            SimpleNamespace(**each._asdict(), survey=surveys[each.task], area=self.area_of(each.object))
            for each in city.rows("SELECT id, no, task, object FROM survey_sheet WHERE city = :city ORDER BY id")
        ]
        self.points = [
            SimpleNamespace(**each._asdict(), survey=surveys[each.task])
            for each in city.rows("SELECT id, no, task FROM survey_point WHERE city = :city ORDER BY id")
        ]

    def area_of(self, object: str) -> str | None:
        """Where an object of an evaluation lies: a unit where it serves, an area in itself."""
        unit = next((each for each in self.city.policy.units if each.id == object), None)
        return (unit.area or None) if unit else object

    def served(self, unit: str) -> str | None:
        """The area that a unit serves."""
        return next((each.area or None for each in self.city.policy.units if each.id == unit), None)

    def _with_case(self, sql: str) -> list[Any]:
        return [
            SimpleNamespace(**each._asdict(), case=self.case_by_id.get(each.case_id)) for each in self.city.rows(sql)
        ]
