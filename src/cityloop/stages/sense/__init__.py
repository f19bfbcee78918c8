"""感: what devices, cameras and lines of text notice, and what becomes a report."""

from cityloop.stages.sense.handlers import ON, TIMERS
from cityloop.stages.sense.model import Heard, Named
from cityloop.stages.sense.routes import ROUTES
from cityloop.stages.sense.service.asides import Asides
from cityloop.stages.sense.service.book import RegisterBook
from cityloop.stages.sense.service.observing import Sensing
from cityloop.stages.sense.service.watching import Watcher
from cityloop.stages.sense.store.apply import APPLY

__all__ = ["APPLY", "ON", "ROUTES", "TIMERS", "Asides", "Heard", "Named", "RegisterBook", "Sensing", "Watcher"]
