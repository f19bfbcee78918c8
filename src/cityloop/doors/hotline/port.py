"""The port to a hotline's system: what a city may tell it of an order, and the adapter that does so over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol
from urllib.parse import quote

import msgspec

from cityloop.domain.personal import Personal
from cityloop.doors.hotline.model import ANSWER, WORDS_DAYS
from cityloop.notices import Answer, HttpParcel, Parcel, Wire


class Deed(StrEnum):
    """What the city tells; the same word ends the adapter's address."""

    sign = "sign"  # 签收
    send_back = "return"  # 退单
    contact = "contact"  # 响应
    extend = "extension"  # 延期
    reply = "reply"  # 答复
    ask_exclusion = "exclusion"  # 剔除


class OrderParcel(Parcel, frozen=True, kw_only=True):
    """One deed on its way. `fields` are those of standards.md 3.3."""

    number: str
    deed: Deed
    at: datetime
    fields: Annotated[Mapping[str, Any], Personal(ANSWER, keep_days=WORDS_DAYS)]


class Hotline(Protocol):
    """A hotline's system. Each method may be called again with the same key, and must then do nothing more.

    None raises: an answer of status 0 says that nothing came back.
    """

    source: str

    def sign(self, parcel: OrderParcel) -> Answer: ...
    def send_back(self, parcel: OrderParcel) -> Answer: ...
    def contact(self, parcel: OrderParcel) -> Answer: ...
    def extend(self, parcel: OrderParcel) -> Answer: ...
    def reply(self, parcel: OrderParcel) -> Answer: ...
    def ask_exclusion(self, parcel: OrderParcel) -> Answer: ...


class HttpHotline:
    """A hotline that takes JSON over HTTP: POST {url}/orders/{number}/{deed}, with the fact's id as Idempotency-Key."""

    def __init__(self, url: str, key: str, wire: Wire, source: str):
        self.source = source
        self._url = url.rstrip("/")
        self._key = key
        self._wire = wire

    def sign(self, parcel: OrderParcel) -> Answer:
        """签收."""
        return self._post(parcel)

    def send_back(self, parcel: OrderParcel) -> Answer:
        """退单."""
        return self._post(parcel)

    def contact(self, parcel: OrderParcel) -> Answer:
        """响应."""
        return self._post(parcel)

    def extend(self, parcel: OrderParcel) -> Answer:
        """延期."""
        return self._post(parcel)

    def reply(self, parcel: OrderParcel) -> Answer:
        """答复."""
        return self._post(parcel)

    def ask_exclusion(self, parcel: OrderParcel) -> Answer:
        """剔除."""
        return self._post(parcel)

    def _post(self, parcel: OrderParcel) -> Answer:
        body = {"workOrderNumber": parcel.number, "at": parcel.at} | dict(parcel.fields)
        headers = {"Content-Type": "application/json", "Idempotency-Key": parcel.key}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return self._wire.post(
            HttpParcel(
                key=parcel.key, subject=parcel.subject, seq=parcel.seq, headers=headers, body=msgspec.json.encode(body),
                url=f"{self._url}/orders/{quote(parcel.number, safe='')}/{parcel.deed.value}",
            )
        )  # fmt: skip
