"""What came with a report that was put right on the spot, and the rows of such cases."""

from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.domain.facts import PhotoRef, VaultRef
from cityloop.domain.ids import AccountId, CaseId, ClassKey, TaskId


class Cleared(Struct, frozen=True, kw_only=True):
    """Who put it right, and what shows it."""

    by: AccountId
    photos: tuple[PhotoRef, ...]
    note: VaultRef | None = None


cleared_in = msgspec.json.Decoder(Cleared).decode


class SelfHandled(Struct, frozen=True, kw_only=True):
    """A case that was filed and finished by who saw it. `inspected`: it was drawn; `rejected`: and found not done."""

    id: CaseId
    task_id: TaskId
    by: str
    class_key: ClassKey
    at: datetime
    inspected: bool = False
    rejected: bool = False
