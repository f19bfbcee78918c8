"""The style and the little script that pages may use; served by us, kept by browsers for ever under their digest."""

from litestar import Response, get

from cityloop.domain.errors import NotFound
from cityloop.pages.screen import STATIC

KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


class AssetUnknown(NotFound):
    """No such file belongs to the pages."""

    code = "page.asset_unknown"


@get("/static/{digest:str}/{name:str}", include_in_schema=False)
async def get_asset(digest: str, name: str) -> Response[bytes]:
    """A file of the pages. The digest in the address makes it a new one when it changes."""
    content = STATIC.get(name)
    if content is None:
        raise AssetUnknown(f"There is no file {name[:40]} here; reload the page.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=KINDS[name.rpartition(".")[2]], headers=headers)


ROUTES = [get_asset]
