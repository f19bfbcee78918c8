"""What the machine says of this process: memory, files, disk, and what lies in the city's folder."""

import asyncio
import os
import resource
import shutil
import ssl
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from cityloop.operate.meter import Sample

LOOK_EVERY_S = 0.25


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of the last backup, as whoever made it wrote it down. Units: `size` in facts."""

    at: datetime
    kind: str = ""
    size: int = 0
    bytes: int = 0
    checked: bool = False


class Lag:
    """How late the event loop comes. The worst of the last seconds is kept."""

    def __init__(self) -> None:
        self.worst_s = 0.0

    async def watch(self) -> None:
        """Look as long as the server runs."""
        before = 0.0
        while True:
            began = time.perf_counter()
            await asyncio.sleep(LOOK_EVERY_S)
            late = max(0.0, time.perf_counter() - began - LOOK_EVERY_S)
            self.worst_s = max(late, before)
            before = max(late, before * 0.97)


def of_process() -> Iterator[Sample]:
    """Memory, processor and files of this process."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        yield Sample("cityloop_memory_bytes", (), pages * os.sysconf("SC_PAGE_SIZE"))
        yield Sample("cityloop_files_open", (), len(os.listdir("/proc/self/fd")))
    except OSError:  # no Linux: the most that it ever had
        yield Sample("cityloop_memory_bytes", (), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    yield Sample("cityloop_files_max", (), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    yield Sample("cityloop_processor_seconds_total", (), time.process_time())


def of_disk(home: Path) -> Iterator[Sample]:
    """Room on the disk of the city's files."""
    usage = shutil.disk_usage(home)
    yield Sample("cityloop_disk_free_bytes", (), usage.free)
    yield Sample("cityloop_disk_size_bytes", (), usage.total)


def backup_last(home: Path) -> Backup | None:
    """The last backup; none where nobody made one, or what is written of it cannot be read."""
    try:
        return msgspec.json.decode((home / "backups" / "last.json").read_bytes(), type=Backup)
    except (OSError, msgspec.MsgspecError):
        return None


def certificate_ends(path: str) -> datetime | None:
    """Until when the first certificate of a PEM file is good; None where there is none."""
    if not path:
        return None
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(Path(path).read_bytes()).not_valid_after_utc
    except (OSError, ValueError, ssl.SSLError):
        return None


def large_in(home: Path, entries_max: int = 200_000) -> list[tuple[str, int]]:
    """What of the city's folder is large: each thing in it and its bytes, the largest first. A walk that ends after so many files."""
    found: dict[str, int] = {}
    left = entries_max
    for top in home.iterdir():
        paths = [top] if top.is_file() else top.rglob("*")
        for path in paths:
            left -= 1
            if not left:
                return sorted(found.items(), key=lambda each: -each[1])
            try:
                found[top.name] = found.get(top.name, 0) + path.lstat().st_size
            except OSError:  # it went while we looked
                continue
    return sorted(found.items(), key=lambda each: -each[1])
