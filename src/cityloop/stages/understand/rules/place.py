"""What the words say about the place: areas that are sure, and places that are proposed."""

from cityloop.domain.facts import SaidPlace, Where
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy
from cityloop.places import Heard, PlaceKind, apart_m, areas_of, best_of, places_in, where_named
from cityloop.stages.understand.model import Guess

PROPOSED_MAX = 3
SURE = 0.55  # of all that bear one name together; below, it is a hint that nobody needs


def is_private(guess: Guess, policy: Policy) -> bool:
    """Is it of a class whose place is told as its cell only, or may it be?"""
    if not guess.proposals:
        return False
    classes = [policy.class_by_key[each.class_key] for each in guess.proposals]
    unsure = guess.proposals[0].confidence_ppm < policy.settings.level_understand_ppm
    return classes[0].private_place or (unsure and any(each.private_place for each in classes))


def area_said(policy: Policy, text: str) -> Where:
    """The areas that the text names, or in which all lies that it may mean; no cell and no point: nobody has seen it."""
    where = where_named(policy, text)
    named = where.community or where.street or where.district or ""
    inside = set().union(*(areas_of(policy, each) for each in best_of(_sure(places_in(policy, text)))))
    fitting = {code for code in inside if code.startswith(named)}
    known = next((code for length in (12, 9, 6) if len({each[:length] for each in fitting}) == 1 for code in [next(iter(fitting))[:length]]), "")
    code = max(named, known, key=len)
    if not code:
        return Where()
    return Where(
        district=AreaCode(code[:6]), street=AreaCode(code[:9]) if len(code) >= 9 else None,
        community=AreaCode(code[:12]) if len(code) >= 12 else None,
    )  # fmt: skip


def places_of_words(policy: Policy, text: str, point: tuple[float, float] | None) -> tuple[SaidPlace, ...]:
    """The most precise that the words name. With a point only if it lies further than the pack allows from all of them."""
    heard = _sure(places_in(policy, text))
    if point and (not heard or min(apart_m(policy, each, *point) for each in heard) <= policy.settings.words_off_m):
        return ()
    best = sorted(best_of(heard), key=lambda each: (apart_m(policy, each, *point) if point else 0.0, each.code))
    return tuple([
        SaidPlace(
            kind=each.kind, code=each.code, lon=round(each.lon, 7), lat=round(each.lat, 7), reach_m=round(each.reach_m),
            score_ppm=round(each.score * 1_000_000), apart_m=round(apart_m(policy, each, *point)) if point else None,
        )
        for each in best[:PROPOSED_MAX]
        if point or each.kind is not PlaceKind.area
    ])  # fmt: skip


def _sure(heard: list[Heard]) -> list[Heard]:
    sums: dict[tuple[int, int], float] = {}
    for each in heard:
        sums[each.start, each.end] = sums.get((each.start, each.end), 0.0) + each.score
    return [each for each in heard if sums[each.start, each.end] > SURE]
