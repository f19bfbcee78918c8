"""The floor: the same bytes parsed and appended, durable body by body, in one process without a network or a rule."""

import os
import sys
import time
from datetime import datetime
from pathlib import Path

import msgspec

from bench.sense.bodies import MARK, ROWS, moments, templates, written


class Said(msgspec.Struct, gc=False):
    stream: str
    at: datetime
    value: float


def appended(folder: Path, rounds: int, parse: str) -> float:
    """Observations a second. `parse`: `msgspec`, as fast as Python parses; `json`, as a script would; `none`: the disk alone."""
    bodies = [body.replace(MARK, written(at)) for at in moments(rounds) for body in templates()]
    decoder = msgspec.json.Decoder(Said)
    import json

    started = time.perf_counter()
    file = os.open(folder / f"bare-{parse}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for body in bodies:
        if parse == "msgspec":
            decoder.decode_lines(body)
        elif parse == "json":
            [json.loads(line) for line in body.splitlines()]
        os.write(file, body)
        os.fdatasync(file)
    seconds = time.perf_counter() - started
    os.close(file)
    return len(bodies) * ROWS / seconds


if __name__ == "__main__":
    print(appended(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
