"""The sender inside a server: a receiver that hangs holds up no request, and what is told arrives signed."""

import time
from pathlib import Path

import pytest
from litestar.testing import TestClient
from standardwebhooks.webhooks import Webhook
from tests.mock_hotline import Receiver, listening

from cityloop import app as city_app
from cityloop.http.limits import Pace
from cityloop.people import Person, key_drawn, make_key, open_partner, take_post
from cityloop.people.sessions import token_digest

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
PACK = Path(__file__).parents[1] / "packs" / "mini"


def until(what, seconds: float = 10.0) -> bool:
    """Wait for something to be so; whether it was."""
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.02)
    return bool(found)


@pytest.fixture
def city(places, tmp_path):
    """A joined city with its loops running, whose hotline is a mock, and two partners."""
    with listening(Receiver()) as hotline, listening(Receiver()) as hook:
        url = places.url() if places.engine == "postgres" else ""
        settings = city_app.Settings(
            city=f"live{time.monotonic_ns()}", home=str(tmp_path), pack=str(PACK), database=url,
            hotline_url=hotline.url, hotline_key="k3y", private_networks="127.0.0.0/8",
        )  # fmt: skip
        parts = city_app.join(settings)
        city_app.open_city(parts)
        keys = (
            key_of(parts, "hotline-link", "order.send", "order.read"),
            key_of(parts, "hotline-seat", "order.read", "order.answer", "case.read"),
            key_of(parts, "partner", "case.read", "facts.read", "webhook.subscribe"),
        )
        with TestClient(city_app.create_app(parts)) as client:  # from here on the server alone writes
            yield client, keys, hotline, hook
        parts.close()


def key_of(parts, post: str, *scopes: str) -> dict[str, str]:
    drawn, policy = key_drawn(), parts.book.in_force()

    def use_case(tx):
        account = open_partner(tx, person=Person(name=post))
        take_post(tx, account, post, policy=policy)
        make_key(tx, account, digest=token_digest(drawn), scopes=scopes, pace=Pace(per_min=6000, burst=600), days=1)

    parts.writer.change(use_case)
    return {"x-api-key": drawn}


def test_an_order_is_told_of_answered_and_nothing_waits_for_a_receiver_that_hangs(city):
    client, (link, seat, partner), hotline, hook = city
    made = client.post("/v1/webhooks", json={"url": hook.url, "types": ["CaseOpened"]}, headers=partner)
    assert made.status_code == 201, made.text

    hook.slow_s = 2.0
    order = client.post("/v1/hotline/orders", json={"workOrderNumber": "H1", "title": "中山路有坑"}, headers=link).json()
    assert until(lambda: client.get(f"/v1/orders/{order['orderId']}", headers=seat).json()["line"]["case_id"])
    no = client.get(f"/v1/orders/{order['orderId']}", headers=seat).headers["etag"]
    signed = client.post(f"/v1/orders/{order['orderId']}/signature", headers=seat | {"if-match": no})
    assert signed.status_code == 201, signed.text
    slowest = 0.0
    for _ in range(20):
        begin = time.monotonic()
        assert client.get("/health").status_code == 200
        slowest = max(slowest, time.monotonic() - begin)
        time.sleep(0.05)
    assert slowest < 1.0, "a request waited for somebody else's server"

    assert until(lambda: hotline.once), "the hotline hears of the signature"
    (heard,) = hotline.once.values()
    assert (heard["path"], heard["body"]["workOrderNumber"]) == ("/orders/H1/sign", "H1")
    assert until(lambda: hook.once)
    (event,) = hook.once.values()
    assert Webhook(made.json()["secret"]).verify(event["raw"], event["headers"])["type"] == "cityloop.CaseOpened"
