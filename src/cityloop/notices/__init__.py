"""What goes out: to other systems by one outbox for all doors, and to people by messages. At least once, never lost."""

from cityloop.http.outward import networks
from cityloop.notices.fake import FakeSms
from cityloop.notices.messages import MessageBox, Outgoing, message_put
from cityloop.notices.model import Answer, HttpParcel, Parcel, Target, Verdict
from cityloop.notices.outbox import Outbox
from cityloop.notices.routes import ROUTES
from cityloop.notices.sms import Message, Sms, SmsDown, SmsRefused, sms_named
from cityloop.notices.store import log_size, target_forget
from cityloop.notices.wire import Wire

__all__ = [
    "ROUTES", "Answer", "FakeSms", "HttpParcel", "Message", "MessageBox", "Outbox", "Outgoing", "Parcel", "Sms", "SmsDown",
    "SmsRefused", "Target", "Verdict", "Wire", "log_size", "message_put", "networks", "sms_named", "target_forget",
]  # fmt: skip
