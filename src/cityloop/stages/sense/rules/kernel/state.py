"""What the kernel remembers between batches: plain columns, so that it can be saved, divided and taken over."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cityloop.stages.sense.rules.kernel.plan import ENDLESS, FAMILIES, NEVER, SLICES, Pairs, Plan
from cityloop.stages.sense.rules.kernel.unusual import STEPS

Columns = dict[str, NDArray]


class State(NamedTuple):
    """By stream, by pair (a rule and a stream), by group; and lists of what is open."""

    streams: Columns
    pairs: dict[str, Columns]  # family -> columns as long as its pairs
    lists: dict[str, Columns]  # tracks in view, what waits for the watermark: of any length


def state_of(plan: Plan) -> State:
    """The state before anything was observed."""
    streams = {"last": np.full(plan.size, NEVER, np.int64), "value": np.zeros(plan.size)}
    return State(
        streams=streams,
        pairs={name: columns_of(name, plan.families[name]) for name in FAMILIES},
        lists={name: {key: column.copy() for key, column in kept.items()} for name, kept in LISTS.items()},
    )


def columns_of(family: str, pairs: Pairs) -> Columns:
    """The columns of a family's pairs, as nothing was observed yet."""
    size = pairs.size
    found = {
        "began": np.full(size, NEVER, np.int64),  # of the run that holds now; NEVER: none
        "due": np.full(size, ENDLESS, np.int64),  # when it is raised; ENDLESS: it was, or there is none
        "value": np.zeros(size),  # of its first observation
        "raised": np.zeros(size, np.bool_),
    }
    if family in ("window", "sum"):
        found |= {"slice": np.full((size, SLICES), NEVER, np.int64), "low": np.zeros((size, SLICES))}
    if family == "window":
        found |= {
            "high": np.zeros((size, SLICES)), "least": np.full(size, np.inf), "most": np.full(size, -np.inf),
            "since": np.full(size, NEVER, np.int64),
        }  # fmt: skip
    if family == "track":
        found["there"] = np.zeros(size, np.int64)  # tracks in view
    if family == "unusual":
        found |= {name: np.full((size, *shape), begin, kind) for name, (shape, kind, begin) in STEPS.items()}
    return found


_INT, _REAL = np.zeros(0, np.int64), np.zeros(0)
LISTS: dict[str, Columns] = {
    "track": {"pair": _INT, "track": _INT, "began": _INT, "last": _INT, "value": _REAL, "raised": np.zeros(0, np.bool_)},
    "site": {"rule": _INT, "group": _INT, "stream": _INT, "at": _INT, "up": np.zeros(0, np.bool_)},
    "site_on": {"group": _INT, "stream": _INT, "began": _INT, "raised_for": _INT},
    "near": {"rule": _INT, "grid": _INT, "stream": _INT, "at": _INT, "value": _REAL},
    "grid": {"rule": _INT, "done": _INT},
}
