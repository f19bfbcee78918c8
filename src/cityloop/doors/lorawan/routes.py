"""HTTP of the LoRaWAN door: what a network server's integration posts. The key may stand in the path."""

from litestar import Request, Response, post
from msgspec import Struct

from cityloop.domain.permission import Permission
from cityloop.doors.lorawan.model import BODY_MAX
from cityloop.doors.lorawan.read import uplinks_in
from cityloop.http import Door
from cityloop.people.key_guard import by_key

SEND = [by_key(Permission.observe_send)]


class UplinksView(Struct, kw_only=True):
    """What became of a message. `again`: uplinks that came before; `aside`: reasons of `sense.aside.*`, and how many."""

    kept: int
    again: int
    aside: dict[str, int]


@post(
    ["/v1/lorawan/uplinks", "/v1/lorawan/{key:str}/uplinks"], status_code=200, guards=SEND, request_max_body_size=2 * BODY_MAX
)  # fmt: skip
async def post_uplinks(request: Request, door: Door) -> Response[UplinksView]:
    """Uplinks of ChirpStack 4 and 3 and of The Things Stack 3. Other events of theirs are taken and say nothing."""
    uplinks = uplinks_in(await request.body())
    taken = await request.app.state.parts.senses.lorawan.take(uplinks, now=door.now)
    return Response(UplinksView(kept=taken.kept, again=taken.again, aside=taken.aside), headers={"Cache-Control": "no-store"})


ROUTES = [post_uplinks]
