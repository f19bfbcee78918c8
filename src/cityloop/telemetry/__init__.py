"""Observations: written ahead, sealed in segments, read back. Knows numbers of streams, and nothing of what they mean."""

from cityloop.telemetry.apply import APPLY
from cityloop.telemetry.batch import Batch, batch_of, joined
from cityloop.telemetry.history import History
from cityloop.telemetry.segments import Segments

__all__ = ["APPLY", "Batch", "History", "Segments", "batch_of", "joined"]
