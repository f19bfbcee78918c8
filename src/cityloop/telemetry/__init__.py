"""Observations: written ahead, sealed in segments, read back. Knows numbers of streams, and nothing of what they mean."""

from cityloop.telemetry.batch import Batch, batch_of, joined

__all__ = ["Batch", "batch_of", "joined"]
