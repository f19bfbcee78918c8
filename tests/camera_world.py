"""The town with cameras, sensors of LoRaWAN and lines of text: what they send comes in by the real routes and real keys."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar.connection import ASGIConnection
from litestar.testing import TestClient

from cityloop import cases, pages, people
from cityloop.doors import cameras, lines, lorawan
from cityloop.http import Caller
from cityloop.stages import intake, sense, understand
from tests.sensing_world import SensingWorld
from tests.town_app import town_app
from tests.world import STAGES

ROOMS = (sense, intake, understand, *STAGES, cases, people, pages, cameras, lorawan, lines)
MESSAGES = Path(__file__).parent / "unit"


@lru_cache(1)
def the_cameras_app() -> TestClient:
    """One server for all of them."""
    return town_app(ROOMS)


def message(door: str, name: str) -> bytes:
    """A message of our own in a foreign format."""
    return (MESSAGES / door / "messages" / name).read_bytes()


class CameraWorld(SensingWorld):
    """A town that sees."""

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.adopt("mini_seeing")
        self.keys: dict[str, str] = {}

    def partner_key(self, name: str, *scopes: str) -> str:
        """Another system is let in, and gets a key."""
        opened = self.post("/v1/partners", by="system", json={"name": name})["id"]
        self.post(f"/v1/accounts/{opened}/posts", by="security", match=1, json={"post": "partner"})
        no = self.get(f"/v1/accounts/{opened}", by="security")["no"]
        made = self.post(f"/v1/accounts/{opened}/keys", by="security", match=no, json={"scopes": list(scopes)})
        self.keys[name] = made["key"]
        return made["key"]

    def camera(self, key: str, **said: Any) -> None:
        """A camera is registered; it has no streams yet."""
        self.device(key, **said)
        self.register.refresh()

    def sends(self, path: str, body: bytes, *, by: str | None = "partner", kind: str = "", **asked: str) -> dict[str, Any]:
        """A message comes in."""
        headers = self.signed(by) | ({"content-type": kind} if kind else {})
        return self._answered(self.client.post(path, content=body, headers=headers, params=asked))

    def saw(self) -> list[tuple[str, float]]:
        """What was kept, as streams by their names and values, in the order of the log."""
        register = self.register.refresh()
        names = {no: name for name, no in register.by_key.items()}
        batch = self.kept()
        return [(names[no], value) for no, value in zip(batch.stream.tolist(), batch.value.tolist(), strict=True)]

    async def _identify(self, connection: ASGIConnection) -> Caller:
        if "x-api-key" in connection.headers:
            return await people.identify(self.database, self.book, connection)
        return await super()._identify(connection)
