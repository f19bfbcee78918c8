"""What a pack says of the algorithms that decide, as the policy has it."""

from typing import Any

from cityloop.domain.deciders import Algorithm
from cityloop.domain.policy import AlgorithmSays, RegisterField
from cityloop.packs.declared import source_of


def says(v: dict[str, Any]) -> AlgorithmSays:
    """A row of algorithms.csv."""
    source = source_of(v)
    return AlgorithmSays(
        algorithm=Algorithm(v["algorithm"]), field=RegisterField(v["field"]), says=v["says"], source=source
    )
