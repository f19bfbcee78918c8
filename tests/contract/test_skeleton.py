"""A server's routes are of no city: what they know of one, they know from its parts."""

import contextlib

from litestar.testing import TestClient
from tests.still import stand_still

from cityloop.app import Settings, join, open_city, server
from cityloop.app.server import Skeleton

WORDS = {"text": "路灯不亮，晚上看不清路", "lon": 113.93, "lat": 22.53}


def test_one_city_after_another_and_each_knows_its_own_only(tmp_path, monkeypatch):
    stand_still(monkeypatch)
    skeleton, codes = Skeleton(server.routes()), []
    for name in ("first", "second"):
        parts = join(Settings(city=name, home=str(tmp_path / name), pack="demo"))
        with contextlib.closing(parts):
            open_city(parts)
            lon, lat = parts.book.in_force().cells[0].ring[0]
            with TestClient(skeleton.of(parts)) as client:
                assert [client.get(f"/v1/track/{code}").status_code for code in codes] == [404] * len(codes), "it still knows the city before"
                said = client.post("/v1/reports", json=WORDS | {"lon": lon, "lat": lat})
                assert said.status_code == 201, said.text
                codes.append(said.json()["tracking_code"])
                assert client.get(f"/v1/track/{codes[-1]}").status_code == 200
