"""A listener for GB/T 28181: devices register, say that they live, and send alarms, over UDP and TCP on one port."""

import asyncio
import contextlib
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace

from cityloop.domain.errors import CityloopError, Unavailable
from cityloop.doors.cameras.model import Seen
from cityloop.doors.cameras.read.gb28181 import SOURCE, Manscdp, gb28181_read
from cityloop.doors.cameras.sip import (
    Sip,
    alarm_answer,
    challenge,
    digest_holds,
    digest_nonce,
    sip_answer,
    sip_message,
    sip_read,
    sip_split,
)

log = structlog.get_logger("cityloop.cameras")
NONCES_MAX, PEERS_MAX, CONNECTIONS_MAX = 1_000, 10_000, 500
IDLE_S = 300.0
REGISTERED_MAX = timedelta(hours=24)
Send = Callable[[bytes], None]
Take = Callable[[Sequence[Seen]], Awaitable[object]]


class Talk:
    """What is answered to whom. `peer`: host of the sender; a device that registered with the password may send from there."""

    def __init__(self, take: Take, *, password: str, now: Callable[[], datetime], host: str):
        self._take, self._password, self._now, self._host = take, password, now, host
        self._nonces: OrderedDict[str, None] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._number = 0

    async def hear(self, raw: bytes, peer: str, transport: str, send: Send) -> None:
        """Answer one message."""
        try:
            sip = sip_read(raw)
        except ValueError as fault:
            log.info("sip_unreadable", peer=peer, why=str(fault))
            return
        if sip is None:
            return
        if sip.method == "REGISTER":
            send(self._registered(sip, peer))
        elif sip.method != "MESSAGE":
            if sip.method != "ACK":
                send(sip_answer(sip, 405, {"Allow": "REGISTER, MESSAGE"}))
        elif not self._may_send(sip, peer):
            send(sip_answer(sip, 403))
        else:
            await self._message(sip, transport, send)

    async def _message(self, sip: Sip, transport: str, send: Send) -> None:
        """Keep what it says, then answer: what was answered is on the disk."""
        try:
            said = gb28181_read(sip.body)
            if seen := self._seen(said):
                await self._take(seen)
        except Unavailable:
            send(sip_answer(sip, 503, {"Retry-After": "2"}))
            return
        except CityloopError:
            send(sip_answer(sip, 400))
            return
        send(sip_answer(sip, 200))
        if said.alarm is not None:
            self._number += 1
            answer = alarm_answer(said.sn, said.device)
            send(sip_message(sip, answer, transport=transport, number=self._number, host=self._host))

    def _seen(self, said: Manscdp) -> list[Seen]:
        if said.alarm is not None:
            return [said.alarm]
        if said.root == "Notify" and said.command == "Keepalive":
            sign = Seen(source=SOURCE, cameras=(said.device,), labels=("Keepalive",), at=self._now(), is_sign=True)
            return [replace(sign, is_over=True)]
        return []

    def _registered(self, sip: Sip, peer: str) -> bytes:
        header, now = sip.one("authorization"), self._now()
        if self._password:
            nonce = digest_nonce(header)
            fresh = nonce in self._nonces
            if not fresh or not digest_holds(header, "REGISTER", sip.user, self._password):
                self._nonces.pop(nonce, None)
                drawn = secrets.token_hex(16)
                self._nonces[drawn] = None
                while len(self._nonces) > NONCES_MAX:
                    self._nonces.popitem(last=False)
                return sip_answer(sip, 401, challenge(drawn))
            self._nonces.pop(nonce)
        expires = sip.one("expires")
        lasts = min(timedelta(seconds=int(expires[:9])), REGISTERED_MAX) if expires.isdigit() else timedelta(hours=1)
        self._known[sip.user, peer] = now + lasts
        while len(self._known) > PEERS_MAX:
            self._known.popitem(last=False)
        date = {"Date": f"{now:%Y-%m-%dT%H:%M:%S}", "Expires": f"{int(lasts.total_seconds())}"}
        return sip_answer(sip, 200, date)

    def _may_send(self, sip: Sip, peer: str) -> bool:
        until = self._known.get((sip.user, peer))
        return not self._password or (until is not None and until > self._now())


class _Datagrams(asyncio.DatagramProtocol):
    """UDP: each datagram is a message."""

    def __init__(self, talk: Talk):
        self._talk, self._tasks = talk, set[asyncio.Task]()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(self._tasks) >= CONNECTIONS_MAX:
            return  # it comes again: SIP over UDP repeats what nobody answers
        send = lambda answer: self._transport.sendto(answer, addr)  # type: ignore[attr-defined]
        task = asyncio.create_task(_heard(self._talk, data, addr[0], "UDP", send))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _heard(talk: Talk, raw: bytes, peer: str, transport: str, send: Send) -> None:
    try:
        await talk.hear(raw, peer, transport, send)
    except Exception:
        log.exception("a message of a device stumbled; it goes on")


@contextlib.asynccontextmanager
async def listening(talk: Talk, host: str, port: int):
    """Listen until it ends. Gives the port, which is drawn where 0 is given."""
    loop = asyncio.get_running_loop()
    there = set[asyncio.StreamWriter]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(there) >= CONNECTIONS_MAX:
            writer.close()
            return
        there.add(writer)
        peer, buffer = writer.get_extra_info("peername")[0], b""
        with contextlib.suppress(ValueError, TimeoutError, OSError):
            while data := await asyncio.wait_for(reader.read(65_536), IDLE_S):
                buffer += data
                while True:
                    message, buffer = sip_split(buffer)
                    if message is None:
                        break
                    await _heard(talk, message, peer, "TCP", writer.write)
                    await writer.drain()
        there.discard(writer)
        writer.close()

    server = await asyncio.start_server(serve, host, port)
    drawn = server.sockets[0].getsockname()[1]
    datagrams, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(talk), local_addr=(host, drawn))
    try:
        yield drawn
    finally:
        server.close()
        for writer in list(there):
            writer.close()
        datagrams.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 2.0)
