"""A device that is ill: an alarm of health moves its life, and when the last of them has ended it is well again."""

from cityloop.db import Tx
from cityloop.domain.facts import AlarmCleared, AlarmRaised, Told
from cityloop.domain.ids import ThingId
from cityloop.domain.sensing import LifeState
from cityloop.stages.sense.rules.health import becomes, well_again
from cityloop.stages.sense.service.register import set_state
from cityloop.stages.sense.store.alarms import alarm_get, health_open
from cityloop.stages.sense.store.register import thing_row


def fall_ill(tx: Tx, told: Told[AlarmRaised]) -> None:
    """Move the device where the alarm of health says.

    Emits `ThingStateChanged`, unless it stands there, or worse.
    """
    about = told.fact.about
    if not about.is_health:
        return
    tx.hold([f"thing/{about.thing_id}"])
    found = becomes(LifeState(thing_row(tx, about.thing_id).state), about.kind)
    if found:
        set_state(tx, about.thing_id, *found, machine=True, alarm=told.fact.alarm_id)


def get_well(tx: Tx, told: Told[AlarmCleared]) -> None:
    """Move the device back to life, where this was the last alarm of health that ran, and a rule had moved it, not a person.

    Emits `ThingStateChanged`.
    """
    alarm = alarm_get(tx, told.fact.alarm_id)
    if not alarm.is_health:
        return
    tx.hold([f"thing/{alarm.thing_id}"])
    row = thing_row(tx, alarm.thing_id)
    found = well_again(LifeState(row.state), alarm.kind)
    if found and row.state_alarm and not health_open(tx, alarm.thing_id):
        set_state(tx, ThingId(alarm.thing_id), *found, machine=True, alarm=told.fact.alarm_id)
