"""GB/T 28181: what a device says in MANSCDP: an alarm, or that it lives. In GB 2312, as the standard wants it.

Source: GB/T 28181-2022, 9.4 and A.2.5.
"""

from msgspec import Struct

from cityloop.doors.cameras.model import Seen, Unreadable
from cityloop.doors.cameras.read.shapes import moment_of_text, name_of, said, xml_in

SOURCE = "gb28181"


class Manscdp(Struct, frozen=True, kw_only=True):
    """One text of MANSCDP. `device` is who speaks, `sn` its number of the message."""

    root: str  # Notify, Response, Control, Query
    command: str
    sn: str
    device: str
    alarm: Seen | None = None


def gb28181_read(raw: bytes) -> Manscdp:
    """What the text says. Of an alarm: its method and type are the label, e.g. `5.2`; its description is not read.

    Refuses with `Unreadable` or `MessageTooLarge`.
    """
    root = xml_in(raw)
    command, device, sn = (said(root, each) for each in ("CmdType", "DeviceID", "SN"))
    if not command or not device:
        raise Unreadable("The message has no CmdType or no DeviceID; send MANSCDP as GB/T 28181 says.")
    plain = Manscdp(root=name_of(root), command=command, sn=sn, device=device)
    if plain.root != "Notify" or command != "Alarm":
        return plain
    method, kind, event = said(root, "AlarmMethod"), _info(root, "AlarmType"), _info(root, "AlarmTypeParam", "EventType")
    if not method:
        raise Unreadable("The alarm has no AlarmMethod; send it whole.")
    steps = [each for each in (method, kind, event) if each]
    labels = tuple(".".join(steps[:count]) for count in range(len(steps), 0, -1))
    alarm = Seen(
        source=SOURCE, cameras=(device,), labels=labels, at=moment_of_text(said(root, "AlarmTime"), "AlarmTime"),
        track=f"{device}/{labels[0]}", is_over=event == "2",
    )  # fmt: skip
    return Manscdp(root=plain.root, command=command, sn=sn, device=device, alarm=alarm)


def _info(root, *path: str) -> str:
    """A part of the alarm's Info; older devices leave the Info out."""
    return said(root, "Info", *path) or said(root, *path)
