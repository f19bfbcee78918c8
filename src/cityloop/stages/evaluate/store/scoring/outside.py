"""Numbers that evaluation tasks brought from outside: site visits, tables filled in, questionnaires."""

from collections.abc import Callable

from cityloop.db import Tx
from cityloop.stages.evaluate.model import Span
from cityloop.stages.evaluate.model.scoring import Number

Brought = Callable[[Tx, str, Span], dict[str, Number]]
BROUGHT_BY: list[Brought] = []  # each part that brings some gives a function: indicator and period -> object -> number


def outside_numbers(tx: Tx, indicator: str, span: Span) -> dict[str, Number]:
    """What was brought for an indicator in a period, by object; nothing where nobody brought any."""
    found: dict[str, Number] = {}
    for each in BROUGHT_BY:
        found |= each(tx, indicator, span)
    return found
