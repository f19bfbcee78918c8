"""What the door of LoRaWAN speaks of, and how it says no."""

from datetime import datetime

from msgspec import Struct

from cityloop.domain.errors import Invalid

BODY_MAX = 1024 * 1024
VALUES_MAX = 200  # of one uplink
DEPTH_MAX = 8


class Uplink(Struct, frozen=True, kw_only=True):
    """One message of one device. `at`: when it was received by radio; None: the server does not say."""

    devices: tuple[str, ...]  # names by which the register may know it: its DevEUI first
    at: datetime | None
    values: dict[str, float]  # what was decoded, by its names; nested names are divided by dots
    signs: dict[str, float]  # battery, margin, rssi, snr: kept where the device has a stream for them
    session: str  # DevAddr: the counter begins anew with it
    count: int | None  # fCnt


class UplinkUnreadable(Invalid):
    """A message of a network server that cannot be read."""

    code = "lorawan.unreadable"
