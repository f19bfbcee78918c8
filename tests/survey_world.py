"""The town that is evaluated: tables are filled in, points looked at, questionnaires answered, numbers published."""

import json
from functools import lru_cache
from io import BytesIO
from typing import Any

from litestar.testing import TestClient
from PIL import Image

from cityloop import cases, pages
from cityloop.domain import facts as f
from cityloop.journal import erase, story, vault_ids
from cityloop.stages import evaluate, intake
from tests.town_app import town_app
from tests.world import STAGES, World

MANAGER, STREET, SECRET = "assessor", "street-desk-1", "visitor-2"
NORTH, ONE, TWO = "990201", "990201001", "990201002"
SPAN = {"first_day": "2026-01-01", "last_day": "2026-03-01", "until": "2026-03-31"}


@lru_cache(1)
def the_survey_app() -> TestClient:
    """One server for all stories of the field tools."""
    return town_app((intake, *STAGES, evaluate, cases, pages))


@lru_cache(8)
def picture(n: int = 0) -> bytes:
    """A photo, as a phone sends it."""
    out = BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 20 * n)).save(out, "JPEG")
    return out.getvalue()


class SurveyWorld(World):
    """A town with evaluation tasks, which the story names."""

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.adopt("mini_survey")
        self.surveys: dict[str, str] = {}

    # tasks

    def open(self, name: str, *forms: str, objects: tuple[str, ...] = (ONE,), who: str = "third", by: str = MANAGER, **more: Any) -> dict[str, Any]:
        """Somebody opens an evaluation task."""
        visitors = ["collector-c"] if "walk" in forms else []
        asked = SPAN | {"who": who, "forms": list(forms), "objects": list(objects), "visitors": visitors} | more
        found = self.post("/v1/survey/tasks", by=by, json=asked)
        self.surveys[name] = found["id"]
        return found

    def survey(self, name: str, *, by: str = MANAGER) -> dict[str, Any]:
        """A task as who manages it sees it."""
        return self.get(f"/v1/survey/tasks/{self.surveys[name]}", by=by)

    def publish(self, name: str, *, by: str = MANAGER, anyway: bool = False) -> dict[str, Any]:
        """Somebody lets the numbers hold."""
        path = f"/v1/survey/tasks/{self.surveys[name]}/publication"
        return self.post(path, by=by, match=self.survey(name)["no"], json={"anyway": anyway})

    def correct(self, name: str, reason: str = "sheet_wrong", *, by: str = MANAGER, words: str = "", until: str = "2026-04-30") -> dict[str, Any]:
        """Somebody begins to put right what was published."""
        path = f"/v1/survey/tasks/{self.surveys[name]}/correction"
        return self.post(path, by=by, match=self.survey(name)["no"], json={"reason": reason, "words": words, "until": until})

    def versions(self, name: str) -> list[tuple[int, bool, int | None, str | None]]:
        """What was published of a task: version, whether it holds, what it corrects, why."""
        return [(each["version"], each["holds"], each["corrects"], each["reason"]) for each in self.survey(name)["versions"]]

    def cancel(self, name: str, reason: str) -> None:
        """The manager ends a task without numbers."""
        path = f"/v1/survey/tasks/{self.surveys[name]}/cancellation"
        self.post(path, by=MANAGER, match=self.survey(name)["no"], json={"reason": reason})

    def numbers(self, name: str) -> dict[tuple[str, str], tuple[float, float | None, int]]:
        """What is known of a task: by object and indicator what stands above and below the line, and how many behind it."""
        rows = self.survey(name)["numbers"]
        return {(e["object"], e["indicator"]): (e["numerator"], e["denominator"], e["cases"]) for e in rows}

    def withheld(self, name: str) -> dict[tuple[str, str], str]:
        """What is not given of a task, and why."""
        return {(each["object"], each["indicator"]): each["why"] for each in self.survey(name)["withheld"]}

    def public_numbers(self, *, by: str) -> list[tuple[str, str]]:
        """Which published numbers somebody sees."""
        return [(each["object"], each["indicator"]) for each in self.get("/v1/survey/numbers", by=by)]

    # tables

    def sheet(self, name: str, object: str = ONE) -> dict[str, Any]:
        """The table of an object in a task."""
        return next(each for each in self.survey(name)["all_sheets"] if each["object"] == object)

    def fill(self, name: str, object: str = ONE, *, by: str = STREET, texts: dict[str, str] | None = None, **numbers: float) -> dict[str, Any]:
        """Somebody fills in a table and sends it with a photo."""
        now = self.sheet(name, object)
        parts = [("numbers", (None, json.dumps(numbers))), ("texts", (None, json.dumps(texts or {})))]
        parts.append(("photos", ("a.jpg", picture(), "image/jpeg")))
        return self.post(f"/v1/survey/sheets/{now['id']}/submission", by=by, match=now["no"], files=parts)

    def accept_sheet(self, name: str, object: str = ONE, *, by: str = MANAGER) -> None:
        """Somebody lets a table count."""
        now = self.sheet(name, object)
        self.post(f"/v1/survey/sheets/{now['id']}/acceptance", by=by, match=now["no"])

    def return_sheet(self, name: str, reason: str, *, by: str = MANAGER, note: str = "") -> None:
        """Somebody sends a table back."""
        now = self.sheet(name)
        self.post(f"/v1/survey/sheets/{now['id']}/return", by=by, match=now["no"], json={"reason": reason, "note": note})

    # visits

    def points(self, name: str, object: str = ONE) -> list[dict[str, Any]]:
        """The points of an object in a task, as who manages it sees them."""
        return [each for each in self.survey(name)["all_points"] if each["object"] == object]

    def to_visit(self, *, by: str) -> list[str]:
        """The points that somebody looks at."""
        return [each["id"] for task in self.get("/v1/survey/visits", by=by) for each in task["points"]]

    def visit(
        self, point: dict[str, Any], *, by: str = "collector-c", found: dict[str, int] | None = None, photos: int = 1,
        off: float | None = 0.0, match: int | None = None, **more: str,
    ) -> dict[str, Any]:  # fmt: skip
        """Somebody looks at a point, so many degrees east of it; `off` None: the phone does not know where it is."""
        parts: list[Any] = [("found", (None, json.dumps(found or {}))), *((key, (None, value)) for key, value in more.items())]
        if off is not None:
            parts += [("lon", (None, str(point["lon"] + off))), ("lat", (None, str(point["lat"])))]
        parts += [("photos", (f"{n}.jpg", picture(n + 1), "image/jpeg")) for n in range(photos)]
        path = f"/v1/survey/points/{point['id']}/visit"
        return self.post(path, by=by, match=point["no"] if match is None else match, files=parts)

    def return_point(self, point: dict[str, Any], reason: str) -> None:
        """The manager wants a point looked at again."""
        self.post(f"/v1/survey/points/{point['id']}/return", by=MANAGER, match=point["no"], json={"reason": reason})

    def photo_status(self, address: str, *, by: str) -> int:
        """With which status somebody gets a photo."""
        return self.client.get(address, headers=self.signed(by)).status_code

    def forget(self, name: str) -> None:
        """What the vault keeps of a task is erased."""
        self.writer.change(lambda tx: erase(tx, vault_ids(tx, f"survey/{self.surveys[name]}"), reason="term"))

    # questionnaires

    def invite(self, name: str, count: int, object: str = ONE, *, by: str = MANAGER) -> list[str]:
        """Somebody draws invitations; gives their codes."""
        path = f"/v1/survey/tasks/{self.surveys[name]}/invitations"
        drawn = self.post(path, by=by, json={"form": "people", "object": object, "count": count})
        return [each["code"] for each in drawn]

    def answer(self, code: str, *, texts: dict[str, str] | None = None, key: str | None = None, **chosen: str) -> dict[str, Any]:
        """Somebody answers a questionnaire."""
        body = {"chosen": {question: options.split("|") for question, options in chosen.items()}, "texts": texts or {}}
        sent = self.client.post(
            f"/v1/questionnaires/{code}", headers={"idempotency-key": key} if key else {}, json=body
        )  # fmt: skip
        found = self._answered(sent)
        self.drain()
        return found

    def words(self, name: str) -> dict[str, list[str]] | None:
        """What was written about the first street, as who manages the task sees it."""
        path = f"/v1/survey/tasks/{self.surveys[name]}/words"
        return self.get(path, by=MANAGER, form="people", object=ONE)["texts"]

    # the journal

    def facts_of(self, subject: str) -> list[f.Told]:
        """What happened to a task, a table, a point or an invitation."""
        with self.database.reading() as tx:
            return story(tx, subject)

    def in_a_fact(self, word: str) -> bool:
        """Whether the journal holds a word anywhere."""
        with self.database.reading() as tx:
            return any(word.encode() in bytes(row.body) for row in tx.all("SELECT body FROM fact WHERE city = :city"))

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.database.reading() as tx:
            return tx.value(f"SELECT count(*) FROM {table} WHERE city = :city")
