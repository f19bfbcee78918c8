"""The sign on a paper receipt: scanned, it opens what became of the report. It holds the address and nothing else."""

import io

import segno
from litestar import Response, get

from cityloop.cases.tracking import tracking_unknown
from cityloop.domain.tracking import code_read
from cityloop.http import Door
from cityloop.http.strangers import LOOKS, pace_stranger


@get("/v1/track/{code:str}/qr.svg")
async def get_receipt_sign(code: str, door: Door) -> Response[bytes]:
    """A code as a sign to scan. Whether a report answers to it is not looked up.

    Refuses with `TrackingUnknown` what is no code.
    """
    pace_stranger(door, LOOKS)
    known = code_read(code)
    if known is None:
        raise tracking_unknown()
    base = (door.policy.settings.public_url or str(door.request.base_url)).rstrip("/")
    out = io.BytesIO()
    segno.make(f"{base}/track/{known}", error="m").save(out, kind="svg", scale=4, border=2)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(out.getvalue(), media_type="image/svg+xml", headers=headers)


ROUTES = [get_receipt_sign]
