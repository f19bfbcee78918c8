"""Words to people: what a reporter is told, and by which way. So far: text messages, by a port."""

from cityloop.notices.fake import FakeSms
from cityloop.notices.outbox import Outbox, Outgoing, outbox_put
from cityloop.notices.sms import Message, Sms, SmsDown, SmsRefused, sms_named

__all__ = ["FakeSms", "Message", "Outbox", "Outgoing", "Sms", "SmsDown", "SmsRefused", "outbox_put", "sms_named"]
