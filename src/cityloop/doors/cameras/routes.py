"""HTTP of the cameras' door: alerts as cameras push them. The key may stand in the path, as most cameras set no header."""

from collections.abc import Callable

from litestar import Request, Response, post
from msgspec import Struct
from msgspec.structs import replace

from cityloop.domain.permission import Permission
from cityloop.doors.cameras import read
from cityloop.doors.cameras.model import BODY_MAX, Seen
from cityloop.http import Door
from cityloop.people.key_guard import by_key

SEND = [by_key(Permission.observe_send)]
LIMIT = BODY_MAX + 1024 * 1024


class SeenView(Struct, kw_only=True):
    """What became of a message. `again`: came before; `aside`: reasons of `sense.aside.*`, and how many."""

    kept: int
    again: int
    aside: dict[str, int]


@post(["/v1/cameras/isapi", "/v1/cameras/{key:str}/isapi"], status_code=200, guards=SEND, request_max_body_size=LIMIT)
async def post_isapi(request: Request, door: Door, camera: str | None = None) -> Response[SeenView]:
    """Alerts of Hikvision ISAPI, bare or in parts, XML or JSON. `camera` names the device where the alert's own names differ."""
    kind = request.headers.get("content-type", "")
    return await _take(request, door, camera, lambda raw: read.isapi_seen(raw, kind))


@post(["/v1/cameras/onvif", "/v1/cameras/{key:str}/onvif"], status_code=200, guards=SEND, request_max_body_size=LIMIT)
async def post_onvif(request: Request, door: Door, camera: str | None = None) -> Response[SeenView]:
    """Notifications of ONVIF (WS-BaseNotification)."""
    return await _take(request, door, camera, read.onvif_seen)


@post(["/v1/cameras/deepstream", "/v1/cameras/{key:str}/deepstream"], status_code=200, guards=SEND, request_max_body_size=LIMIT)
async def post_deepstream(request: Request, door: Door, camera: str | None = None) -> Response[SeenView]:
    """Messages of NVIDIA DeepStream, full or minimal, one, a list, or one a line."""
    return await _take(request, door, camera, read.deepstream_seen)


@post(["/v1/cameras/frigate", "/v1/cameras/{key:str}/frigate"], status_code=200, guards=SEND, request_max_body_size=LIMIT)
async def post_frigate(request: Request, door: Door, camera: str | None = None) -> Response[SeenView]:
    """Events of Frigate, as it tells them by MQTT, or as its /api/events lists them."""
    return await _take(request, door, camera, read.frigate_seen)


async def _take(request: Request, door: Door, camera: str | None, reader: Callable[[bytes], list[Seen]]) -> Response[SeenView]:
    raw = await request.body()
    seen = await door.aside(lambda: reader(raw))
    if camera:
        seen = [replace(each, cameras=(camera[:120], *each.cameras)) for each in seen]
    taken = await request.app.state.parts.senses.cameras.take(seen, now=door.now)
    return Response(SeenView(kept=taken.kept, again=taken.again, aside=taken.aside), headers={"Cache-Control": "no-store"})


ROUTES = [post_isapi, post_onvif, post_deepstream, post_frigate]
