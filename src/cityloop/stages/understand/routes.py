"""HTTP of understand: what would you call this? Asked while somebody still types; nothing of it is kept."""

from typing import Annotated

from litestar import Response, post
from msgspec import Meta, Struct

from cityloop.db import Tx
from cityloop.domain.ids import ClassKey
from cityloop.domain.personal import PASSING, Personal
from cityloop.domain.policy import Policy, Words
from cityloop.http import Door
from cityloop.http.strangers import SEARCHES, pace_stranger
from cityloop.places import spots_around
from cityloop.stages.understand import rules, store

HERE_M = 300
CALL = "to say what it may be called"
Text = Annotated[str, Meta(max_length=20_000), Personal(CALL, keep_days=0, eraser=PASSING)]


class CallAsked(Struct, kw_only=True):
    """What somebody has typed so far, and where they stand (WGS 84); either may be missing."""

    text: Text = ""
    lon: Annotated[float, Meta(ge=-180, le=180), Personal(CALL, keep_days=0, eraser=PASSING)] | None = None
    lat: Annotated[float, Meta(ge=-90, le=90), Personal(CALL, keep_days=0, eraser=PASSING)] | None = None


class ClassProposed(Struct, frozen=True, kw_only=True):
    """A class that it may be, with its words. `reasons` are codes and words of the pack; `common_here`: by the place."""

    class_key: ClassKey
    name: Words
    major_name: Words
    confidence_ppm: int
    reasons: list[str]


@post("/v1/classes/proposed", status_code=200)
async def post_proposed(data: CallAsked, door: Door) -> Response[list[ClassProposed]]:
    """What this may be called: at most three classes, the likeliest first. Nothing of it is kept."""
    pace_stranger(door, SEARCHES)
    policy = door.policy
    found = _by_words(data.text, policy)
    lon, lat = data.lon, data.lat
    if len(found) < rules.PROPOSALS_MAX and lon is not None and lat is not None:
        common = await door.read(lambda tx: _common(tx, lon, lat, policy))
        known = {each.class_key for each in found}
        found = [*found, *(each for each in common if each.class_key not in known)][: rules.PROPOSALS_MAX]
    return Response(found, headers={"Cache-Control": "no-store"})


def _by_words(text: str, policy: Policy) -> list[ClassProposed]:
    """What the words say, of the classes that the public is offered."""
    guess = rules.guess_of(text[: policy.settings.text_chars_max], None, policy)
    return [
        _called(each.class_key, policy, each.confidence_ppm, list(each.reasons))
        for each in guess.proposals
        if not policy.class_by_key[each.class_key].internal
    ]


def _common(tx: Tx, lon: float, lat: float, policy: Policy) -> list[ClassProposed]:
    """What is reported most around a place."""
    keys = store.class_list_common(tx, spots_around(lon, lat, HERE_M))
    offered = [key for key in keys if key in policy.class_by_key and not policy.class_by_key[key].internal]
    return [_called(key, policy, 0, ["common_here"]) for key in offered[: rules.PROPOSALS_MAX]]


def _called(key: ClassKey, policy: Policy, ppm: int, reasons: list[str]) -> ClassProposed:
    kind = policy.class_by_key[key]
    return ClassProposed(class_key=key, name=kind.name, major_name=kind.major_name, confidence_ppm=ppm, reasons=reasons)


ROUTES = [post_proposed]
