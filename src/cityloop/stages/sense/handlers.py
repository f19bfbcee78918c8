"""What the stage does when others have told something."""

from cityloop.cases.alarms import alarms_of_case
from cityloop.db import Tx
from cityloop.domain.facts import (
    AlarmCleared,
    AlarmRaised,
    CaseInspected,
    CaseVerified,
    ThingChanged,
    ThingRegistered,
    Told,
)
from cityloop.domain.ids import ThingId
from cityloop.domain.policy import Policy
from cityloop.journal import Timer
from cityloop.stages.sense.model import JudgeReason
from cityloop.stages.sense.service import calibration, health
from cityloop.stages.sense.service.alarms import judge_case


def judge_when_seen(tx: Tx, told: Told[CaseVerified], policy: Policy) -> None:
    """Somebody has looked on site: the alarms of the case were true, or nothing was found."""
    reason = JudgeReason.seen_on_site if told.fact.found else JudgeReason.nothing_found
    judge_case(tx, alarms_of_case(tx, told.fact.case_id), reason)


def judge_when_inspected(tx: Tx, told: Told[CaseInspected], policy: Policy) -> None:
    """Work that was done and inspected was no false alarm."""
    if told.fact.passed:
        judge_case(tx, alarms_of_case(tx, told.fact.case_id), JudgeReason.inspected)


def fall_ill_when_raised(tx: Tx, told: Told[AlarmRaised], policy: Policy) -> None:
    """An alarm of health says that a device may be wrong, or is broken."""
    health.fall_ill(tx, told)


def get_well_when_cleared(tx: Tx, told: Told[AlarmCleared], policy: Policy) -> None:
    """The last of its alarms of health is over."""
    health.get_well(tx, told)


def look_at_calibration(tx: Tx, told: Told[ThingRegistered | ThingChanged], policy: Policy) -> None:
    """A device says by when it is calibrated: then somebody looks."""
    calibration.look_at(tx, told.fact.thing_id, told.fact.said.calibrate_by)


def calibration_due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """The moment has come by which it should have been calibrated."""
    calibration.overdue(tx, ThingId(timer.subject.partition("/")[2]), policy)


TIMERS = {calibration.TIMER: calibration_due}
ON = {
    ThingRegistered: (look_at_calibration,),
    ThingChanged: (look_at_calibration,),
    CaseVerified: (judge_when_seen,),
    CaseInspected: (judge_when_inspected,),
    AlarmRaised: (fall_ill_when_raised,),
    AlarmCleared: (get_well_when_cleared,),
}
