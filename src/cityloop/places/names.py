"""Areas by their names: a coarse place for a report that has no coordinates."""

from cityloop.domain.facts import Where
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy


def area_named(policy: Policy, text: str) -> AreaCode | None:
    """The smallest area that the text names without doubt; None where it names none, or two that exclude each other.

    A name that several areas share counts only if the text also names an area that holds just one of them.
    """
    names = policy.__dict__.get("_area_names") or _names_of(policy)
    said = text.casefold()
    heard = [codes for name, codes in names if name in said]
    if not heard:
        return None
    sure = {code for codes in heard if len(codes) == 1 for code in codes}
    for codes in heard:
        if len(codes) > 1:
            held = [code for code in codes if any(code.startswith(area) and code != area for area in sure)]
            if len(held) == 1:
                sure.add(held[0])
    smallest = max(sure, key=len, default=None)
    return smallest if smallest and all(smallest.startswith(area) for area in sure) else None


def where_named(policy: Policy, text: str) -> Where:
    """The place as far as names in the text tell it; an empty place where they tell nothing."""
    code = area_named(policy, text)
    if code is None:
        return Where()
    return Where(
        district=AreaCode(code[:6]),
        street=AreaCode(code[:9]) if len(code) >= 9 else None,
        community=AreaCode(code[:12]) if len(code) >= 12 else None,
    )


def _names_of(policy: Policy) -> list[tuple[str, tuple[AreaCode, ...]]]:
    """Every name of an area, in every language, with the areas that bear it; names of one character say nothing."""
    found: dict[str, dict[AreaCode, None]] = {}
    for area in policy.areas:
        for name in area.name.values():
            if len(name) > 1:
                found.setdefault(name.casefold(), {})[area.code] = None
    names = policy.__dict__["_area_names"] = [(name, tuple(codes)) for name, codes in found.items()]
    return names
