"""HTTP of hearing: what did I say? Asked before anything is sent; neither the sound nor the words are kept."""

from typing import Annotated

from litestar import Request, Response, post
from msgspec import Struct

from cityloop.domain.personal import PASSING, Personal
from cityloop.doors.hearing.ear import Ear
from cityloop.doors.hearing.model import RECORDING_BYTES_MAX, NobodyHears, Recording, kind_of
from cityloop.http import Door
from cityloop.http.limits import Pace
from cityloop.http.strangers import pace_stranger

HEARS = Pace(per_min=12, burst=6)  # of one address: a model's time is dear
SAID = "to be read by whoever said it, before they send it"


class Heard(Struct, frozen=True, kw_only=True):
    """What was said, in words; "" where nothing was."""

    text: Annotated[str, Personal(SAID, keep_days=0, eraser=PASSING)]


@post("/v1/heard", status_code=200, request_max_body_size=RECORDING_BYTES_MAX)
async def post_heard(request: Request, door: Door, lang: str = "") -> Response[Heard]:
    """Write down a recording: webm, ogg, mp4, wav, amr or mp3, at most 4 MB. `lang`: what is spoken. Nothing of it is kept."""
    pace_stranger(door, HEARS)
    ear: Ear | None = request.app.state.get("ear")
    if ear is None:
        raise NobodyHears("Nobody writes down here what is said; type it, please.")
    raw = await request.body()
    policy = door.policy
    language = lang if lang in policy.settings.languages else policy.settings.languages[0]
    recording = Recording(raw=raw, kind=kind_of(raw), language=language.split("-")[0])
    said = await ear.hear(recording, policy.settings.text_chars_max)
    return Response(Heard(text=said), headers={"Cache-Control": "no-store"})


ROUTES = [post_heard]
