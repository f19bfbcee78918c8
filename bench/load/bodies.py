"""What is sent: reports with and without a photo, forms, observations."""

import io
import json
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime

from PIL import Image

from bench.city import report_bodies
from bench.load.asking import http
from bench.load.city import STREAMS
from cityloop.domain.policy import Policy

PHOTO_BYTES = 1_000_000
BOUNDARY = "load-boundary"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
LINES = {"Content-Type": "application/x-ndjson"}
ROWS = 5_000  # observations of one request


def form(fields: dict[str, str], photo: bytes = b"") -> bytes:
    """The body of a form."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    if photo:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode() + photo + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def photos(count: int = 8) -> list[bytes]:
    """Pictures of about a megabyte, four megapixels each: what a cheap phone takes of a street."""
    made = []
    for seed in range(count):
        drawn = random.Random(seed)
        small = Image.frombytes("RGB", (580, 435), drawn.randbytes(580 * 435 * 3))
        picture, kept = small.resize((2320, 1740), Image.Resampling.BICUBIC), io.BytesIO()
        quality = 95
        while not kept.tell() or kept.tell() > PHOTO_BYTES * 1.1:
            kept = io.BytesIO()
            picture.save(kept, "JPEG", quality=quality)
            quality -= 3
        made.append(kept.getvalue())
    return made


def reports(policy: Policy, count: int) -> Iterator[bytes]:
    """Requests without a photo, for ever; of so many no two say the same."""
    bodies, number = report_bodies(policy, count, seed=int.from_bytes(os.urandom(4), "big")), 0
    while True:
        yield http("POST", "/v1/reports", bodies[number % len(bodies)])
        number += 1


def reports_with_photo(policy: Policy) -> Iterator[bytes]:
    """Requests with a photo, for ever; no two photos have the same bytes."""
    bodies, taken, number = report_bodies(policy, 5_000, seed=int.from_bytes(os.urandom(4), "big")), photos(), 0
    while True:
        said = {name: str(value) for name, value in json.loads(bodies[number % len(bodies)]).items()}
        mark = os.urandom(16)
        picture = taken[number % len(taken)]
        unique = picture[:2] + b"\xff\xfe" + (len(mark) + 2).to_bytes(2, "big") + mark + picture[2:]
        yield http("POST", "/v1/reports", form(said, unique), FORM)
        number += 1


def observations(key: str) -> Iterator[bytes]:
    """Batches of lines, for ever: each stream speaks in turn."""
    drawn = random.Random(5)
    line = '{"stream":"load-%05d/s","at":"%s","value":%.1f}\n'
    while True:
        at = datetime.now(UTC)
        rows = []
        for number in range(ROWS):
            moment = at.replace(microsecond=number // STREAMS * 1_000 + at.microsecond // 1_000_000).isoformat(timespec="milliseconds")
            rows.append(line % (number % STREAMS, moment, drawn.gauss(60, 5)))
        yield http("POST", "/v1/observations", "".join(rows).encode(), LINES | {"Authorization": f"Bearer {key}"})
