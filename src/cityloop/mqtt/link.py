"""One connection to a broker: what it sends is acknowledged only once it was taken, and comes again where it was not."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from cityloop.domain.errors import Unavailable

AT_ONCE_MAX = 2_000  # messages that are taken together
WAITING_MAX = 20_000  # then what came with QoS 0 is lost, as QoS 0 says; the rest waits with the broker
IN_FLIGHT_MAX = 10_000  # that the broker may send before the first is acknowledged, where it lets us say so
SESSION_S = 7 * 24 * 3600  # for so long the broker keeps what came while we were away
AGAIN_S = 1.0
KEEP_ALIVE_S = 30


class Message(NamedTuple):
    """What came by a topic. `is_retained`: the broker kept it from before."""

    topic: str
    payload: bytes
    is_retained: bool


class _Came(NamedTuple):
    message: Message
    mid: int
    qos: int
    session: int


Take = Callable[[Sequence[Message]], Awaitable[None]]


class Link:
    """A connection with a session that the broker keeps, and that comes back by itself.

    `take` gets messages in their order, some at a time. When it returns, they are acknowledged; while it refuses with
    `Unavailable` it is asked again, and the broker keeps what comes. MQTT 5 where the broker speaks it, else 3.1.1.
    """

    def __init__(
        self, url: str, filters: Sequence[str], take: Take, *, client_id: str, user: str = "", password: str = "", version: int = 5,
    ):  # fmt: skip
        parts = urlsplit(url if "://" in url else f"mqtt://{url}")
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        self._filters, self._take = list(filters), take
        self._version = version
        self._waiting: deque[_Came] = deque()
        self._session = 0
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_woken = False
        self.is_up = False
        self.lost = 0  # messages of QoS 0 for which there was no room
        self._client = self._made(client_id, user, password, parts.scheme == "mqtts")

    async def run(self) -> None:
        """Listen until it is cancelled."""
        self._loop = asyncio.get_running_loop()
        self._client.connect_async(self._host, self._port, KEEP_ALIVE_S, **self._session_wanted())
        self._client.loop_start()
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                self._is_woken = False
                while self._waiting:
                    await self._some()
        finally:
            await asyncio.to_thread(self._stop)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, is_retained: bool = False) -> None:
        """Send to whoever listens. What is sent while the broker is away goes when it is back, as far as QoS 1 says."""
        self._client.publish(topic, payload, qos, is_retained)

    def also(self, filters: Sequence[str]) -> None:
        """Listen to more topics."""
        new = [each for each in filters if each not in self._filters]
        self._filters += new
        if new and self.is_up:
            self._client.subscribe([(each, 1) for each in new])

    async def _some(self) -> None:
        came = [self._waiting.popleft() for _ in range(min(AT_ONCE_MAX, len(self._waiting)))]
        while True:
            try:
                await self._take([each.message for each in came])
                break
            except Unavailable:
                await asyncio.sleep(AGAIN_S)
        for each in came:
            if each.qos and each.session == self._session:  # else the broker sends it again, and it is known
                self._client.ack(each.mid, each.qos)

    def _made(self, client_id: str, user: str, password: str, is_secret: bool) -> paho.Client:
        version = MQTTProtocolVersion.MQTTv5 if self._version == 5 else MQTTProtocolVersion.MQTTv311
        plain: dict[str, Any] = {} if self._version == 5 else {"clean_session": False}
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id, protocol=version, manual_ack=True, **plain)
        client.on_connect, client.on_message, client.on_disconnect = self._connected, self._came, self._went
        client.reconnect_delay_set(1, 10)
        client.max_queued_messages_set(100_000)
        if user:
            client.username_pw_set(user, password)
        if is_secret:
            client.tls_set()
        return client

    def _session_wanted(self) -> dict[str, Any]:
        if self._version != 5:
            return {}
        said = Properties(PacketTypes.CONNECT)
        said.SessionExpiryInterval = SESSION_S
        said.ReceiveMaximum = IN_FLIGHT_MAX
        return {"clean_start": False, "properties": said}

    # in the thread of the connection

    def _connected(self, client: paho.Client, _: Any, flags: Any, code: ReasonCode, properties: Any) -> None:
        if code.is_failure:
            return
        self.is_up = True
        if self._filters:
            client.subscribe([(each, 1) for each in self._filters])

    def _went(self, *_: Any) -> None:
        self.is_up = False
        self._session += 1

    def _came(self, client: paho.Client, _: Any, message: paho.MQTTMessage) -> None:
        if not message.qos and len(self._waiting) >= WAITING_MAX:
            self.lost += 1
            return
        said = Message(message.topic, message.payload, message.retain)
        self._waiting.append(_Came(said, message.mid, message.qos, self._session))
        if not self._is_woken and self._loop:
            self._is_woken = True
            self._loop.call_soon_threadsafe(self._wake.set)

    def _stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def matches(filter: str, topic: str) -> bool:
    """Whether a topic is one of a filter.

    >>> matches("frigate/+/events", "frigate/gate/events"), matches("a/#", "b/c")
    (True, False)
    """
    return paho.topic_matches_sub(filter, topic)
