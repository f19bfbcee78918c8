"""What people of the town say about a case, and do beside its straight way: the further deeds of a `World`."""

from typing import Any

from cityloop.cases import unit_load
from cityloop.cases.appeals import appeal_list_of
from cityloop.cases.elsewhere import SelfHandled
from cityloop.db import Database, Tx
from tests.world_asking import Asking

DONE = "cleared away, the place is as before"


class Orders(Asking):
    """Deeds by name of the report, as in `World`, which sends them."""

    database: Database

    def case(self, name: str) -> Any:
        raise NotImplementedError

    def tasks(self, name: str) -> list[Any]:
        raise NotImplementedError

    def post(self, path: str, *, by: str | None, match: int | None = None, **sent: Any) -> Any:
        raise NotImplementedError

    def _id(self, tx: Tx, name: str) -> str:
        raise NotImplementedError

    def _post(self, name: str, deed: str, by: str | None, body: Any = None, **more: Any) -> None:
        raise NotImplementedError

    def _who(self, by: str | None, usual: str | None) -> str:
        raise NotImplementedError

    def reach(self, name: str, stage: str, *, by: str | None = None, note: str = "") -> None:
        self._post(name, "stage", self._who(by, f"handler-{self.case(name).unit}"), {"stage": stage, "note": note})

    def reassign(
        self, name: str, unit: str, reason: str = "too_slow", *, by: str = "dispatcher", note: str = ""
    ) -> None:
        self._post(name, "reassignment", by, {"unit": unit, "reason": reason, "note": note})

    def ask_assist(self, name: str, unit: str, *, by: str = "dispatcher") -> None:
        self._post(name, "assist", by, {"unit": unit})

    def sign_assist(self, name: str, *, by: str) -> None:
        self._post(name, "assist/signature", by, None)

    def finish_assist(self, name: str, *, by: str, note: str = DONE) -> None:
        self._post(name, "assist/completion", by, form={"note": note})

    def urge(self, name: str, reason: str = "due_soon", *, by: str = "dispatcher", note: str = "") -> None:
        self._post(name, "urge", by, {"reason": reason, "note": note})

    def supervise(
        self, name: str, reason: str = "late", *, level: str = "ordinary", by: str = "leader", note: str = ""
    ) -> None:
        self._post(name, "supervision", by, {"reason": reason, "level": level, "note": note})

    def answer(self, name: str, words: str = DONE, *, by: str | None = None) -> None:
        self._post(name, "supervision/answer", self._who(by, f"handler-{self.case(name).unit}"), {"words": words})

    def ask_answer_again(self, name: str, reason: str = "answer_empty", *, by: str = "leader") -> None:
        self._post(name, "supervision/again", by, {"reason": reason})

    def accept_answer(self, name: str, *, by: str = "leader") -> None:
        self._post(name, "supervision/accepted", by, None)

    def instruct(
        self, name: str, words: str, *, by: str = "leader", addressed: str = "command", urgency: int = 0
    ) -> None:
        self._post(name, "instruction", by, {"words": words, "addressed": addressed, "urgency": urgency})

    def whistle(
        self, name: str, *units: str, by: str = "street-desk-1", reason: str = "many_needed", note: str = ""
    ) -> None:
        self._post(name, "whistle", by, {"units": units, "reason": reason, "note": note})

    def report_in(self, name: str, *, by: str) -> None:
        self._post(name, "whistle/arrival", by, None)

    def end_whistle(self, name: str, words: str = DONE, *, by: str = "street-desk-1") -> None:
        self._post(name, "whistle/end", by, {"words": words})

    def rate(self, name: str, unit: str, score: int, reason: str = "prompt", *, by: str = "street-desk-1") -> None:
        self._post(name, "whistle/rating", by, {"unit": unit, "score": score, "reason": reason})

    def transfer(
        self, name: str, system: str = "neighbour", *, by: str = "dispatcher", their_number: str = "N-7",
        reason: str = "other_city",
    ) -> None:  # fmt: skip
        asked = {"system": system, "their_number": their_number, "reason": reason}
        self._post(name, "transfer", by, asked)

    def finish_transfer(self, name: str, *, by: str = "dispatcher") -> None:
        self._post(name, "transfer/done", by, {})

    def return_transfer(self, name: str, reason: str = "not_theirs", *, by: str = "dispatcher") -> None:
        self._post(name, "transfer/back", by, {"reason": reason})

    def complete(self, name: str, reason: str = "place_vague", *, by: str = "leader-on-duty", note: str = "") -> None:
        self._post(name, "filing/back", by, {"reason": reason, "note": note})

    def appeal(self, name: str, about: str, words: str = "the street was closed", *, by: str, task: int = 0) -> None:
        case = self.case(name)
        asked = {"about": about, "words": words}
        self.post(f"/v1/tasks/{self.tasks(name)[task].id}/appeal", by=by, match=case.no, json=asked)

    def uphold(self, name: str, *, by: str = "leader-on-duty", place: int = 0) -> None:
        self._post(name, "appeal/upheld", by, {"appeal": self._appeal(name, place)})

    def dismiss(self, name: str, reason: str = "unfounded", *, by: str = "leader-on-duty", place: int = 0) -> None:
        self._post(name, "appeal/dismissed", by, {"appeal": self._appeal(name, place), "reason": reason})

    def appeals(self, name: str) -> list[tuple[str, str, str, bool]]:
        """The appeals of a case: unit, what about, how it stands, whether figures leave it out."""
        with self.database.reading() as tx:
            found = appeal_list_of(tx, self._id(tx, name))
        return [(each.unit, each.about.value, each.state.value, each.excluded) for each in found]

    def _appeal(self, name: str, place: int) -> str:
        with self.database.reading() as tx:
            found = appeal_list_of(tx, self._id(tx, name))
        return found[place].id if place < len(found) else "none"

    def timers_set(self, kind: str) -> int:
        """How many timers of a kind are set."""
        with self.database.reading() as tx:
            return tx.value("SELECT count(*) FROM timer WHERE city = :city AND kind = :kind", kind=kind)

    def load(self, unit: str) -> int:
        """How many tasks a unit has open."""
        with self.database.reading() as tx:
            return unit_load(tx, unit)

    def self_handled(self, name: str) -> tuple[str, bool, bool]:
        """Who put it right on the spot, whether it was drawn for inspection, and whether it was rejected."""
        with self.database.reading() as tx:
            row = tx.get("self_handled", SelfHandled, self._id(tx, name))
        return row.by, row.inspected, row.rejected
