"""What each fact of the stage does to its rows."""

from cityloop.stages.sense.store.apply.alarms import APPLY as ALARMS
from cityloop.stages.sense.store.apply.devices import APPLY as DEVICES

APPLY = {**DEVICES, **ALARMS}
