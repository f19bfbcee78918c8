"""A mock of an OpenAI-compatible endpoint: a real HTTP server that is good, lies, hangs, drips, sends garbage, or is down."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class MockAdviser:
    """What it got, and how it behaves."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self.mode = "good"
        self.says: list[dict[str, Any]] = []
        self.url = ""

    def answer(self) -> tuple[int, bytes]:
        """Status and body, by its mode."""
        content: Any = {"classes": self.says}
        if self.mode == "down":
            return 503, b"{}"
        if self.mode == "garbage":
            return 200, b"<html>\xff not json"
        if self.mode == "prose":
            content = "I think it is rubbish."
        if self.mode == "more":
            content = {"classes": self.says, "accept": True}
        if self.mode == "huge":
            return 200, b'{"choices": [' + b" " * 200_000
        if self.mode == "deep":
            return 200, b"[" * 60_000
        if self.mode == "empty":
            return 200, b'{"choices": []}'
        said = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": said}}]}).encode()


@contextmanager
def advising(mock: MockAdviser) -> Iterator[MockAdviser]:
    """The mock at a port of its own."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", "0")))
            mock.raw.append(raw.decode())
            mock.got.append({"path": self.path, "key": self.headers.get("authorization"), "body": json.loads(raw)})
            if mock.mode == "hang":
                over.wait(5)
                return
            status, body = mock.answer()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                if mock.mode == "drip":
                    for each in body:
                        if over.is_set():
                            return
                        self.wfile.write(bytes([each]))
                        self.wfile.flush()
                        time.sleep(0.05)
                else:
                    self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *given: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    mock.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield mock
    finally:
        over.set()
        server.shutdown()
        server.server_close()
