"""A mock hotline: a real HTTP server that can be down, slow, refuse, or take a message and lose its answer."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """Whatever listens at an address: what it got, and how it behaves. `once` holds each key's first message only."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []  # every request, in its order
        self.once: dict[str, dict[str, Any]] = {}
        self.mode = "up"
        self.status = 200
        self.headers: dict[str, str] = {}
        self.slow_s = 0.0
        self.refuse: set[str] = set()  # keys that it will not take
        self.lose = 0  # so many answers are lost after the message was taken
        self.url = ""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int | None:
        """What is answered to a message; None breaks the connection off."""
        key = headers.get("idempotency-key") or headers.get("webhook-id") or ""
        told = {"path": path, "headers": headers, "key": key, "raw": body, "body": json.loads(body)}
        if self.mode == "down":
            return 503
        if self.slow_s:
            time.sleep(self.slow_s)
        self.got.append(told)
        if key in self.refuse:
            return 422
        if self.status >= 300:
            return self.status
        self.once.setdefault(key, told)
        if self.lose:
            self.lose -= 1
            return None
        return self.status


@contextmanager
def listening(receiver: Receiver) -> Iterator[Receiver]:
    """The receiver at a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            status = receiver.take(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            if status is None:
                self.close_connection = True
                return
            try:
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
