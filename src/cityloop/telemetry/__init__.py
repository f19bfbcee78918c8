"""Observations: written ahead, sealed in segments, read back. Knows numbers of streams, and nothing of what they mean.

The face is what rules may see; whoever seals or looks back imports `segments`, `thinning` and `history`.
"""

from cityloop.telemetry.batch import Batch, batch_of, joined

__all__ = ["Batch", "batch_of", "joined"]
