"""The log as others read it: signed checkpoints, tiles and entries, which tell nothing but that nothing was changed."""

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import NotFound
from cityloop.http import Door
from cityloop.journal.prove import origins
from cityloop.journal.seal import OriginRow, checkpoint_last, tile_hashes
from cityloop.journal.tlog import TilePath, entry, load_key, pack_entries, parse_path, width_at
from cityloop.journal.tlog.alg import HASH_BYTES
from cityloop.journal.tlog.paths import TILE_WIDTH
from cityloop.journal.witness import cosigned_head

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ASK_AGAIN = {"Cache-Control": "no-cache"}
TEXT = "text/plain; charset=utf-8"


class LogUnknown(NotFound):
    """The city has no such log, or it has published nothing yet."""

    code = "evidence.log_unknown"


class TileUnpublished(NotFound):
    """The tile, or this width of it, lies beyond the last checkpoint."""

    code = "evidence.tile_unpublished"


class LogView(Struct, frozen=True, kw_only=True):
    """A log of the city: its name, its newest published size, the key that signs it, and where its tiles begin."""

    name: str
    no: int
    size: int
    key: str
    prefix: str


def log_named(tx: Tx, name: str) -> OriginRow:
    """The log of this number, or of this name with `_` for each `/`.

    Refuses with `LogUnknown`.
    """
    for log in origins(tx):
        if name in (str(log.no), log.name.replace("/", "_")):
            return log
    raise LogUnknown(f"There is no log {name[:80]}; see /evidence for those there are.")


def tile_bytes(tx: Tx, log: OriginRow, path: TilePath) -> bytes:
    """The bytes of a tile, or of a bundle of entries, as far as a signed checkpoint covers them.

    Refuses with `TileUnpublished`.
    """
    head = checkpoint_last(tx, log.no)
    if path.width > width_at(head.size if head else 0, path.level or 0, path.index):
        raise TileUnpublished("The log has published no such tile, or not so wide a one; read the checkpoint first.")
    if path.level is None:
        return pack_entries(entries_of(tx, log, path.index, path.width))
    hashes = tile_hashes(tx, log.no, path.level, path.index) or b""
    wanted = path.width * HASH_BYTES
    assert len(hashes) >= wanted, "a signed checkpoint covers hashes that are not stored"
    return bytes(hashes[:wanted])


def entries_of(tx: Tx, log: OriginRow, index: int, width: int) -> list[bytes]:
    """The log's entries of one bundle: digest(salt ‖ body), which tells nothing of the fact."""
    first = log.first_seq + index * TILE_WIDTH
    rows = tx.all(
        "SELECT salt, body FROM fact WHERE city = :city AND seq >= :first AND seq < :end ORDER BY seq",
        first=first, end=first + width,
    )  # fmt: skip
    return [entry(row.salt, row.body, alg=log.alg_used) for row in rows]


@get("/evidence")
async def get_logs(request: Request, door: Door) -> Response[list[LogView]]:
    """The logs of the city, the oldest first; a new one begins only after a restore that lost something."""

    def ask(tx: Tx) -> list[tuple[OriginRow, int]]:
        return [(log, head.size if (head := checkpoint_last(tx, log.no)) else 0) for log in origins(tx)]

    found = await door.read(ask)
    views = [
        LogView(
            name=log.name, no=log.no, size=size, key=await _key(request, door, log), prefix=f"/evidence/{log.no}"
        )
        for log, size in found
    ]  # fmt: skip
    return Response(views, headers=ASK_AGAIN)


@get("/evidence/key")
async def get_key(request: Request, door: Door) -> Response[str]:
    """The verifier key of the log that grows now."""
    logs = await door.read(origins)
    if not logs:
        raise LogUnknown("The city has no log yet; ask again when it has sealed its first fact.")
    return Response(await _key(request, door, logs[-1]) + "\n", media_type=TEXT, headers=ASK_AGAIN)


@get("/evidence/{log:str}/key")
async def get_key_of(log: str, request: Request, door: Door) -> Response[str]:
    """The verifier key of a log."""
    found = await door.read(lambda tx: log_named(tx, log))
    return Response(await _key(request, door, found) + "\n", media_type=TEXT, headers=ASK_AGAIN)


@get("/evidence/{log:str}/checkpoint")
async def get_checkpoint(log: str, door: Door) -> Response[str]:
    """The newest signed checkpoint of a log; where witnesses are asked, the newest that they cosigned, with their lines.

    Source: https://c2sp.org/tlog-tiles, "Checkpoints"; https://c2sp.org/tlog-cosignature.
    """
    head = await door.read(lambda tx: cosigned_head(tx, log_named(tx, log).no))
    if head is None:
        raise LogUnknown("The log has published nothing yet; ask again in a second.")
    return Response(head.note, media_type=TEXT, headers=ASK_AGAIN)


@get("/evidence/{log:str}/tile/{rest:path}")
async def get_tile(log: str, rest: str, door: Door) -> Response[bytes]:
    """A tile of hashes, or a bundle of entries: what a path names never changes.

    Source: https://c2sp.org/tlog-tiles, "Merkle Tree" and "Log entries".
    """
    path = parse_path(f"tile/{rest.removeprefix('/')}")
    content = await door.read(lambda tx: tile_bytes(tx, log_named(tx, log), path))
    return Response(content, media_type="application/octet-stream", headers=FOR_EVER)


async def _key(request: Request, door: Door, log: OriginRow) -> str:
    sealer = request.app.state.parts.sealer
    return str(await door.aside(lambda: load_key(sealer.key_path(log)).verifier))


ROUTES = [get_logs, get_key, get_key_of, get_checkpoint, get_tile]
