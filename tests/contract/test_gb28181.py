"""GB/T 28181 on one port, over UDP and TCP: registered by digest, alarms kept before they are answered, in GB 2312."""

import asyncio
import contextlib
import hashlib
import re
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from cityloop import app as city_app
from cityloop.doors.cameras.listening import Talk, listening
from cityloop.doors.cameras.sip import sip_read, sip_split
from cityloop.stages.sense.model import TooMuch

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
DEVICE, PASSWORD = "34020000001320000001", "a secret of the city"
ALARM = (
    '<?xml version="1.0" encoding="GB2312"?>\r\n<Notify>\r\n<CmdType>Alarm</CmdType>\r\n<SN>17</SN>\r\n'
    f"<DeviceID>{DEVICE}</DeviceID>\r\n<AlarmPriority>1</AlarmPriority>\r\n<AlarmMethod>5</AlarmMethod>\r\n"
    "<AlarmTime>2026-03-06T14:05:09</AlarmTime>\r\n<AlarmDescription>占道经营</AlarmDescription>\r\n"
    "<Info><AlarmType>6</AlarmType></Info>\r\n</Notify>\r\n"
).encode("gb2312")
ALIVE = f"<Notify><CmdType>Keepalive</CmdType><SN>3</SN><DeviceID>{DEVICE}</DeviceID><Status>OK</Status></Notify>".encode()


def request(method: str, body: bytes = b"", *, number: int = 1, **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"{method} sip:34020000002000000001@3402000000 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.64:5060;rport;branch=z9hG4bK{number}\r\n"
        f"From: <sip:{DEVICE}@3402000000>;tag=5{number}\r\nTo: <sip:34020000002000000001@3402000000>\r\nCall-ID: c{number}@x\r\n"
        f"CSeq: {number} {method}\r\n{more}Max-Forwards: 70\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def digest(nonce: str, password: str = PASSWORD) -> str:
    plain = lambda text: hashlib.md5(text.encode()).hexdigest()
    uri = "sip:34020000002000000001@3402000000"
    holds = plain(f"{plain(f'{DEVICE}:cityloop:{password}')}:{nonce}:{plain(f'REGISTER:{uri}')}")
    return f'Digest username="{DEVICE}", realm="cityloop", nonce="{nonce}", uri="{uri}", response="{holds}", algorithm=MD5'


class City:
    """What takes the alarms."""

    def __init__(self):
        self.seen, self.is_full = [], False

    async def take(self, seen):
        if self.is_full:
            raise TooMuch("wait", retry_after_s=2)
        self.seen += seen


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self):
        self.came = asyncio.Queue()

    def datagram_received(self, data, addr):
        self.came.put_nowait(data)


def talk(city: City, password: str = PASSWORD) -> Talk:
    return Talk(city.take, password=password, now=lambda: datetime(2026, 3, 6, 6, 5, tzinfo=UTC), host="127.0.0.1")


async def registered(say) -> bytes:
    """Register with the digest; the last answer."""
    asked = await say(request("REGISTER", Expires="3600"))
    assert asked.startswith(b"SIP/2.0 401")
    nonce = re.search(rb'nonce="(\w+)"', asked)[1].decode()
    return await say(request("REGISTER", number=2, Expires="3600", Authorization=digest(nonce)))


async def by_udp(city: City, story):
    loop = asyncio.get_running_loop()
    async with listening(talk(city), "127.0.0.1", 0) as port:
        transport, protocol = await loop.create_datagram_endpoint(Datagrams, remote_addr=("127.0.0.1", port))

        async def say(message: bytes | None) -> bytes:
            if message is not None:
                transport.sendto(message)
            return await asyncio.wait_for(protocol.came.get(), 5)

        await story(say)
        transport.close()


async def by_tcp(city: City, story):
    async with listening(talk(city), "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        held = b""

        async def say(message: bytes | None) -> bytes:
            nonlocal held
            for piece in (message[:40], message[40:]) if message else ():  # in two pieces
                writer.write(piece)
                await writer.drain()
            while True:
                whole, held = sip_split(held)
                if whole is not None:
                    return whole
                held += await asyncio.wait_for(reader.read(4_096), 5)

        await story(say)
        writer.close()


@pytest.mark.parametrize("way", [by_udp, by_tcp])
def test_a_device_registers_and_its_alarm_is_kept_and_answered(way):
    city = City()

    async def story(say):
        assert (await registered(say)).startswith(b"SIP/2.0 200")
        assert (await say(request("MESSAGE", ALIVE, number=3))).startswith(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.168.1.64")
        assert (await say(request("MESSAGE", ALARM, number=4))).startswith(b"SIP/2.0 200")
        answer = await say(None)
        assert answer.startswith(f"MESSAGE sip:{DEVICE}@3402000000 SIP/2.0".encode())
        body = answer.partition(b"\r\n\r\n")[2].decode("gb2312")
        assert "<CmdType>Alarm</CmdType>" in body
        assert "<SN>17</SN>" in body
        assert f"<DeviceID>{DEVICE}</DeviceID>" in body
        assert "<Result>OK</Result>" in body

    asyncio.run(way(city, story))
    alive, alarm = city.seen
    assert (alive.is_sign, alarm.labels, alarm.cameras) == (True, ("5.6", "5"), (DEVICE,))


def test_who_is_not_registered_or_knows_no_password_is_refused():
    city = City()

    async def story(say):
        assert (await say(request("MESSAGE", ALARM))).startswith(b"SIP/2.0 403")
        asked = await say(request("REGISTER"))
        nonce = re.search(rb'nonce="(\w+)"', asked)[1].decode()
        assert (await say(request("REGISTER", number=2, Authorization=digest(nonce, "guessed")))).startswith(b"SIP/2.0 401")
        assert (await say(request("REGISTER", number=3, Authorization=digest(nonce)))).startswith(b"SIP/2.0 401")  # used up
        assert (await say(request("REGISTER", number=4, Authorization=digest("made-up")))).startswith(b"SIP/2.0 401")
        assert (await say(request("MESSAGE", ALARM, number=5))).startswith(b"SIP/2.0 403")

    asyncio.run(by_udp(city, story))
    assert city.seen == []


def test_what_is_not_kept_is_not_answered_as_kept():
    city = City()
    city.is_full = True

    async def story(say):
        await registered(say)
        assert (await say(request("MESSAGE", ALARM, number=3))).startswith(b"SIP/2.0 503")
        assert (await say(request("MESSAGE", b"<Notify>", number=4))).startswith(b"SIP/2.0 400")
        assert (await say(request("INVITE", number=5))).startswith(b"SIP/2.0 405")

    asyncio.run(by_udp(city, story))
    assert city.seen == []


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda put: request("MESSAGE", ALARM)[:90] + put))
def test_any_bytes_are_a_request_or_none(raw):
    for read in (sip_read, sip_split):
        try:
            read(raw)
        except ValueError as refused:
            said = str(refused)
            if not said:
                raise


def test_a_city_with_a_port_listens_to_it(tmp_path):
    """The settings open the listener, and closing the server closes it."""
    with socket.create_server(("127.0.0.1", 0)) as free, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as both:
        port = free.getsockname()[1]
        both.bind(("127.0.0.1", port))
    pack = Path(__file__).parents[2] / "packs" / "demo"
    settings = city_app.Settings(city="sip", home=str(tmp_path), pack=str(pack), gb28181_port=port, gb28181_password=PASSWORD)
    parts = city_app.join(settings)
    city_app.open_city(parts)
    try:
        with TestClient(city_app.create_app(parts)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
            device.settimeout(0.5)
            device.connect(("127.0.0.1", port))
            assert answered(device, request("REGISTER")).startswith(b"SIP/2.0 401")
    finally:
        parts.close()


def answered(device: socket.socket, message: bytes) -> bytes:
    """The answer, for a listener that may still be opening."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            device.send(message)
            return device.recv(4_096)
        time.sleep(0.2)
    return b""
