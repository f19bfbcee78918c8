"""A mock of an OpenAI-compatible endpoint: a real HTTP server that is good, lies, hangs, drips, sends garbage, or is down."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

from msgspec import Struct

T = TypeVar("T", bound="MockEndpoint")


class Got(Struct, frozen=True):
    """A request that came."""

    path: str
    key: str | None
    raw: bytes


class MockEndpoint:
    """What it got, and how it behaves. `on` is where answers that wait are let go."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.mode = "good"
        self.url = ""
        self.came = threading.Event()
        self.on = threading.Event()

    def good(self) -> Any:
        """What it answers when it is good."""
        raise NotImplementedError

    def answer(self) -> tuple[int, bytes]:
        """Status and body, by its mode."""
        match self.mode:
            case "down":
                return 503, b"{}"
            case "garbage":
                return 200, b"<html>\xff not json"
            case "huge":
                return 200, b'{"choices": [' + b" " * 200_000
            case "deep":
                return 200, b"[" * 60_000
            case "none":
                return 200, b"{}"
        return 200, json.dumps(self.good(), ensure_ascii=False).encode()


class MockAdviser(MockEndpoint):
    """Gives second looks."""

    def __init__(self) -> None:
        super().__init__()
        self.says: list[dict[str, Any]] = []

    def good(self) -> Any:
        """Chat completions, also with something else in them."""
        content: Any = {"classes": self.says}
        if self.mode == "prose":
            content = "I think it is rubbish."
        if self.mode == "more":
            content = {"classes": self.says, "accept": True}
        if self.mode == "empty":
            return {"choices": []}
        said = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        return {"choices": [{"message": {"role": "assistant", "content": said}}]}


class MockEar(MockEndpoint):
    """Writes down what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.says: Any = "解放路口的路灯不亮了"

    def good(self) -> Any:
        """A transcription."""
        return {"text": self.says}


@contextmanager
def answering(mock: T) -> Iterator[T]:
    """The mock at a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", "0")))
            mock.got.append(Got(self.path, self.headers.get("authorization"), raw))
            mock.came.set()
            if mock.mode in ("hang", "wait"):
                mock.on.wait(5)
            if mock.mode == "hang":
                return
            status, body = mock.answer()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                if mock.mode == "drip":
                    for each in body:
                        if mock.on.is_set():
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
        mock.on.set()
        server.shutdown()
        server.server_close()
