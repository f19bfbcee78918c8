"""受: a report arrives by any channel, is made safe, is kept."""

from cityloop.stages.intake.handlers import ON
from cityloop.stages.intake.model import ReportAsked
from cityloop.stages.intake.routes import ROUTES
from cityloop.stages.intake.rules import sound_of
from cityloop.stages.intake.service import KeptPhoto, keep_photos, receive_report

__all__ = ["ON", "ROUTES", "KeptPhoto", "ReportAsked", "keep_photos", "receive_report", "sound_of"]
