"""The way to witnesses: one POST to an address that the operator chose, of an answer that is short."""

from urllib.parse import urlsplit

import httpx

from cityloop.http.calling import Calling
from cityloop.journal.witness import Reply

SECONDS = 5.0
ANSWER_BYTES_MAX = 4_096


def post(url: str, body: bytes) -> Reply:
    """What a witness answers. Raises `httpx.HTTPError`, or ValueError where it says too much."""
    transport = Calling(urlsplit(url).hostname or "")
    with (
        httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False, transport=transport) as client,
        client.stream("POST", f"{url}/add-checkpoint", content=body) as answer,
    ):
        found = b""
        for chunk in answer.iter_bytes():
            found += chunk
            if len(found) > ANSWER_BYTES_MAX:
                raise ValueError("its answer is too long")
    return Reply(answer.status_code, found.decode(), answer.headers.get("content-type", ""))
