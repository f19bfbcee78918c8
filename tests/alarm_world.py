"""The town whose devices are judged: what they say becomes alarms, reports, cases."""

from datetime import timedelta
from typing import Any

from cityloop import cases, desk
from cityloop.cases import Case, case_get
from cityloop.journal import story
from cityloop.stages import intake, sense, understand
from tests.sensing_world import SensingWorld, the_sensing_app
from tests.world import PACKS, STAGES

__all__ = ["AlarmWorld", "the_sensing_app"]


class AlarmWorld(SensingWorld):
    """A town with rules over what its devices say. Time goes by the story's clock."""

    rooms: tuple[Any, ...] = (sense, intake, understand, *STAGES, desk, cases)

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.book.adopt(PACKS / "mini_sensing", actor="machine:start")
        self.drain()

    @property
    def watcher(self) -> sense.Watcher:
        """Who judges."""
        return self.senses.watcher

    def says(self, key: str, *values: float, every_s: int = 60, stream: str = "laeq") -> None:
        """A device says these, one after the other, up to now; then it is judged, and what follows happens."""
        rows = [{"stream": f"{key}/{stream}", "at": (self.clock.now + timedelta(seconds=every_s * place)).isoformat(), "value": value}
                for place, value in enumerate(values)]  # fmt: skip
        self.clock.forward(seconds=every_s * (len(values) - 1))
        assert self.observe(*rows)["kept"] == len(rows)
        self.judge_all()
        self.clock.forward(seconds=every_s)

    def judge_all(self) -> None:
        """The watcher's round, and all that follows."""
        self.watcher.round(self.writer)
        self.drain()

    def alarms(self, **asked: Any) -> list[dict[str, Any]]:
        """Alarms, those raised last first."""
        return self.get("/v1/alarms", by="collector-a1", **asked)["items"]

    def alarm(self, rule: str) -> dict[str, Any]:
        """The last alarm of a rule, with its curve."""
        return self.get(f"/v1/alarms/{self.alarms(rule=rule)[0]['id']}", by="collector-a1")

    def case_by_id(self, case_id: str) -> Case:
        """A case as it stands."""
        with self.database.reading() as tx:
            return case_get(tx, case_id)

    def story_of_case(self, case_id: str) -> list[str]:
        """What happened to a case."""
        with self.database.reading() as tx:
            return [type(told.fact).__name__ for told in story(tx, f"case/{case_id}")]

    def channels(self, case_id: str) -> list[tuple[str, str]]:
        """Channel and class of the reports of a case."""
        with self.database.reading() as tx:
            rows = tx.all("SELECT channel, declared_class FROM report WHERE city = :city AND case_id = :case ORDER BY id", case=case_id)
            return [(row.channel, row.declared_class) for row in rows]

    def judge(self, rule: str, is_true: bool, reason: str, *, by: str = "leader-on-duty") -> dict[str, Any]:
        """Somebody says whether the last alarm of a rule was true."""
        id = self.alarms(rule=rule)[0]["id"]
        return self.post(f"/v1/alarms/{id}/judge", by=by, json={"is_true": is_true, "reason": reason})
