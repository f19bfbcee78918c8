"""Observations: written ahead, sealed in segments, read back. Knows numbers of streams, and nothing of what they mean."""

from cityloop.telemetry.apply import APPLY
from cityloop.telemetry.batch import Batch, batch_of, joined
from cityloop.telemetry.history import History
from cityloop.telemetry.segments import Segments, faults_of
from cityloop.telemetry.thinning import Keeper, Keeping
from cityloop.telemetry.written import written_under

__all__ = [
    "APPLY",
    "Batch",
    "History",
    "Keeper",
    "Keeping",
    "Segments",
    "batch_of",
    "faults_of",
    "joined",
    "written_under",
]
