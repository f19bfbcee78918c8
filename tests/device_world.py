"""The town with its devices: registered, changed, moved through their lives by the real routes."""

from functools import lru_cache
from typing import Any

from litestar.testing import TestClient

from cityloop import cases, pages
from cityloop.journal import story
from cityloop.stages import intake, sense, understand
from tests.town_app import town_app
from tests.world import STAGES, World

ROOMS = (sense, intake, understand, *STAGES, cases)


@lru_cache(1)
def the_devices_app() -> TestClient:
    """One server for all stories of devices."""
    return town_app((*ROOMS, pages))


class DeviceWorld(World):
    """A town with devices; each is called by its key."""

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.register = sense.RegisterBook(self.database)

    def device(self, key: str, *, by: str = "leader-on-duty", **said: Any) -> dict[str, Any]:
        """Register a device."""
        return self.post("/v1/devices", by=by, json={"key": key, **said})

    def devices(self, *, by: str = "collector-a1", **asked: Any) -> list[str]:
        """The keys of those that a list names."""
        return [each["key"] for each in self.get("/v1/devices", by=by, **asked)["items"]]

    def seen(self, key: str, *, by: str = "collector-a1") -> dict[str, Any]:
        """One device as the register says it."""
        found = self.get("/v1/devices", by=by, key=key)["items"]
        return self.get(f"/v1/devices/{found[0]['id']}", by=by)

    def change(self, device: str, /, *, by: str = "leader-on-duty", **said: Any) -> dict[str, Any]:
        """Say something else of it."""
        now = self.seen(device)
        headers = self.signed(by) | {"if-match": f'"{now["no"]}"'}
        return self._answered(self.client.patch(f"/v1/devices/{now['id']}", headers=headers, json=said))

    def move(self, key: str, state: str, why: str, *, by: str = "leader-on-duty", looked: dict | None = None) -> str:  # type: ignore[override]
        """Move it to another state of its life; `looked`: as they saw it, if not just now."""
        now = looked or self.seen(key)
        path = f"/v1/devices/{now['id']}/state"
        return self.post(path, by=by, match=now["no"], json={"state": state, "why": why})["state"]

    def story_of(self, key: str) -> list[str]:
        """What happened to it."""
        id = self.seen(key)["id"]
        with self.database.reading() as tx:
            return [type(told.fact).__name__ for told in story(tx, f"thing/{id}")]
