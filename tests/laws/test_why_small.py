"""Where and why is asked of a city of any size: a young one, one street, a class with three cases. It always answers."""

import numpy as np
import pytest
from msgspec.structs import asdict

from cityloop.simulation.planted import rows_planted
from cityloop.stages.evaluate.model.why import CaseRows
from cityloop.stages.evaluate.service.why.looking import why_of

PLANTED, _ = rows_planted(3, days=28, cases=900)


def some(rows: CaseRows, chosen: np.ndarray) -> CaseRows:
    """Only these rows."""
    columns = {name: value[chosen] for name, value in asdict(rows).items() if isinstance(value, np.ndarray)}
    walks = tuple(rows.walks[each] for each in chosen)
    return CaseRows(**(asdict(rows) | columns | {"walks": walks}))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 15, 16, 25, 40, 70, 120, 250, 480])
def test_a_small_city_is_answered(count):
    """Some cases drawn out of a city, and the first ones of it."""
    rng = np.random.default_rng(count)
    for chosen in (np.sort(rng.permutation(len(PLANTED))[:count]), np.arange(count)):
        told = why_of(some(PLANTED, chosen), simulated=True)
        assert told.cases == count
        assert all(each.pairs >= 1 for each in told.follows)


@pytest.mark.parametrize("column", ["class_key", "street", "unit", "place"])
def test_a_city_of_one_kind_is_answered(column):
    """All cases of the commonest class, street, unit or place; and all of them with none that is known."""
    values = getattr(PLANTED, column)
    names, counts = np.unique(values, return_counts=True)
    one = some(PLANTED, np.flatnonzero(values == names[np.argmax(counts)]))
    assert why_of(one, simulated=True).cases == len(one)
    nowhere = CaseRows(**(asdict(one) | {column: np.full(len(one), "", np.str_), "lon": np.full(len(one), np.nan)}))
    assert why_of(nowhere, simulated=True).cases == len(one)
