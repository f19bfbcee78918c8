"""The port to the hotline: the adapter over HTTP and the fake in memory keep the same promises; and the outbox over both."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.fake_hotline import FakeHotline
from tests.mock_hotline import Receiver, listening

from cityloop.doors.hotline.port import Deed, Hotline, HttpHotline, OrderParcel
from cityloop.notices import Wire

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Over:
    """A hotline of one kind, and how to make it misbehave."""

    def __init__(self, kind: str, receiver: Receiver):
        self.kind, self.receiver, self.fake = kind, receiver, FakeHotline()
        self.wire = Wire(None, answer_s=0.3)
        self.port: Hotline = self.fake if kind == "fake" else self.at(receiver.url + "/api/")

    def at(self, url: str) -> HttpHotline:
        return HttpHotline(url, "k3y", self.wire, "12345")

    def down(self, is_down: bool) -> None:
        self.fake.is_down = is_down
        self.receiver.mode = "down" if is_down else "up"

    def refuse(self, number: str, key: str) -> None:
        self.fake.refuses.add(number)
        self.receiver.refuse.add(key)

    def taken(self) -> list[str]:
        return list(self.fake.once) if self.kind == "fake" else list(self.receiver.once)


@pytest.fixture(params=["http", "fake"])
def over(request) -> Iterator[Over]:
    with listening(Receiver()) as receiver:
        found = Over(request.param, receiver)
        yield found
        found.wire.close()


def parcel(deed: Deed = Deed.sign, number: str = "A 1", key: str = "order/x#2", **fields) -> OrderParcel:
    return OrderParcel(key=key, subject="order/x", seq=2, number=number, deed=deed, at=AT, fields=fields)


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_is_taken_and_taken_once(over, deed):
    send = getattr(over.port, deed.name)
    assert [send(parcel(deed)).status for _ in range(2)] == [200, 200]
    assert over.taken() == ["order/x#2"]


def test_a_hotline_that_is_down_takes_nothing_and_raises_nothing(over):
    over.down(True)
    assert over.port.sign(parcel()).status == 503
    over.down(False)
    assert over.port.sign(parcel()).status == 200


def test_a_refusal_is_an_answer(over):
    over.refuse("A 1", "order/x#2")
    assert over.port.reply(parcel(Deed.reply)).status == 422
    assert over.taken() == []


def test_the_fake_and_the_adapter_have_the_methods_of_the_port():
    deeds = {name for name, _ in inspect.getmembers(Hotline, inspect.isfunction) if not name.startswith("_")}
    assert deeds == {each.name for each in Deed}
    for kind in (FakeHotline, HttpHotline):
        assert deeds <= set(dir(kind))


@pytest.fixture
def http() -> Iterator[Over]:
    with listening(Receiver()) as receiver:
        found = Over("http", receiver)
        yield found
        found.wire.close()


def test_over_http_the_fields_go_as_json_with_the_key_and_the_secret(http):
    http.port.reply(parcel(Deed.reply, replyContent="已修好", isTrue=True))
    got = http.receiver.got[0]
    assert got["path"] == "/api/orders/A%201/reply"
    assert got["body"] == {"workOrderNumber": "A 1", "at": "2026-03-02T01:00:00Z", "replyContent": "已修好", "isTrue": True}
    assert (got["headers"]["idempotency-key"], got["headers"]["authorization"]) == ("order/x#2", "Bearer k3y")


def test_what_does_not_answer_is_status_nought_with_a_reason(http):
    http.receiver.slow_s = 1.0
    assert http.port.sign(parcel()).error == "timeout"
    http.receiver.slow_s, http.receiver.lose = 0.0, 1
    lost = http.port.sign(parcel(key="order/x#3"))
    assert (lost.status, lost.error) == (0, "broken_off")
    assert http.port.sign(parcel(key="order/x#3")).status == 200
    assert len([each for each in http.receiver.got if each["key"] == "order/x#3"]) == 2
    for url in ("ftp://x", "nonsense", "http://[::1"):
        assert http.at(url).sign(parcel()).error == "bad_address", url


def test_nobody_at_the_address_is_no_connection():
    with listening(Receiver()) as receiver:
        over = Over("http", receiver)
    closed = over.port.sign(parcel())
    over.wire.close()
    assert (closed.status, closed.error) == (0, "no_connection")
