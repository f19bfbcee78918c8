"""Witnesses: who sees a log grow and says so, and how the city asks them. A fork is refused by each that saw the other side."""

from cityloop.journal.witness.asking import (
    Cosignature,
    Witnessed,
    Witnesses,
    cosigned_head,
    witnesses_in,
)
from cityloop.journal.witness.seeing import Reply, Witness, WitnessHere

__all__ = ["Cosignature", "Reply", "Witness", "WitnessHere", "Witnessed", "Witnesses", "cosigned_head", "witnesses_in"]
