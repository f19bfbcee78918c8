"""How a value becomes points: the shapes of functions, one by one."""

from collections.abc import Mapping
from itertools import pairwise

from cityloop.domain.policy.scoring import Better, Function, Piece, Shape
from cityloop.stages.evaluate.model.scoring import Number

TINY = 1e-9  # of a step: 0.70 is three steps of 0.1 short of 1.00, however floats are written


def points_of(function: Function, value: float, full: float) -> tuple[float, str]:
    """The points of a value out of `full`, and the code of what gave them.

    Units: `value` as the function's rows are written; a rate in [0, 1].

    >>> from cityloop.domain.policy import Source
    >>> steps = Function(code="s", shape=Shape.step, better=Better.more, source=Source(document="", clause="", date=""),
    ...     pieces=(Piece(lower=0.70, step=0.10, deduct=0.2),))
    >>> [points_of(steps, value, 1.0)[0] for value in (0.70, 0.69, 0.60, 0.10)]
    [1.0, 0.8, 0.8, 0.0]
    """
    match function.shape:
        case Shape.rate:
            return _held(value, 0.0, 1.0) * full, "rate"
        case Shape.rest:
            return _held(1.0 - value, 0.0, 1.0) * full, "rest"
        case Shape.bracket:
            return _bracket(function, value)
        case Shape.step:
            return _step(function, value, full)
        case Shape.linear | Shape.piecewise:
            return _line(function.pieces, value), str(function.shape)
        case Shape.survey:
            piece = function.pieces[0]
            return max(piece.floor, full - piece.deduct * value), "survey"
        case Shape.questionnaire:
            return _held(value, 0.0, 1.0) * full, "questionnaire"
        case Shape.veto:
            return (0.0, "veto") if is_vetoed(function, value) else (full, "no_veto")


def is_vetoed(function: Function, value: float) -> bool:
    """Is the value past the threshold on the bad side? The threshold itself is not."""
    limit = function.pieces[0].lower or 0.0
    return value > limit if function.better is Better.less else value < limit


def answered(function: Function, counts: Mapping[str, Number], full: float) -> Number | None:
    """Weighted options as one number: what the answers are worth, over how many there are; None where there is none."""
    worth = {piece.option: piece.points / full for piece in function.pieces}
    known = {option: number.numerator for option, number in counts.items() if option in worth}
    if not known:
        return None
    return Number(sum(count * worth[option] for option, count in known.items()), float(sum(known.values())))


def piece_at(pieces: tuple[Piece, ...], value: float) -> int | None:
    """Which range holds the value; the first that does, from the lowest."""
    for place, piece in enumerate(pieces):
        if piece.lower is not None and value < piece.lower:
            return None
        if piece.upper is None or value < piece.upper or (value == piece.upper and piece.upper_inside):
            return place
    return None


def _bracket(function: Function, value: float) -> tuple[float, str]:
    place = piece_at(function.pieces, value)
    if place is None:
        return 0.0, "bracket:none"
    return function.pieces[place].points, f"bracket:{place + 1}"


def _step(function: Function, value: float, full: float) -> tuple[float, str]:
    """Full marks from the threshold on; a step that was begun counts whole."""
    piece = function.pieces[0]
    at = piece.lower or 0.0
    short = at - value if function.better is Better.more else value - at
    if short <= TINY * piece.step:
        return full, "step:0"
    steps = int(short / piece.step - TINY) + 1
    return max(piece.floor, full - steps * piece.deduct), f"step:{steps}"


def _line(pieces: tuple[Piece, ...], value: float) -> float:
    """Straight between the points, level beyond the ends."""
    points = [(piece.lower or 0.0, piece.points) for piece in pieces]
    if value <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    return points[-1][1]


def _held(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
