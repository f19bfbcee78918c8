"""Readers: bytes as cameras really send them -> what was seen. Pure; each refuses with `Unreadable` and nothing else."""

from cityloop.doors.cameras.read.deepstream import deepstream_seen
from cityloop.doors.cameras.read.frigate import frigate_seen
from cityloop.doors.cameras.read.gb28181 import Manscdp, gb28181_read
from cityloop.doors.cameras.read.isapi import isapi_seen
from cityloop.doors.cameras.read.onvif import onvif_seen

__all__ = ["Manscdp", "deepstream_seen", "frigate_seen", "gb28181_read", "isapi_seen", "onvif_seen"]
