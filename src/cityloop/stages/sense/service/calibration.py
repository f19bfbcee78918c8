"""A calibration that has run out: an alarm of health at its moment, which ends when the device is calibrated."""

from datetime import datetime

from cityloop.db import Tx
from cityloop.domain.calendar import epoch_us
from cityloop.domain.facts import AlarmAbout, AlarmCleared, AlarmRaised
from cityloop.domain.ids import AlarmId, ThingId
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import ALIVE, Colour, Why, event_id
from cityloop.journal import timer_drop, timer_set
from cityloop.stages.sense.rules.health import OVERDUE
from cityloop.stages.sense.store import register as store
from cityloop.stages.sense.store.alarms import open_of_rule
from cityloop.stages.sense.store.rows import AlarmRow

TIMER = "calibration"
_DAY_S = 86_400


def rule_of(kind: str) -> str:
    """The code under which alarms of a kind's calibration stand."""
    return f"health.{Why.calibration_overdue}.{kind or 'device'}"


def look_at(tx: Tx, thing_id: ThingId, calibrate_by: datetime | None) -> None:
    """Look at the device again when its calibration runs out; one that is calibrated has no alarm of it any more.

    Emits `AlarmCleared`.
    """
    subject = f"thing/{thing_id}"
    if calibrate_by is None:
        timer_drop(tx, TIMER, subject)
    else:
        timer_set(tx, TIMER, subject, calibrate_by)
    if calibrate_by is None or calibrate_by > tx.now:
        thing = store.thing_get(tx, thing_id)
        for stream in store.stream_list_of(tx, thing_id)[:1]:
            for alarm in open_of_rule(tx, rule_of(thing.kind), stream.no):
                tx.emit(AlarmCleared(alarm_id=AlarmId(alarm.id), value=0, at=tx.now))


def overdue(tx: Tx, thing_id: ThingId, policy: Policy) -> None:
    """Say that the calibration of a device that is in use has run out.

    Emits `AlarmRaised`, once for each date.
    """
    thing, streams = store.thing_get(tx, thing_id), store.stream_list_of(tx, thing_id)
    if thing.calibrate_by is None or thing.calibrate_by > tx.now or thing.state not in ALIVE or not streams:
        return
    kind, first, rule = policy.device_kind.get(thing.kind), streams[0], rule_of(thing.kind)
    days = (thing.calibrate_by - thing.calibrated_at).total_seconds() / _DAY_S if thing.calibrated_at else 0.0
    past = (tx.now - thing.calibrate_by).total_seconds() / _DAY_S
    id = AlarmId(event_id(rule, first.no, epoch_us(thing.calibrate_by)))
    if tx.get("alarm", AlarmRow, id):
        return
    about = AlarmAbout(
        rule=rule, kind=OVERDUE, colour=Colour.blue.value, class_key=kind.class_key if kind else None, is_health=True, ends="rule",
        property=first.property, unit="d", limit=days, thing_id=thing_id, stream=first.no, vendor=thing.vendor, owner=thing.owner,
        lon=thing.where.lon if thing.where else None, lat=thing.where.lat if thing.where else None, cell=thing.cell,
        component=thing.component,
    )  # fmt: skip
    tx.emit(
        AlarmRaised(
            alarm_id=id, about=about, began_at=thing.calibrate_by, value=days + past, since=thing.calibrate_by, until=tx.now,
            simulated=thing.simulated, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
