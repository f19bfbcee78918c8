"""The town with its press: bulletins are asked for, made, delivered, and read back as people read them."""

import asyncio
import io
from functools import lru_cache
from typing import Any

from litestar.testing import TestClient
from openpyxl import load_workbook

from cityloop import cases, desk, pages
from cityloop.files import FileStore
from cityloop.stages import evaluate, intake, understand
from tests.town_app import town_app
from tests.world import STAGES, World


@lru_cache(1)
def the_bulletins_app() -> TestClient:
    """One server for all stories of bulletins."""
    return town_app((intake, understand, *STAGES, desk, cases, evaluate, pages))


class BulletinWorld(World):
    """A town with its press."""

    rooms = (*STAGES, desk, cases, evaluate)

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.press = evaluate.Press(self.writer, self.book, FileStore(self.folder / "bulletins"))

    def close(self) -> None:
        self.press.close()
        super().close()

    def print_all(self) -> int:
        """The press makes all that waits; gives how many it made."""
        made = 0
        while asyncio.run(self.press.round()):
            made += 1
        self.drain()
        return made

    def bulletin(self, kind: str, *, by: str = "assessor", **asked: Any) -> dict[str, Any]:
        """Somebody asks for a bulletin, and it is made."""
        job = self.post("/v1/bulletins/jobs", by=by, json={"kind": kind} | asked)
        self.print_all()
        done = self.get(f"/v1/bulletins/jobs/{job['id']}", by=by)
        assert done["state"] == "done", done
        return self.get(f"/v1/bulletins/{done['bulletin']}", by=by)

    def file(self, bulletin: dict[str, Any], form: str, *, by: str = "assessor") -> bytes:  # type: ignore[override]
        """Its bytes as a form."""
        answer = self.client.get(f"/v1/bulletins/{bulletin['id']}/files/{form}", headers=self.signed(by))
        assert answer.status_code == 200, answer.text
        return answer.content

    def sheet(self, bulletin: dict[str, Any], title: str) -> list[list[Any]]:
        """The rows of the sheet of its workbook whose name holds this."""
        book = load_workbook(io.BytesIO(self.file(bulletin, "xlsx")))
        found = next(each for each in book.worksheets if title in each.title)
        return [[cell.value for cell in row] for row in found.iter_rows()]
