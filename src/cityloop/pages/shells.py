"""The pages that live in the browser: their shells and what they load, built from web/, and headers that let nothing in.

A shell holds no data: whoever opens one asks the API for what they may see. So it is there without the database, too.
"""

from collections.abc import Mapping
from functools import lru_cache
from gzip import compress
from mimetypes import guess_type
from pathlib import Path

from litestar import Request, Response, get

from cityloop.domain.errors import NotFound
from cityloop.domain.policy import Policy, Settings
from cityloop.http import Door

BUILT = Path(__file__).parent / "built"
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data: blob:",
    "frame-src": "'self'", "font-src": "'self'", "connect-src": "'self'", "worker-src": "'self' blob:", "manifest-src": "'self'",
    "media-src": "'self' blob:", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
PACKED = {"text/javascript", "application/javascript", "text/css", "image/svg+xml", "application/json"}
ROOTS = {"mark.svg", "manifest.webmanifest", "worker.js", "icon-192.png", "icon-512.png"}  # files at the door itself


class PageUnbuilt(NotFound):
    """The pages were never built."""

    code = "page.unbuilt"


class ShellFileUnknown(NotFound):
    """No such file belongs to the pages in the browser."""

    code = "page.file_unknown"


def policy_of(more: Mapping[str, str] | None = None) -> str:
    """The content security policy, with what a page needs besides, e.g. `{"img-src": "https://tiles.example"}`."""
    more = more or {}
    return "; ".join(f"{name} {rule}{' ' + more[name] if name in more else ''}" for name, rule in POLICY.items())


def shell(name: str) -> bytes:
    """The HTML of an entry: resident, work, office.

    Refuses with `PageUnbuilt`.
    """
    try:
        return (BUILT / f"{name}.html").read_bytes()
    except FileNotFoundError:
        raise PageUnbuilt("The pages are not built here; run `make run`, or open /plain.") from None


def policy_for(settings: Settings) -> str:
    """The same, opened for the hosts of the city's outside map and for nothing else."""
    hosts = " ".join(sorted({"/".join(url.split("/")[:3]) for url in settings.basemap_urls}))
    return policy_of({"img-src": hosts, "connect-src": hosts} if hosts else None)


def resident_at(door: Door, plain: str) -> Response[bytes]:
    """The resident's pages at a further address; without script the reader goes to `plain`.

    Refuses with `PageUnbuilt`.
    """
    away = f'<noscript><meta http-equiv="refresh" content="0; url={plain}"></noscript></head>'.encode()
    body = shell("resident").replace(b"</head>", away, 1).replace(b'href="/report"', f'href="{plain}"'.encode(), 1)
    return _shown(body, door.policy)


def _shown(body: bytes, policy: Policy) -> Response[bytes]:
    headers = {
        "Content-Security-Policy": policy_for(policy.settings), "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
        "Cache-Control": "no-cache", "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self)",
    }  # fmt: skip
    return Response(body, media_type="text/html", headers=headers)


@get("/", include_in_schema=False)
async def get_resident(request: Request) -> Response[bytes]:
    """The resident's pages."""
    return _shown(shell("resident"), request.app.state.edge.policy())


@get(["/work", "/work/{rest:path}"], include_in_schema=False)
async def get_work(request: Request) -> Response[bytes]:
    """The pages of whoever works outside."""
    return _shown(shell("work"), request.app.state.edge.policy())


OFFICE = ["/console", "/console/{rest:path}", "/board", "/evaluate", "/evaluate/{rest:path}", "/pack", "/pack/{rest:path}",
          "/people", "/people/{rest:path}", "/knowledge", "/knowledge/{rest:path}", "/register", "/operate", "/operate/{rest:path}", "/evidence/{case:str}"]  # fmt: skip


@get(OFFICE, include_in_schema=False)
async def get_office(request: Request) -> Response[bytes]:
    """The rooms of the office."""
    return _shown(shell("office"), request.app.state.edge.policy())


@get("/assets/{name:str}", include_in_schema=False)
async def get_built(request: Request, name: str) -> Response[bytes]:
    """A built file. Its name carries its digest, so that browsers keep it for ever. A worker that draws the map obeys the policy
    of its own file."""
    return _file(request, BUILT / "assets", name, FOREVER | {"Content-Security-Policy": policy_of()})


@get([f"/{each}" for each in sorted(ROOTS)], include_in_schema=False)
async def get_root_file(request: Request) -> Response[bytes]:
    """A file that must lie at the door: the service worker, the manifest, the icons."""
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": policy_of()}
    return _file(request, BUILT, request.url.path.strip("/"), headers)


def _file(request: Request, folder: Path, name: str, headers: dict[str, str]) -> Response[bytes]:
    path = folder / name
    if path.parent != folder or not path.is_file():
        raise ShellFileUnknown(f"There is no file {name[:60]} here; reload the page.")
    kind = guess_type(name)[0] or "application/octet-stream"
    body, more = packed(request, path.read_bytes()) if kind in PACKED else (path.read_bytes(), {})
    return Response(body, media_type=kind, headers=headers | more)


def packed(request: Request, body: bytes) -> tuple[bytes, dict[str, str]]:
    """A body as small as the reader takes it, and the headers that say so."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return body, {"Vary": "Accept-Encoding"}
    return _gzip(body), {"Vary": "Accept-Encoding", "Content-Encoding": "gzip"}


@lru_cache(maxsize=128)  # the pages' files, and the words of some languages
def _gzip(body: bytes) -> bytes:
    return compress(body, 9, mtime=0)


ROUTES = [get_resident, get_work, get_office, get_built, get_root_file]
