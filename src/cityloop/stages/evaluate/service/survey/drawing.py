"""By lot: the points of a task from the city's own register of places, and the codes of invitations."""

import os
from collections.abc import Iterator

from cityloop.db import Tx
from cityloop.domain.facts import SurveyPoint, SurveyShort
from cityloop.domain.policy import LandmarkKind, Policy, SurveyForm
from cityloop.domain.tracking import CODE_CHARS, CODE_LENGTH
from cityloop.places import locate
from cityloop.stages.evaluate.rules.survey import reach
from cityloop.stages.evaluate.rules.survey.sampling import Place, along, drawn

ROAD = "road"


def points_of(
    tx: Tx, forms: list[SurveyForm], objects: tuple[str, ...], *, seed: str, policy: Policy
) -> tuple[tuple[SurveyPoint, ...], tuple[SurveyShort, ...]]:
    """The points of each form and object, and where there were fewer places than should be drawn."""
    points, short, known = [], [], {}
    for form in forms:
        for kind in form.places:
            if kind.drawn_from not in known:
                known[kind.drawn_from] = list(_places(kind.drawn_from, policy))
            for object in objects:
                within = reach.area_of(object, policy) or ""
                there = [each for each in known[kind.drawn_from] if (each.cell or "").startswith(within)]
                lot = drawn(there, kind.count, seed=f"{seed}/{form.code}/{kind.code}/{object}")
                if len(lot) < kind.count:
                    short.append(SurveyShort(form=form.code, object=object, kind=kind.code, wanted=kind.count, there=len(lot)))
                points += [
                    SurveyPoint(
                        id=tx.new_id(), form=form.code, object=object, kind=kind.code, place=each.ref, lon=each.lon,
                        lat=each.lat, cell=each.cell,  # type: ignore[arg-type]
                    )
                    for each in lot
                ]  # fmt: skip
    return tuple(points), tuple(short)


def _places(drawn_from: str, policy: Policy) -> Iterator[Place]:
    """Every place of a kind in the city."""
    if drawn_from == ROAD:
        for road in policy.roads:
            spots = [spot for line in road.lines for spot in along(line)]
            for n, (lon, lat) in enumerate(spots):
                yield _at(policy, f"road/{road.code}/{n}", road.code, lon, lat)
    elif drawn_from in tuple(LandmarkKind):
        for each in policy.landmarks:
            if each.kind.value == drawn_from:
                yield _at(policy, f"landmark/{each.code}", each.code, each.lon, each.lat)
    else:
        for each in policy.components:
            if each.class_key == drawn_from:
                yield Place(ref=f"component/{each.code}", of=each.code, lon=each.lon, lat=each.lat, cell=each.cell)


def _at(policy: Policy, ref: str, of: str, lon: float, lat: float) -> Place:
    return Place(ref=ref, of=of, lon=round(lon, 7), lat=round(lat, 7), cell=locate(policy, lon, lat).cell)


def seed_drawn() -> str:
    """A seed that nobody chose; it stands in the fact, so that the lot can be drawn again."""
    return os.urandom(16).hex()


def code_drawn() -> str:
    """The code of an invitation: 60 bits by chance, as it is typed."""
    number = int.from_bytes(os.urandom(8), "big")
    return "".join(CODE_CHARS[number >> 5 * place & 31] for place in range(CODE_LENGTH))
