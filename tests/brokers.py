"""A broker of a test's own: Mosquitto on a port of its own, that can be killed and started again."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
PUB = shutil.which("mosquitto_pub") or "/usr/bin/mosquitto_pub"


class Broker:
    """Mosquitto, in a process of ours."""

    def __init__(self, folder: Path):
        if not (Path(MOSQUITTO).exists() and Path(PUB).exists()):
            pytest.fail("Mosquitto is not installed; run scripts/install_mosquitto.sh as root, then test again.")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "broker.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {folder}/\n"
            "autosave_on_changes true\nautosave_interval 1\nmax_queued_messages 0\n"
        )
        self.process: subprocess.Popen | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.process = subprocess.Popen([MOSQUITTO, "-c", str(self.folder / "broker.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the broker did not start")

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it, gently or not."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(10)

    def publish(self, topic: str, payload: str, *, qos: int = 1) -> None:
        """As a shell script would, by `mosquitto_pub`."""
        subprocess.run([PUB, "-h", "127.0.0.1", "-p", str(self.port), "-t", topic, "-m", payload, "-q", str(qos)], check=True, timeout=20)
