"""What goes out to other systems: one outbox for all doors, at least once, in the order of each subject."""

from cityloop.notices.model import Answer, HttpParcel, Parcel, Target, Verdict
from cityloop.notices.outbox import Outbox
from cityloop.notices.routes import ROUTES
from cityloop.notices.store import log_size, target_forget
from cityloop.notices.wire import Wire, networks

__all__ = [
    "ROUTES", "Answer", "HttpParcel", "Outbox", "Parcel", "Target", "Verdict", "Wire", "log_size", "networks", "target_forget",
]  # fmt: skip
