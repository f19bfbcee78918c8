"""The one table of moves of a device's life 生命周期: from where, to where, why, and whether the machine may."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Refused
from cityloop.domain.sensing.devices import LifeState


class LifeMoveNotAllowed(Refused):
    """A device in this state does not go there, or not for this reason."""

    code = "sense.move_not_allowed"


class Why(StrEnum):
    """Why a device changed its state. Words: `sense.why.*`."""

    commissioned = "commissioned"  # 投用
    given_up = "given_up"  # planned, and never put up
    silent = "silent"  # 失联
    frozen = "frozen"  # 数值不变
    beyond = "beyond"  # says what it cannot say 超量程
    drifting = "drifting"  # 漂移: differs from its neighbours
    unusual = "unusual"
    battery_low = "battery_low"
    calibration_overdue = "calibration_overdue"
    doubted = "doubted"  # a person does not believe it
    seen_broken = "seen_broken"  # a person saw it
    speaks_again = "speaks_again"
    agrees_again = "agrees_again"
    checked = "checked"  # a person looked: it is right
    calibrated = "calibrated"
    mended = "mended"
    replaced = "replaced"
    removed = "removed"
    lost = "lost"
    used_again = "used_again"


class LifeMove(Struct, frozen=True, kw_only=True):
    """One allowed move: for any of these reasons; `machine` reasons may be told by a rule, too."""

    before: LifeState
    after: LifeState
    person: tuple[Why, ...] = ()
    machine: tuple[Why, ...] = ()


_P, _L, _S, _F, _R = LifeState.planned, LifeState.live, LifeState.suspect, LifeState.faulty, LifeState.retired
_DOUBTFUL = (Why.drifting, Why.unusual, Why.calibration_overdue, Why.battery_low)
_BROKEN = (Why.silent, Why.frozen, Why.beyond)
_WELL = (Why.speaks_again, Why.agrees_again, Why.calibrated)
_GONE = (Why.replaced, Why.removed, Why.lost)

LIFE_MOVES: tuple[LifeMove, ...] = (
    LifeMove(before=_P, after=_L, person=(Why.commissioned,)),
    LifeMove(before=_P, after=_R, person=(Why.given_up,)),
    LifeMove(before=_L, after=_S, person=(Why.doubted,), machine=_DOUBTFUL),
    LifeMove(before=_L, after=_F, person=(Why.seen_broken,), machine=_BROKEN),
    LifeMove(before=_S, after=_F, person=(Why.seen_broken,), machine=_BROKEN),
    LifeMove(before=_S, after=_L, person=(Why.checked, Why.calibrated, Why.mended), machine=_WELL),
    LifeMove(before=_F, after=_S, person=(Why.doubted,), machine=_DOUBTFUL),
    LifeMove(before=_F, after=_L, person=(Why.mended, Why.checked, Why.calibrated), machine=_WELL),
    LifeMove(before=_L, after=_R, person=_GONE),
    LifeMove(before=_S, after=_R, person=_GONE),
    LifeMove(before=_F, after=_R, person=_GONE),
    LifeMove(before=_R, after=_P, person=(Why.used_again,)),
)


def life_moves(before: LifeState) -> tuple[LifeMove, ...]:
    """Where a device in this state may go."""
    return tuple(move for move in LIFE_MOVES if move.before is before)


def checked_move(before: LifeState, after: LifeState, why: str, *, machine: bool) -> Why:
    """The reason, if a device may go there for it.

    Refuses with `LifeMoveNotAllowed`.
    """
    for move in life_moves(before):
        if move.after is after:
            allowed = move.machine if machine else move.person
            if why in allowed:
                return Why(why)
            said = ", ".join(allowed) or "none: it is for " + ("a person" if machine else "a rule")
            raise LifeMoveNotAllowed(f"From {before} to {after} {why[:40]!r} is no reason; give one of {said}.")
    said = ", ".join(move.after for move in life_moves(before))
    raise LifeMoveNotAllowed(f"A device that is {before} does not become {after}; it may become {said}.")
