"""What people's decisions teach the machine: lessons, models, what decides, and how it does."""

from cityloop.teaching.apply import APPLY
from cityloop.teaching.book import ModelBook
from cityloop.teaching.routes import ROUTES
from cityloop.teaching.service import Trainer, is_due, look_at_all, tell_watched

__all__ = ["APPLY", "ROUTES", "ModelBook", "Trainer", "is_due", "look_at_all", "tell_watched"]
