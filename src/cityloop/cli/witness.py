"""`cityloop witness`: see other cities' logs grow, and say so. It has no city of its own."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from cityloop.cli.say import console, table
from cityloop.journal.tlog import parse_verifier
from cityloop.journal.witness import Reply, Witness, WitnessHere
from cityloop.journal.witness.seeing import BODY_BYTES_MAX

try:
    import fcntl
except ImportError:  # not a POSIX system: one process for a folder is then up to the operator
    fcntl = None  # type: ignore[assignment]

app = typer.Typer(help="A witness: cosigns the heads of logs that only grow, and refuses a fork.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option(help="Where its key and what it has seen lie.")]


@app.command("begin")
def begin(
    name: Annotated[str, typer.Argument(help="What it is called, e.g. witness.example/w1.")], home: Folder = Path("var/witness")
) -> None:
    """Make a witness with a key of its own.

    Example: cityloop witness begin witness.example/w1 --home /srv/witness
    """
    console.print(str(Witness.begin(home, name).cosigner), markup=False, highlight=False)


@app.command("key")
def key(home: Folder = Path("var/witness")) -> None:
    """Its verifier key: a city that is to be witnessed sets CITYLOOP_WITNESSES to its address and this.

    Example: cityloop witness key --home /srv/witness
    """
    print(Witness(home).cosigner)


@app.command("add")
def add(
    verifier: Annotated[str, typer.Argument(help="The log's verifier key, as `cityloop journal key` prints it.")], home: Folder = Path("var/witness")
) -> None:
    """Know one more log.

    Example: cityloop witness add cityloop.example/demo+… --home /srv/witness
    """
    known = parse_verifier(verifier)
    Witness(home).know(known)
    console.print(f"Heads of {known.name} are cosigned from now on.", markup=False, highlight=False)


@app.command("list")
def list_(home: Folder = Path("var/witness")) -> None:
    """The logs that it knows, and the last head of each.

    Example: cityloop witness list --home /srv/witness
    """
    witness = Witness(home)
    shown = table("log", "facts", "root")
    for name in witness.known():
        size, root = witness.last(name)
        shown.add_row(name, f"{size:,}", root.hex()[:16])
    console.print(shown)


@app.command("run")
def run(
    home: Folder = Path("var/witness"),
    host: Annotated[str, typer.Option(help="Where it listens; put a proxy with TLS before it.")] = "127.0.0.1",
    port: int = 8100,
) -> None:
    """Answer POST /add-checkpoint, as https://c2sp.org/tlog-witness says.

    Example: cityloop witness run --home /srv/witness --port 8100
    """
    import uvicorn

    witness = Witness(home)
    _alone(home)
    console.print(f"{witness.cosigner.name} listens on http://{host}:{port}", markup=False, highlight=False)
    uvicorn.run(listening(witness), host=host, port=port, log_level="warning", access_log=False, timeout_keep_alive=10)


def listening(witness: Witness) -> Callable[..., Awaitable[None]]:
    """The witness over HTTP, as an ASGI application."""

    async def answer(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if scope["type"] != "http":
            return
        if (scope["method"], scope["path"]) != ("POST", "/add-checkpoint"):
            reply = Reply(404, "Ask by POST /add-checkpoint; see https://c2sp.org/tlog-witness.\n")
        elif (body := await _body(receive)) is None:
            reply = Reply(413, f"A request has {BODY_BYTES_MAX} bytes at most.\n")
        else:
            reply = await asyncio.to_thread(witness.add_checkpoint, body, lambda: int(time.time()))
        await send({"type": "http.response.start", "status": reply.status, "headers": [(b"content-type", reply.kind.encode())]})
        await send({"type": "http.response.body", "body": reply.body.encode()})

    return answer


async def _body(receive: Callable) -> bytes | None:
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > BODY_BYTES_MAX or message["type"] != "http.request":
            return None
        if not message.get("more_body"):
            return found


def _alone(home: Path) -> None:
    """The only process that answers for a folder, until it ends."""
    if fcntl is None:
        return
    lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise WitnessHere(f"Another process answers for {home} already.") from error
