"""受: a report arrives by any channel, is made safe, is kept."""

from cityloop.stages.intake.handlers import ON
from cityloop.stages.intake.model import Contact, Receipt, ReportAsked, Sound, TrackingUnknown
from cityloop.stages.intake.routes import ROUTES
from cityloop.stages.intake.rules import sound_of
from cityloop.stages.intake.service import KeptPhoto, keep_photos, receipt_of, receive_report, said_of, tracked_report

__all__ = [
    "ON",
    "ROUTES",
    "Contact",
    "KeptPhoto",
    "Receipt",
    "ReportAsked",
    "Sound",
    "TrackingUnknown",
    "keep_photos",
    "receipt_of",
    "receive_report",
    "said_of",
    "sound_of",
    "tracked_report",
]
