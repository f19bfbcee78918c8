"""Pure decisions of the census: what a proposal makes of a component, which code a new one gets, what counts over the pack."""

from collections.abc import Iterable

from msgspec.structs import replace

from cityloop.domain.codes import minor_of, scheme_of
from cityloop.domain.facts import ComponentState, Where
from cityloop.domain.ids import ComponentCode, UnitId
from cityloop.domain.policy import Component, Kind, Policy
from cityloop.field.census.model import STATES, ChangeKind, ChangeWrong, Proposed, RegisterFull, state_of

TAG_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
TAG_CHARS = 8


def becomes_of(asked: Proposed, now: Component | None, where: Where | None, policy: Policy) -> ComponentState:
    """What the component would be. `now` is None for an addition; `where` is the place that was sent.

    Refuses with `ChangeWrong`.
    """
    if asked.kind is ChangeKind.add:
        if now is not None or asked.component:
            raise ChangeWrong("A component that is added has no code yet; send none, or choose another kind of change.")
        if not (asked.class_key and where and asked.owner):
            raise ChangeWrong("A new component needs its class, its place and its owner; send all three.")
        found = ComponentState(
            class_key=asked.class_key, cell=_cell(where), lon=_number(where.lon), lat=_number(where.lat), owner=asked.owner,
            maintainer=asked.maintainer or asked.owner, state=asked.state or "intact",
        )  # fmt: skip
        return _sound(found, policy)
    assert now, "the service has looked it up"
    before = state_of(now)
    if asked.kind is ChangeKind.retire:
        return replace(before, state="abandoned")
    if asked.kind is ChangeKind.move:
        if where is None:
            raise ChangeWrong("Say where it stands now: send lon and lat.")
        found = replace(before, cell=_cell(where), lon=_number(where.lon), lat=_number(where.lat))
    else:
        found = replace(
            before, class_key=asked.class_key or before.class_key, owner=asked.owner or before.owner,
            maintainer=asked.maintainer or before.maintainer, state=asked.state or before.state,
        )  # fmt: skip
    if found == before:
        raise ChangeWrong("That is what the register says already; nothing need be changed.")
    return _sound(found, policy)


def _sound(found: ComponentState, policy: Policy) -> ComponentState:
    known = policy.class_by_key.get(found.class_key)
    if known is None or known.kind is not Kind.component:
        raise ChangeWrong(f"{found.class_key[:60]} is no class of components; take one of the catalogue.")
    for unit in (found.owner, found.maintainer):
        if UnitId(unit) not in policy.unit_by_id:
            raise ChangeWrong(f"There is no unit {unit[:60]!r}; take one of the city's.")
    if found.state not in STATES:
        raise ChangeWrong(f"A component is one of {', '.join(STATES)}; {found.state[:40]!r} is none of them.")
    return found


def _cell(where: Where) -> str:
    if where.cell is None:
        raise ChangeWrong("No unit cell of the city holds that place; move the pin into the city.")
    return where.cell


def _number(value: float | None) -> float:
    assert value is not None, "a place that was sent has both"
    return round(value, 7)


def code_stem(state: ComponentState) -> str:
    """District and class, with which a component's code begins."""
    return state.cell[:6] + minor_of(state.class_key).rpartition("/")[2]


def code_next(state: ComponentState, taken: Iterable[str]) -> ComponentCode:
    """The next serial number of the class in the district; one that was ever given is never given again.

    Refuses with `RegisterFull`.
    """
    stem = code_stem(state)
    width = scheme_of(state.class_key.partition("/")[0]).component.length - len(stem)
    last = max((int(code[len(stem) :]) for code in taken if code.startswith(stem)), default=0)
    if last + 1 >= 10**width:
        raise RegisterFull(f"All numbers of {stem} are taken; the city needs another class or scheme for it.")
    return ComponentCode(f"{stem}{last + 1:0{width}d}")


def component_of(code: ComponentCode, state: ComponentState, name: str = "") -> Component:
    """The component that a row says; its name is the pack's, for a fact holds no words."""
    return Component(
        code=code, class_key=state.class_key, cell=state.cell, lon=state.lon, lat=state.lat, owner=state.owner,
        maintainer=state.maintainer, state=state.state, name=name,
    )  # fmt: skip


def counts(
    packs: Component | None, kind: ChangeKind, becomes: ComponentState, over: ComponentState | None
) -> bool:  # fmt: skip
    """Whether what was approved counts still: as long as the pack's row is what it was then. A pack that was corrected
    since goes before it.
    """
    return (state_of(packs) if packs else None) == over


def tag_text(number: int) -> str:
    """A code on a thing, from a random number.

    >>> tag_text(0), tag_text(32**8 - 1)
    ('00000000', 'ZZZZZZZZ')
    """
    found = ""
    for _ in range(TAG_CHARS):
        number, rest = divmod(number, 32)
        found = TAG_LETTERS[rest] + found
    return found


def tag_read(given: str) -> str:
    """A code as somebody typed it: letters that look like figures are read as figures.

    >>> tag_read(" il0o-7k3m ")
    '11007K3M'
    """
    plain = "".join(char for char in given.upper() if char.isalnum())[:40]
    return plain.translate(str.maketrans("ILO", "110"))
