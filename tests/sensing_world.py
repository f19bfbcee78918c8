"""The town that senses: observations come in by the real routes, are kept in a log of its own, and wait for who follows it."""

from functools import lru_cache
from typing import Any

import msgspec
from litestar.testing import TestClient

from cityloop.app.senses import Senses
from cityloop.telemetry.batch import Batch, joined
from tests.device_world import DeviceWorld, the_devices_app

NOISE = {"key": "laeq", "unit": "dB[SPL]", "every_s": 60, "least": 20, "most": 140}
DOOR = {"key": "open", "observing": "truth"}
STATE = {"key": "state", "observing": "category", "words": ["ok", "low", "leak"]}


@lru_cache(1)
def the_sensing_app() -> TestClient:
    """The server of devices; observations have a place behind it."""
    return the_devices_app()


class SensingWorld(DeviceWorld):
    """A town whose devices speak. Moments are the town's own, or written out."""

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.senses = Senses(self.folder, self.writer, self.register, self.book)

    @property
    def sensing(self) -> Any:
        """What the routes look for."""
        return self.senses.sensing

    def close(self) -> None:
        self.senses.close()
        super().close()

    def meter(self, key: str = "n-1", **said: Any) -> None:
        """A device with three streams: noise, a door, a state."""
        self.device(key, streams=[NOISE, DOOR, STATE], **said)
        self.register.refresh()

    def observe(self, *rows: dict[str, Any], by: str = "partner", **how: Any) -> dict[str, Any]:
        """Send rows as lines."""
        body = b"\n".join(msgspec.json.encode(row) for row in rows)
        return self.observe_body(body, by=by, **how)

    def observe_body(self, body: bytes, *, kind: str = "application/x-ndjson", by: str | None = "partner", **headers: str) -> dict[str, Any]:
        """Send bytes as they are."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = self.signed(by) | {"content-type": kind} | named
        return self._answered(self.client.post("/v1/observations", content=body, headers=sent))

    def asides(self, **asked: Any) -> list[tuple[str, str, int, float | None]]:
        """What was put aside: stream, reason, how many, an example."""
        with self.client.portal() as loop:
            loop.call(self.senses.asides.settle)
        found = self.get("/v1/observations/aside", by="collector-a1", **asked)["items"]
        return sorted((each["stream"], each["reason"], each["count"], each["example"]) for each in found)

    def pour(self) -> int:
        """What waited for streams that are known by now is put in."""
        self.register.refresh()
        with self.client.portal() as loop:
            return loop.call(self.senses.sensing.pour)

    def forget(self) -> None:
        """What was put aside long ago is forgotten."""
        with self.client.portal() as loop:
            loop.call(self.senses.asides.forget_old)

    def latest(self, *streams: str) -> dict[str, float]:
        """The last values."""
        found = self.get("/v1/observations/latest", by="collector-a1", **({"stream": list(streams)} if streams else {}))
        return dict(zip(found["stream"], found["value"], strict=True))

    def kept(self) -> Batch:
        """All that is in the log."""
        return joined([batch for _, batch in self.senses.log.follow()])

    def kept_values(self) -> list[tuple[int, float]]:
        """Streams and values in the log."""
        return list(zip(self.kept().stream.tolist(), self.kept().value.tolist(), strict=True))
